"""Pages. Each area is one blueprint; areas know nothing of each other."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Flask

from forms.i18n import activate
from fundapp.clock import ARRIVED_AT, utcnow
from fundapp.db import write_intent
from fundapp.log import reference
from fundapp.settings import Settings
from fundapp.web import (  # noqa: F401 - some add their pages to account or codesign
    account,
    account_contact,
    apply,
    awards,
    codesign,
    codesign_left_open,
    codesign_links,
    codesign_room,
    codesign_sessions,
    codesign_voices,
    demo,
    files,
    groups,
    health,
    language,
    offline,
    open_data,
    panel,
    public,
    staff_account,
)
from fundapp.web.csrf import SAFE_METHODS
from fundapp.web.fund import answer_use as fund_answer_use  # noqa: F401 - adds its pages to burden
from fundapp.web.fund import answers as fund_answers
from fundapp.web.fund import applications as fund_applications
from fundapp.web.fund import awards as fund_awards
from fundapp.web.fund import burden as fund_burden
from fundapp.web.fund import calls as fund_calls
from fundapp.web.fund import clawbacks as fund_clawbacks
from fundapp.web.fund import copies as fund_copies
from fundapp.web.fund import form_sheet as fund_form_sheet
from fundapp.web.fund import hand_over as fund_hand_over
from fundapp.web.fund import meetings as fund_meetings
from fundapp.web.fund import monitoring as fund_monitoring
from fundapp.web.fund import order as fund_order
from fundapp.web.fund import packs as fund_packs
from fundapp.web.fund import panel_pay as fund_panel_pay
from fundapp.web.fund import panels as fund_panels
from fundapp.web.fund import payments as fund_payments
from fundapp.web.fund import practice as fund_practice
from fundapp.web.fund import question_uses as fund_question_uses  # noqa: F401 - adds its page to burden
from fundapp.web.fund import rationale as fund_rationale
from fundapp.web.fund import reading_packs as fund_reading_packs
from fundapp.web.fund import recordings as fund_recordings
from fundapp.web.fund import recruitment as fund_recruitment
from fundapp.web.fund import reserves as fund_reserves  # noqa: F401 - adds its pages to awards
from fundapp.web.fund import ring_fences as fund_ring_fences
from fundapp.web.fund import sentences as fund_sentences
from fundapp.web.fund import sheets as fund_sheets
from fundapp.web.fund import sign_off as fund_sign_off
from fundapp.web.fund import threads as fund_threads
from fundapp.web.fund import ties as fund_ties
from fundapp.web.fund import told_us as fund_told_us
from fundapp.web.fund import training as fund_training
from fundapp.web.fund import translation_desk as fund_translation_desk
from fundapp.web.fund import translations as fund_translations
from fundapp.web.fund import typed_marks as fund_typed_marks
from fundapp.web.fund import votes as fund_votes
from fundapp.web.fund import what_if as fund_what_if
from fundapp.web.fund.building import more as fund_build_more
from fundapp.web.fund.building import new_call as fund_new_call
from fundapp.web.fund.building import pages as fund_build

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment

# One line for each area, in the order of architecture.md; their paths stand under the language.
AREAS: tuple[Blueprint, ...] = (
    public.bp,
    account.bp,
    offline.bp,
    apply.bp,
    groups.bp,
    panel.bp,
    codesign.bp,
    codesign_room.bp,
    fund_calls.bp,
    fund_burden.bp,
    fund_build.bp,
    fund_build_more.bp,
    fund_new_call.bp,
    fund_applications.bp,
    fund_hand_over.bp,
    fund_answers.bp,
    fund_recordings.bp,
    fund_sentences.bp,
    fund_practice.bp,
    fund_training.bp,
    fund_recruitment.bp,
    fund_sheets.bp,
    fund_typed_marks.bp,
    fund_translations.bp,
    fund_translation_desk.bp,
    fund_form_sheet.bp,
    fund_ring_fences.bp,
    fund_panels.bp,
    fund_copies.bp,
    fund_panel_pay.bp,
    fund_reading_packs.bp,
    fund_ties.bp,
    fund_meetings.bp,
    fund_votes.bp,
    fund_order.bp,
    fund_awards.bp,
    fund_packs.bp,
    fund_rationale.bp,
    fund_sign_off.bp,
    fund_what_if.bp,
    fund_payments.bp,
    fund_clawbacks.bp,
    fund_monitoring.bp,
    fund_told_us.bp,
    fund_threads.bp,
    awards.bp,
)
WITHOUT_LANGUAGE: tuple[Blueprint, ...] = (
    language.bp,
    health.bp,
    offline.worker_bp,
    open_data.bp,
    files.bp,
    panel.feed_bp,
)


def register_areas(app: Flask, settings: Settings) -> None:
    for area in (*AREAS, demo.bp) if settings.demo_pages else AREAS:
        app.register_blueprint(area, url_prefix=f"{language.PREFIX}{area.url_prefix or ''}")
    for area in WITHOUT_LANGUAGE:
        app.register_blueprint(area)


class EachRequest:
    """Around every request: when it came, its reference, a first language, and the write lock for changes."""

    def __init__(self, app: WSGIApplication) -> None:
        self._app = app

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ[ARRIVED_AT] = utcnow()  # before the first byte of its body is read
        token = reference.set(secrets.token_hex(4))
        try:
            with activate("en"):
                return self._answer(environ, start_response)
        finally:
            reference.reset(token)

    def _answer(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] in SAFE_METHODS:
            return self._app(environ, start_response)
        with write_intent():
            return self._app(environ, start_response)
