"""The rows of the survey sheet: groups are sections, rows are questions, a repeat is a table or a list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from forms.definition import Choice, EntryPart, FileType, PartKind, Question, QuestionKind, Stage, UsedFor
from forms.definition_check import PlacedQuestion
from forms.i18n import _
from forms.localized import LocalizedText
from forms.xlsform.sheets import (
    AMOUNT,
    CHECK_STAGE,
    PLAIN_OF,
    ROWS_OF,
    SURVEY,
    TYPE_OF,
    YES_NO_LIST,
    name_of_part,
    words_of_constraint,
)
from forms.xlsform.tables import SheetRow
from forms.xlsform.values import RowValues

KIND_OF = {word: kind for kind, word in TYPE_OF.items()}
TYPES = (
    "text, integer, decimal, date, file, image, video, audio, "
    "select_one, select_multiple, begin_group, begin_repeat"
)
ONLY_IN_GROUPS = ("stage", "about_safety")
ONLY_IN_TABLES = ("max_rows", "min_rows", "file_types")
OF_TYPE = {"image": FileType.PICTURE, "video": FileType.VIDEO}  # of other programs: one file each
ONLY_IN_QUESTIONS = (
    "required",
    "relevant",
    "constraint",
    "max_words",
    "max_minutes",
    "criteria",
    "copied_from",
    "carries",
    "used_for",
)
IN_PARTS = ("type", "name", "required", "constraint", "max_words")


@dataclass(frozen=True)
class Placed:
    row: SheetRow
    question: Question

    def as_part(self, stage: Stage | None) -> PlacedQuestion:
        return PlacedQuestion((SURVEY, self.row.number), stage, self.question.key, self.question)


@dataclass
class SectionRows:
    key: str
    stage: Stage
    title: LocalizedText
    about_safety: bool = False
    questions: list[Placed] = field(default_factory=list)


@dataclass
class Survey:
    check: list[Placed] = field(default_factory=list)
    sections: list[SectionRows] = field(default_factory=list)


class SurveyReader:
    def __init__(self, lists: Mapping[str, Sequence[Choice]], values: RowValues) -> None:
        self._lists = lists
        self._values = values
        self._survey = Survey()
        self._open: list[Placed] | None = None  # where the next question goes
        self._opened_by: SheetRow | None = None

    def read(self, rows: Sequence[SheetRow]) -> Survey:
        place = 0
        while place < len(rows):
            place += self._take(rows, place)
        if self._opened_by is not None:
            self._values.refuse(self._opened_by, _("This group has no row “end_group”."))
        return self._survey

    def _take(self, rows: Sequence[SheetRow], place: int) -> int:
        """How many rows were read."""
        row = rows[place]
        match _type(row):
            case "begin_group":
                self._begin_group(row)
            case "end_group":
                if self._opened_by is None:
                    self._values.refuse(row, _("There is no group to end here."))
                self._open, self._opened_by = None, None
            case "begin_repeat":
                return self._repeat(rows, place)
            case _:
                self._put(row, self._kind(row))
        return 1

    def _begin_group(self, row: SheetRow) -> None:
        if self._opened_by is not None:
            self._values.refuse(row, _("A group cannot stand inside another one. End the first one before."))
        self._refuse_cells(row, (*ONLY_IN_QUESTIONS, *ONLY_IN_TABLES))
        self._opened_by = row
        if row["stage"] == CHECK_STAGE:
            self._open = self._survey.check
            return
        stage = self._values.word(row, "stage", Stage) or Stage.FULL
        title = self._values.text(row, "label")
        about_safety = self._values.yes_no(row, "about_safety")
        section = SectionRows(self._values.key(row, "name"), stage, title, about_safety)
        self._survey.sections.append(section)
        self._open = section.questions

    def _repeat(self, rows: Sequence[SheetRow], place: int) -> int:
        """A table of amounts (what the money is for, or the partner, and how much), or a list of entries."""
        row, key = rows[place], rows[place]["name"]
        ends = (number for number, each in enumerate(rows) if number > place and _type(each) == "end_repeat")
        end = next(ends, None)
        if end is None:
            self._values.refuse(row, _("This repeat has no row “end_repeat”."))
            return 1
        inside = rows[place + 1 : end]
        found = [(_type(each), each["name"]) for each in inside]
        for kind, beside in ROWS_OF.items():
            if found == [("text", f"{key}_{beside}"), ("decimal", f"{key}_{AMOUNT}")]:
                self._put(row, kind)
                return end + 1 - place
        if {f"{key}_{name}" for name in (*ROWS_OF.values(), AMOUNT)} & {name for _kind, name in found}:
            self._values.refuse(
                row,
                _(
                    "A table of amounts is a repeat with exactly two rows: text “%(key)s_what” (or "
                    "“%(key)s_partner”) and decimal “%(key)s_amount”, then end_repeat.",
                    key=key[:40],
                ),
            )
        else:
            self._put(row, QuestionKind.ENTRIES, [self._part(key, each) for each in inside])
        return end + 1 - place

    def _part(self, key: str, row: SheetRow) -> EntryPart | None:
        kind = self._kind(row)
        if kind is None:
            return None
        for name in PLAIN_OF[SURVEY]:
            if row[name] and name not in IN_PARTS:
                message = _("What stands in a repeat has no “%(name)s”. Empty it here.", name=name)
                self._values.refuse(row, message)
        if row.texts.get("hint") or row.texts.get("guidance_hint"):
            message = _("What stands in a repeat has no hints. Write them at the question itself.")
            self._values.refuse(row, message)
        if kind.value not in set(PartKind):
            message = _("“%(type)s” cannot stand in a repeat.", type=_type(row)[:40])
            self._values.refuse(row, message)
            return None
        return EntryPart(
            key=self._values.key(row, "name", without=name_of_part(key, "")),
            kind=PartKind(kind.value),
            label=self._values.text(row, "label"),
            choices=self._choices(row, kind),
            max_words=self._max_words(row),
            optional=not self._values.yes_no(row, "required"),
        )

    def _kind(self, row: SheetRow) -> QuestionKind | None:
        word, _space, rest = _type(row).partition(" ")
        if _type(row) in KIND_OF and word not in ("select_one", "select_multiple"):
            return KIND_OF[_type(row)]
        if _type(row) in OF_TYPE:
            return QuestionKind.FILE
        if word == "select_one" and rest.strip() == YES_NO_LIST:
            return QuestionKind.YES_NO
        if word in ("select_one", "select_multiple") and rest.strip():
            return QuestionKind.CHOICE if word == "select_one" else QuestionKind.CHOICES
        message = _("“%(type)s” cannot be asked here. Use one of: %(known)s.", type=word[:40], known=TYPES)
        self._values.refuse(row, message)
        return None

    def _put(self, row: SheetRow, kind: QuestionKind | None, parts: Sequence[EntryPart | None] = ()) -> None:
        if kind is None:
            return
        if self._open is None:
            self._values.refuse(row, _("Put this question into a group: begin_group … end_group."))
            return
        for name in ONLY_IN_GROUPS:
            if row[name]:
                message = _("Only the row of a group has “%(name)s”. Empty it here.", name=name)
                self._values.refuse(row, message)
        self._open.append(
            Placed(row, self._question(row, kind, [part for part in parts if part is not None]))
        )

    def _question(self, row: SheetRow, kind: QuestionKind, parts: Sequence[EntryPart]) -> Question:
        values = self._values
        return Question(
            key=values.key(row, "name"),
            kind=kind,
            label=values.text(row, "label"),
            why_we_ask=values.text(row, "guidance_hint"),
            help_text=values.find_text(row, "hint"),
            choices=self._choices(row, kind),
            max_words=self._max_words(row),
            max_minutes=values.number(row, "max_minutes"),
            max_rows=values.number(row, "max_rows") or (1 if _type(row) in OF_TYPE else None),
            min_rows=values.number(row, "min_rows"),
            parts=tuple(parts),
            file_types=self._file_types(row),
            required=values.yes_no(row, "required"),
            ask_if=values.condition(row, "relevant"),
            criteria=tuple(row["criteria"].replace(",", " ").split()),
            copied_from=row["copied_from"] or None,
            carries=row["carries"] or None,
            used_for=self._used_for(row),
        )

    def _used_for(self, row: SheetRow) -> tuple[UsedFor, ...]:
        written = row["used_for"].replace(",", " ").split()
        found = [self._values.word_of(row, word, UsedFor) for word in written]
        return tuple(word for word in found if word is not None)

    def _file_types(self, row: SheetRow) -> tuple[FileType, ...]:
        if (only := OF_TYPE.get(_type(row))) is not None:
            return (only,)
        written = row["file_types"].replace(",", " ").split()
        found = [self._values.word_of(row, word, FileType) for word in written]
        return tuple(each for each in found if each is not None)

    def _choices(self, row: SheetRow, kind: QuestionKind) -> tuple[Choice, ...]:
        if kind not in (QuestionKind.CHOICE, QuestionKind.CHOICES):
            return ()
        name = _type(row).partition(" ")[2].strip()
        if name not in self._lists:
            message = _("There is no list “%(name)s” on the sheet “choices”.", name=name[:60])
            self._values.refuse(row, message)
        return tuple(self._lists.get(name, ()))

    def _max_words(self, row: SheetRow) -> int | None:
        """Said in “max_words”, for people, and in “constraint”, for other programs."""
        most = self._values.number(row, "max_words")
        if not row["constraint"]:
            return most
        limit = words_of_constraint(row["constraint"])
        if limit is None:
            message = _("This limit is not one of ours. Empty “constraint” and write “max_words”.")
            self._values.refuse(row, message)
            return most
        if most is not None and most != limit:
            message = _(
                "“max_words” says %(most)s and “constraint” says %(limit)s. Empty “constraint”.",
                most=most,
                limit=limit,
            )
            self._values.refuse(row, message)
        return most or limit

    def _refuse_cells(self, row: SheetRow, names: Sequence[str]) -> None:
        for name in names:
            if row[name]:
                message = _("A group has no “%(name)s”. Write it at each question.", name=name)
                self._values.refuse(row, message)


def _type(row: SheetRow) -> str:
    """As we write it: `begin_group`, also where a file says `begin group`."""
    word = " ".join(row["type"].split())
    first, _space, rest = word.partition(" ")
    if first.lower() in ("begin", "end"):
        return f"{first}_{rest}".lower().replace(" ", "_")
    return f"{first.lower()} {rest}".strip()
