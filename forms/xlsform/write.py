"""From a form definition to the sheets of an XLSForm."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from forms.conditions import Condition
from forms.definition import Choice, EntryPart, PartKind, Question, QuestionKind
from forms.i18n import _, activate
from forms.localized import LocalizedText
from forms.spreadsheet import Cell, write_workbook
from forms.xlsform.sheets import (
    AMOUNT,
    CHECK_GROUP,
    CHECK_STAGE,
    CHOICES,
    OUTCOMES,
    PLAIN_OF,
    ROWS_OF,
    SETTINGS,
    SURVEY,
    TEXTS_OF,
    TYPE_OF,
    YES_NO_LIST,
    SpreadsheetForm,
    column,
    list_of,
    list_of_part,
    name_of_part,
    words_constraint,
)
from forms.xlsform.xpath import to_xpath

Row = dict[str, Cell]
CHECK_TITLE = _("Can our group apply?")
YES_NO_WORDS = (("yes", _("Yes")), ("no", _("No")))
ROW_WORDS = {"what": _("What for"), "partner": _("Partner"), AMOUNT: _("How much")}


def write_xlsform(sheet_form: SpreadsheetForm) -> bytes:
    return write_workbook(xlsform_sheets(sheet_form))


def xlsform_sheets(sheet_form: SpreadsheetForm) -> dict[str, list[list[Cell]]]:
    """The cells of each sheet; the first row is the heading."""
    writer = _Writer(sheet_form)
    rows: Mapping[str, list[Row]] = {
        SURVEY: list(writer.survey()),
        CHOICES: list(writer.choices()),
        OUTCOMES: list(writer.outcomes()),
        SETTINGS: [writer.settings()],
    }
    return {name: _grid(name, found, sheet_form.languages) for name, found in rows.items()}


def _grid(sheet: str, rows: Sequence[Row], languages: Sequence[str]) -> list[list[Cell]]:
    """Texts stand right after the names, so that a translator sees both."""
    texts = [column(text, code) for text in TEXTS_OF[sheet] for code in languages]
    plain = PLAIN_OF[sheet]
    heading = [*plain[:2], *texts, *plain[2:]]
    return [[*heading], *([row.get(name, "") for name in heading] for row in rows)]


class _Writer:
    def __init__(self, sheet_form: SpreadsheetForm) -> None:
        self._form = sheet_form
        self._languages = sheet_form.languages
        self._several = frozenset(
            each.key for each in sheet_form.questions() if each.kind is QuestionKind.CHOICES
        )
        self._counted = frozenset(
            each.key for each in sheet_form.questions() if each.kind is QuestionKind.ENTRIES
        )

    def survey(self) -> Iterator[Row]:
        if self._form.eligibility:
            opening: Row = {"type": "begin_group", "name": CHECK_GROUP, "stage": CHECK_STAGE}
            yield opening | self._ours("label", CHECK_TITLE)
            for item in self._form.eligibility:
                yield from self._question(item.question)
            yield Row(type="end_group", name=CHECK_GROUP)
        for section in self._form.form.sections:
            opening = {"type": "begin_group", "name": section.key, "stage": section.stage.value}
            if section.about_safety:
                opening["about_safety"] = "yes"
            yield opening | self._texts("label", section.title)
            for question in section.questions:
                yield from self._question(question)
            yield {"type": "end_group", "name": section.key}

    def _question(self, question: Question) -> Iterator[Row]:
        yield self._whole(question)
        if question.kind is QuestionKind.ENTRIES:
            for part in question.parts:
                yield self._part(question, part)
            yield {"type": "end_repeat", "name": question.key}
        if question.kind not in ROWS_OF:
            return
        beside = ROWS_OF[question.kind]
        for name, kind in ((beside, "text"), (AMOUNT, "decimal")):
            inner: Row = {"type": kind, "name": f"{question.key}_{name}"}
            yield inner | self._ours("label", ROW_WORDS[name])
        yield {"type": "end_repeat", "name": question.key}

    def _part(self, question: Question, part: EntryPart) -> Row:
        lists = list_of_part(question.key, part.key)
        kind = f"select_one {lists}" if part.kind is PartKind.CHOICE else _type_of(part.as_question())
        row: Row = {"type": kind, "name": name_of_part(question.key, part.key)}
        row |= self._texts("label", part.label)
        if not part.optional:
            row["required"] = "yes"
        if part.max_words is not None:
            row |= {"constraint": words_constraint(part.max_words), "max_words": part.max_words}
        return row

    def _whole(self, question: Question) -> Row:
        row: Row = {"type": _type_of(question), "name": question.key}
        row |= self._texts("label", question.label)
        row |= self._texts("guidance_hint", question.why_we_ask)
        row |= self._texts("hint", question.help_text)
        if question.required:
            row["required"] = "yes"
        if question.ask_if is not None:
            row["relevant"] = self._xpath(question.ask_if)
        if question.max_words is not None:
            row["constraint"] = words_constraint(question.max_words)
        for name in ("max_words", "max_minutes", "max_rows", "min_rows", "copied_from", "carries"):
            value = getattr(question, name)
            if value is not None:
                row[name] = value
        if question.criteria:
            row["criteria"] = " ".join(question.criteria)
        if question.file_types:
            row["file_types"] = " ".join(question.file_types)
        if question.used_for:
            row["used_for"] = " ".join(question.used_for)
        return row

    def choices(self) -> Iterator[Row]:
        if any(kind == QuestionKind.YES_NO for kind in self._kinds()):
            for key, words in YES_NO_WORDS:
                yield Row(list_name=YES_NO_LIST, name=key) | self._ours("label", words)
        for question in self._form.questions():
            for choice in question.choices:
                yield self._choice(list_of(question.key), choice)
            for part in question.parts:
                for choice in part.choices:
                    yield self._choice(list_of_part(question.key, part.key), choice)

    def _kinds(self) -> Iterator[str]:
        for question in self._form.questions():
            yield question.kind
            yield from (part.kind for part in question.parts)

    def _choice(self, list_name: str, choice: Choice) -> Row:
        row: Row = {"list_name": list_name, "name": choice.key}
        return row | self._texts("label", choice.label)

    def outcomes(self) -> Iterator[Row]:
        for item in self._form.eligibility:
            for rule in item.outcomes:
                row: Row = {
                    "question": item.key,
                    "if": self._xpath(rule.when),
                    "outcome": rule.outcome.value,
                    "flags": " ".join(rule.flags),
                }
                yield row | self._texts("reason", rule.reason) | self._texts("next_step", rule.next_step)

    def settings(self) -> Row:
        first = self._languages[0] if self._languages else "en"
        return {
            "form_title": self._form.title,
            "form_id": self._form.form_id,
            "default_language": column("", first).removeprefix("::"),
        }

    def _xpath(self, condition: Condition) -> str:
        return to_xpath(condition, self._several, self._counted)

    def _texts(self, name: str, text: LocalizedText | None) -> Row:
        found = text.as_dict() if text else {}
        return {column(name, code): found[code].strip() for code in self._languages if code in found}

    def _ours(self, name: str, message: str) -> Row:
        """Words of the service itself: they are the same in every form and are not read back."""
        row: Row = {}
        for code in self._languages:
            with activate(code):
                row[column(name, code)] = str(message)
        return row


def _type_of(question: Question) -> str:
    if question.kind in (*ROWS_OF, QuestionKind.ENTRIES):
        return "begin_repeat"
    if question.kind in (QuestionKind.CHOICE, QuestionKind.CHOICES):
        return f"{TYPE_OF[question.kind]} {list_of(question.key)}"
    return TYPE_OF[question.kind]
