"""Events at an address of the fund's own tools: signed, once, again after a failure, never to the tied."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, current_app

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.jobs.kinds import JOBS
from fundapp.jobs.run import sweep
from fundapp.models.event import Event
from fundapp.models.fund import FundRole, FundRoleKind
from fundapp.models.message import Message, OutboxJob
from fundapp.models.webhook import DeliveryStatus, Webhook, WebhookDelivery, WebhookKind, WebhookSecret
from fundapp.sealing import CannotOpen, Sealer, sealer
from fundapp.services.applications import withdraw_application
from fundapp.services.events import record
from fundapp.services.messages import MessageKind
from fundapp.services.outbox import claim
from fundapp.services.retention import forget_what_is_over
from fundapp.services.webhook_deliveries import DELIVER_WEBHOOK, GIVEN_UP_AFTER, promise_deliveries
from fundapp.services.webhooks import (
    add_address,
    change_secret,
    seal_secrets_again,
    secrets_now,
    send_test,
    stop_address,
    take_up_again,
)
from fundapp.settings import Environment
from tests.database.jobs.receiver import receiver
from tests.factories import (
    ApplicationFactory,
    AwardFactory,
    CallFactory,
    CheckInFactory,
    ConflictFactory,
    FundRoleFactory,
    InstalmentFactory,
    RatificationFactory,
    UserFactory,
)
from tests.sign_in import client_with_key

pytestmark = pytest.mark.usefixtures("db_session")
EVERYTHING = tuple(kind for kind in WebhookKind if kind is not WebhookKind.TEST)
PUBLIC_URL = "https://grants.example.org"


@pytest.fixture
def call(db_session: Any) -> Any:
    return CallFactory(deciding=True)


@pytest.fixture
def manager(call: Any) -> Any:
    return FundRoleFactory(fund=call.fund).user


def listen(call: Any, person: Any, url: str, kinds: Any = EVERYTHING) -> tuple[Webhook, str]:
    with unit_of_work():
        secret = add_address(call.fund, url=url, kinds=kinds, may_be_near=True, actor=person, now=utcnow())
    hooks = sa.select(Webhook).where(Webhook.user_id == person.id).order_by(Webhook.created_at.desc())
    return db.session.execute(hooks).scalars().first(), secret  # type: ignore[return-value]


def happens(subject: Any, step: str = "submit") -> None:
    """As the service writes it down."""
    with unit_of_work():
        record(subject, step, actor=None, now=utcnow())


def work() -> None:
    for _turn in range(20):
        if not sweep():
            return


def time_goes_by(hook: Webhook, **gone: float) -> None:
    """Every pause is over, and so much more."""
    past = timedelta(**gone)
    with unit_of_work():
        waiting = sa.update(OutboxJob).where(OutboxJob.done_at.is_(None))
        db.session.execute(waiting.values(due_at=utcnow() - timedelta(seconds=1)))
        row = db.session.get_one(Webhook, hook.id, populate_existing=True)
        row.quiet_until = None
        if row.failing_since is not None:
            row.failing_since -= past
        deliveries = sa.select(WebhookDelivery).execution_options(populate_existing=True)
        for each in db.session.execute(deliveries).scalars():
            each.created_at -= past


def deliveries() -> list[WebhookDelivery]:
    query = sa.select(WebhookDelivery).order_by(WebhookDelivery.event_number)
    return list(db.session.execute(query.execution_options(populate_existing=True)).scalars())


def statuses() -> list[DeliveryStatus]:
    return [each.status for each in deliveries()]


def mails_to(person: Any) -> list[str]:
    query = sa.select(Message.kind).where(Message.recipient_id == person.id)
    return list(db.session.execute(query).scalars())


# What is sent


def test_an_application_that_is_sent_arrives_signed_and_thin(call: Any, manager: Any) -> None:
    application = ApplicationFactory(call=call, at_panel=True)
    with receiver() as told:
        hook, secret = listen(call, manager, told.url)
        happens(application)
        work()

    (post,) = told.posts
    at = db.session.execute(sa.select(Event).where(Event.step == "submit")).scalar_one().at
    assert post.said == {
        "type": "application.sent",
        "timestamp": at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "data": {
            "id": str(application.id),
            "url": f"http://localhost/api/v1/fund/rounds/{application.round_id}/applications",
        },
    }
    assert post.headers["content-type"] == "application/json"
    assert application.organisation.name not in post.body.decode()
    assert post.is_signed_with(secret)
    assert told.others == []
    assert statuses() == [DeliveryStatus.DELIVERED]
    assert hook.reached_at is not None
    assert hook.last_status == 204


def test_another_secret_another_body_or_an_old_time_does_not_verify(call: Any, manager: Any) -> None:
    with receiver() as told:
        hook, secret = listen(call, manager, told.url)
        other = change_secret(listen(call, manager, told.url)[0], actor=manager, now=utcnow())
        happens(hook, "test_webhook")
        work()

    (post,) = told.posts
    assert post.is_signed_with(secret)
    assert not post.is_signed_with(other)
    assert not dataclasses.replace(post, body=post.body + b" ").is_signed_with(secret)
    assert not post.is_signed_with(secret, now=utcnow().timestamp() + 400)


@pytest.mark.parametrize("kind", EVERYTHING)
def test_every_kind_is_told_with_an_address_that_lists_it(
    app: Flask, call: Any, manager: Any, kind: WebhookKind
) -> None:
    award = AwardFactory(application=ApplicationFactory(call=call, at_panel=True), active=True)
    subject, step = {
        WebhookKind.APPLICATION_SENT: lambda: (award.application, "submit"),
        WebhookKind.APPLICATION_WITHDRAWN: lambda: (award.application, "withdraw"),
        WebhookKind.DECISIONS_RELEASED: lambda: (RatificationFactory(round=award.round), "release"),
        WebhookKind.AWARD_ACCEPTED: lambda: (award, "accept"),
        WebhookKind.PAYMENT_DUE: lambda: (InstalmentFactory(award=award), "fall_due"),
        WebhookKind.PAYMENT_PAID: lambda: (InstalmentFactory(award=award), "pay"),
        WebhookKind.CHECK_IN_DUE: lambda: (CheckInFactory(award=award), "offer"),
        WebhookKind.CHECK_IN_ANSWERED: lambda: (CheckInFactory(award=award), "hold"),
    }[kind]()
    with receiver() as told:
        listen(call, manager, told.url, [kind])
        happens(subject, step)
        work()

    (post,) = told.posts
    assert post.said["type"] == kind
    listed = client_with_key(app, manager).get(post.said["data"]["url"].removeprefix("http://localhost"))
    assert listed.status_code == 200
    if kind is not WebhookKind.DECISIONS_RELEASED and listed.get_json()["items"]:
        assert post.said["data"]["id"] in [each["id"] for each in listed.get_json()["items"]]


def test_only_what_was_chosen_and_only_the_own_fund_is_told(call: Any, manager: Any) -> None:
    elsewhere = ApplicationFactory(at_panel=True)
    here = ApplicationFactory(call=call, at_panel=True)
    with receiver() as told:
        listen(call, manager, told.url, [WebhookKind.PAYMENT_PAID])
        listen(call, manager, told.url, [WebhookKind.APPLICATION_SENT])
        happens(elsewhere)
        happens(here)
        happens(here, "find_eligible")
        work()

    assert [post.said["data"]["id"] for post in told.posts] == [str(here.id)]


def test_a_fund_without_an_address_promises_nothing(call: Any, count_queries: Callable[[], Any]) -> None:
    application = ApplicationFactory(call=call, at_panel=True)
    happens(application)
    assert deliveries() == []

    with unit_of_work(), count_queries() as queries:
        promise_deliveries([Event(subject_kind="application", step="find_eligible", details={})])
    assert queries.number == 0


def test_a_draft_that_was_never_sent_and_is_taken_back_is_nobodys_news(call: Any, manager: Any) -> None:
    draft = ApplicationFactory(call=call)
    with receiver() as told:
        listen(call, manager, told.url)
        with unit_of_work():
            withdraw_application(draft, reason="", actor=UserFactory(), now=utcnow())
        work()

    assert told.posts == []


# Sent again, given up, not lost


def test_a_receiver_that_was_down_gets_each_event_once_when_it_is_up(call: Any, manager: Any) -> None:
    applications = [ApplicationFactory(call=call, at_panel=True) for _each in range(3)]
    with receiver(status=503) as told:
        hook, secret = listen(call, manager, told.url)
        for application in applications:
            happens(application)
        work()
        assert len(told.posts) == 1, "while it fails, one try stands for all"
        failed = told.posts.pop()
        assert (hook.failures, hook.last_status) == (1, 503)
        assert statuses() == [DeliveryStatus.WAITING] * 3

        told.status = 200
        time_goes_by(hook)
        work()

    assert sorted(post.said["data"]["id"] for post in told.posts) == sorted(
        str(each.id) for each in applications
    )
    assert len({post.id for post in told.posts}) == 3
    assert failed.id in {post.id for post in told.posts}, "the second try has the id of the first"
    assert all(post.is_signed_with(secret) for post in told.posts)
    assert statuses() == [DeliveryStatus.DELIVERED] * 3
    assert (hook.failures, hook.failing_since, hook.quiet_until) == (0, None, None)


def test_nobody_there_at_all_is_a_failure_like_any_other(call: Any, manager: Any) -> None:
    with receiver() as told:
        url = told.url
    hook, _secret = listen(call, manager, url)
    happens(ApplicationFactory(call=call, at_panel=True))
    work()

    assert (hook.failures, hook.last_status) == (1, None)
    with receiver(port=int(url.split(":")[2].split("/")[0])) as told:
        time_goes_by(hook)
        work()
    assert len(told.posts) == 1


def test_after_days_of_silence_it_stops_and_its_person_hears_of_it_once(call: Any, manager: Any) -> None:
    with receiver(status=500) as told:
        hook, _secret = listen(call, manager, told.url)
        for _each in range(2):
            happens(ApplicationFactory(call=call, at_panel=True))
        work()
        assert mails_to(manager) == []
        time_goes_by(hook, days=GIVEN_UP_AFTER.days)
        work()

        assert hook.was_silent
        assert hook.stopped_at is not None
        assert statuses() == [DeliveryStatus.GIVEN_UP] * 2
        assert mails_to(manager) == [MessageKind.WEBHOOK_SILENT]
        told.posts.clear()
        happens(ApplicationFactory(call=call, at_panel=True))
        work()
        assert told.posts == []

        told.status = 204
        with unit_of_work():
            take_up_again(hook, actor=manager, now=utcnow())
        happens(ApplicationFactory(call=call, at_panel=True))
        work()
        assert len(told.posts) == 1


def test_an_event_that_alone_is_refused_for_days_is_given_up_alone(call: Any, manager: Any) -> None:
    with receiver(status=400) as told:
        hook, _secret = listen(call, manager, told.url)
        happens(ApplicationFactory(call=call, at_panel=True))
        work()
        time_goes_by(hook, days=GIVEN_UP_AFTER.days)
        with unit_of_work():  # others got through until a moment ago
            hook.failures, hook.failing_since = 0, None
        work()

    assert statuses() == [DeliveryStatus.GIVEN_UP]
    assert not hook.was_silent
    assert hook.lost_at is not None
    assert mails_to(manager) == [MessageKind.WEBHOOK_SILENT]


def test_gone_stops_it_at_once(call: Any, manager: Any) -> None:
    with receiver(status=410) as told:
        hook, _secret = listen(call, manager, told.url)
        happens(ApplicationFactory(call=call, at_panel=True))
        work()

    assert len(told.posts) == 1
    assert hook.was_silent
    assert mails_to(manager) == [MessageKind.WEBHOOK_SILENT]


def test_a_redirection_is_refused(call: Any, manager: Any) -> None:
    with receiver(status=307) as told:
        hook, _secret = listen(call, manager, told.url)
        happens(ApplicationFactory(call=call, at_panel=True))
        work()

    assert (len(told.posts), told.others) == (1, [])
    assert (hook.failures, hook.last_status) == (1, 307)


def test_in_production_this_machine_is_no_address(
    call: Any, manager: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    with receiver() as told:
        hook, _secret = listen(call, manager, told.url)
        settings = dataclasses.replace(current_app.config["SETTINGS"], environment=Environment.PRODUCTION)
        monkeypatch.setitem(current_app.config, "SETTINGS", settings)
        happens(ApplicationFactory(call=call, at_panel=True))
        work()

    assert told.posts == []
    assert (hook.failures, hook.last_status) == (1, None)


# Who may hear of it is asked when it is sent


def tie(person: Any, application: Any) -> None:
    ConflictFactory(user=person, call_id=application.call_id, organisation_id=application.organisation_id)


def test_whoever_is_tied_to_a_group_gets_nothing_of_it_and_no_trace(call: Any, manager: Any) -> None:
    tied, free = (ApplicationFactory(call=call, at_panel=True) for _each in range(2))
    with receiver() as told:
        _hook, _secret = listen(call, manager, told.url)
        tie(manager, tied)
        for application in (tied, free):
            happens(application)
        award = AwardFactory(application=tied, active=True)
        happens(InstalmentFactory(award=award), "pay")
        happens(CheckInFactory(award=award), "hold")
        work()

    assert [post.said["data"]["id"] for post in told.posts] == [str(free.id)]
    assert len(deliveries()) == 1


def test_a_tie_between_the_event_and_a_later_try_counts(call: Any, manager: Any) -> None:
    application = ApplicationFactory(call=call, at_panel=True)
    with receiver(status=500) as told:
        hook, _secret = listen(call, manager, told.url)
        happens(application)
        work()
        tie(manager, application)
        told.status = 204
        time_goes_by(hook)
        work()

    assert len(told.posts) == 1, "the one that failed, before the tie"
    assert deliveries() == []


def test_an_address_that_fails_shows_nothing_of_a_tied_group_either(call: Any, manager: Any) -> None:
    application = ApplicationFactory(call=call, at_panel=True)
    tie(manager, application)
    with receiver(status=500) as told:
        hook, _secret = listen(call, manager, told.url)
        happens(application)
        work()

    assert (told.posts, hook.failures, hook.failing_since, hook.last_status) == ([], 0, None, None)


@pytest.mark.parametrize("way", ["role", "disabled", "stopped"])
def test_whoever_left_the_fund_hears_nothing(call: Any, manager: Any, way: str) -> None:
    with receiver() as told:
        hook, _secret = listen(call, manager, told.url)
        happens(ApplicationFactory(call=call, at_panel=True))
        with unit_of_work():
            if way == "role":
                db.session.execute(sa.delete(FundRole).where(FundRole.user_id == manager.id))
            elif way == "disabled":
                manager.is_disabled = True
            else:
                stop_address(hook, actor=manager, now=utcnow())
        work()

    assert told.posts == []
    assert deliveries() == []


def test_an_administrator_hears_of_no_payment(call: Any) -> None:
    admin = FundRoleFactory(fund=call.fund, kind=FundRoleKind.ADMIN).user
    award = AwardFactory(application=ApplicationFactory(call=call, at_panel=True), active=True)
    with receiver() as told:
        listen(call, admin, told.url)
        happens(InstalmentFactory(award=award), "pay")
        happens(award, "accept")
        work()

    assert [post.said["type"] for post in told.posts] == ["award.accepted"]


# Secrets


def test_for_a_day_the_old_secret_signs_beside_the_new_one(call: Any, manager: Any) -> None:
    with receiver() as told:
        hook, old = listen(call, manager, told.url)
        with unit_of_work():
            new = change_secret(hook, actor=manager, now=utcnow())
            send_test(hook, actor=manager, now=utcnow())
        work()
        assert told.posts[0].is_signed_with(old)
        assert told.posts[0].is_signed_with(new)

        with unit_of_work():
            newest = change_secret(hook, actor=manager, now=utcnow())
            send_test(hook, actor=manager, now=utcnow())
        work()
        signed = [told.posts[1].is_signed_with(each) for each in (old, new, newest)]
        assert signed == [False, True, True]

        later = utcnow() + timedelta(hours=25)
        assert len(secrets_now(hook, now=later)) == 1


def test_a_secret_is_sealed_for_its_row(call: Any, manager: Any) -> None:
    hook, _secret = listen(call, manager, "https://tools.example.org/")
    row = db.session.execute(sa.select(WebhookSecret)).scalar_one()

    assert secrets_now(hook, now=utcnow())[0] not in row.sealed
    for table, row_id in (("webhook_secret", hook.id), ("bank_account", row.id)):
        with pytest.raises(CannotOpen):
            sealer().open(row.sealed, table=table, row_id=row_id)


def test_secrets_are_sealed_again_with_a_new_key(
    call: Any, manager: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    hook, _secret = listen(call, manager, "https://tools.example.org/")
    before = secrets_now(hook, now=utcnow())
    (old,) = sealer().secrets[:1]
    monkeypatch.setitem(current_app.extensions, "fundapp_sealing", Sealer(("another key", old)))

    assert (seal_secrets_again(), seal_secrets_again()) == (1, 0)
    monkeypatch.setitem(current_app.extensions, "fundapp_sealing", Sealer(("another key",)))
    assert secrets_now(hook, now=utcnow()) == before


def test_a_worker_killed_after_the_post_posts_again_with_the_same_id(call: Any, manager: Any) -> None:
    with receiver() as told:
        listen(call, manager, told.url)
        happens(ApplicationFactory(call=call, at_panel=True))
        query = sa.select(OutboxJob).where(OutboxJob.kind == DELIVER_WEBHOOK)
        job = db.session.execute(query).scalar_one()
        with unit_of_work():
            assert claim(job.id, now=utcnow()) is not None
        JOBS[DELIVER_WEBHOOK](dict(job.arguments))  # and "done" is never stored
        assert statuses() == [DeliveryStatus.WAITING]
        with unit_of_work():  # a minute later the lease has run out
            db.session.execute(sa.update(OutboxJob).values(leased_until=utcnow() - timedelta(seconds=1)))
        work()

    assert len(told.posts) == 2
    assert len({post.id for post in told.posts}) == 1
    assert statuses() == [DeliveryStatus.DELIVERED]


def test_what_is_rolled_back_is_never_told(call: Any, manager: Any) -> None:
    application = ApplicationFactory(call=call, at_panel=True)
    with receiver() as told:
        listen(call, manager, told.url)
        with suppress(RuntimeError), unit_of_work():
            record(application, "submit", actor=None, now=utcnow())
            raise RuntimeError
        work()

    assert (told.posts, deliveries()) == ([], [])


def test_without_the_key_of_the_secrets_it_waits(
    call: Any, manager: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = sealer()
    with receiver() as told:
        hook, secret = listen(call, manager, told.url)
        happens(ApplicationFactory(call=call, at_panel=True))
        monkeypatch.setitem(current_app.extensions, "fundapp_sealing", Sealer(("another key",)))
        work()
        assert (told.posts, statuses()) == ([], [DeliveryStatus.WAITING])

        monkeypatch.setitem(current_app.extensions, "fundapp_sealing", key)
        time_goes_by(hook)
        work()

    assert [post.is_signed_with(secret) for post in told.posts] == [True]


def test_two_jobs_for_one_delivery_count_once(call: Any, manager: Any) -> None:
    with receiver() as told:
        listen(call, manager, told.url)
        happens(ApplicationFactory(call=call, at_panel=True))
        (job,) = db.session.execute(sa.select(OutboxJob).where(OutboxJob.kind == "deliver_webhook")).scalars()
        db.session.add(OutboxJob(kind=job.kind, arguments=dict(job.arguments), due_at=job.due_at))
        work()

    assert len(told.posts) == 1


def test_old_deliveries_are_forgotten(call: Any, manager: Any) -> None:
    with receiver() as told:
        listen(call, manager, told.url)
        happens(ApplicationFactory(call=call, at_panel=True))
        work()
    with unit_of_work():
        forget_what_is_over(now=utcnow() + timedelta(days=31))

    assert deliveries() == []
