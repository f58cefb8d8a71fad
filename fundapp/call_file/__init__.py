"""A call is a file: everything of one call as plain values, read from and written to YAML."""

from fundapp.call_file.data import digest, from_data, to_data
from fundapp.call_file.text import read_call, write_call

__all__ = ["digest", "from_data", "read_call", "to_data", "write_call"]
