"""The 360Giving file as CSV and XLSX: the standard's own tool makes the same JSON of it again, offline."""

from __future__ import annotations

import csv
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import flattentool
import pytest
from openpyxl import load_workbook

from fundapp.documents.grants_table import NotInTheTable, grants_as_csv
from tests.a_told_call import told_call
from tests.factories import (
    AwardFactory,
    ByAndForClaimFactory,
    CallFactory,
    GrantPublicationFactory,
    OrganisationFactory,
    RatificationFactory,
)
from tests.standard_360 import grant_schema, problems, standard


@pytest.fixture
def call(db_session):
    """Grants of every shape: registered twice and not at all, running and not begun, coarse, with leaders."""
    call = CallFactory(closed=True)
    RatificationFactory(round=call.rounds[0], released=True)
    groups = (
        {"charity_number": "1234567", "company_number": "01234567"},
        {"name": '=Sisters, "together"\nأخوات'},
        {"borough": None},
    )
    for number, facts in enumerate(groups):
        group = OrganisationFactory(**facts)
        award = AwardFactory(
            application__call=call,
            application__organisation=group,
            application__amount_requested=Decimal("40000.00"),
            amount=Decimal("30000.07") if number else Decimal(12000),
            active=number == 1,
        )
        for community in ("by_and_for", "migrant"):
            ByAndForClaimFactory(organisation=group, call_id=call.id, community=community)
        GrantPublicationFactory(award=award, shares_dei=number == 1, is_coarse=number == 2, reason="At risk.")
    return call


def schemas(folder: Path) -> dict[str, str]:
    (folder / "grant.json").write_text(json.dumps(grant_schema()), encoding="utf-8")
    package = json.loads(standard("360-giving-package-schema.json"))
    del package["properties"]["grants"]  # it points to an address on the internet; the grants have their own
    (folder / "package.json").write_text(json.dumps(package), encoding="utf-8")
    return {"schema": str(folder / "grant.json")}


def unflatten(folder: Path, source: Path, kind: str, **more):
    made = folder / "made.json"
    flattentool.unflatten(
        str(source),
        input_format=kind,
        output_name=str(made),
        root_list_path="grants",
        convert_titles=True,
        **schemas(folder),
        **more,
    )
    return json.loads(made.read_text(encoding="utf-8"), parse_float=Decimal)


def as_published(client, call):
    text = client.get(f"/open-data/{call.code}.json").text
    return json.loads(text, parse_float=Decimal)


def test_workbook_becomes_the_same_json_again(client, call, tmp_path):
    (tmp_path / "grants.xlsx").write_bytes(client.get(f"/open-data/{call.code}.xlsx").data)

    made = unflatten(
        tmp_path,
        tmp_path / "grants.xlsx",
        "xlsx",
        metatab_name="Meta",
        metatab_schema=str(tmp_path / "package.json"),
        metatab_vertical_orientation=True,
    )

    published = as_published(client, call)
    differing = {"downloadURL"}  # each file names its own address
    assert made["grants"] == published["grants"]
    assert {k: v for k, v in made.items() if k not in differing} == {
        k: v for k, v in published.items() if k not in differing
    }
    assert made["downloadURL"].endswith(f"/open-data/{call.code}.xlsx")
    assert problems(json.loads(json.dumps(made, default=float))) == []


def test_csv_becomes_the_same_grants_again(client, call, tmp_path):
    folder = tmp_path / "csv"
    folder.mkdir()
    text = client.get(f"/open-data/{call.code}.csv").text
    assert "'=Sisters" in text  # no spreadsheet runs it
    (folder / "grants.csv").write_text(text.replace("'=Sisters", "=Sisters"), encoding="utf-8")

    made = unflatten(tmp_path, folder, "csv")

    assert made["grants"] == as_published(client, call)["grants"]


def test_large_call_goes_through_both_tables(client, tmp_path, db_session):
    call = told_call()
    folder = tmp_path / "csv"
    folder.mkdir()
    (folder / "grants.csv").write_text(client.get(f"/open-data/{call.code}.csv").text, encoding="utf-8")

    made = unflatten(tmp_path, folder, "csv")

    assert made["grants"] == as_published(client, call)["grants"]
    assert len(made["grants"]) == 18


def test_cells_of_the_workbook_are_texts_and_never_formulas(client, call, tmp_path):
    (tmp_path / "grants.xlsx").write_bytes(client.get(f"/open-data/{call.code}.xlsx").data)

    sheet = load_workbook(tmp_path / "grants.xlsx")["grants"]

    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value} == {"s"}


def test_field_without_a_column_is_refused_and_not_lost():
    grant = {"id": "1", "title": "A grant", "regrantType": "FRG010"}

    with pytest.raises(NotInTheTable):
        grants_as_csv({"grants": [grant]})


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_tables_are_not_there_before_everybody_has_been_told(client, db_session, ending):
    call = CallFactory(closed=True)
    award = AwardFactory(application__call=call, awarded_on=date(2027, 7, 21))
    GrantPublicationFactory(award=award)
    RatificationFactory(round=call.rounds[0])

    assert client.get(f"/open-data/{call.code}.{ending}").status_code == 404


def test_csv_has_the_titles_of_the_standard(client, call):
    head = next(csv.reader(client.get(f"/open-data/{call.code}.csv").text.splitlines()))

    assert head[:6] == [
        *("Identifier", "Title", "Description", "Currency"),
        *("Amount Applied For", "Amount Awarded"),
    ]
    assert "DEI Details:Leadership:DEI Response:Taxonomy Codes" in head
    assert not any("Address" in title or "Postal" in title for title in head)
