"""Open data of a call, for anybody and for machines; no language in the address."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from fundapp.clock import utcnow
from fundapp.db import Json
from fundapp.documents.figures import figures_as_csv
from fundapp.documents.grants_table import grants_as_csv, grants_as_workbook
from fundapp.moments import london_day
from fundapp.queries.calls import get_public_call
from fundapp.queries.open_data import LICENCE, package_for
from fundapp.queries.openness import find_published_figures
from fundapp.web.access import public

WORKBOOK = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

bp = Blueprint("open_data", __name__)


@bp.get("/open-data/<code>.json")
@public("awards are published for everybody")
def package(code: str) -> ResponseReturnValue:
    return jsonify(_package(code, ".package"))


@bp.get("/open-data/<code>.csv")
@public("awards are published for everybody")
def grants_csv(code: str) -> ResponseReturnValue:
    return Response(grants_as_csv(_package(code, ".grants_csv")), mimetype="text/csv")


@bp.get("/open-data/<code>.xlsx")
@public("awards are published for everybody")
def grants_xlsx(code: str) -> ResponseReturnValue:
    return Response(grants_as_workbook(_package(code, ".grants_xlsx")), mimetype=WORKBOOK)


def _package(code: str, endpoint: str) -> Json:
    call = get_public_call(code)
    found = package_for(call, london_day(utcnow()))
    if not found["grants"]:
        raise NotFound  # the standard knows no file without grants
    page = url_for("public.results_page", lang="en", code=call.code, _external=True)
    return found | {"downloadURL": url_for(endpoint, code=call.code, _external=True), "accessURL": page}


@bp.get("/open-data/<code>/figures.json")
@public("how a call went is for everybody")
def figures_json(code: str) -> ResponseReturnValue:
    """What the page shows in words, for programs."""
    return jsonify({"license": LICENCE} | _figures(code))


@bp.get("/open-data/<code>/figures.csv")
@public("how a call went is for everybody")
def figures_csv(code: str) -> ResponseReturnValue:
    return Response(figures_as_csv(_figures(code)), mimetype="text/csv")


def _figures(code: str) -> Json:
    found = find_published_figures(get_public_call(code))
    if found is None:
        raise NotFound
    return found.content
