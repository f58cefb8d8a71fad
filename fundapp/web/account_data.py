"""What we hold about whoever is signed in. Adds its pages to `account`."""

from __future__ import annotations

import json

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from fundapp.permissions import Permission
from fundapp.queries.data_rights import list_told_to
from fundapp.queries.person_data import data_for_page
from fundapp.web.access import requires
from fundapp.web.account import bp
from fundapp.web.sessions import signed_in_user


@bp.get("/account/data")
@requires(Permission.ACCOUNT_OPEN)
def own_data() -> ResponseReturnValue:
    return render_template(
        "account/own_data.html",
        email=signed_in_user().email,
        told=list_told_to(signed_in_user()),
    )


@bp.get("/account/data.json")
@requires(Permission.ACCOUNT_OPEN)
def own_data_file() -> ResponseReturnValue:
    data = data_for_page(signed_in_user())
    return Response(
        json.dumps(data, ensure_ascii=False, indent=2),
        mimetype="application/json",
        headers={"Content-Disposition": 'attachment; filename="my-data.json"'},
    )
