"""Somebody who was drawn for a panel has no account: one mail leads to the page of their own."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from flask import Flask

from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.jobs.run import sweep
from fundapp.lifecycles import CandidateStatus
from fundapp.models.recruitment import PanelCandidate
from fundapp.services.contact import Contact, set_contact
from fundapp.services.recruitment import candidate_ticket, tell_drawn
from tests.database.jobs.mail_server import MailServer
from tests.database.jobs.test_mail import subject_of, text_of
from tests.factories import PanelCandidateFactory, UserFactory
from tests.sign_in import client_with_token

SPANISH = """\
Hay una respuesta para usted. Abra esta página para leerla y para decir sí o no:

http://localhost/es/your-number/{ticket}

¿No sabe de qué se trata? Entonces no tiene que hacer nada.

Este correo lo envió una máquina. Nadie lee las respuestas.
"""


def drawn(**more: object) -> PanelCandidate:
    candidate: PanelCandidate = PanelCandidateFactory(
        status=CandidateStatus.DRAWN, email="rosa@example.org", **more
    )
    tell_drawn(candidate)
    return candidate


def test_mail_in_their_language_leads_to_the_page_on_which_they_answer(
    own_app: Flask, mail_server: MailServer
):
    with unit_of_work():
        candidate = drawn(language="es")
        ticket = candidate_ticket(candidate, own_app.config["SECRET_KEY"])

    for _time in range(2):
        sweep()

    [email] = mail_server.mails
    assert (email["To"], subject_of(email)) == ("rosa@example.org", "Hay novedades para ustedes")
    assert text_of(email) == SPANISH.format(ticket=ticket)
    page = client_with_token(own_app).get(f"/es/your-number/{ticket}")
    assert page.status_code == 200
    assert 'value="yes"' in page.get_data(as_text=True) or "value=yes" in page.get_data(as_text=True)


@pytest.mark.parametrize("answer", ["said_yes_at", "said_no_at"])
def test_who_has_answered_meanwhile_gets_none(own_app: Flask, mail_server: MailServer, answer: str):
    with unit_of_work():
        drawn(**{answer: utcnow()})

    sweep()

    assert mail_server.mails == []


def test_what_somebody_with_an_account_says_about_mail_holds(own_app: Flask, mail_server: MailServer):
    with unit_of_work():
        drawn()
        set_contact(UserFactory(email="rosa@example.org"), Contact(mail_is_safe=False), now=utcnow())

    sweep()

    assert mail_server.mails == []


def test_mail_waits_for_the_hours_in_which_it_is_safe(own_app: Flask, mail_server: MailServer):
    noon = utcnow().replace(month=1, hour=12)
    with time_machine.travel(noon, tick=False):
        with unit_of_work():
            drawn()
            set_contact(UserFactory(email="rosa@example.org"), Contact(hours=(18, 20)), now=utcnow())
        sweep()
        assert mail_server.mails == []
    with time_machine.travel(noon + timedelta(hours=7), tick=False):
        sweep()

    assert [email["To"] for email in mail_server.mails] == ["rosa@example.org"]
