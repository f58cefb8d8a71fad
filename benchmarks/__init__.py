"""Measurements that depend on the machine."""
