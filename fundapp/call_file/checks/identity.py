"""The code of a call and its languages."""

from __future__ import annotations

from collections.abc import Iterator

from forms.i18n import _
from forms.languages import find_language
from fundapp.call_file.problems import Problem
from fundapp.call_file.schema import is_good_key
from fundapp.call_file.unread import as_far_as_read


@as_far_as_read
def check_identity(
    code: str, languages: tuple[str, ...], draft_languages: tuple[str, ...]
) -> Iterator[Problem]:
    if not is_good_key(code):
        message = _("Use letters a–z, digits, - and _ only, at most 40, for example DGF-2027.")
        yield Problem(("code",), str(message))
    if len(languages) == 0:
        yield Problem(("languages",), str(_("Name at least one language.")))
    for index in range(len(languages)):
        yield from _check_language(languages, index)
    yield from _check_drafts(languages, draft_languages)


def is_offered(code: str) -> bool:
    """Written exactly as we write it: `es`, not `ES` or `spanish`."""
    language = find_language(code)
    return language is not None and language.code == code


@as_far_as_read
def _check_drafts(languages: tuple[str, ...], drafts: tuple[str, ...]) -> Iterator[Problem]:
    for index, code in enumerate(drafts):
        if code not in languages[1:]:
            message = _(
                "“%(code)s” cannot be a draft. Name languages of the call, but not the first one.",
                code=code[:60],
            )
            yield Problem(("draft_languages", index), str(message))


@as_far_as_read
def _check_language(languages: tuple[str, ...], index: int) -> Iterator[Problem]:
    code = languages[index]
    if not is_offered(code):
        message = _(
            "“%(code)s” is not a language we can offer. Use a code such as en, es or ar.", code=code[:60]
        )
        yield Problem(("languages", index), str(message))
    if code in languages[:index]:
        yield Problem(("languages", index), str(_("“%(code)s” is named twice.", code=code[:60])))
