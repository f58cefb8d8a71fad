"""All fields of ours in one place to import from."""

from forms.choice_fields import ChoiceField, ChoicesField, LanguageField, SelectField, TickField, YesNoField
from forms.entries_field import EntriesField
from forms.row_fields import BudgetField, DateField, FilesField, SharesField
from forms.text_fields import (
    CodeField,
    EmailField,
    MoneyField,
    PercentField,
    SecretField,
    TextArea,
    TextField,
    WholeNumberField,
)

__all__ = [
    "BudgetField",
    "ChoiceField",
    "ChoicesField",
    "CodeField",
    "DateField",
    "EmailField",
    "EntriesField",
    "FilesField",
    "LanguageField",
    "MoneyField",
    "PercentField",
    "SecretField",
    "SelectField",
    "SharesField",
    "TextArea",
    "TextField",
    "TickField",
    "WholeNumberField",
    "YesNoField",
]
