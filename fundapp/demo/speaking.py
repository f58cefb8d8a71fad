"""Groups that answer by voice; somebody of the fund, or the group itself, writes down what is said."""

from __future__ import annotations

import io
from datetime import datetime, timedelta

from forms.definition import Question
from fundapp.demo.checked import as_checked
from fundapp.demo.people import Group, People
from fundapp.demo.sound import sound
from fundapp.file_checks.results import Checked
from fundapp.models.answer_media import AnswerMedia, MediaForm, TranscriptBy
from fundapp.models.application import Application
from fundapp.models.file import StoredFile
from fundapp.models.monitoring import CheckIn
from fundapp.models.organisation import Organisation
from fundapp.models.user import User
from fundapp.services.answer_origins import Typed
from fundapp.services.check_in_files import RECORDINGS, add_check_in_file
from fundapp.services.check_ins import hold_check_in
from fundapp.services.files import receive_file
from fundapp.services.recordings import add_recording
from fundapp.services.transcripts import confirm_transcript, save_transcript

SPEAKERS = frozenset({"Topolia Youth", "Dar Yasmeen Women's House", "Zoria Legal Friends"})
SECONDS = 2


def speak(
    application: Application, question: Question, words: Typed, people: People, *, actor: User, at: datetime
) -> None:
    """A recording instead of these words; they are what is said in it."""
    once = f"{application.id.hex}-{question.key}"
    file = _clean_sound(application.organisation, once, actor, at)
    media = add_recording(application, question, file, MediaForm.VOICE, actor=actor, now=at)
    _write_down(media, words, people, actor=actor, at=at)


def _write_down(media: AnswerMedia, words: Typed, people: People, *, actor: User, at: datetime) -> None:
    """In turn: nobody yet, the fund, the fund with the group's yes, the group itself."""
    turn = sum(map(ord, media.answer.question_key)) % 4
    if turn == 0:
        return
    by = TranscriptBy.GROUP if turn == 3 else TranscriptBy.STAFF
    writer = actor if by is TranscriptBy.GROUP else people.staff.manager
    later = at + timedelta(hours=3)
    save_transcript(media, words, by=by, actor=writer, now=later)
    if turn == 2:
        confirm_transcript(media, rev=1, actor=actor, now=later + timedelta(hours=1))


def tell_by_voice(check_in: CheckIn, group: Group, *, at: datetime) -> None:
    """A conversation without a written word."""
    file = _clean_sound(group.organisation, f"{check_in.id.hex}-voice", group.person, at)
    add_check_in_file(check_in, file, actor=group.person, now=at)
    hold_check_in(
        check_in, answers={}, language=group.language, minutes=10, levels={}, actor=group.person, now=at
    )


def _clean_sound(group: Organisation, once: str, actor: User, at: datetime) -> StoredFile:
    """As if it had been sent and checked."""
    content = sound(seconds=SECONDS)
    file = receive_file(
        io.BytesIO(content),
        name="voice.webm",
        kinds=RECORDINGS,
        organisation=group,
        actor=actor,
        now=at,
        once=once,
    )
    return as_checked(file, content, Checked("audio", "audio/webm", SECONDS), at=at)
