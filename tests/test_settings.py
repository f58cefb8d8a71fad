"""Production refuses each bad setting, one at a time."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from rq.serializers import DefaultSerializer, JSONSerializer

from fundapp import create_app
from fundapp.db import prepare_engine
from fundapp.queries.health import durability_problems, serializer_problems
from fundapp.settings import (
    DEMO_BANK_KEY,
    DEMO_SECRET,
    MEGABYTE,
    Environment,
    Settings,
    SettingsError,
    problems,
)
from tests.engines import postgresql_server

SECRET = "Vq8hT2mZxW4nR7kLp0sYc3uJb6gDf9aE"
BANK_KEY = "Jx4kT9vB2mZq7LwS0dHn5RcY8pGf3aUe"
GOOD = Settings(
    environment=Environment.PRODUCTION,
    secret_key=SECRET,
    bank_key=BANK_KEY,
    database_url="postgresql+psycopg://app@db.example.net/fundapp?sslmode=verify-full",
    data_dir=Path("data"),
    public_url="https://grants.example.net",
    trusted_hosts=("grants.example.net",),
    redis_url="rediss://:pass@queue.example.net/0",
    mail_from="Updates <updates@example.net>",
    mail_host="mail.example.net",
    proxy_hops=1,
)

BAD: dict[str, dict[str, Any]] = {
    "no secret": {"secret_key": ""},
    "short secret": {"secret_key": SECRET[:31]},
    "repeated secret": {"secret_key": "ab" * 20},
    "known secret": {"secret_key": DEMO_SECRET},
    "changed-me secret": {"secret_key": "changeme" + SECRET},
    "no bank key": {"bank_key": ""},
    "repeated bank key": {"bank_key": "ab" * 20},
    "known bank key": {"bank_key": DEMO_BANK_KEY},
    "one key for everything": {"bank_key": SECRET},
    "demo environment": {"environment": Environment.DEMO},
    "test environment": {"environment": Environment.TEST},
    "debug": {"debug": True},
    "demo pages": {"demo_pages": True},
    "cookie not secure": {"cookie_secure": False},
    "plain http": {"public_url": "http://grants.example.net"},
    "own machine's address": {"public_url": "https://localhost", "trusted_hosts": ("localhost",)},
    "no trusted hosts": {"trusted_hosts": ()},
    "every host trusted": {"trusted_hosts": ("*",)},
    "public host not trusted": {"trusted_hosts": ("other.example.net",)},
    "leaving without TLS": {"leave_url": "http://example.net"},
    "database in memory": {"database_url": "sqlite:///:memory:"},
    "synchronous_commit off": {"database_url": f"{GOOD.database_url}&options=-c%20synchronous_commit%3Doff"},
    "remote database without TLS": {"database_url": "postgresql+psycopg://app@db.example.net/fundapp"},
    "remote queue without TLS": {"redis_url": "redis://:pass@queue.example.net/0"},
    "remote queue without password": {"redis_url": "rediss://queue.example.net/0"},
    "no mail server": {"mail_host": ""},
    "mail without TLS": {"mail_tls": "none"},
    "unknown mail TLS": {"mail_tls": "perhaps"},
    "mail from nowhere": {"mail_from": "updates@localhost"},
    "no body cap": {"max_body": 0},
    "huge body cap": {"max_body": 10**10},
    "too many proxies": {"proxy_hops": 50},
    "gunicorn control socket": {"server_arguments": "--control-socket /run/g.sock"},
    "gunicorn reload": {"server_arguments": "--workers 2 --reload"},
    "log of everything": {"log_level": "debug"},
    "no upload": {"largest_upload": 0},
    "upload of two gigabytes": {
        "largest_upload": 2 * 1024 * MEGABYTE,
        "group_file_bytes": 2**40,
        "person_file_bytes": 2**40,
    },
    "no room for a group": {"group_file_bytes": 1},
    "no file for a person": {"person_files": 0},
    "scanner elsewhere": {"clamd": "scanner.internal:3310"},
    "scanner without a port": {"clamd": "localhost"},
}


def test_settings_that_are_good_have_no_problem() -> None:
    assert problems(GOOD) == []


@pytest.mark.parametrize("changes", BAD.values(), ids=BAD.keys())
def test_settings_with_one_bad_value_are_refused_for_it_alone(changes: dict[str, Any]) -> None:
    bad = dataclasses.replace(GOOD, **changes)

    found = problems(bad)

    assert len(found) == 1, found
    if bad.environment is Environment.PRODUCTION:
        with pytest.raises(SettingsError) as refused:
            create_app(bad)
        assert refused.value.problems == found


@pytest.mark.parametrize(
    ("pragma", "problem"),
    [
        ("journal_mode = DELETE", "journal_mode = delete"),
        ("synchronous = NORMAL", "synchronous = 1"),
        ("foreign_keys = OFF", "foreign_keys = 0"),
    ],
)
def test_sqlite_that_could_lose_data_is_refused(tmp_path: Path, pragma: str, problem: str) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'a.db'}")
    prepare_engine(engine)
    with engine.connect() as connection:
        assert durability_problems(connection) == []
        connection.rollback()

        cursor = connection.connection.cursor()
        cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

        [found] = durability_problems(connection)
    assert problem in found


def test_postgresql_that_could_lose_data_is_refused() -> None:
    engine = sa.create_engine(postgresql_server())
    with engine.connect() as connection:
        assert durability_problems(connection) == []

        connection.execute(sa.text("SET LOCAL synchronous_commit = off"))

        [found] = durability_problems(connection)
    engine.dispose()
    assert "synchronous_commit = off" in found


def test_queue_that_carries_anything_but_json_is_refused() -> None:
    assert serializer_problems(JSONSerializer) == []
    assert len(serializer_problems(DefaultSerializer)) == 1


def test_settings_are_read_from_variables_and_files(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(f"{SECRET}\n")

    settings = Settings.from_environment(
        {
            "FUNDAPP_ENVIRONMENT": "production",
            "FUNDAPP_SECRET_KEY_FILE": str(secret),
            "FUNDAPP_BANK_KEY": BANK_KEY,
            "FUNDAPP_DATABASE_URL": GOOD.database_url,
            "FUNDAPP_DATA_DIR": "data",
            "FUNDAPP_PUBLIC_URL": GOOD.public_url,
            "FUNDAPP_TRUSTED_HOSTS": "grants.example.net",
            "FUNDAPP_REDIS_URL": str(GOOD.redis_url),
            "FUNDAPP_MAIL_FROM": GOOD.mail_from,
            "FUNDAPP_MAIL_HOST": GOOD.mail_host,
            "FUNDAPP_PROXY_HOPS": "1",
        }
    )

    assert settings == GOOD


def test_settings_that_cannot_be_read_name_every_variable() -> None:
    with pytest.raises(SettingsError) as refused:
        Settings.from_environment(
            {
                "FUNDAPP_ENVIRONMENT": "live",
                "FUNDAPP_DEBUG": "perhaps",
                "FUNDAPP_MAX_BODY": "١٢",
                "FUNDAPP_SECRET_KEY_FILE": "/nowhere/at/all",
            }
        )

    assert [problem.split()[0] for problem in refused.value.problems] == [
        "FUNDAPP_ENVIRONMENT",
        "FUNDAPP_SECRET_KEY_FILE",
        "FUNDAPP_MAX_BODY",
        "FUNDAPP_DEBUG",
    ]
