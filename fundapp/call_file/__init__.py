"""A call is a file: everything of one call as plain values, read from and written to YAML."""

from fundapp.call_file.data import canonical_json, digest, from_data, to_data
from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.problems import CallFileError, CallFileErrors
from fundapp.call_file.shipped import reference_call, reference_call_text
from fundapp.call_file.text import read_call, write_call
from fundapp.call_file.variants import shift_dates, with_code

__all__ = [
    "CallDefinition",
    "CallFileError",
    "CallFileErrors",
    "canonical_json",
    "digest",
    "from_data",
    "read_call",
    "reference_call",
    "reference_call_text",
    "shift_dates",
    "to_data",
    "with_code",
    "write_call",
]
