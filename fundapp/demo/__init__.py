"""Invented data for looking around."""

from __future__ import annotations

from datetime import datetime
from importlib.resources import files

from fundapp.call_file.text import read_call
from fundapp.db import db
from fundapp.models.fund import Fund
from fundapp.services.calls import import_call


def load_demo(now: datetime) -> None:
    """The reference call in an invented fund."""
    fund = Fund(
        code="DGF",
        name="Demo Grassroots Fund",
        organisation_name="Demo Community Foundation",
        org_identifier="GB-CHC-0000000",
        publisher_prefix="360G-demofund",
    )
    db.session.add(fund)
    text = files("fundapp").joinpath("data/dgf-2027.yaml").read_text(encoding="utf-8")
    import_call(read_call(text), fund=fund, actor=None, now=now)
