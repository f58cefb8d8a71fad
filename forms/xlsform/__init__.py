"""A form as XLSForm, the spreadsheet format for forms in several languages; see docs/xlsform.md."""

from forms.xlsform.changes import Change, ChangeKind, changes_between
from forms.xlsform.read import read_xlsform
from forms.xlsform.sheets import FORM_LANGUAGE_EXAMPLE, SpreadsheetForm
from forms.xlsform.write import write_xlsform, xlsform_sheets

__all__ = [
    "FORM_LANGUAGE_EXAMPLE",
    "Change",
    "ChangeKind",
    "SpreadsheetForm",
    "changes_between",
    "read_xlsform",
    "write_xlsform",
    "xlsform_sheets",
]
