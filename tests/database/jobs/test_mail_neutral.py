"""Every mail in every language of the interface: nobody learns from it what this is about."""

from __future__ import annotations

import re

import pytest

from forms.i18n import activate
from fundapp.clock import utcnow
from fundapp.mailer import SUBJECTS, as_email, write_drawn_mail, write_mail
from fundapp.models.message import Message
from fundapp.services.messages import MessageKind
from fundapp.services.recruitment import candidate_ticket
from fundapp.settings import TEST_SECRET
from fundapp.web.paths import INTERFACE_LANGUAGES
from tests.factories import ApplicationFactory, OrganisationFactory, PanelCandidateFactory, UserFactory

CANARIES = ("Canary", "canary", "31,415", "31415", "7e3")
# what the fund, the groups, the stages and the money are called, in the words of the interface
TELLING = {
    "en": "fund grant application group panel violence migrant women stage draft deadline decision £",
    "es": "fondo subvención solicitud grupo panel violencia migrant mujeres etapa borrador plazo decisión £",
    "ar": "صندوق منحة طلبكم مجموعة لجنة عنف مهاجر نساء مرحلة مسودة قرار £",
    "uk": "фонд грант заявк груп коміс насиль мігрант жінк етап чернетк рішення £",
}


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
@pytest.mark.parametrize("kind", list(MessageKind))
def test_mail_says_nothing_in_any_language(db_session, kind, language):
    organisation = OrganisationFactory(name="Canary Women", borough="Canary Wharf")
    application = ApplicationFactory(organisation=organisation, amount_requested=31_415)
    person = UserFactory(name="Amina Canary", email="amina@example.org", language=language)
    arguments = {"application_id": str(application.id), "amount": "31,415", "code": "042017"}
    message = Message(
        recipient=person, kind=kind.value, arguments=arguments, language=language, created_at=utcnow()
    )
    db_session.add(message)
    db_session.flush()

    mail = write_mail(message)
    email = as_email(mail)

    with activate(language):
        assert mail.subject in [str(subject) for subject in SUBJECTS]
    assert str(email["From"]) == "Updates <updates@localhost>"
    assert email.get_content_type() == "text/plain"
    assert not email.is_multipart()
    words = mail.body.replace(str(application.id), "")
    assert [canary for canary in CANARIES if canary in words or canary in mail.subject] == []
    assert str(application.id) not in mail.body
    pages = {
        MessageKind.SIGN_IN_CODE: [],
        MessageKind.INVITATION: [f"http://localhost/{language}/join/042017"],  # our own, with a code
    }
    assert re.findall(r"https?://\S+", mail.body) == pages.get(kind, ["http://localhost/"])
    assert "<" not in mail.body
    seen = f"{mail.subject} {mail.body}".lower()
    assert [word for word in TELLING[language].split() if word in seen] == []


@pytest.mark.parametrize("language", INTERFACE_LANGUAGES)
def test_mail_to_who_was_drawn_says_nothing_either(db_session, language):
    candidate = PanelCandidateFactory(name="Amina Canary", language=language)

    mail = write_drawn_mail(candidate)

    page = f"http://localhost/{language}/your-number/{candidate_ticket(candidate, TEST_SECRET)}"
    assert re.findall(r"https?://\S+", mail.body) == [page]
    seen = f"{mail.subject} {mail.body}".replace(page, "").lower()
    assert [word for word in (*TELLING[language].split(), "canary", candidate.number) if word in seen] == []
    in_english = write_drawn_mail(PanelCandidateFactory(language="en")).body.splitlines()
    assert (mail.body.splitlines()[0] == in_english[0]) is (language == "en")


@pytest.mark.parametrize("language", [each for each in INTERFACE_LANGUAGES if each != "en"])
def test_every_mail_is_translated(db_session, language):
    person = UserFactory(language=language)
    bodies = {}
    for shown in (language, "en"):
        bodies[shown] = [
            write_mail(
                Message(
                    id=None,
                    recipient=person,
                    kind=kind.value,
                    arguments={},
                    language=shown,
                    created_at=utcnow(),
                )
            ).body.splitlines()[0]
            for kind in MessageKind
        ]

    assert [
        ours for ours, english in zip(bodies[language], bodies["en"], strict=True) if ours == english
    ] == []
