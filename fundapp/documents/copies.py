"""What a group has written, to take away in every form; and its draft as a file to go on with."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from forms.answers import from_json
from forms.definition import Question
from forms.i18n import activate, current_language, translate
from fundapp.documents.blank_form import deadline_facts, form_to_write_in, stage_title, ways_to_ask
from fundapp.documents.codes import code_of
from fundapp.documents.entries import entry_of
from fundapp.documents.lines import lines_of
from fundapp.documents.origins import origin_words, recording_words, transcript_words
from fundapp.documents.paper import Entry, Line, Paper, Part, Words, localized, own
from fundapp.documents.reading import plain, read_word
from fundapp.documents.word import paper_as_word
from fundapp.lifecycles import FileStatus
from fundapp.models.answer_media import AnswerMedia
from fundapp.models.application import Answer, Application
from fundapp.models.file import FileUse
from fundapp.moments import show_time
from fundapp.queries.applications import definition_for
from fundapp.queries.deadlines import stage_of
from fundapp.queries.drafts import questions_asked


def copy_of(application: Application, files: Sequence[FileUse] = ()) -> Paper:
    """Everything that is asked now or was ever answered, as a paper in the active language."""
    definition = definition_for(application)
    asked = {question.key for question in questions_asked(application)}
    answers = {each.question_key: each for each in application.answers}
    parts = []
    for section in definition.form.sections:
        questions = [
            each for each in section.questions if each.key in asked or _is_answered(answers.get(each.key))
        ]
        entries = tuple(_written(each, answers.get(each.key)) for each in questions)
        if entries and (section.stage is stage_of(application) or any(each.answer for each in entries)):
            parts.append(Part(localized(section.title), entries))
    return Paper(
        language=current_language().code,
        title=own(translate("Your application")),
        about=localized(definition.title),
        facts=_facts(application),
        parts=tuple(parts),
        attached=tuple(clean_names(files)),
        is_blank=False,
    )


def draft_to_write_in(application: Application) -> Paper:
    """The questions of the stage it is in, with what is written so far; each code names the save it shows."""
    definition, stage = definition_for(application), stage_of(application)
    answers = {each.question_key: each for each in application.answers}
    asked = {question.key for question in questions_asked(application)}
    parts = []
    for section in definition.form.sections:
        questions = [each for each in section.questions if each.key in asked]
        if section.stage is stage and questions:
            entries = tuple(_to_go_on(each, answers.get(each.key)) for each in questions)
            parts.append(Part(localized(section.title), entries))
    return Paper(
        language=current_language().code,
        title=own(stage_title(stage)),
        about=localized(definition.title),
        facts=(*deadline_facts(definition, stage), *ways_to_ask(application.call.fund)),
        parts=tuple(parts),
    )


def copy_as_text(application: Application) -> str:
    """Plain text for any program."""
    paper = copy_of(application)
    blocks = [application.organisation.name]
    for part in paper.parts:
        blocks.append(part.title.text.upper())
        for entry in part.entries:
            lines = [str(line) for line in entry.answer] or [translate("Not answered yet")]
            notes = [f"({note.text})" for note in entry.notes]
            blocks.append("\n".join([entry.label.text, *lines, *notes]))
    return "\n\n".join(blocks) + "\n"


def copy_as_data(application: Application) -> str:
    """Every answer as it is stored, with the question in all languages. It can be brought back."""
    definition = definition_for(application)
    rows = {each.question_key: each for each in application.answers}
    data = {
        "group": application.organisation.name,
        "call": application.call.code,
        "check": application.eligibility_answers,
        "answers": [
            {
                "question": question.key,
                "text": question.label.as_dict(),
                "answer": rows[question.key].value,
                "language": rows[question.key].language,
                "saved_at": rows[question.key].saved_at.isoformat(),
                **_origin_data(rows[question.key]),
                **_recordings_data(rows[question.key]),
            }
            for question in definition.form.questions()
            if question.key in rows
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


def own_texts(application: Application) -> frozenset[str]:
    """Every paragraph that our own files have outside the answer places, in each language of the call."""
    definition, stage = definition_for(application), stage_of(application)
    texts: set[str] = set()
    for language in (*definition.languages, current_language().code):
        with activate(language):
            for paper in (
                form_to_write_in(definition, stage, application.call.fund),
                draft_to_write_in(application),
            ):
                texts.update(map(plain, read_word(paper_as_word(paper)).outside))
    return frozenset(texts)


def clean_names(files: Sequence[FileUse]) -> list[str]:
    """Of the files that somebody has checked already; the others are not given to anybody."""
    return [use.file.original_name for use in files if use.file.status is FileStatus.CLEAN]


def _facts(application: Application) -> tuple[tuple[str, Words], ...]:
    facts = [(translate("Group"), Words(application.organisation.name))]
    if application.submitted_at is not None:
        facts.append((translate("Received:"), own(show_time(application.submitted_at))))
    if application.receipt:
        facts.append((translate("Receipt"), Words(application.receipt, "en")))
    return tuple(facts)


def _is_answered(answer: Answer | None) -> bool:
    return answer is not None and (answer.value is not None or bool(answer.recordings))


def _written(question: Question, answer: Answer | None) -> Entry:
    """A recording stands where the text would: that there is one, and what is said in it."""
    recordings = answer.recordings if answer else []
    notes = [origin_words(answer), *map(transcript_words, recordings)]
    lines = lines_of(question, from_json(question, answer.value)) if answer else ()
    said = next((each.transcript_language for each in recordings), None)
    return Entry(
        key=question.key,
        kind=question.kind,
        label=localized(question.label),
        notes=tuple(own(note) for note in notes if note),
        answer=(*lines, *(line for each in recordings for line in _heard(each))),
        answer_language=(answer.language if answer and lines else said),
    )


def _heard(media: AnswerMedia) -> list[Line]:
    title = Line(f"[{recording_words(media)}]")
    return [title, Line(media.transcript)] if media.transcript else [title]


def _to_go_on(question: Question, answer: Answer | None) -> Entry:
    value = from_json(question, answer.value) if answer else None
    return replace(
        entry_of(question, value=value),
        answer=lines_of(question, value),
        answer_language=answer.language if answer else None,
        mark=str(code_of(question.key, answer.rev if answer else 0, answer.value if answer else None)),
    )


def _origin_data(answer: Answer) -> dict[str, str]:
    """Only where the text was not simply typed by the group."""
    if (origin := answer.origin) is None:
        return {}
    data = {"origin": origin.kind.value, "noted_at": origin.noted_at.isoformat()}
    if origin.pasted_from:
        data["pasted_from"] = origin.pasted_from
    if origin.typed_by_role:
        data["typed_by"] = origin.typed_by_role.value
        data["the_group"] = "has_not_looked" if answer.waits_for_the_group else "confirmed_or_corrected"
    return data


def _recordings_data(answer: Answer) -> dict[str, list[dict[str, object]]]:
    recordings: list[dict[str, object]] = [
        {
            "form": each.form.value,
            "file": str(each.file_id),
            "seconds": each.file.seconds,
            "transcript": each.transcript,
            "language": each.transcript_language,
            "written_by": each.transcript_by.value if each.transcript_by else None,
            "status": each.status.value,
        }
        for each in answer.recordings
    ]
    return {"recordings": recordings} if recordings else {}
