"""Help that is offered: is there a day between its days?"""

from __future__ import annotations

from collections.abc import Iterator

from forms.i18n import _
from forms.languages import find_language
from fundapp.call_file.problems import Problem
from fundapp.call_file.support import SupportOffer
from fundapp.call_file.unread import as_far_as_read


@as_far_as_read
def check_support(offers: tuple[SupportOffer, ...]) -> Iterator[Problem]:
    for index, offer in enumerate(offers):
        if offer.opens and offer.ends and offer.ends < offer.opens:
            message = _("The last day must not be before the first day.")
            yield Problem(("support", index, "ends"), str(message))
        for place, code in enumerate(offer.languages):
            if find_language(code) is None:
                message = _(
                    "“%(code)s” is not a language we know. Use a code such as en, so or ar.", code=code[:60]
                )
                yield Problem(("support", index, "languages", place), str(message))
