"""The command `fundapp`: what it does, and a plain sentence instead of a traceback when it cannot."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner, Result
from flask import Flask
from openpyxl import load_workbook

from forms.localized import LocalizedText
from fundapp import create_app
from fundapp.call_file import read_call
from fundapp.call_file.codesign import CodesignResponse, Topic
from fundapp.cli import main
from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.lifecycles import CallStatus
from fundapp.migrate import newest_revision
from fundapp.models.call import Call
from fundapp.models.event import Event
from fundapp.models.fund import Fund, FundRole
from fundapp.models.user import User
from fundapp.queries.invariants import INVARIANTS
from fundapp.services.codesign import Answer, Said, add_point, answer_point
from fundapp.services.events import record
from fundapp.settings import Settings
from tests.engines import fresh_database, migrated_database
from tests.published import unguarded
from tests.reference import REFERENCE_FILE

Run = Callable[..., Result]
BROKEN = Path(__file__).parent.parent / "call_file" / "broken"
GOOD_FOR_PRODUCTION = {
    "FUNDAPP_ENVIRONMENT": "production",
    "FUNDAPP_SECRET_KEY": "kX9-vL2_mQ7wR4tY8uI1oP5aS3dF6gH0jK",
    "FUNDAPP_BANK_KEY": "Jx4kT9vB2mZq7LwS0dHn5RcY8pGf3aUe",
    "FUNDAPP_PUBLIC_URL": "https://grants.fund.example.net",
    "FUNDAPP_TRUSTED_HOSTS": "grants.fund.example.net",
    "FUNDAPP_MAIL_FROM": "updates@fund.example.net",
}


@pytest.fixture
def database_of_its_own(engine_name: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """With its tables where the test has a fund; else empty, as on the first day."""
    made = migrated_database if "fund_app" in request.fixturenames else fresh_database
    with made(engine_name, "fundapp_commands") as url:
        yield url


@pytest.fixture
def run(database_of_its_own: str, tmp_path: Path) -> Run:
    """Runs the command on this test's database, which is empty at first unless it has a fund."""

    def run(*arguments: str, **environment: str) -> Result:
        settings = {
            "FUNDAPP_ENVIRONMENT": "test",
            "FUNDAPP_DATABASE_URL": database_of_its_own,
            "FUNDAPP_DATA_DIR": str(tmp_path),
        }
        return CliRunner().invoke(main, [*arguments], env=settings | environment)

    return run


@pytest.fixture
def fund_app(database_of_its_own: str, tmp_path: Path) -> Iterator[Flask]:
    """The same database with its tables and one fund, inside the app's context."""
    app = create_app(Settings.for_tests(database_of_its_own, tmp_path))
    with app.app_context():
        with unit_of_work():
            db.session.add(
                Fund(
                    code="DGF",
                    name="Demo Grassroots Fund",
                    organisation_name="Demo Community Foundation",
                    org_identifier="GB-CHC-0000000",
                    publisher_prefix="360G-demofund",
                )
            )
        yield app
        db.session.remove()
        db.engine.dispose()


def answer(result: Result) -> tuple[int, str]:
    """Exit code and everything said. A traceback would be an exception other than the exit itself."""
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def test_migrate_makes_the_tables_and_says_which_revision(run: Run):
    first, second = run("migrate"), run("migrate")

    expected = (0, f"The database is at revision {newest_revision()}.\n")
    assert (answer(first), answer(second)) == (expected, expected)


def test_command_without_settings_says_what_is_missing(run: Run):
    code, said = answer(run("migrate", FUNDAPP_ENVIRONMENT=""))

    assert (code, said) == (1, "Error: FUNDAPP_ENVIRONMENT must be one of: demo, test, production.\n")


def test_command_on_a_database_without_tables_says_so_in_a_sentence(run: Run):
    code, said = answer(run("audit", "verify"))

    assert (code, said) == (1, "Error: The database has no tables yet, or old ones. Run: fundapp migrate\n")


def test_check_deploy_lists_what_must_not_go_into_production():
    good = CliRunner().invoke(main, ["check-deploy"], env=GOOD_FOR_PRODUCTION)
    bad = CliRunner().invoke(
        main,
        ["check-deploy"],
        env=GOOD_FOR_PRODUCTION | {"FUNDAPP_DEBUG": "yes", "FUNDAPP_DEMO_PAGES": "yes"},
    )

    assert answer(good) == (0, "Nothing in the settings speaks against production.\n")
    code, said = answer(bad)
    assert code == 1
    assert [line.split(" ")[0] for line in said.splitlines()] == [
        "FUNDAPP_DEMO_PAGES",
        "FUNDAPP_DEBUG",
        "Error:",
    ]


def test_audit_of_a_whole_record_says_how_many_entries(run: Run, fund_app: Flask):
    with unit_of_work():
        fund = db.session.execute(sa.select(Fund)).scalar_one()
        for step in ("first", "second", "third"):
            record(fund, step, actor=None, now=utcnow(), reason="because")

    code, output = answer(run("audit", "verify"))

    newest = db.session.execute(sa.select(Event.digest).where(Event.number == 3)).scalar_one()
    assert (code, output.splitlines()) == (
        0,
        ["The record is whole: 3 entries.", f"Keep this somewhere else: 3:{newest}"],
    )


def test_record_cut_off_together_with_its_end_is_found_by_what_was_kept_elsewhere(run: Run, fund_app: Flask):
    with unit_of_work():
        fund = db.session.execute(sa.select(Fund)).scalar_one()
        for step in ("first", "second", "third"):
            record(fund, step, actor=None, now=utcnow())
    kept = run("audit", "verify").output.split()[-1]
    assert run("audit", "verify", "--kept", kept).exit_code == 0
    with unit_of_work(), unguarded("event", "event_chain"):
        before = "(SELECT previous_digest FROM event WHERE number = 3)"
        db.session.execute(sa.text(f"UPDATE event_chain SET last_number = 2, last_digest = {before}"))
        db.session.execute(sa.text("DELETE FROM event WHERE number = 3"))

    whole, cut = answer(run("audit", "verify")), answer(run("audit", "verify", "--kept", kept))

    assert whole[0] == 0
    assert (cut[0], cut[1].splitlines()[0]) == (1, "Entry 3 is not the one that was kept somewhere else.")
    assert run("audit", "verify", "--kept", "3").exit_code == 2


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("UPDATE event SET step = 'other' WHERE number = 2", ["Entry 2 was changed after it was written."]),
        (
            "UPDATE event SET reason = 'other' WHERE number = 2",
            ["The reason of entry 2 was changed after it was written."],
        ),
        (
            "DELETE FROM event WHERE number = 2",
            ["An entry before number 3 is missing.", "Entry 3 does not follow from the one before it."],
        ),
        (
            "DELETE FROM event WHERE number = 3",
            ["The record does not end with its newest entry: entries after number 2 are missing."],
        ),
    ],
)
def test_audit_of_a_damaged_record_says_what_is_broken(
    run: Run, fund_app: Flask, damage: str, said: list[str]
):
    with unit_of_work():
        fund = db.session.execute(sa.select(Fund)).scalar_one()
        for step in ("first", "second", "third"):
            record(fund, step, actor=None, now=utcnow(), reason="because")
    with unit_of_work(), unguarded("event"):
        db.session.execute(sa.text(damage))

    code, output = answer(run("audit", "verify"))

    assert code == 1
    assert output.splitlines()[:-1] == said


def test_check_says_whether_everything_fits_together(run: Run, fund_app: Flask):
    whole = answer(run("check"))
    with unit_of_work():
        fund = db.session.execute(sa.select(Fund)).scalar_one()
        db.session.add(Call(fund=fund, code="NOTHING", status=CallStatus.OPEN))

    code, said = answer(run("check"))

    assert whole == (0, f"Everything fits together: {len(INVARIANTS)} rules hold.\n")
    assert code == 1
    assert "Not true (published_is_frozen): A published call has a frozen version." in said
    assert f"1 of {len(INVARIANTS)} rules do not hold." in said


def test_exported_call_file_holds_what_was_answered_since(run: Run, fund_app: Flask, tmp_path: Path):
    run("call", "import", str(REFERENCE_FILE))
    with unit_of_work():
        call, actor = (
            db.session.execute(sa.select(Call)).scalar_one(),
            User(email="ada@example.org", name="Ada"),
        )
        db.session.add(actor)
        db.session.flush()
        said = Said(
            LocalizedText.of({"en": "A volunteer"}), LocalizedText.of({"en": "Ask less."}), Topic.FORM
        )
        texts = (LocalizedText.of({"en": "Later."}), LocalizedText.of({"en": "The fund"}))
        answer_point(
            add_point(call, said, actor=actor, now=utcnow()),
            Answer(CodesignResponse.CANNOT_YET, *texts, utcnow().date()),
            actor=actor,
            now=utcnow(),
        )

    exported = read_call(run("call", "export", "DGF-2027").output)

    assert exported.codesign.points[-1].said.find("en") == "Ask less."


def test_call_file_is_imported_as_a_draft_and_exported_as_it_was(run: Run, fund_app: Flask, tmp_path: Path):
    imported = run("call", "import", str(REFERENCE_FILE))
    exported = run("call", "export", "DGF-2027")

    again = tmp_path / "again.yaml"
    again.write_text(exported.output, encoding="utf-8")
    checked = run("call", "check", str(again))
    assert answer(imported) == (0, "DGF-2027 is imported as a draft.\n")
    good, *days = checked.output.splitlines()
    assert (checked.exit_code, good) == (0, "again.yaml is a good call file: DGF-2027.")
    assert (
        "Look at this day: Last moment for the full application, 2028-01-20 (Timkat (Orthodox Epiphany))."
        in days
    )
    assert days[-1] == "Days that follow the moon (Ramadan, Eid, Ashura) can be one day earlier or later."
    assert db.session.execute(sa.select(Call.code, Call.status)).all() == [("DGF-2027", "draft")]
    assert [event.step for event in db.session.execute(sa.select(Event)).scalars()] == ["import"]


def test_call_that_is_there_already_is_not_imported_again(run: Run, fund_app: Flask):
    run("call", "import", str(REFERENCE_FILE))

    code, said = answer(run("call", "import", str(REFERENCE_FILE)))

    assert (code, said) == (1, "Error: There is a call with the code DGF-2027 already.\n")


def test_call_is_not_imported_where_its_fund_is_not_clear(run: Run, fund_app: Flask):
    unknown = answer(run("call", "import", str(REFERENCE_FILE), "--fund", "NONE"))
    with unit_of_work():
        db.session.add(
            Fund(
                code="B",
                name="B",
                organisation_name="B",
                org_identifier="GB-CHC-1",
                publisher_prefix="360G-b",
            )
        )
    open_question = answer(run("call", "import", str(REFERENCE_FILE)))

    assert unknown == (1, "Error: There is no fund with the code NONE.\n")
    assert open_question == (1, "Error: Say which fund, with --fund: B, DGF.\n")


@pytest.mark.parametrize("path", sorted(BROKEN.glob("*.yaml")), ids=lambda path: path.stem)
def test_broken_call_file_is_a_list_of_errors_and_no_traceback(path: Path):
    code, said = answer(CliRunner().invoke(main, ["call", "check", str(path)]))

    *errors, last = said.splitlines()
    assert code == 1
    assert errors != []
    assert last == f"Error: Nothing was stored. Things to mend: {said.count(f'{path.name}: ')}."


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\x00", b"", b"a: \xc3("])
def test_file_that_is_no_text_is_no_traceback(tmp_path: Path, content: bytes):
    path = tmp_path / "call.yaml"
    path.write_bytes(content)

    code, said = answer(CliRunner().invoke(main, ["call", "check", str(path)]))

    assert code == 1
    assert "Error: " in said


def test_unknown_call_is_said_in_a_sentence(run: Run, fund_app: Flask):
    expected = (1, "Error: There is no call with the code NONE.\n")

    assert answer(run("call", "export", "NONE")) == expected
    assert answer(run("ringfence", "report", "NONE")) == expected
    assert answer(run("opendata", "export", "NONE")) == expected


def test_ring_fence_report_says_the_same_as_text_and_as_json(run: Run, fund_app: Flask):
    run("call", "import", str(REFERENCE_FILE))

    text_code, text = answer(run("ringfence", "report", "DGF-2027"))
    json_code, written = answer(run("ringfence", "report", "DGF-2027", "--json"))

    data = json.loads(written)
    assert (text_code, json_code, data["call"]) == (0, 0, "DGF-2027")
    first, head, *lines = text.splitlines()
    assert first == "DGF-2027: 0.00 pounds in 0 awards, 2760000.00 not awarded yet."
    assert head.split() == ["ring-fence", "required", "reached", "needed", "headroom", "met"]
    assert [line.split()[0] for line in lines] == [line["key"] for line in data["ring_fences"]]
    byfor = next(line for line in lines if line.startswith("BYFOR"))
    assert byfor.split() == ["BYFOR", "1800000.00", "0.00", "1800000.00", "960000.00", "no"]


def test_open_data_of_a_call_nobody_has_been_told_about_holds_no_grants(run: Run, fund_app: Flask):
    run("call", "import", str(REFERENCE_FILE))

    code, written = answer(run("opendata", "export", "DGF-2027"))

    assert (code, json.loads(written)["grants"]) == (0, [])


def test_open_data_is_written_as_a_table_and_as_a_workbook(run: Run, fund_app: Flask, tmp_path: Path):
    run("call", "import", str(REFERENCE_FILE))
    workbook = tmp_path / "grants.xlsx"

    code, table = answer(run("opendata", "export", "DGF-2027", "--csv"))
    said = answer(run("opendata", "export", "DGF-2027", "--xlsx", str(workbook)))

    assert (code, table.strip(), said) == (0, "", (0, ""))
    about = dict(load_workbook(workbook)["Meta"].iter_rows(values_only=True))
    assert about["License"] == "https://creativecommons.org/licenses/by/4.0/"


def test_staff_member_gets_a_role_and_a_code_that_is_not_stored(run: Run, fund_app: Flask):
    code, said = answer(run("staff", "add", "Manager@example.org", "--role", "manager", "--name", "Mina"))

    user = db.session.execute(sa.select(User)).scalar_one()
    role = db.session.execute(sa.select(FundRole)).scalar_one()
    assert code == 0
    assert (user.email, user.is_staff, role.kind, role.user_id) == (
        "manager@example.org",
        True,
        "manager",
        user.id,
    )
    assert "/en/staff/set-up" in said
    assert re.search(r"hours: [0-9a-f]{32}$", said.strip())


@pytest.mark.parametrize(
    "email", ["nobody", "a@b@c", "a b@example.org", "a@example.org\nb", "x" * 300 + "@example.org"]
)
def test_staff_member_without_a_mail_address_is_refused(run: Run, fund_app: Flask, email: str):
    code, said = answer(run("staff", "add", email, "--role", "manager"))

    assert (code, said) == (1, f"Error: {email} is not a mail address.\n")


def test_form_of_a_call_file_goes_into_a_spreadsheet_and_back(tmp_path: Path):
    sheet = tmp_path / "form.xlsx"

    exported = CliRunner().invoke(main, ["form", "export", str(REFERENCE_FILE), str(sheet)])
    imported = CliRunner().invoke(main, ["form", "import", str(sheet), str(REFERENCE_FILE)])

    assert exported.exit_code == 0, exported.output
    assert imported.output == REFERENCE_FILE.read_text(encoding="utf-8")


def test_spreadsheet_that_is_none_is_said_in_a_sentence(tmp_path: Path):
    sheet = tmp_path / "form.xlsx"
    sheet.write_bytes(b"type,name")

    result = CliRunner().invoke(main, ["form", "import", str(sheet), str(REFERENCE_FILE)])

    assert result.exit_code == 1
    assert "This is not a spreadsheet. Save it as .xlsx and send it again." in result.output
    assert "Nothing was taken. Things to mend: 1." in result.output


def test_everything_about_a_person_is_written_and_erased_from_the_file(run: Run, fund_app: Flask):
    with unit_of_work():
        db.session.add(User(email="zahra.quillon@example.org", name="Zahra Quillon"))

    code, written = answer(run("person-data", "show", "Zahra.Quillon@example.org"))
    dry_code, said = answer(run("person-data", "erase", "zahra.quillon@example.org"))
    still = db.session.execute(sa.select(User.name)).scalar_one()
    db.session.rollback()
    done_code, done = answer(run("person-data", "erase", "zahra.quillon@example.org", "--yes"))

    assert (code, dry_code, done_code, still) == (0, 0, 0, "Zahra Quillon")
    assert json.loads(written)["about_you"]["user"][0]["name"] == "Zahra Quillon"
    assert "Nothing was changed." in said
    assert "sign_ins (30 days): 0\n" in answer(run("retention"))[1]
    assert answer(run("retention", "--yes"))[0] == 0
    number = done.split()[-1]
    assert answer(run("person-data", "show", "zahra.quillon@example.org"))[0] == 1
    assert answer(run("person-data", "erase", number, "--yes"))[0] == 0
    if db.engine.dialect.name == "sqlite":
        folder = Path(str(db.engine.url.database)).parent
        stored = b"".join(
            each.read_bytes() for each in folder.glob(f"{Path(str(db.engine.url.database)).name}*")
        )
        assert b"uillon" not in stored
