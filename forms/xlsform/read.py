"""From the sheets of an XLSForm to a form definition. What we cannot ask is refused, by sheet and row."""

from __future__ import annotations

from collections.abc import Mapping

from forms.conditions import facts_used
from forms.definition import Choice, FormDefinition, QuestionKind, Section
from forms.definition_check import form_problems
from forms.eligibility import EligibilityFlag, EligibilityQuestion, EligibilityRule, Outcome
from forms.i18n import _
from forms.spreadsheet import Grid, SheetProblem, WrongWorkbook, read_workbook
from forms.xlsform.rows import Placed, SectionRows, SurveyReader
from forms.xlsform.sheets import CHOICES, OUTCOMES, PLAIN_OF, SETTINGS, SURVEY, SpreadsheetForm
from forms.xlsform.tables import SheetRow, Table, language_in, read_table
from forms.xlsform.values import RowValues
from forms.xlsform.xpath import counted_in

SHEETS_WE_DO_NOT_TAKE = ("entities", "external_choices", "osm")


def read_xlsform(data: bytes) -> SpreadsheetForm:
    """Raises WrongWorkbook with everything that is to be mended."""
    grids = {name.strip().lower(): grid for name, grid in read_workbook(data).items()}
    problems: list[SheetProblem] = [
        SheetProblem(name, 0, _("A form here has no such sheet. Take it away."))
        for name in SHEETS_WE_DO_NOT_TAKE
        if grids.get(name)
    ]
    if not grids.get(SURVEY):
        message = _("The sheet “survey” is missing or empty. It holds the questions, one in each row.")
        raise WrongWorkbook([*problems, SheetProblem("", 0, message)])
    found = _read(grids, problems)
    if problems:
        order = list(PLAIN_OF)
        problems.sort(key=lambda each: (order.index(each.sheet) if each.sheet in order else -1, each.row))
        raise WrongWorkbook(problems)
    return found


def _read(grids: Mapping[str, Grid], problems: list[SheetProblem]) -> SpreadsheetForm:
    settings = read_table(SETTINGS, grids.get(SETTINGS, []), "", problems)
    said = settings.rows[0] if settings.rows else SheetRow(SETTINGS, 2, {}, {})
    default = language_in(said["default_language"]) or "en"
    tables = {
        name: read_table(name, grids.get(name, []), default, problems) for name in (SURVEY, CHOICES, OUTCOMES)
    }
    languages = tuple(dict.fromkeys(code for table in tables.values() for code in table.languages))
    values = RowValues(languages, problems)
    survey = SurveyReader(_lists(tables[CHOICES], values), values).read(tables[SURVEY].rows)
    rules = _rules(tables[OUTCOMES], values)
    _check_rules(survey.check, rules, values)
    eligibility = tuple(
        EligibilityQuestion(placed.question, tuple(rule for _row, rule in rules.get(placed.question.key, ())))
        for placed in survey.check
    )
    _check_together(survey.check, survey.sections, values)
    return SpreadsheetForm(
        form_id=said["form_id"],
        title=said["form_title"],
        languages=languages,
        eligibility=eligibility,
        form=FormDefinition(
            tuple(
                Section(
                    each.key,
                    each.stage,
                    each.title,
                    tuple(placed.question for placed in each.questions),
                    each.about_safety,
                )
                for each in survey.sections
            )
        ),
    )


def _lists(table: Table, values: RowValues) -> dict[str, list[Choice]]:
    lists: dict[str, list[Choice]] = {}
    for row in table.rows:
        if not row["list_name"]:
            values.refuse(row, _("Write the name of the list in “list_name”."))
            continue
        label = values.text(row, "label")
        lists.setdefault(row["list_name"], []).append(Choice(values.key(row, "name"), label))
    return lists


Rules = dict[str, list[tuple[SheetRow, EligibilityRule]]]


def _rules(table: Table, values: RowValues) -> Rules:
    rules: Rules = {}
    for row in table.rows:
        condition = values.condition(row, "if")
        outcome = values.word(row, "outcome", Outcome)
        flags = [values.word_of(row, flag, EligibilityFlag) for flag in row["flags"].split()]
        reason = values.text(row, "reason")
        if condition is None:
            if not row["if"]:
                values.refuse(row, _("Write in “if” for which answers this holds."))
            continue
        if outcome is None:
            continue
        known = tuple(flag for flag in flags if flag is not None)
        rule = EligibilityRule(condition, outcome, reason, values.find_text(row, "next_step"), known)
        rules.setdefault(row["question"], []).append((row, rule))
    return rules


def _check_rules(check: list[Placed], rules: Rules, values: RowValues) -> None:
    """An outcome belongs to a question of the check and looks at it or at those before it."""
    known: set[str] = set()
    asked = {placed.question.key for placed in check}
    for placed in check:
        known.add(placed.question.key)
        for row, rule in rules.get(placed.question.key, ()):
            for fact in sorted(facts_used(rule.when) - known):
                message = _("“%(fact)s” is not this question or one before it. Use one of those.", fact=fact)
                values.refuse(row, message)
    for key, found in rules.items():
        if key not in asked:
            for row, _rule in found:
                message = _("“%(key)s” is not a question of the check before applying.", key=key[:60])
                values.refuse(row, message)


def _check_together(check: list[Placed], sections: list[SectionRows], values: RowValues) -> None:
    """Check and form share one list of keys, and the form may ask about answers of the check."""
    placed_rows = [*check, *(placed for each in sections for placed in each.questions)]
    lists = {each.question.key for each in placed_rows if each.question.kind is QuestionKind.ENTRIES}
    for placed in placed_rows:
        for key in counted_in(placed.row["relevant"]):
            if key not in lists:
                message = _("“%(key)s” is not a list whose entries can be counted.", key=key[:60])
                values.refuse(placed.row, message)
    asked = [placed.as_part(each.stage) for each in sections for placed in each.questions]
    for path, message in form_problems([*(placed.as_part(None) for placed in check), *asked]):
        if path[-1] == "carries":
            continue  # what an answer can set is known to the call
        _sheet, number = path[:2]
        values.problems.append(SheetProblem(SURVEY, int(number), message))
