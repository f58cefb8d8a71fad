"""Invented data for looking around: one fund, four calls at four moments, somebody for every role."""

from __future__ import annotations

from datetime import datetime

from fundapp.db import db
from fundapp.demo.at_meeting import load_meeting_call
from fundapp.demo.being_scored import load_scoring_call
from fundapp.demo.in_monitoring import load_monitoring_call
from fundapp.demo.open_now import load_open_call
from fundapp.demo.people import load_people
from fundapp.demo.profiles import load_profiles
from fundapp.models.fund import Fund


def load_demo(now: datetime) -> None:
    """Everything as it stands at `now`, through the same services that pages use."""
    fund = Fund(
        code="DGF",
        name="Demo Grassroots Fund",
        organisation_name="Demo Community Foundation",
        org_identifier="GB-CHC-0000000",
        publisher_prefix="360G-demofund",
        contact_phone="020 7946 0123",
        contact_email="hello@example.org",
    )
    db.session.add(fund)
    people = load_people(fund, now)
    load_profiles(people, now)
    load_monitoring_call(fund, people, now)
    load_meeting_call(fund, people, now)
    load_scoring_call(fund, people, now)
    load_open_call(fund, people, now)
