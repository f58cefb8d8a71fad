from forms.burden import minutes_for_question, minutes_for_questions
from forms.definition import QuestionKind
from tests.forms.examples import choices, question, text


def test_long_text_takes_half_its_limit_to_type_and_two_minutes_to_think():
    # 8 words shown, 100 typed: 0.08 + 8.33 + 2
    assert minutes_for_question(question(max_words=200), "en") == 11


def test_choice_is_quick():
    assert minutes_for_question(question(kind=QuestionKind.CHOICE, choices=choices("a", "b")), "en") == 1


def test_each_budget_line_takes_a_minute_and_a_half():
    # 8 words shown: 0.08 + 8 × 1.5
    assert minutes_for_question(question(kind=QuestionKind.BUDGET, max_rows=8), "en") == 13


def test_help_is_read_too():
    assert minutes_for_question(question(kind=QuestionKind.NUMBER, help_text=text("word " * 200)), "en") == 3


def test_minutes_of_a_page_are_rounded_once():
    thirteen = [question(f"E{n}", QuestionKind.YES_NO) for n in range(1, 14)]

    # 13 × (0.08 + 0.2)
    assert minutes_for_questions(thirteen, "en") == 4
