"""What the fund found about a group's claim to be led by and for its community, and asking to look again."""

from __future__ import annotations

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from forms.i18n import _, current_language
from forms.pages.complaints import OUTCOMES, claim_appeal_form
from forms.pages.fund import EVIDENCE
from fundapp.db import unit_of_work
from fundapp.lifecycles import ClaimStatus
from fundapp.models.application import Application
from fundapp.models.complaint import ComplaintAbout
from fundapp.models.organisation import Community
from fundapp.permissions import Permission
from fundapp.queries.applications import definition_for, get_application
from fundapp.queries.claims import list_own_claims
from fundapp.queries.complaints import list_appeals
from fundapp.services.complaints import ACKNOWLEDGE_DAYS, Complained, appeal_about_claim
from fundapp.web.access import requires
from fundapp.web.apply.blueprint import arrived_at, bp
from fundapp.web.binding import bind, is_posted
from fundapp.web.sessions import signed_in_user

COMMUNITY_WORDS = {
    Community.BY_AND_FOR: _("Led by and for its community"),
    Community.MIGRANT: _("Led by migrants"),
}


@bp.route("/applications/<uuid:application_id>/by-and-for", methods=["GET", "POST"])
@requires(Permission.APPLICATION_SPEAK_FOR, application=get_application)
def by_and_for(application: Application) -> ResponseReturnValue:
    claims = {str(claim.id): claim for claim in list_own_claims(application)}
    against = {key: claim for key, claim in claims.items() if claim.status is ClaimStatus.NOT_MET}
    choices = [(key, COMMUNITY_WORDS[claim.community]) for key, claim in against.items()]
    only = {"claim": choices[0][0]} if len(choices) == 1 else {}
    form = bind(claim_appeal_form(choices), data=only | {"answer_language": current_language().code})
    if is_posted() and form.validate():
        language = form["answer_language"].data or current_language().code
        said = Complained(ComplaintAbout.RULES, form["text"].data, language)
        with unit_of_work():
            appeal_about_claim(
                application, claims[form["claim"].data], said, actor=signed_in_user(), now=arrived_at()
            )
        return redirect(url_for(".by_and_for", application_id=application.id))
    appeals = list_appeals(application)
    page = render_template(
        "apply/by_and_for.html",
        application=application,
        definition=definition_for(application),
        claims=claims.values(),
        evidence_words=dict(EVIDENCE),
        appeals=[each for each in appeals if each.claim_id is not None],
        form=form,
        may_ask=bool(against) and all(each.answered_at for each in appeals),
        days=ACKNOWLEDGE_DAYS,
        outcomes=dict(OUTCOMES),
    )
    return page, 422 if form.errors else 200
