"""After a year and at the end groups say how the fund was, and nobody learns which of them it was."""

from __future__ import annotations

import sqlalchemy as sa

from fundapp.models.monitoring import CheckIn
from tests.database.journeys.world import CALL
from tests.database.journeys.year.desk import Year
from tests.database.journeys.year.plan import ASKS, HEARS_NO, HELD, MOVES, NOT_MET, TOGETHER

JUDGES = (HELD, MOVES, ASKS, HEARS_NO, NOT_MET, TOGETHER)
ENOUGH = 5  # of one moment, before anybody reads a word


def groups_say_how_the_fund_was(year: Year, kind: str) -> None:
    """From the page of this conversation. Five answers are shown together, the sixth waits for others."""
    for number, group in enumerate(JUDGES, start=1):
        desk = year.of_group(group.name)
        query = sa.select(CheckIn.id).where(CheckIn.award_id == year.awards[group.name], CheckIn.kind == kind)
        [(check_in,)] = year.rows(query)
        page = desk.open(desk.open(desk.at(f"/check-ins/{check_in}")).link("/how-we-did"))
        box = page.links_to(r"/how-we-did/[\w.-]+")[-1]  # of the moment that has come last
        said = {"FB1": f"After {kind} we felt heard."}
        thanked = desk.send(desk.open(box), said, holding="FB1")
        assert not [form for form in thanked.forms if "FB1" in form.fields]
        assert box not in desk.open(page.path).links  # answered once
        public = year.visitor()
        seen = public.open(public.at(f"/calls/{CALL}/what-groups-say")).words.count(said["FB1"])
        assert seen == (ENOUGH if number >= ENOUGH else 0), number
