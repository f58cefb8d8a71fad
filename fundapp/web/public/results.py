"""What came of a call: the grants, the ring-fences, the odds as they were, and stories with consent."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from fundapp.clock import utcnow
from fundapp.models.call import Call
from fundapp.queries.call_money import pounds
from fundapp.queries.calls import current_version, definition_of, get_public_call
from fundapp.queries.public_results import find_results
from fundapp.queries.releasable import list_releases
from fundapp.queries.ring_fences import ReportLine, percent_text, report
from fundapp.queries.stories import list_public_stories
from fundapp.web.access import public
from fundapp.web.public.blueprint import bp
from fundapp.web.public.interruption import exit_explained
from scoring.records import Measure


@bp.get("/calls/<code>/results")
@public("results are for everybody once every group has been told")
@exit_explained
def results_page(code: str) -> ResponseReturnValue:
    call = get_public_call(code)
    results = find_results(call)
    if results is None:
        raise NotFound
    definition = definition_of(current_version(call))
    return render_template(
        "public/results.html",
        call=call,
        definition=definition,
        results=results,
        # figures of a round that is signed but not told yet would give decisions away
        ring_fences=_lines(call) if results.is_complete else None,
        releases=list_releases(call.id),
        stories=list_public_stories(call, utcnow().astimezone(definition.zone).date()),
        domains={domain.key: domain.label for domain in definition.monitoring.domains},
        measures=Measure,
        percent_text=percent_text,
        pounds_of=pounds,
    )


def _lines(call: Call) -> list[ReportLine]:
    """Without rules "for each borough": they could show where a confidential group is."""
    return [line for line in report(call, with_demand=False).lines if line.rule.each is None]
