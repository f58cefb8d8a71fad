"""Asking a LibreTranslate-compatible server for translations. Off unless its address is set.

Only words that the fund wrote for everybody go there, never what a group has written.
"""

from __future__ import annotations

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Mapping, Sequence
from typing import Protocol

from fundapp.settings import Settings

ANSWER_SECONDS = 15.0
LONGEST_ANSWER = 2_000_000
NAME = "LibreTranslate"
# Where the server's code is another one than ours. Dari is not asked for as Persian, nor Sorani as Kurmanji.
THEIR_CODES: Mapping[str, str] = {"zh-Hans": "zh"}


class MachineAway(Exception):
    """No answer now: away, too slow, busy (429) or broken inside (5xx). Later it may work."""


class MachineRefused(Exception):
    """It will not do this, now or later: no such language, a wrong key (403), or no sensible answer."""


class Machine(Protocol):
    """Back ends have these two calls."""

    name: str

    def can(self, source: str, language: str) -> bool: ...

    def translate(self, texts: Sequence[str], source: str, language: str) -> list[str]: ...


def machine_of(settings: Settings) -> Machine | None:
    """None: no machine translates here."""
    return LibreTranslate(settings.translate_url, settings.translate_key) if settings.translate_url else None


class LibreTranslate:
    """POST /translate and GET /languages, in JSON. Redirections are not followed: the key would go along."""

    name = NAME

    def __init__(self, url: str, key: str = "", *, seconds: float = ANSWER_SECONDS) -> None:
        self._url, self._key, self._seconds = url.rstrip("/"), key, seconds

    def can(self, source: str, language: str) -> bool:
        """Raises MachineAway and MachineRefused."""
        known = self._ask("/languages")
        if not isinstance(known, list):
            raise MachineRefused("no list of languages")
        wanted = THEIR_CODES.get(language, language)
        return any(
            isinstance(each, dict)
            and each.get("code") == THEIR_CODES.get(source, source)
            and wanted in each.get("targets", ())
            for each in known
        )

    def translate(self, texts: Sequence[str], source: str, language: str) -> list[str]:
        """As many as were asked for. Raises MachineAway and MachineRefused."""
        body: dict[str, object] = {
            "q": list(texts),
            "source": THEIR_CODES.get(source, source),
            "target": THEIR_CODES.get(language, language),
            "format": "text",
        }
        if self._key:
            body["api_key"] = self._key
        answer = self._ask("/translate", body)
        found = answer.get("translatedText") if isinstance(answer, dict) else None
        if not isinstance(found, list) or len(found) != len(texts):
            raise MachineRefused("not as many texts as were asked for")
        if not all(isinstance(text, str) for text in found):
            raise MachineRefused("something else than texts")
        return found

    def _ask(self, path: str, body: Mapping[str, object] | None = None) -> object:
        data = json.dumps(body).encode() if body is not None else None
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        request = urllib.request.Request(self._url + path, data=data, headers=headers)  # noqa: S310
        try:
            with _opener().open(request, timeout=self._seconds) as answer:
                said = answer.read(LONGEST_ANSWER + 1)
        except urllib.error.HTTPError as error:
            if error.code == 429 or error.code >= 500:
                raise MachineAway(f"status {error.code}") from None
            raise MachineRefused(f"status {error.code}") from None
        except (OSError, http.client.HTTPException) as error:
            raise MachineAway(type(error).__name__) from None
        if len(said) > LONGEST_ANSWER:
            raise MachineRefused("an endless answer")
        try:
            return json.loads(said)
        except ValueError:
            raise MachineRefused("no JSON") from None


class _NoRedirection(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: object, **_kwargs: object) -> None:
        return None


def _opener() -> urllib.request.OpenerDirector:
    """Straight to the server, past any proxy that the environment names."""
    return urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirection())
