"""A person's own keys for tools that read a fund's data (docs/api.md)."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.pages.api_keys import WHAT_IT_READS, NewKeyForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError
from fundapp.models.api_key import ApiKey, ApiScope
from fundapp.models.fund import Fund
from fundapp.permissions import Permission
from fundapp.queries.api_keys import get_api_key, list_keys
from fundapp.queries.funds import get_fund
from fundapp.services.api_keys import make_key, revoke_key
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.sessions import signed_in_user

bp = Blueprint("fund_api_keys", __name__)
PAGE = "/fund/<uuid:fund_id>/keys"


@bp.get(PAGE)
@requires(Permission.FUND_OPEN, fund=get_fund)
def page(fund: Fund) -> ResponseReturnValue:
    return _page(fund, NewKeyForm(None))


@bp.post(PAGE)
@requires(Permission.FUND_OPEN, fund=get_fund)
def make(fund: Fund) -> ResponseReturnValue:
    """The answer shows the key, the only time that anybody sees it."""
    form = bind(NewKeyForm)
    if not form.validate():
        return _page(fund, form, status=422)
    try:
        with unit_of_work():
            key = make_key(
                fund,
                name=form["name"].data,
                scopes=[ApiScope(scope) for scope in form["scopes"].data],
                days=int(form["days"].data),
                actor=signed_in_user(),
                now=utcnow(),
            )
    except FundError as error:
        return _page(get_fund(fund.id), form, refused=error, status=error.status)
    return _page(get_fund(fund.id), NewKeyForm(None), new_key=key)


@bp.post("/fund/keys/<uuid:key_id>/stop")
@requires(Permission.API_KEY_OWN, key=get_api_key)
def stop(key: ApiKey) -> ResponseReturnValue:
    fund_id = key.fund_id
    with unit_of_work():
        revoke_key(key, actor=signed_in_user(), now=utcnow())
    return redirect(url_for(".page", fund_id=fund_id))


def _page(
    fund: Fund,
    form: NewKeyForm,
    *,
    new_key: str = "",
    refused: FundError | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    return (
        render_template(
            "fund/api_keys.html",
            fund=fund,
            form=form,
            keys=list_keys(fund, signed_in_user()),
            words=dict(WHAT_IT_READS),
            new_key=new_key,
            refused=refused,
            address=f"{request.url_root}api/v1/",
            now=utcnow(),
        ),
        status,
    )
