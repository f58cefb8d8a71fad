"""The worker as a real process, killed while it posts an event: nothing is lost."""

from __future__ import annotations

import os
import signal

import pytest
import sqlalchemy as sa
from flask import Flask

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.models.webhook import WebhookDelivery, WebhookKind
from fundapp.services.events import record
from fundapp.services.webhooks import add_address
from fundapp.settings import Settings
from tests.database.jobs.receiver import receiver
from tests.database.jobs.test_worker import (
    count_of,
    let_leases_pass,
    listeners_of,
    running_worker,
    wait_until,
)
from tests.factories import ApplicationFactory, CallFactory, FundRoleFactory

pytestmark = pytest.mark.drill
DELIVERED = sa.select(sa.func.count(WebhookDelivery.id)).where(WebhookDelivery.status == "delivered")


def test_an_event_survives_a_worker_that_is_killed_while_it_posts(
    own_app: Flask, own_settings: Settings
) -> None:
    with receiver(waits=3) as told:
        with unit_of_work():
            call = CallFactory(deciding=True)
            manager = FundRoleFactory(fund=call.fund).user
            kinds = [WebhookKind.APPLICATION_SENT]
            add_address(call.fund, url=told.url, kinds=kinds, may_be_near=True, actor=manager, now=utcnow())
        with unit_of_work():
            application = ApplicationFactory(call=db.session.merge(call), at_panel=True)
            record(application, "submit", actor=None, now=utcnow())
        with running_worker(own_settings) as worker:
            assert wait_until(lambda: len(told.posts) == 1)
            for process in (*listeners_of(worker), worker.pid):
                os.kill(process, signal.SIGKILL)
            worker.wait()
        assert count_of(DELIVERED) == 0
        told.waits = 0
        let_leases_pass()
        with running_worker(own_settings):
            assert wait_until(lambda: count_of(DELIVERED) == 1)

    assert len(told.posts) == 2
    assert len({post.id for post in told.posts}) == 1
