"""Open data of a call, for anybody and for machines; no language in the address."""

from __future__ import annotations

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from fundapp.clock import utcnow
from fundapp.queries.calls import get_public_call
from fundapp.queries.open_data import package_for
from fundapp.web.access import public

bp = Blueprint("open_data", __name__)


@bp.get("/open-data/<code>.json")
@public("awards are published for everybody")
def package(code: str) -> ResponseReturnValue:
    return jsonify(package_for(get_public_call(code), utcnow().date()))
