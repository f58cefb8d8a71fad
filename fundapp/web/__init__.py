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
from fundapp.web import (  # noqa: F401 - some add their pages to account, awards or codesign
    account,
    account_calendar,
    account_contact,
    account_data,
    agreements,
    api,
    apply,
    award_checks,
    awards,
    bank_accounts,
    calendar,
    circles,
    codesign,
    codesign_left_open,
    codesign_links,
    codesign_room,
    codesign_sessions,
    codesign_spoken,
    codesign_voices,
    complaints,
    conversation_files,
    conversation_safety,
    demo,
    feedback_box,
    files,
    grant_plans,
    groups,
    health,
    language,
    offline,
    open_data,
    outcomes,
    panel,
    public,
    staff_account,
    support,
    support_sessions,
    word_uses,
)
from fundapp.web.csrf import SAFE_METHODS
from fundapp.web.fund import agreements as fund_agreements  # noqa: F401 - adds its pages to payments
from fundapp.web.fund import answer_use as fund_answer_use  # noqa: F401 - adds its pages to burden
from fundapp.web.fund import answers as fund_answers
from fundapp.web.fund import api_keys as fund_api_keys
from fundapp.web.fund import applications as fund_applications
from fundapp.web.fund import award_checks as fund_award_checks
from fundapp.web.fund import awards as fund_awards
from fundapp.web.fund import bank_accounts as fund_bank_accounts
from fundapp.web.fund import batches as fund_batches
from fundapp.web.fund import breaches as _breaches  # noqa: F401 - adds its pages to fund_data
from fundapp.web.fund import budget as fund_budget
from fundapp.web.fund import burden as fund_burden
from fundapp.web.fund import calls as fund_calls
from fundapp.web.fund import circles as fund_circles
from fundapp.web.fund import claim_opinions as fund_claim_opinions
from fundapp.web.fund import clawbacks as fund_clawbacks
from fundapp.web.fund import coding as fund_coding
from fundapp.web.fund import complaints as fund_complaints
from fundapp.web.fund import copies as fund_copies
from fundapp.web.fund import data_rights as fund_data
from fundapp.web.fund import feedback as fund_feedback
from fundapp.web.fund import form_sheet as fund_form_sheet
from fundapp.web.fund import hand_over as fund_hand_over
from fundapp.web.fund import meetings as fund_meetings
from fundapp.web.fund import monitoring as fund_monitoring
from fundapp.web.fund import order as fund_order
from fundapp.web.fund import outcomes as fund_outcomes
from fundapp.web.fund import outside_requests as _outside_requests  # noqa: F401 - as well
from fundapp.web.fund import packs as fund_packs
from fundapp.web.fund import panel_pay as fund_panel_pay
from fundapp.web.fund import panels as fund_panels
from fundapp.web.fund import payments as fund_payments
from fundapp.web.fund import practice as fund_practice
from fundapp.web.fund import publications as fund_publications
from fundapp.web.fund import question_uses as fund_question_uses  # noqa: F401 - adds its page to burden
from fundapp.web.fund import rationale as fund_rationale
from fundapp.web.fund import reading_packs as fund_reading_packs
from fundapp.web.fund import recordings as fund_recordings
from fundapp.web.fund import recruitment as fund_recruitment
from fundapp.web.fund import reserves as fund_reserves  # noqa: F401 - adds its pages to awards
from fundapp.web.fund import ring_fences as fund_ring_fences
from fundapp.web.fund import safety as fund_safety
from fundapp.web.fund import sentences as fund_sentences
from fundapp.web.fund import shared_themes as fund_shared_themes
from fundapp.web.fund import sheets as fund_sheets
from fundapp.web.fund import sign_off as fund_sign_off
from fundapp.web.fund import stories as fund_stories
from fundapp.web.fund import support as fund_support
from fundapp.web.fund import support_offers as fund_support_offers
from fundapp.web.fund import support_sessions as fund_support_sessions
from fundapp.web.fund import theme_codes as fund_theme_codes
from fundapp.web.fund import theme_grid as fund_theme_grid
from fundapp.web.fund import threads as fund_threads
from fundapp.web.fund import ties as fund_ties
from fundapp.web.fund import told_us as fund_told_us
from fundapp.web.fund import training as fund_training
from fundapp.web.fund import translation_desk as fund_translation_desk
from fundapp.web.fund import translations as fund_translations
from fundapp.web.fund import typed_marks as fund_typed_marks
from fundapp.web.fund import variations as fund_variations
from fundapp.web.fund import votes as fund_votes
from fundapp.web.fund import webhooks as fund_webhooks
from fundapp.web.fund import what_if as fund_what_if
from fundapp.web.fund.building import more as fund_build_more
from fundapp.web.fund.building import new_call as fund_new_call
from fundapp.web.fund.building import pages as fund_build
from fundapp.web.fund.building import trials as fund_trials

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
    fund_api_keys.bp,
    fund_webhooks.bp,
    fund_burden.bp,
    fund_build.bp,
    fund_build_more.bp,
    fund_trials.bp,
    fund_new_call.bp,
    fund_applications.bp,
    fund_claim_opinions.bp,
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
    fund_publications.bp,
    fund_packs.bp,
    fund_rationale.bp,
    fund_sign_off.bp,
    fund_what_if.bp,
    fund_payments.bp,
    fund_award_checks.bp,
    fund_budget.bp,
    fund_clawbacks.bp,
    fund_variations.bp,
    fund_bank_accounts.bp,
    fund_batches.bp,
    fund_monitoring.bp,
    fund_told_us.bp,
    fund_feedback.bp,
    fund_complaints.bp,
    fund_stories.bp,
    fund_theme_codes.bp,
    fund_theme_grid.bp,
    fund_outcomes.bp,
    fund_shared_themes.bp,
    fund_coding.bp,
    fund_circles.bp,
    circles.bp,
    fund_support.bp,
    fund_support_offers.bp,
    fund_support_sessions.bp,
    support.bp,
    outcomes.bp,
    word_uses.bp,
    fund_safety.bp,
    fund_data.bp,
    fund_threads.bp,
    awards.bp,
    bank_accounts.bp,
    grant_plans.bp,
    feedback_box.bp,
    complaints.bp,
)
WITHOUT_LANGUAGE: tuple[Blueprint, ...] = (
    language.bp,
    health.bp,
    offline.worker_bp,
    open_data.bp,
    api.bp,
    files.bp,
    calendar.bp,
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
