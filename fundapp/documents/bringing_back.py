"""From a file that somebody has written in to answers: what can be read of it, and all that cannot."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from wtforms import Field

from forms.answers import JsonAnswer
from forms.base import PlainData, clean_text
from forms.builder import answers_to_keep, question_form
from forms.definition import EntryPart, PartKind, Question, QuestionKind
from forms.entries_field import EntriesField
from forms.i18n import current_language, translate
from forms.language_hint import language_hint
from forms.languages import is_language_code
from forms.pages.apply import has_language
from forms.row_fields import AmountRowsField
from forms.words import within_limit, word_count
from fundapp.documents.codes import Code
from fundapp.documents.marks import chosen_in
from fundapp.documents.reading import AnswerPlace, UnreadableFile, plain

LARGEST_DATA = 2 * 1024 * 1024
FormValues = dict[str, str | Sequence[str]]


@dataclass(frozen=True)
class BroughtAnswer:
    """What a file says for one question. `code`: the save the file was made from, where it names one."""

    question: Question
    value: JsonAnswer
    language: str | None = None
    code: Code | None = None
    words: int | None = None  # how many, where there are more than the limit


@dataclass(frozen=True)
class Unread:
    """What could not become an answer, with the text itself: nothing is lost."""

    label: str
    text: str
    reason: str


@dataclass(frozen=True)
class Brought:
    answers: tuple[BroughtAnswer, ...]
    unread: tuple[Unread, ...]


@dataclass(frozen=True)
class Questions:
    """Those to answer now, and every one of the form by its key."""

    asked: Sequence[Question]
    known: Mapping[str, Question]

    def find_asked(self, key: str) -> Question | None:
        return next((each for each in self.asked if each.key == key), None)


def from_places(places: Iterable[AnswerPlace], questions: Questions) -> Brought:
    """Of a word-processor file."""
    return _sorted(_from_place(place, questions) for place in _first_of_each(places))


def from_data(content: bytes, questions: Questions) -> Brought:
    """Of a copy as data (JSON). Raises UnreadableFile."""
    return _sorted(_from_item(item, questions) for item in _items(content))


def _from_place(place: AnswerPlace, questions: Questions) -> BroughtAnswer | Unread | None:
    key = place.code.key
    if (question := questions.find_asked(key)) is None:
        return _elsewhere(questions.known.get(key), key, _without_boxes(place))
    match question.kind:
        case QuestionKind.CHOICE | QuestionKind.CHOICES | QuestionKind.YES_NO:
            chosen = chosen_in(place.text, question)
            if chosen is None:
                reason = translate("We cannot see which answer is marked.")
                return Unread(_label(question), place.text, reason)
            values: FormValues = {question.key: chosen}
        case QuestionKind.BUDGET | QuestionKind.SHARES:
            values = _row_values(question, [row for row in place.rows[1:] if any(row)])
        case QuestionKind.ENTRIES:
            found = _entry_values(question, place)
            if found is None:
                return Unread(_label(question), place.text, translate("We cannot tell what belongs where."))
            values = found
        case QuestionKind.FILE:
            return _no_file(question, place.text)
        case QuestionKind.TEXT | QuestionKind.VOICE:
            values = {question.key: place.text}
        case _:
            values = {question.key: place.text.strip()}
    return _checked(question, values, text=place.text, code=place.code)


def _from_item(item: Mapping[str, object], questions: Questions) -> BroughtAnswer | Unread | None:
    key, answer = str(item.get("question"))[:80], item.get("answer")
    text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
    if (question := questions.find_asked(key)) is None:
        return _elsewhere(questions.known.get(key), key, text)
    if question.kind is QuestionKind.FILE:
        return _no_file(question, "" if answer is None else text)
    values = _values_of(question, answer)
    if values is None:
        return Unread(_label(question), text, translate("This does not fit the question."))
    language = item.get("language")
    said = str(language) if is_language_code(language) else None
    return _checked(question, values, text=text, language=said)


def _checked(
    question: Question,
    values: FormValues,
    *,
    text: str,
    code: Code | None = None,
    language: str | None = None,
) -> BroughtAnswer | Unread:
    """Through the very form of the page, so that nothing comes in by file that could not be typed."""
    cleaned = {name: _clean(value) for name, value in values.items()}
    form = question_form(question, current_language().code)(PlainData(cleaned))
    form.validate()
    kept = answers_to_keep(form)
    if question.key not in kept or _loses_a_row(form[question.key], cleaned):
        messages = [str(message) for _id, message in form.error_list()]
        reason = " ".join(dict.fromkeys(messages)) or translate("There are more lines than we can take.")
        return Unread(_label(question), text, reason)
    value = kept[question.key]
    count = word_count(value) if isinstance(value, str) and question.is_in_words else 0
    if has_language(question) and language is None and isinstance(value, str):
        language = language_hint(value)
    return BroughtAnswer(
        question, value, language, code, None if within_limit(count, question.max_words) else count
    )


def _loses_a_row(field: Field, values: FormValues) -> bool:
    """Sums that cannot be read, and rows beyond the last, would be gone without a word."""
    if isinstance(field, EntriesField):
        written = [value for name, value in values.items() if name != f"{field.name}-row" and value]
        return len(written) > sum(len(entry.values) for entry in field.data)
    if not isinstance(field, AmountRowsField):
        return False
    amounts = [name for name, value in values.items() if name.endswith("-amount") and value]
    return len(amounts) > sum(row["amount"].data is not None for row in field.rows)


def _values_of(question: Question, answer: object) -> FormValues | None:
    """Stored JSON as the page's form would send it; None for what no form sends."""
    match question.kind, answer:
        case _, None:
            return {question.key: ""}
        case QuestionKind.YES_NO, bool():
            return {question.key: "yes" if answer else "no"}
        case QuestionKind.NUMBER, int() if not isinstance(answer, bool):
            return {question.key: str(answer)}
        case ((QuestionKind.BUDGET | QuestionKind.SHARES), list()):
            name = "what" if question.kind is QuestionKind.BUDGET else "partner"
            rows = [row for row in answer if isinstance(row, dict)]
            pairs = [(str(row.get(name) or ""), str(row.get("amount") or "")) for row in rows]
            return _row_values(question, pairs) if len(rows) == len(answer) else None
        case QuestionKind.ENTRIES, list() if all(isinstance(row, dict) for row in answer):
            return _numbered(question, answer)
        case QuestionKind.CHOICES, list() if all(isinstance(each, str) for each in answer):
            return {question.key: answer}
        case ((QuestionKind.CHOICE | QuestionKind.MONEY | QuestionKind.DATE), str()):
            return {question.key: answer}
        case _, str() if question.is_in_words:
            return {question.key: answer}
    return None


def _row_values(question: Question, rows: Sequence[Sequence[str]]) -> FormValues:
    name = "what" if question.kind is QuestionKind.BUDGET else "partner"
    values: FormValues = {question.key: ""}
    for number, row in enumerate(rows):
        values[f"{question.key}-{number}-{name}"] = row[0]
        values[f"{question.key}-{number}-amount"] = row[1].strip() if len(row) > 1 else ""
    return values


def _no_file(question: Question, text: str) -> Unread | None:
    """What was written where files belong is told; a file cannot come back inside another one."""
    reason = translate("Files are sent on the page of the question.")
    return Unread(_label(question), text, reason) if text.strip() else None


def _entry_values(question: Question, place: AnswerPlace) -> FormValues | None:
    """From the rows that `word._grid` writes; None where they were moved about or written in elsewhere."""
    entries: list[dict[str, JsonAnswer]] = []
    left: list[EntryPart] = []
    for row in place.rows:
        if len(row) == 1:
            entries.append({})
            left = list(question.parts)
            continue
        if not left or plain(row[0]) not in {plain(words) for _tag, words in left[0].label}:
            return None
        part = left.pop(0)
        if not part.as_question().choices and part.kind is not PartKind.YES_NO:
            entries[-1][part.key] = row[1]
            continue
        chosen = chosen_in(row[1], part.as_question())
        if chosen is None:
            return None
        entries[-1][part.key] = chosen[0] if chosen else ""
    return _numbered(question, entries)


def _numbered(question: Question, entries: Sequence[Mapping[str, object]]) -> FormValues:
    values: FormValues = {f"{question.key}-row": [str(number) for number in range(len(entries))]}
    for number, entry in enumerate(entries):
        for part in question.parts:
            answer = entry.get(part.key)
            text = {True: "yes", False: "no"}.get(answer) if isinstance(answer, bool) else str(answer or "")
            values[f"{question.key}-{number}-{part.key}"] = (text or "").strip()
    return values


def _items(content: bytes) -> Iterator[Mapping[str, object]]:
    if len(content) > LARGEST_DATA:
        raise UnreadableFile("too large")
    try:
        data = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UnreadableFile from error
    items = data.get("answers") if isinstance(data, dict) else None
    if not isinstance(items, list):
        raise UnreadableFile("not a copy of ours")
    seen: set[object] = set()
    for item in items:
        if isinstance(item, dict) and isinstance(item.get("question"), str) and item["question"] not in seen:
            seen.add(item["question"])
            yield item


def _first_of_each(places: Iterable[AnswerPlace]) -> list[AnswerPlace]:
    """A place that was copied inside the file counts once, with all its texts."""
    found: dict[str, AnswerPlace] = {}
    for place in places:
        before = found.get(place.code.key)
        rows = (*before.rows, *place.rows) if before and before.text else place.rows
        found[place.code.key] = AnswerPlace(place.code, rows)
    return list(found.values())


def _sorted(found: Iterable[BroughtAnswer | Unread | None]) -> Brought:
    everything = list(found)
    return Brought(
        tuple(each for each in everything if isinstance(each, BroughtAnswer)),
        tuple(each for each in everything if isinstance(each, Unread)),
    )


def _elsewhere(question: Question | None, key: str, text: str) -> Unread | None:
    """An answer to something that is not asked here; without a text there is nothing to tell."""
    if not text.strip() or text == "null":
        return None
    if question is None:
        return Unread(key, text, translate("This form has no such question."))
    return Unread(_label(question), text, translate("This question is not asked at the moment."))


def _without_boxes(place: AnswerPlace) -> str:
    return "\n".join(line for line in place.text.split("\n") if not line.strip().startswith("☐"))


def _label(question: Question) -> str:
    return question.label.in_language(current_language().code)


def _clean(value: str | Sequence[str]) -> str | Sequence[str]:
    if isinstance(value, str):
        return clean_text(value)[0]
    return [clean_text(each)[0] for each in value]
