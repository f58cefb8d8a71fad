"""The call builder: every part of a call as a page, made from the dataclasses of a call file."""
