"""Every error becomes a page in the reader's language, with a reference and without a trace."""

from __future__ import annotations

import errno
import logging
import sqlite3
import unicodedata
from http import HTTPStatus

import sqlalchemy as sa
from flask import Flask, g, make_response, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DataError, IntegrityError, NoResultFound, OperationalError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import BadRequest, HTTPException, InternalServerError, SecurityError

from forms.i18n import _
from fundapp.db import db
from fundapp.errors import FundError, StaleVersion, TooManyTries
from fundapp.log import reference
from fundapp.web.kept_text import asks_for_data, is_for_programs, refused, typed_texts

logger = logging.getLogger(__name__)

PAGES = frozenset({400, 403, 404, 405, 409, 413, 429, 500, 503, 507})
RETRY_SECONDS = 10
UNAVAILABLE, DISK_FULL = 503, 507
SQLITE_NO_ROOM = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_WRITE)
POSTGRESQL_NO_ROOM = "53100"
SYSTEM_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)

# What the page's script says below the text.
PRESS_SAVE = _("Not saved yet. Press Save: the next page says what to do, and shows what you wrote.")
TRY_AGAIN = _("Not saved yet: the service takes nothing for a moment. We try again. Keep this page open.")

# Words for the rules of the fund that a view did not explain on its own page, by the code of the error.
MESSAGES: dict[str, str] = {
    "file_not_taken": _("This file cannot be taken."),
    "file_too_large": _("This file is too large."),
    "too_many_files": _("This question has all the files it can take. Take one away first."),
    "quota_reached": _("There are too many files already. Take away files that you no longer need."),
    "no_room": _("There is no room for this on our machine at the moment. Please try again later."),
    "wrong_offset": _("A part of the file is missing. Please send it again."),
    "group_has_written": _("The group has written this itself. Its words stand."),
    "not_possible_now": _("This step is not possible at the moment."),
    "stale_version": _("Somebody else saved this at the same time. Nothing was overwritten."),
    "not_allowed": _("Your account may not do this."),
    "day_not_ahead": _("Choose a day after today."),
    "address_not_free": _("This address cannot be used here. Choose another one."),
    "ticket_spent": _("Thank you. You have answered this."),
    "call_closed": _("This call is closed. It takes no more answers."),
    "check_not_passed": _("The answers of the short check do not allow an application."),
    "incomplete_application": _("Some answers are still missing."),
    "needs_another_person": _("Another person has to agree to this."),
    "nothing_for_immigration": _(
        "Without an order of a court we give nothing for the control of immigration."
    ),
    "risk_is_told": _("The Information Commissioner is told unless a risk for people is unlikely."),
    "reason_needed": _("Please write a reason."),
    "round_is_ratified": _("These decisions are final and cannot be changed."),
    "known_already": _("These two are named already."),
    "marked_already": _("This application has a mark already. Take it away first."),
    "excluded_by_other": _(
        "This group cannot get a grant together with another one that has a grant already."
    ),
    "amount_outside": _("This amount is outside the limits of this kind of grant."),
    "call_code_taken": _("There is another call with this code."),
    "evidence_needed": _("Say what your finding rests on. Choose at least one."),
    "opinion_reason_needed": _(
        "An umbrella organisation sees this in another way. Write why you decide differently. The group will "
        "read it."
    ),
    "nobody_to_ask": _("This person cannot be asked about this group."),
    "claim_reason_needed": _("Write why. The group will read it."),
    "checks_open": _("Settle every check first."),
    "checks_hold_payment": _(
        "The call says that a payment waits for a check or a condition that is still open."
    ),
    "check_reason_needed": _("Please write a reason."),
    "evidence_not_enough": _("The call says that this is not enough for this check."),
    "still_taking_applications": _(
        "The deadlines close by themselves. Close the call when the time of grace is over for every group."
    ),
    "not_told_yet": _("Groups hear nothing yet. That is the next step, for everybody on the same day."),
    "agreement_changed": _("The agreement has changed. Please read it again."),
    "agreement_stands": _("Nothing has changed since this text went out. It stands as it is."),
    "already_signed": _("You have signed this text. Somebody else has to sign it too."),
    "side_has_signed": _("Everybody who is needed here has signed."),
    "end_needs_reason": _("Please write a reason."),
    "hold_needs_reason": _("Please write a reason."),
    "clawback_needs_reason": _("Please write a reason."),
    "clawback_too_high": _("This is more than was paid and can still come back."),
    "change_needs_reason": _("Please write a reason."),
    "sum_differs": _("The lines do not add up to the grant."),
    "nothing_changed": _("These are the amounts that stand now."),
    "needs_agreement": _("The fund has to agree to this first."),
    "end_not_later": _("Choose a day after the last day of the grant, and after today."),
    "hold_needs_review": _("Choose a day after today."),
    "same_person": _("It takes a second person for this step."),
    "not_payable": _(
        "Nothing can be paid before the group has accepted the agreement, or after the grant has ended."
    ),
    "no_bank_account": _(
        "Nothing can be paid yet. The bank account is not checked, the days to object are not over, "
        "or a change of the account is waiting."
    ),
    "in_a_batch": _(
        "This payment is in a batch for the bank. Wait for the answer of the bank, or leave it out."
    ),
    "nothing_chosen": _("Choose at least one payment."),
    "day_is_past": _("The day of this batch is past. Make a new one."),
    "cannot_pay_all": _("Some payments cannot go now. Below it says why. Leave them out and try again."),
    "no_fund_account": _("Nobody has said yet what the fund pays from."),
    "account_not_paid_now": _(
        "The account of a group was stopped or is being changed, so nobody gets this file. Take a bank "
        "answer that says “returned” for each payment, then put a new batch together."
    ),
    "file_has_changed": _(
        "The file would not be the one that was approved. Nobody gets it. Tell the people of the server."
    ),
    "numbers_locked": _(
        "The bank numbers cannot be opened: the key that locks them is missing here. Ask the people who run "
        "this service."
    ),
    "other_numbers": _("These numbers are not the same. Look at the bank statement and type them again."),
    "stop_needs_reason": _("Please write a reason."),
    "reply_too_short": _("Write at least two sentences for the group."),
    "year_is_published": _("This year is published already."),
    "not_allowed_by_teller": _("The group has not allowed this, or the time it gave is over."),
    "nothing_told": _("Tell us at least one thing, in any words."),
    "consent_too_long": _("Choose a day after today, and at most two years from now."),
    "not_published_yet": _("This call is not published yet. Change the call itself."),
    "notice_in_every_language": _("Write the notice in every language of the call."),
    "call_not_ready": _("This call is not ready. The list says what to do before it can be published."),
    "round_in_use": _("This round has a panel or applications already. It cannot be taken away."),
    "part_is_gone": _("This part is not in the call any more. Somebody else may have taken it away."),
    "part_in_use": _("This part is used by other parts of the call. Change those first."),
    "link_over": _("This link is over."),
    "said_enough": _("No more can be kept here."),
    "no_rule_chosen": _("The session of this point does not say how it decides."),
    "not_agreed": _("This was not agreed, or people are still deciding."),
    "unknown_text": _("The call has no such text any more."),
    "own_translation": _("A text is read by somebody else than the person who wrote it. Write another name."),
    "not_by_machine": _(
        "Texts about who can apply, safety and consent are written by people. Write it yourself first."
    ),
    "nothing_to_review": _(
        "There is no text to read, or its source has changed. Look at the translation first."
    ),
    "source_language": _("The call is written in this language. There is nothing to translate."),
    "language_not_ready": _("Some texts are in the way of opening this language."),
    "room_not_stated": _("Say first, for every part of the call, how far the words of groups can reach."),
    "room_is_fixed": _("The call is published. What was said about the room for influence stays as it was."),
    "room_does_not_fit": _("Something about the room for influence does not fit together."),
    "codesign_does_not_fit": _("Something in the co-design record does not fit together."),
    "scoring_closed": _("Marks can be written only between the scoring dates, and before the panel meeting."),
    "not_in_phase_change_seats": _("The panel's work is over. Its seats no longer change."),
    "not_in_phase_plan_practice": _("The practice round is planned before scoring begins."),
    "not_in_phase_practise": _("Samples can be marked only between the dates of the practice round."),
    "not_in_phase_agree_levels": _("What the levels mean is agreed before scoring begins."),
    "not_in_phase_start_review": _("Scoring is over. Nothing new can be given to readers."),
    "not_in_phase_assign": _("Readers can be changed only until the panel meets."),
    "not_in_phase_unlock": _(
        "A sheet can be opened again only between the start of scoring and the meeting."
    ),
    "not_in_phase_bring": _("Applications come to the panel only from the start of scoring to its last day."),
    "not_in_phase_vote": _("The panel votes when scoring is over."),
    "too_few_ballots": _(
        "Too few members have given their ballot, or those who must be the majority have not."
    ),
    "more_than_there_is": _("The ballot gives more than there is, or more than a group asked for."),
    "cannot_draw": _("No list keeps all the rules, or none could be worked out in time. Nothing was drawn."),
    "still_read": _("Some applications are still being read. Wait until all are at the panel."),
    "nothing_to_draw": _("No application has a place by its scores. There is nothing to draw."),
    "order_has_changed": _("The scores have just changed. Nothing was drawn. Try again."),
    "not_in_phase_meet": _("The meeting begins on the day on which the panel meets."),
    "feedback_missing": _("Some groups have no feedback yet."),
    "maker_needed": _("Write the name of the person or the program."),
    "practice_dates_wrong": _("The practice round ends after it begins, and before scoring opens."),
    "training_day_ahead": _("Choose today or an earlier day."),
    "offers_closed": _("Nobody can offer themselves for this seat at the moment."),
    "not_reachable": _("Write an e-mail address or a phone number, so that we can reach you."),
    "still_takes_offers": _("People can still offer themselves. Fix the list when that time is over."),
    "quotas_cannot_hold": _("No panel from these people keeps all quotas."),
    "too_few_candidates": _("There are fewer people than seats. Look for more people, or change the dates."),
    "nobody_comes_next": _("Nobody is left who could be drawn. Look for more people for this seat."),
    "call_not_published": _("Publish the call first: until then its seats and quotas can still change."),
    "seat_is_held": _("This person has a seat on the panel. Take the seat back first, on the panel's page."),
    "quotas_wrong": _("The most must be at least as high as the least."),
    "cannot_prove_chances": _("The chances could not be worked out in time. Nothing was fixed."),
    "enough_samples": _("Two samples are enough for practice."),
    "sheet_is_locked": _("Your marks are locked and no longer change."),
    "unknown_mark": _("This level is not on the scale of the call."),
    "incomplete_sheet": _("Some marks are still missing."),
    "unknown_group": _("This group is not in the list."),
    "text_needed": _("Please write something first."),
    "reader_has_conflict": _("This member has a tie with the group."),
    "reader_is_full": _("This member cannot read more applications."),
    "no_quorum": _(
        "Too few members may take part in this item, or the seats that must be the majority are not. "
        "Note who is here, or take it at another moment."
    ),
    "second_look_needed": _(
        "After the deadline it takes two people: one checks the claim, another one decides on it."
    ),
    "room_not_clear": _("Somebody with a tie is still in the room."),
    "seats_are_full": _("All seats of this kind are taken."),
    "corrected_too_late": _(
        "The panel has read this translation, so it stays as it is. "
        "Write what you meant in the first box and empty this one."
    ),
    "own_sheet": _(
        "The member has written here too. What you typed is kept; only they can lock their marks."
    ),
    "seat_has_work": _("This member has already worked with the panel. The seat stays in the record."),
    "own_mark": _("The member has written here meanwhile. Their own marks stay as they are."),
    "unknown_way": _("Choose one of the ways of payment."),
    "fee_not_wanted": _("This member has said no to the fee since. Send it back to them with a reason."),
    "fee_declined": _("You said that you do not want to be paid. You can change that first."),
    "more_than_counted": _("It is more than we counted. Write why in one sentence."),
    "expenses_not_paid": _("This call does not pay expenses."),
    "own_claim": _("Somebody else has to decide on what you ask for yourself."),
    "already_on_panel": _("This person is on the panel already."),
    "cannot_chair": _("This member cannot take the chair, or somebody else has it."),
    "copies_missing": _("This call hides names from its readers. Some copies without names are not ready."),
    "transcript_missing": _("First write down what is said in the recordings. Readers get the words only."),
    "not_in_the_round": _("Only a full application that was sent gets a copy without names."),
    "sees_the_names": _(
        "This person works for the fund and sees the names. Give the seat to somebody who does not."
    ),
    "not_read_enough": _("Too few readers have locked their marks."),
    "no_round_left": _("The dates of all rounds are past. This call cannot open again."),
    "conditions_open": _("Some conditions are still open. Each is met, or no longer asked, with a reason."),
    "not_settled": _("Some payments or conversations are still open."),
    "too_many_invitations": _("Many people have not answered yet. Take some invitations back first."),
    "last_who_may_send": _("Somebody must be able to send. Give another person this right first."),
    "unknown_partner": _("Write the names and shares of your partners in the form first."),
    "share_changed": _("The share has changed. Please look at it again before you say yes."),
    "help_ends_in_the_past": _("Choose a day from today to the end of the round."),
    "host_not_confirmed": _("The host has to say yes in writing first."),
    "too_many_addresses": _("You have five addresses. Stop one that you do not need any more first."),
    "address_refused": _(
        "We cannot write to this address. It must begin with https:// and be open to the internet."
    ),
    "too_many_keys": _("You have ten keys. Stop one that you do not need any more first."),
    "still_needed": _("This person works for a fund or has a seat on a panel."),
    "less_needs_reason": _("Write why less than everything is published."),
    "version_is_frozen": _("This call is published. Its content cannot be changed."),
}


def message_for(error: FundError) -> str | None:
    return MESSAGES.get(error.code)


def init_errors(app: Flask) -> None:
    app.before_request(refuse_unreadable_input)
    app.jinja_env.filters["error_message"] = message_for
    app.register_error_handler(SecurityError, unknown_host)
    app.register_error_handler(HTTPException, http_error)
    app.register_error_handler(FundError, broken_rule)
    app.register_error_handler(NoResultFound, lambda _error: error_page(404))
    app.register_error_handler(StaleDataError, lambda _error: broken_rule(StaleVersion()))
    app.register_error_handler(IntegrityError, collision)
    app.register_error_handler(OperationalError, unavailable)
    app.register_error_handler(sa.exc.TimeoutError, unavailable)
    app.register_error_handler(sa.exc.InterfaceError, unavailable)
    app.register_error_handler(DataError, unstorable)
    app.register_error_handler(OverflowError, unstorable)
    app.register_error_handler(InternalServerError, our_fault)


def refuse_unreadable_input() -> None:
    """Addresses with characters that no page of ours has. Posted texts are cleaned by their forms."""
    texts = [request.path, *request.args.keys(), *request.args.values()]
    if any(_is_unreadable(text) for text in texts):
        raise BadRequest


def _is_unreadable(text: str) -> bool:
    return any(unicodedata.category(character) in ("Cc", "Cs") for character in text)


def error_page(status: int, **context: object) -> ResponseReturnValue:
    if asks_for_data():
        general = HTTPStatus(status).phrase if is_for_programs() else PRESS_SAVE
        return {"error": status, "say": str(context.get("message") or general)}, status
    template = f"errors/{status if status in PAGES else 400 if status < 500 else 500}.html"
    shown = typed_texts() if g.get("is_from_our_page") else []
    return render_template(template, reference=reference.get(), shown=shown, **context), status


def http_error(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None or error.code is None or error.code < 400:
        return error.get_response()  # a redirect that routing asks for
    response = make_response(error_page(error.code))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def unknown_host(_error: SecurityError) -> ResponseReturnValue:
    """Somebody uses a name that is not ours: no page, because no address of ours can be built here."""
    return "<!doctype html><title>Unknown address</title><p>This service has another address.</p>", 400


def broken_rule(error: FundError) -> ResponseReturnValue:
    db.session.rollback()
    page = make_response(error_page(error.status, message=message_for(error)))
    if isinstance(error, TooManyTries):
        page.headers["Retry-After"] = str(error.retry_after)
    return page


def collision(error: IntegrityError) -> ResponseReturnValue:
    """Two did the same thing at once and the database kept one of them."""
    logger.warning("two changes at once", extra={"error": type(error.orig).__name__})
    return broken_rule(StaleVersion())


def unstorable(error: Exception) -> ResponseReturnValue:
    logger.warning("value that cannot be stored", extra={"error": type(error).__name__})
    db.session.rollback()
    return error_page(400)


def unavailable(error: BaseException) -> ResponseReturnValue:
    """The database is away, busy or full. What was typed stays in the page, ready to be sent again."""
    logger.error("database does not answer", extra={"error": type(error).__name__})
    db.session.rollback()
    status = DISK_FULL if is_full(error) else UNAVAILABLE
    if request.method in ("GET", "HEAD"):
        page = make_response(error_page(status))
    else:
        page = make_response(
            refused(
                "account/try_again.html",
                status,
                TRY_AGAIN,
                token=request.form.get("csrf_token", ""),  # a new one would ask the database
                is_full=status == DISK_FULL,
                reference=reference.get(),
            )
        )
    page.headers["Retry-After"] = str(RETRY_SECONDS)
    return page


def is_full(error: BaseException | None) -> bool:
    """Whether there was no room to write: in the words of SQLite, PostgreSQL or the system."""
    cause = getattr(error, "orig", None) or error
    return (
        getattr(cause, "sqlite_errorcode", None) in SQLITE_NO_ROOM
        or getattr(cause, "sqlstate", None) == POSTGRESQL_NO_ROOM
        or (isinstance(cause, OSError) and cause.errno in SYSTEM_NO_ROOM)
    )


def our_fault(error: InternalServerError) -> ResponseReturnValue:
    """Flask has logged the trace already, under the reference that the page shows."""
    db.session.rollback()
    cause = error.original_exception
    if cause is not None and (isinstance(cause, OperationalError) or is_full(cause)):
        return unavailable(cause)  # where no other handler is asked: while saving the session, or a file
    return error_page(500)
