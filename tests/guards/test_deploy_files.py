"""The files under deploy/ say what the security notes promise."""

from __future__ import annotations

import configparser
import re
import runpy
from pathlib import Path

import pytest
import yaml

from fundapp import settings as settings_module
from fundapp.settings import MEGABYTE, Settings

DEPLOY = Path(__file__).parents[2] / "deploy"
HARDENING = {
    "NoNewPrivileges": "yes",
    "ProtectSystem": "strict",
    "ProtectHome": "yes",
    "PrivateTmp": "yes",
    "CapabilityBoundingSet": "",
    "User": "fundapp",
    "Restart": "always",
}


def test_gunicorn_has_no_control_socket_and_threads():
    settings = runpy.run_path(str(DEPLOY / "gunicorn.conf.py"))

    assert (settings["control_socket_disable"], settings["worker_class"]) == (True, "gthread")
    assert settings["bind"].startswith("unix:")


def test_nginx_cuts_off_what_is_too_slow_or_too_large():
    text = (DEPLOY / "nginx.conf").read_text()
    values = dict(re.findall(r"^\s+(\w+) ([^;]+);", text, re.MULTILINE))

    bodies = re.findall(r"client_max_body_size (\w+);", text)
    slowest = re.findall(r"client_body_timeout (\w+);", text)
    assert bodies == [f"{Settings.max_body // MEGABYTE}m", f"{Settings.largest_upload // MEGABYTE + 1}m"]
    assert (values["client_header_timeout"], slowest) == ("10s", ["10s", "30s"])
    assert "X-Forwarded-For $remote_addr" in text


@pytest.mark.parametrize("name", ["web", "worker"])
def test_systemd_unit_runs_with_little_power(name: str):
    unit = configparser.ConfigParser(strict=False, interpolation=None)
    unit.optionxform = str  # type: ignore[assignment, method-assign]
    unit.read(DEPLOY / f"fundapp-{name}.service")

    assert {key: unit["Service"][key] for key in HARDENING} == HARDENING


def test_containers_are_read_only_and_without_rights():
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]

    ours = [services[name] for name in ("migrate", "web", "worker")]
    assert [(each["read_only"], each["cap_drop"]) for each in ours] == [(True, ["ALL"])] * 3


def test_example_environment_names_only_settings_that_exist():
    names = set(
        re.findall(r"^#? ?FUNDAPP_([A-Z_]+)=", (DEPLOY / "environment.example").read_text(), re.MULTILINE)
    )
    known = {name.upper() for name in Settings.__dataclass_fields__}

    assert {name.removesuffix("_FILE") for name in names} <= known


def test_installing_names_every_setting():
    """In its own row, or with the beginning that a row gives: `FUNDAPP_MAIL_HOST`, `…_PORT`."""
    source = Path(settings_module.__file__).read_text(encoding="utf-8")
    read = set(re.findall(r'reader\.\w+\("([A-Z_]+)"', source))
    table = (DEPLOY.parent / "docs/installing.md").read_text(encoding="utf-8")

    rows = "".join(line for line in table.splitlines() if line.startswith("| `"))
    whole = set(re.findall(r"`FUNDAPP_(\w+?)(?:_FILE)?`", rows))
    ends = re.findall(r"`…_(\w+?)`", rows)
    told = whole | set(ends) | {f"{name.split('_')[0]}_{end}" for name in whole for end in ends}
    assert read - told == set()
    assert len(read) > 30
