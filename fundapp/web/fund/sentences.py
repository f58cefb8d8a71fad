"""Letters to groups, written while scoring: the readers' sentences, read by the fund before a group does."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from forms.i18n import _
from forms.pages.sentences import SentenceForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError, StaleVersion
from fundapp.models.application import Application
from fundapp.models.call import Round
from fundapp.models.panel import Score
from fundapp.permissions import Permission
from fundapp.queries.applications import definition_for
from fundapp.queries.calls import current_version, definition_of
from fundapp.queries.panel_board import list_read_applications
from fundapp.queries.panels import get_application, get_round
from fundapp.queries.wording import (
    Sentence,
    first_texts_of,
    get_score,
    list_sentences,
    sentence_digest,
    words_digest,
)
from fundapp.services.wording import accept_sentences, settle_sentence
from fundapp.web.access import requires
from fundapp.web.binding import bind, sent_digest, sent_rev
from fundapp.web.sessions import signed_in_user

bp = Blueprint("fund_sentences", __name__)
SENTENCES = "/fund/applications/<uuid:application_id>/sentences"


@bp.get("/fund/rounds/<uuid:round_id>/sentences")
@requires(Permission.PANEL_RUN, round=get_round)
def sentences(round: Round) -> ResponseReturnValue:
    """How far the letters of a round are."""
    found = list_sentences(round, viewer=signed_in_user())
    assessment = definition_of(current_version(round.call)).assessment
    return render_template(
        "fund/panels/sentences.html",
        round=round,
        applications=list_read_applications(round, viewer=signed_in_user()),
        written=Counter(each.mark.application_id for each in found),
        waiting=Counter(each.mark.application_id for each in found if each.waits),
        ready=first_texts_of(found, assessment),
        page_title=_("Read the readers' sentences"),
    )


@bp.post("/fund/rounds/<uuid:round_id>/sentences/accept")
@requires(Permission.PANEL_RUN, round=get_round)
def accept(round: Round) -> ResponseReturnValue:
    with unit_of_work():
        accept_sentences(round, actor=signed_in_user(), now=utcnow())
    return redirect(url_for("fund_sentences.sentences", round_id=round.id))


@bp.get(SENTENCES)
@requires(Permission.PANEL_RUN, application=get_application)
def of_application(application: Application) -> ResponseReturnValue:
    return _page(application)


@bp.post(f"{SENTENCES}/<uuid:score_id>")
@requires(Permission.PANEL_RUN, application=get_application, score=get_score)
def settle(application: Application, score: Score) -> ResponseReturnValue:
    """Use it in these words, or leave it out."""
    sentences = list_sentences(application.round, viewer=signed_in_user(), application=application)
    if score.id not in {each.score_id for each in sentences}:
        raise NotFound
    form = bind(SentenceForm, prefix=_prefix(score.id))
    is_kept = request.form.get("go") != "leave"
    if form.validate() and is_kept and not form["text"].data:
        form.add_error("text", _("Write the words, or do not use the sentence."))
    if form.error_list():
        return _page(application, wrong=(score.id, form)), 422
    text = form["text"].data if is_kept else ""
    try:
        with unit_of_work():
            settle_sentence(
                application,
                score,
                text,
                seen_digest=sent_rev("digest"),
                seen_words=sent_digest(),
                actor=signed_in_user(),
                now=utcnow(),
            )
    except FundError as error:
        return _page(application, wrong=(score.id, form), refused=error), error.status
    return redirect(url_for("fund_sentences.of_application", application_id=application.id))


def _prefix(score_id: UUID) -> str:
    return f"s{score_id.hex[:12]}-"


def _page(
    application: Application,
    *,
    wrong: tuple[UUID, SentenceForm] | None = None,
    refused: FundError | None = None,
) -> str:
    sentences = list_sentences(application.round, viewer=signed_in_user(), application=application)
    definition = definition_for(application)
    return render_template(
        "fund/panels/group_sentences.html",
        application=application,
        definition=definition,
        lines=[(each, sentence_digest(each.mark.sentence), _form(each, wrong)) for each in sentences],
        words_digest=words_digest,
        late=wrong[0] if wrong and isinstance(refused, StaleVersion) else None,
        wording=first_texts_of(sentences, definition.assessment).get(application.id),
        waiting=sum(each.waits for each in sentences),
        refused=refused,
        page_title=_("Read the readers' sentences"),
        page_errors=wrong[1].error_list() if wrong else [],
    )


def _form(sentence: Sentence, wrong: tuple[UUID, SentenceForm] | None) -> SentenceForm:
    if wrong is not None and wrong[0] == sentence.score_id:
        return wrong[1]
    return SentenceForm(
        None, prefix=_prefix(sentence.score_id), data={"text": sentence.words or sentence.mark.sentence}
    )
