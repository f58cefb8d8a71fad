"""For the machines that watch over this one. Public answers are one word."""

from __future__ import annotations

import shutil
from datetime import timedelta

from flask import Blueprint, current_app
from flask.typing import ResponseReturnValue

from fundapp.clock import utcnow
from fundapp.queries.health import database_answers, oldest_waiting_job
from fundapp.settings import Settings
from fundapp.web.access import public

LONGEST_WAIT = timedelta(minutes=5)
LEAST_FREE_DISK = 0.05

bp = Blueprint("health", __name__)


@bp.get("/livez")
@public("a watching machine asks whether the process runs")
def alive() -> ResponseReturnValue:
    return "ok", {"Content-Type": "text/plain; charset=utf-8"}


@bp.get("/readyz")
@public("a watching machine asks whether people can be sent here")
def ready() -> ResponseReturnValue:
    is_ready = database_answers() and _outbox_moves() and _disk_has_room()
    return "ok" if is_ready else "no", 200 if is_ready else 503, {"Content-Type": "text/plain; charset=utf-8"}


def _outbox_moves() -> bool:
    now = utcnow()
    waiting_since = oldest_waiting_job(now=now)
    return waiting_since is None or now - waiting_since < LONGEST_WAIT


def _disk_has_room() -> bool:
    settings: Settings = current_app.config["SETTINGS"]
    usage = shutil.disk_usage(settings.data_dir if settings.data_dir.exists() else ".")
    return usage.free >= usage.total * LEAST_FREE_DISK
