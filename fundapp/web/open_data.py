"""Open data of a call, for anybody and for machines; no language in the address."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from fundapp.clock import utcnow
from fundapp.queries.calls import get_public_call
from fundapp.queries.open_data import package_for
from fundapp.web.access import public

bp = Blueprint("open_data", __name__)


@bp.get("/open-data/<code>.json")
@public("awards are published for everybody")
def package(code: str) -> ResponseReturnValue:
    package = package_for(get_public_call(code), utcnow().date())
    if not package["grants"]:
        raise NotFound  # the standard knows no file without grants
    return jsonify(package)
