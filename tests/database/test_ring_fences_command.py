"""`fundapp ringfence report --json` on the worked ledger of the reference call."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner

from fundapp import create_app
from fundapp.cli import main
from fundapp.db import db, unit_of_work
from fundapp.settings import Settings
from tests.engines import migrated_database
from tests.ledger import worked_ledger


def test_command_gives_exactly_the_figures_of_the_worked_ledger(engine_name: str, tmp_path: Path) -> None:
    with migrated_database(engine_name, "fundapp_ledger") as url:
        with create_app(Settings.for_tests(url, tmp_path)).app_context():
            with unit_of_work():
                code = worked_ledger().code
            db.engine.dispose()
        environment = {
            "FUNDAPP_ENVIRONMENT": "test",
            "FUNDAPP_DATABASE_URL": url,
            "FUNDAPP_DATA_DIR": str(tmp_path),
        }

        answer = CliRunner().invoke(main, ["ringfence", "report", code, "--json"], env=environment)

    data = json.loads(answer.stdout)
    byfor = data["ring_fences"][0]
    figures = ("reached", "percent_of_awards", "percent_of_required", "needed", "headroom")
    assert (answer.exit_code, data["live"], data["unawarded"]) == (0, "380000.00", "2380000.00")
    assert (byfor["key"], byfor["required"]) == ("BYFOR", "1800000.00")
    assert [byfor["confirmed"][name] for name in figures] == [
        *("200000.00", "52.6", "11.1", "1600000.00", "780000.00")
    ]
    assert [byfor["if_confirmed"][name] for name in figures] == [
        *("260000.00", "68.4", "14.4", "1540000.00", "840000.00")
    ]
