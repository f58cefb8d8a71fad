from werkzeug.datastructures import ImmutableMultiDict

from forms.base import BaseForm, PlainData
from forms.fields import ChoicesField, TextField
from forms.i18n import _
from forms.validators import Required

KINDS = [("rent", "Rent"), ("pay", "Pay"), ("food", "Food")]


class KindsForm(BaseForm):
    name = TextField(_("Name"))
    kinds = ChoicesField(_("Kinds"), choices=KINDS)


def test_posted_form_of_the_web_framework_keeps_every_ticked_box():
    posted = ImmutableMultiDict([("kinds", "food"), ("name", "Casa"), ("kinds", "rent")])

    form = KindsForm(posted)

    assert form.validate()
    assert form.data == {"name": "Casa", "kinds": ("rent", "food")}


def test_form_that_was_not_posted_shows_stored_values():
    form = KindsForm(None, data={"name": "Casa", "kinds": ("pay",)})

    assert form.data == {"name": "Casa", "kinds": ("pay",)}
    assert [option.checked for option in form.kinds] == [False, True, False]


def test_emptied_form_does_not_fall_back_to_stored_values():
    form = KindsForm(ImmutableMultiDict([("name", "")]), data={"name": "Casa", "kinds": ("pay",)})

    assert form.data == {"name": "", "kinds": ()}


class AskedFirst(BaseForm):
    """Made later than the reason, drawn before it."""

    page_order = ("amount",)
    reason = TextField("Why?", [Required("Write why.")])
    note = TextField("Note", [Required("Write a note.")])
    amount = TextField("How much?", [Required("Write how much.")])


def test_errors_are_listed_in_the_order_of_the_page():
    form = AskedFirst(PlainData({"reason": ""}))

    assert not form.validate()

    assert [field_id for field_id, _message in form.error_list()] == ["amount", "reason", "note"]
    assert [field.name for field in form] == ["amount", "reason", "note"]


def test_what_was_written_and_chosen_can_be_read_again_in_words():
    sent = KindsForm(ImmutableMultiDict([("kinds", "food"), ("name", "Casa"), ("kinds", "rent")]))
    empty = KindsForm(ImmutableMultiDict([("name", " ")]))
    stored = KindsForm(None, data={"name": "Casa", "kinds": ("pay",)})

    assert sent.typed() == [("Name", "Casa"), ("Kinds", "Rent · Food")]
    assert (empty.typed(), stored.typed()) == ([], [])
