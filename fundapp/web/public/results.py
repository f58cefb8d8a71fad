"""What came of a call: the grants, the ring-fences, the odds as they were, and stories with consent."""

from __future__ import annotations

from flask import render_template
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from fundapp.clock import utcnow
from fundapp.models.call import Call
from fundapp.queries.call_money import pounds
from fundapp.queries.calls import current_version, definition_of, get_public_call
from fundapp.queries.openness import find_published_figures
from fundapp.queries.openness_tables import answers
from fundapp.queries.public_results import find_results
from fundapp.queries.releasable import list_releases
from fundapp.queries.ring_fences import ReportLine, percent_text, report
from fundapp.queries.shared_themes import list_published_themes
from fundapp.queries.stories import list_public_stories, list_quotes
from fundapp.queries.story_circles import list_chosen_stories
from fundapp.queries.suppression import published
from fundapp.web.access import public
from fundapp.web.public.blueprint import bp
from fundapp.web.public.interruption import exit_explained
from fundapp.web.public.openness import with_words
from scoring.records import Measure


@bp.get("/calls/<code>/results")
@public("results are for everybody once every group has been told")
@exit_explained
def results_page(code: str) -> ResponseReturnValue:
    call = get_public_call(code)
    definition = definition_of(current_version(call))
    today = utcnow().astimezone(definition.zone).date()
    results = find_results(call, today)
    if results is None:
        raise NotFound
    counts = results.counts
    decided, sent = published([counts.decided, counts.sent], known=(counts.awarded, results.number))
    return render_template(
        "public/results.html",
        answers=with_words(answers(counts)),
        decided=decided,
        sent=sent,
        call=call,
        definition=definition,
        results=results,
        # figures of a round that is signed but not told yet would give decisions away
        ring_fences=_lines(call) if results.is_complete else None,
        releases=list_releases(call.id),
        has_themes=bool(list_published_themes(call)),
        has_figures=find_published_figures(call) is not None,
        stories=list_public_stories(call, today),
        chosen_stories=list_chosen_stories(call, today) if results.is_complete else [],
        quotes=list_quotes(call, utcnow().astimezone(definition.zone).date()),
        domains={domain.key: domain.label for domain in definition.monitoring.domains},
        measures=Measure,
        percent_text=percent_text,
        pounds_of=pounds,
    )


def _lines(call: Call) -> list[ReportLine]:
    """Without rules "for each borough": they could show where a confidential group is."""
    return [line for line in report(call, with_demand=False).lines if line.rule.each is None]
