"""People around the form: members, invitations, helpers, hosts, partners, and the group's own profile."""

from __future__ import annotations

from fundapp.web.groups import documents, help, host, joining, members, partners, profile
from fundapp.web.groups.blueprint import bp

__all__ = ["bp", "documents", "help", "host", "joining", "members", "partners", "profile"]
