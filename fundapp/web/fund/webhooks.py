"""A person's own addresses that are told when something happened (docs/api.md)."""

from __future__ import annotations

from flask import Blueprint, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forms.pages.webhooks import WHAT_HAPPENED, NewAddressForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError
from fundapp.models.fund import Fund
from fundapp.models.webhook import Webhook, WebhookKind
from fundapp.permissions import Permission
from fundapp.queries.funds import get_fund
from fundapp.queries.webhooks import get_webhook, list_own_webhooks
from fundapp.services.webhook_deliveries import GIVEN_UP_AFTER
from fundapp.services.webhooks import add_address, change_secret, send_test, stop_address, take_up_again
from fundapp.settings import Settings
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.sessions import signed_in_user

bp = Blueprint("fund_webhooks", __name__)
PAGE, ONE = "/fund/<uuid:fund_id>/events", "/fund/events/<uuid:webhook_id>"


@bp.get(PAGE)
@requires(Permission.FUND_OPEN, fund=get_fund)
def page(fund: Fund) -> ResponseReturnValue:
    return _page(fund, NewAddressForm(None))


@bp.post(PAGE)
@requires(Permission.FUND_OPEN, fund=get_fund)
def add(fund: Fund) -> ResponseReturnValue:
    """The answer shows the secret, the only time that anybody sees it."""
    form = bind(NewAddressForm)
    if not form.validate():
        return _page(fund, form, status=422)
    settings: Settings = current_app.config["SETTINGS"]
    try:
        with unit_of_work():
            secret = add_address(
                fund,
                url=form["url"].data.strip(),
                kinds=[WebhookKind(kind) for kind in form["kinds"].data],
                may_be_near=settings.may_write_near,
                actor=signed_in_user(),
                now=utcnow(),
            )
    except FundError as error:
        return _page(get_fund(fund.id), form, refused=error, status=error.status)
    return _page(get_fund(fund.id), NewAddressForm(None), new_secret=secret)


@bp.post(f"{ONE}/secret")
@requires(Permission.WEBHOOK_OWN, webhook=get_webhook)
def new_secret(webhook: Webhook) -> ResponseReturnValue:
    fund_id = webhook.fund_id
    with unit_of_work():
        secret = change_secret(webhook, actor=signed_in_user(), now=utcnow())
    return _page(get_fund(fund_id), NewAddressForm(None), new_secret=secret, is_change=True)


@bp.post(f"{ONE}/test")
@requires(Permission.WEBHOOK_OWN, webhook=get_webhook)
def test(webhook: Webhook) -> ResponseReturnValue:
    fund_id = webhook.fund_id
    with unit_of_work():
        send_test(webhook, actor=signed_in_user(), now=utcnow())
    return redirect(url_for(".page", fund_id=fund_id, _anchor=f"h{webhook.id.hex}"))


@bp.post(f"{ONE}/again")
@requires(Permission.WEBHOOK_OWN, webhook=get_webhook)
def again(webhook: Webhook) -> ResponseReturnValue:
    fund_id = webhook.fund_id
    with unit_of_work():
        take_up_again(webhook, actor=signed_in_user(), now=utcnow())
    return redirect(url_for(".page", fund_id=fund_id))


@bp.post(f"{ONE}/stop")
@requires(Permission.WEBHOOK_OWN, webhook=get_webhook)
def stop(webhook: Webhook) -> ResponseReturnValue:
    fund_id = webhook.fund_id
    with unit_of_work():
        stop_address(webhook, actor=signed_in_user(), now=utcnow())
    return redirect(url_for(".page", fund_id=fund_id))


def _page(
    fund: Fund,
    form: NewAddressForm,
    *,
    new_secret: str = "",
    is_change: bool = False,
    refused: FundError | None = None,
    status: int = 200,
) -> ResponseReturnValue:
    return (
        render_template(
            "fund/webhooks.html",
            fund=fund,
            form=form,
            hooks=list_own_webhooks(fund, signed_in_user()),
            words=dict(WHAT_HAPPENED),
            new_secret=new_secret,
            is_change=is_change,
            refused=refused,
            days=GIVEN_UP_AFTER.days,
        ),
        status,
    )
