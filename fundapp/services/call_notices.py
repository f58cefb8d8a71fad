"""After a call is published it changes no more; what has to be said is a dated notice."""

from __future__ import annotations

from datetime import datetime

from forms.localized import LocalizedText
from fundapp.db import db, lock_row, sent_id
from fundapp.errors import FundError
from fundapp.models.call import Call, CallNotice
from fundapp.models.user import User
from fundapp.queries.call_notices import list_people_with_drafts
from fundapp.queries.calls import current_version, definition_of
from fundapp.services.events import record
from fundapp.services.messages import MessageKind, notify


class NotPublishedYet(FundError):
    """A call that is still built is changed itself."""

    code = "not_published_yet"


class NoticeInEveryLanguage(FundError):
    """Everybody reads a notice in a language of the call; `languages` are missing."""

    code = "notice_in_every_language"
    status = 422

    def __init__(self, languages: tuple[str, ...]) -> None:
        super().__init__(", ".join(languages))
        self.languages = languages


def give_notice(
    call: Call, text: LocalizedText, *, actor: User, now: datetime, once: str | None = None
) -> CallNotice:
    """Show it on the page of the call and tell everybody who has a draft; with the same `once`, only once.

    Raises NotPublishedYet and NoticeInEveryLanguage.
    """
    version = current_version(call)
    if version.frozen_at is None:
        raise NotPublishedYet
    missing = tuple(code for code in definition_of(version).languages if code not in text.languages)
    if missing:
        raise NoticeInEveryLanguage(missing)
    lock_row(Call, call.id)
    notice_id = sent_id(call.id, once, actor.id, text)
    if (known := db.session.get(CallNotice, notice_id)) is not None:
        return known
    notice = CallNotice(id=notice_id, call=call, text=text.as_dict(), given_at=now, given_by_id=actor.id)
    db.session.add(notice)
    db.session.flush()
    for person in list_people_with_drafts(call):
        notify(
            person,
            MessageKind.CALL_NOTICE,
            now=now,
            once_key=f"call_notice:{notice.id}:{person.id}",
            code=call.code,
        )
    record(notice, "give_notice", actor=actor, now=now, details={"languages": sorted(text.languages)})
    return notice
