"""The fund reads an agreement, signs it and sends it; and a new text where facts have changed."""

from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from forms.pages.agreement import SignForm
from fundapp.agreement_file import digest_of
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError
from fundapp.lifecycles import AwardStatus
from fundapp.models.award import Award
from fundapp.permissions import Permission, can
from fundapp.queries.agreements import find_text
from fundapp.queries.grants import get_award
from fundapp.services.agreements import draft_words, has_changed
from fundapp.services.grants import renew_agreement, send_agreement
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.fund.payments import bp
from fundapp.web.signed_agreements import PAPER, ask_for, hand_out, shown, signer_in, words_shown

AGREEMENT = "/fund/awards/<uuid:award_id>/agreement"


@bp.get(AGREEMENT)
@requires(Permission.AWARD_READ, award=get_award)
def agreement_page(award: Award) -> ResponseReturnValue:
    return _page(award)


@bp.post(AGREEMENT)
@requires(Permission.AWARD_RUN, award=get_award)
def agreement(award: Award) -> ResponseReturnValue:
    """Signed for the fund by whoever sends it. Which text was read has to be said, as the page does."""
    form = bind(SignForm)
    if not form.validate():
        return _page(award, form, status=422)
    step = renew_agreement if award.status is AwardStatus.AGREEMENT_SENT else send_agreement
    try:
        with unit_of_work():
            step(
                award,
                read=request.form.get("read", ""),
                signer=signer_in(form),
                actor=current_user,
                now=utcnow(),
            )
    except FundError as error:
        return _page(get_award(award.id), form, refused=error, status=error.status)
    return redirect(url_for(".award_page", award_id=award.id))


@bp.get(f"{AGREEMENT}/{PAPER}")
@requires(Permission.AWARD_READ, award=get_award)
def agreement_paper(award: Award) -> ResponseReturnValue:
    return hand_out(find_text(award))


@bp.post(f"{AGREEMENT}/{PAPER}")
@requires(Permission.AWARD_READ, award=get_award)
def ask_for_agreement_paper(award: Award) -> ResponseReturnValue:
    return ask_for(find_text(award), url_for(".agreement_page", award_id=award.id))


def _page(
    award: Award, form: SignForm | None = None, *, refused: FundError | None = None, status: int = 200
) -> ResponseReturnValue:
    """What is out, or what would go out now."""
    text, asked_in = find_text(award), request.args.get("in")
    is_out = award.status is AwardStatus.AGREEMENT_SENT
    is_next = award.status in (AwardStatus.IN_PRINCIPLE, AwardStatus.CHECKS) or (
        is_out and (text is None or has_changed(award, text))
    )
    page: dict[str, Any] = {"text": text}
    if is_next:
        draft = draft_words(award, now=utcnow())
        page |= words_shown(draft, asked_in) | {"read": digest_of(draft.written())}
    elif text is not None:
        page |= shown(text, asked_in)
    shown_page = render_template(
        "fund/payments/agreement.html",
        award=award,
        form=form or SignForm(None, data={"name": current_user.name}),
        refused=refused,
        is_next=is_next,
        is_renewal=is_next and is_out,
        may_send=is_next
        and award.status is not AwardStatus.IN_PRINCIPLE
        and can(current_user, Permission.AWARD_RUN, award),
        **page,
    )
    return shown_page, status
