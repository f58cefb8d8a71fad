"""Logs: one JSON object a line, without names, addresses or anything that people typed."""

from __future__ import annotations

import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime

reference: ContextVar[str] = ContextVar("reference", default="")

# What every record has anyway; all else came through `extra` and is written.
_KNOWN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if reference.get():
            line["reference"] = reference.get()
        line |= {key: value for key, value in vars(record).items() if key not in _KNOWN}
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["trace"] = self._places(record)
        return json.dumps(line, ensure_ascii=True, default=str)

    def _places(self, record: logging.LogRecord) -> list[str]:
        """Where it happened. The error's own text may quote what somebody typed, so it stays out."""
        places, trace = [], record.exc_info[2] if record.exc_info else None
        while trace is not None:
            code = trace.tb_frame.f_code
            places.append(f"{code.co_filename}:{trace.tb_lineno} {code.co_name}")
            trace = trace.tb_next
        return places


def set_up_logging(level: str) -> None:
    """For a process of ours; tests and libraries that import us keep their own."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level.upper(), handlers=[handler], force=True)
