"""Where the grants of the demo are paid to: invented numbers with a sort code that no bank has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from zlib import crc32

from forms.pages.bank import plain_name
from fundapp.db import db
from fundapp.demo.calls import Scene
from fundapp.demo.people import add_member, new_person
from fundapp.models.award import Award, Instalment
from fundapp.models.bank import NameCheck, ReachedBy
from fundapp.models.organisation import MemberRight
from fundapp.models.user import User
from fundapp.queries.bank_accounts import Numbers, list_everybody_known
from fundapp.services.bank_accounts import Check, check_account, propose_account, sign_account
from fundapp.services.payment_batches import approve_batch, make_batch, set_fund_account

SORT_CODE, OWN_NAME = "000099", "Demo Community Foundation"


def give_account(award: Award, person: User, scene: Scene, *, at: datetime) -> None:
    """Said by two people of the group and checked by the fund."""
    numbers = invented(award)
    account = propose_account(award, numbers, actor=person, now=at)
    second = new_person(f"Treasurer of {award.organisation.name}", person.language, at)
    add_member(award.organisation, second, MemberRight.SUBMIT)
    db.session.flush()
    sign_account(account, numbers, actor=second, now=at + timedelta(hours=5))
    db.session.flush()
    check = Check(numbers, ReachedBy.PHONE, NameCheck.MATCH)
    checker = scene.people.staff.second_manager
    check_account(account, check, version=account.version, actor=checker, now=at + timedelta(days=1))


def ask_for_another_account(award: Award, *, at: datetime) -> None:
    """Two people of the group have said so; the fund has still to look at it."""
    first, second = list_everybody_known(award)[:2]
    numbers = replace(invented(award), number="00004321")
    account = propose_account(award, numbers, actor=first, now=at)
    db.session.flush()
    sign_account(account, numbers, actor=second, now=at + timedelta(hours=2))


def send_to_bank(instalments: Sequence[Instalment], scene: Scene, *, at: datetime) -> None:
    """Put together by one person and checked by another; the bank has not answered."""
    staff, call = scene.people.staff, scene.call
    set_fund_account(call.fund, Numbers(OWN_NAME, SORT_CODE, "00000001"), now=at)
    batch = make_batch(call, instalments, pay_on=at.date(), actor=staff.finance, now=at)
    db.session.flush()
    approve_batch(batch, version=batch.version, actor=staff.manager, now=at + timedelta(hours=1))


def invented(award: Award) -> Numbers:
    name = "".join(
        c for c in plain_name(award.organisation.name) if c.isascii() and (c.isalnum() or c == " ")
    )
    digits = crc32(award.organisation.name.encode()) % 10**8
    return Numbers(name[:70].strip() or "Group", SORT_CODE, f"{digits:08d}")
