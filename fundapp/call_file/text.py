"""Call files: reading and writing the YAML that fund managers edit."""

from __future__ import annotations

import yaml

from fundapp.call_file.data import Plain, read_data, to_data
from fundapp.call_file.definition import CallDefinition
from fundapp.call_file.parse import parse
from fundapp.call_file.problems import errors_of

LINE_LENGTH = 100


def read_call(text: str) -> CallDefinition:
    """Raises CallFileErrors with everything that is wrong, each with its place in the text."""
    parsed = parse(text)
    definition, problems = read_data(parsed.data)
    told = [problem for problem in problems if not parsed.is_spoilt(problem.path)]
    if told or parsed.errors:
        raise errors_of(told, parsed.data, parsed.places, also=parsed.errors)
    return definition


def write_call(definition: CallDefinition) -> str:
    """Reading this gives the same call, and writing that again gives the same text."""
    return yaml.dump(
        to_data(definition), Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=LINE_LENGTH
    )


class _Dumper(yaml.SafeDumper):
    """Short lists in one line; numbers and days without quotation marks."""

    def ignore_aliases(self, data: object) -> bool:
        return True


def _represent_list(dumper: yaml.SafeDumper, items: list[object]) -> yaml.Node:
    in_one_line = not any(isinstance(item, list | dict) for item in items)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", items, flow_style=in_one_line)


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text)


def _represent_plain(dumper: yaml.SafeDumper, text: Plain) -> yaml.Node:
    tag = "tag:yaml.org,2002:timestamp" if "-" in text else "tag:yaml.org,2002:float"
    if "-" not in text and "." not in text:
        tag = "tag:yaml.org,2002:int"
    return dumper.represent_scalar(tag, str(text))


def _represent_yes_no(dumper: yaml.SafeDumper, value: bool) -> yaml.Node:
    return dumper.represent_scalar("tag:yaml.org,2002:bool", "yes" if value else "no")


_Dumper.add_representer(bool, _represent_yes_no)
_Dumper.add_representer(list, _represent_list)
_Dumper.add_representer(str, _represent_text)
_Dumper.add_representer(Plain, _represent_plain)
