"""A group asks to stay unknown: its word counts, whatever was read before it waited for a colleague."""

from __future__ import annotations

import sqlalchemy as sa

from fundapp.clock import utcnow
from fundapp.db import db, unit_of_work
from fundapp.models.application import Application
from fundapp.models.organisation import Organisation
from fundapp.services.confidentiality import keep_confidential
from tests.factories import ApplicationFactory, UserFactory


def test_group_stays_unknown_though_a_colleague_took_that_back_a_moment_ago(db_session):
    application = ApplicationFactory(is_confidential=True, organisation__is_confidential=True)
    assert application.keeps_confidential
    for named in (
        sa.update(Application).values(is_confidential=False, version=application.version + 1),
        sa.update(Organisation).values(is_confidential=False),
    ):
        db.session.execute(named.execution_options(synchronize_session=False))

    with unit_of_work():
        keep_confidential(application, actor=UserFactory(), now=utcnow())
    db.session.expire_all()

    assert (application.is_confidential, application.organisation.is_confidential) == (True, True)
