"""Reading a grant before it goes into open data, which nobody can take back from the world."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from fundapp.db import db, lock_row
from fundapp.errors import FundError, check_seen
from fundapp.models.award import Award
from fundapp.models.publication import GrantPublication, words_digest
from fundapp.models.user import User
from fundapp.queries.publications import digest_of_review, find_publication
from fundapp.services.events import record
from fundapp.services.grants import describe_award


class LessNeedsReason(FundError):
    """A grant is held back, published later or without its borough only with a reason."""

    code = "less_needs_reason"


@dataclass(frozen=True)
class PublicationChoice:
    is_published: bool
    is_coarse: bool = False
    not_before: date | None = None
    shares_dei: bool = False
    reason: str = ""

    @property
    def is_less_than_all(self) -> bool:
        return not self.is_published or self.is_coarse or self.not_before is not None


def review_grant(
    award: Award,
    choice: PublicationChoice,
    *,
    title: str,
    summary: str,
    actor: User,
    now: datetime,
    seen: str | None = None,
) -> GrantPublication:
    """Somebody has read the words and decides. `seen`: `digest_of_review` as its writer saw it. Raises
    LessNeedsReason, and StaleVersion when a colleague has decided or reworded since."""
    reason = choice.reason.strip()
    if choice.is_less_than_all and not reason:
        raise LessNeedsReason
    lock_row(Award, award.id)
    db.session.refresh(award)
    publication = find_publication(award)
    check_seen(seen, digest_of_review(award, publication))
    if (title.strip(), summary.strip()) != (award.public_title, award.public_summary):
        describe_award(award, title=title, summary=summary, actor=actor, now=now)
    publication = publication or GrantPublication(award=award, is_published=False)
    publication.reviewed_at, publication.read_digest = now, words_digest(award)
    with db.session.no_autoflush:
        publication.is_published, publication.reason = choice.is_published, reason or None
        publication.is_coarse, publication.not_before = choice.is_coarse, choice.not_before
        publication.shares_dei, publication.reviewed_by_id = choice.shares_dei, actor.id
        db.session.add(publication)
    step = "publish" if choice.is_published else "keep_out"
    record(publication, step, actor=actor, now=now, reason=reason or None, details={"award": str(award.id)})
    return publication
