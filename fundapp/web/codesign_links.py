"""Links for the people of a session: made, shown once, stopped. Adds its pages to codesign."""

from __future__ import annotations

from flask import current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from forms.i18n import _
from forms.pages.codesign_voices import LinkForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.lifecycles import CallStatus
from fundapp.models.codesign import CodesignSession
from fundapp.models.codesign_voice import CodesignLink
from fundapp.permissions import Permission
from fundapp.queries.codesign import get_session, session_of
from fundapp.queries.voices import get_link_of_staff, list_links, works
from fundapp.services import codesign_links as service
from fundapp.services.codesign_links import LinkEndsBefore
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.codesign import bp, definition_in
from fundapp.web.posted_save import new_once, posted_once, this_showing
from fundapp.web.sessions import signed_in_user

DAY_IS_OVER = _("This day is over. Choose today or a later day.")


@bp.route("/fund/co-design-sessions/<uuid:session_id>/links", methods=["GET", "POST"])
@requires(Permission.CODESIGN_ANSWER, session=get_session)
def links(session: CodesignSession) -> ResponseReturnValue:
    """The address of a new link is on the page that follows, and never again."""
    known = session_of(session)
    form = bind(LinkForm, data={"people": known.people, "ends_on": known.last_day})
    token = None
    is_posted = request.method == "POST"
    if is_posted and form.validate():
        try:
            with unit_of_work():
                _link, token = service.make_link(
                    session,
                    people=form.people.data,
                    ends_on=form.ends_on.data,
                    actor=signed_in_user(),
                    now=utcnow(),
                    once=posted_once(),
                    secret=str(current_app.config["SECRET_KEY"]),
                )
        except LinkEndsBefore:
            form.add_error("ends_on", DAY_IS_OVER)
    now = utcnow()
    code = session.call.code
    page = render_template(
        "codesign/links.html",
        form=form,
        once=new_once() if token else this_showing(),
        row=session,
        session=known,
        call=session.call,
        definition=definition_in(session.call),
        made=url_for("public.take_part", code=code, token=token, _external=True) if token else None,
        links=[(link, works(link, now)) for link in list_links(session.call, session.key)],
        may_make=session.call.status is CallStatus.CO_DESIGN,
    )
    return page, 422 if is_posted and token is None else 200


@bp.post("/fund/co-design-links/<uuid:link_id>/stop")
@requires(Permission.CODESIGN_ANSWER, link=get_link_of_staff)
def stop_link(link: CodesignLink) -> ResponseReturnValue:
    with unit_of_work():
        service.stop_link(link, actor=signed_in_user(), now=utcnow())
    return redirect(url_for("codesign.record_page", call_id=link.call_id))
