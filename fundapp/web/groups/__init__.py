"""People around the form: members, invitations, helpers, hosts, partners, and the group's own profile."""

from __future__ import annotations

from fundapp.web.groups import help, host, joining, members, partners
from fundapp.web.groups.blueprint import bp

__all__ = ["bp", "help", "host", "joining", "members", "partners"]
