"""Reading and signing an agreement: the group, and the host that holds its money."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from forms.pages.agreement import AcceptForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError
from fundapp.lifecycles import AwardStatus
from fundapp.models.agreement import Side
from fundapp.models.award import Award
from fundapp.models.partnership import FiscalHost
from fundapp.permissions import Permission, can
from fundapp.queries.agreements import (
    find_hosted_text,
    find_text,
    has_signed,
    needs_another_signer,
    still_to_sign,
)
from fundapp.queries.calls import definition_of
from fundapp.queries.grant_plans import payments_as_agreed
from fundapp.queries.grants import get_released_award
from fundapp.queries.people import get_host
from fundapp.services.agreements import AgreementChanged, has_changed
from fundapp.services.grants import accept_agreement
from fundapp.web.access import requires
from fundapp.web.awards import bp
from fundapp.web.binding import bind
from fundapp.web.sessions import signed_in_user
from fundapp.web.signed_agreements import PAPER, ask_for, hand_out, shown, signer_in

GROUP, HOST = "/awards/<uuid:award_id>/agreement", "/hosting/<uuid:host_id>/agreement"


@bp.get(GROUP)
@requires(Permission.AWARD_VIEW, award=get_released_award)
def agreement(award: Award) -> ResponseReturnValue:
    return _group_page(award)


@bp.post(f"{GROUP}/<digest>")
@requires(Permission.AWARD_ACCEPT, award=get_released_award)
def accept(award: Award, digest: str) -> ResponseReturnValue:
    form = bind(AcceptForm)
    if not form.validate():
        return _group_page(award, form, status=422)
    if refused := _signed(award, Side.GROUP, digest, form):
        return _group_page(get_released_award(award.id), form, refused=refused, status=refused.status)
    return redirect(url_for(".award_page", award_id=award.id))


@bp.get(f"{GROUP}/{PAPER}")
@requires(Permission.AWARD_VIEW, award=get_released_award)
def agreement_paper(award: Award) -> ResponseReturnValue:
    return hand_out(find_text(award))


@bp.post(f"{GROUP}/{PAPER}")
@requires(Permission.AWARD_VIEW, award=get_released_award)
def ask_for_agreement_paper(award: Award) -> ResponseReturnValue:
    return ask_for(find_text(award), url_for(".agreement", award_id=award.id))


@bp.get(HOST)
@requires(Permission.AGREEMENT_SIGN_AS_HOST, host=get_host)
def host_agreement(host: FiscalHost) -> ResponseReturnValue:
    return _host_page(host)


@bp.post(f"{HOST}/<digest>")
@requires(Permission.AGREEMENT_SIGN_AS_HOST, host=get_host)
def host_accept(host: FiscalHost, digest: str) -> ResponseReturnValue:
    form = bind(AcceptForm)
    if not form.validate():
        return _host_page(host, form, status=422)
    if refused := _signed(_hosted(host), Side.HOST, digest, form):
        return _host_page(get_host(host.id), form, refused=refused, status=refused.status)
    return redirect(url_for(".host_agreement", host_id=host.id))


@bp.get(f"{HOST}/{PAPER}")
@requires(Permission.AGREEMENT_SIGN_AS_HOST, host=get_host)
def host_agreement_paper(host: FiscalHost) -> ResponseReturnValue:
    return hand_out(find_text(_hosted(host)))


@bp.post(f"{HOST}/{PAPER}")
@requires(Permission.AGREEMENT_SIGN_AS_HOST, host=get_host)
def ask_for_host_agreement_paper(host: FiscalHost) -> ResponseReturnValue:
    return ask_for(find_text(_hosted(host)), url_for(".host_agreement", host_id=host.id))


def _signed(award: Award, side: Side, digest: str, form: AcceptForm) -> FundError | None:
    """What stood in the way, or nothing."""
    try:
        with unit_of_work():
            accept_agreement(
                award,
                digest=digest,
                side=side,
                signer=signer_in(form),
                actor=signed_in_user(),
                now=utcnow(),
            )
    except FundError as error:
        return error
    return None


def _hosted(host: FiscalHost) -> Award:
    """Its grant, where there is an agreement to read that names this host."""
    if (text := find_hosted_text(host)) is None:
        raise NotFound
    return get_released_award(text.award_id)


def _group_page(
    award: Award, form: AcceptForm | None = None, *, refused: FundError | None = None, status: int = 200
) -> ResponseReturnValue:
    page = _reading(award, Side.GROUP, form, refused)
    page["may_sign"] = can(signed_in_user(), Permission.AWARD_ACCEPT, award)
    page["days_have_moved"] = list(payments_as_agreed(award)) != [
        (each.due_on, each.amount) for each in award.instalments
    ]
    return render_template("awards/agreement.html", **page), status


def _host_page(
    host: FiscalHost, form: AcceptForm | None = None, *, refused: FundError | None = None, status: int = 200
) -> ResponseReturnValue:
    award = _hosted(host)
    page = _reading(award, Side.HOST, form, refused)
    return render_template("awards/host_agreement.html", host=host, **page), status


def _reading(award: Award, side: Side, form: AcceptForm | None, refused: FundError | None) -> dict[str, Any]:
    """The text as it is kept, and what this reader can do about it."""
    text, reader = find_text(award), signed_in_user()
    is_out = award.status is AwardStatus.AGREEMENT_SENT
    page: dict[str, Any] = {
        "award": award,
        "definition": definition_of(award.application.call_version),
        "text": text,
        "form": form or AcceptForm(None, data={"name": reader.name}),
        "refused": refused if not isinstance(refused, AgreementChanged) else None,
        "is_changed": isinstance(refused, AgreementChanged),
        "is_old": is_out and (text is None or has_changed(award, text)),
        "is_wanted": False,
        "has_signed": False,
        "needs_people": False,
    }
    if text is not None:
        page |= shown(text, request.args.get("in"))
        page["has_signed"] = has_signed(text, reader.id)
        page["is_wanted"] = is_out and side in still_to_sign(text)
        page["needs_people"] = side is Side.GROUP and is_out and needs_another_signer(award, text)
    return page
