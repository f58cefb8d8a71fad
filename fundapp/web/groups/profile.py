"""What a group has told about itself: once, for every call, until the group changes it."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.pages.profile import LANGUAGE_NAMES, LEGAL_FORM_WORDS, ProfileForm, profile_form
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError, NotPossibleNow, StaleVersion
from fundapp.models.organisation import LegalForm, Organisation
from fundapp.permissions import Permission, can
from fundapp.queries.documents import is_being_decided
from fundapp.queries.people import get_organisation
from fundapp.queries.places import BOROUGH_CODES
from fundapp.services.profiles import Profile, change_profile, profile_of
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.groups.blueprint import bp
from fundapp.web.sessions import signed_in_user

CALL = "call"  # the query that leads back to the start of an application
PROFILE = "/groups/<uuid:organisation_id>/profile"


@bp.get(PROFILE)
@requires(Permission.GROUP_VIEW, organisation=get_organisation)
def profile(organisation: Organisation) -> ResponseReturnValue:
    """A form for whoever may write for the group, facts for whoever may read."""
    may_edit = can(signed_in_user(), Permission.GROUP_EDIT, organisation)
    form = _form_of(organisation, is_held=is_being_decided(organisation)) if may_edit else None
    return _page(organisation, form, seen=profile_of(organisation).digest)


@bp.post(PROFILE)
@requires(Permission.GROUP_EDIT, organisation=get_organisation)
def change(organisation: Organisation) -> ResponseReturnValue:
    form = _form_of(organisation, is_held=is_being_decided(organisation))
    seen = request.form.get("seen", "")
    if not form.validate():
        return _page(organisation, form, seen=seen), 422
    try:
        with unit_of_work():
            typed = _typed(form, organisation)
            change_profile(organisation, typed, seen=seen, actor=signed_in_user(), now=utcnow())
    except (StaleVersion, NotPossibleNow) as error:
        fresh = get_organisation(organisation.id)
        return _page(fresh, form, seen=profile_of(fresh).digest, refused=error), 409
    if code := request.args.get(CALL, "")[:40]:
        return redirect(url_for("apply.start", code=code))
    return redirect(url_for("groups.profile", organisation_id=organisation.id, saved="yes"))


def _form_of(organisation: Organisation, *, is_held: bool) -> ProfileForm:
    own = [organisation.borough] if organisation.borough else []
    boroughs = [*BOROUGH_CODES, *(name for name in own if name not in BOROUGH_CODES)]
    saved = profile_of(organisation)
    legal_form = saved.legal_form.value if saved.legal_form else None
    return bind(profile_form(boroughs, is_held=is_held), data={**vars(saved), "legal_form": legal_form})


def _typed(form: ProfileForm, organisation: Organisation) -> Profile:
    legal_form = form["legal_form"].data
    is_asked = "borough" in form
    return Profile(
        name=form["name"].data,
        legal_form=LegalForm(legal_form) if legal_form else None,
        charity_number=form["charity_number"].data or None,
        company_number=form["company_number"].data or None,
        annual_income=form["annual_income"].data if is_asked else organisation.annual_income,
        borough=(form["borough"].data or None) if is_asked else organisation.borough,
        languages=tuple(form["languages"].data),
        umbrellas=form["umbrellas"].data,
    )


def _page(
    organisation: Organisation, form: ProfileForm | None, *, seen: str, refused: FundError | None = None
) -> str:
    back = url_for("account.home")
    if code := request.args.get(CALL, "")[:40]:
        back = url_for("apply.start", code=code)
    return render_template(
        "groups/profile.html",
        organisation=organisation,
        form=form,
        seen=seen,
        refused=refused,
        is_saved="saved" in request.args,
        is_held=form is not None and ("borough" not in form or isinstance(refused, NotPossibleNow)),
        legal_form_words=LEGAL_FORM_WORDS,
        language_names=LANGUAGE_NAMES,
        page_errors=form.error_list() if form else [],
        back_url=back,
    )
