"""The papers of a group: sent once, kept for the next call, replaced by a newer one, taken away."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from forms.pages.profile import KINDS_OF_DOCUMENTS, DocumentForm
from fundapp.clock import utcnow
from fundapp.db import unit_of_work
from fundapp.errors import FundError
from fundapp.file_checks.results import Refusal
from fundapp.models.document import DocumentKind, OrganisationDocument
from fundapp.models.organisation import Organisation
from fundapp.permissions import Permission, can
from fundapp.queries.documents import get_document, list_documents
from fundapp.queries.people import get_organisation
from fundapp.services.documents import KINDS_OF_FILES, add_document, remove_document
from fundapp.services.files import NotTaken, receive_file
from fundapp.web.access import requires
from fundapp.web.binding import bind
from fundapp.web.errors import message_for
from fundapp.web.files import takes_files
from fundapp.web.groups.blueprint import bp
from fundapp.web.posted_save import new_once, posted_once
from fundapp.web.sessions import signed_in_user

DOCUMENTS = "/groups/<uuid:organisation_id>/documents"


@bp.get(DOCUMENTS)
@requires(Permission.GROUP_VIEW, organisation=get_organisation)
def documents(organisation: Organisation) -> ResponseReturnValue:
    return _page(organisation, DocumentForm(None))


@takes_files
@bp.post(DOCUMENTS)
@requires(Permission.GROUP_EDIT, organisation=get_organisation)
def add(organisation: Organisation) -> ResponseReturnValue:
    form = bind(DocumentForm)
    if not form.validate():
        return _page(organisation, form), 422
    try:
        _receive(organisation, DocumentKind(form["kind"].data))
    except FundError as error:
        return _page(organisation, form, refused=error), error.status
    return redirect(url_for("groups.documents", organisation_id=organisation.id))


@bp.post(f"{DOCUMENTS}/<uuid:document_id>/remove")
@requires(Permission.GROUP_EDIT, organisation=get_organisation, document=get_document)
def take_away(organisation: Organisation, document: OrganisationDocument) -> ResponseReturnValue:
    if document.organisation_id != organisation.id:
        raise NotFound
    with unit_of_work():
        remove_document(document, actor=signed_in_user(), now=utcnow())
    return redirect(url_for("groups.documents", organisation_id=organisation.id))


def _receive(organisation: Organisation, kind: DocumentKind) -> None:
    """Raises NotTaken, TooLarge, QuotaReached and NoRoom."""
    upload = request.files.get("file")
    if upload is None or not upload.filename:
        raise NotTaken(Refusal.EMPTY)
    actor, now = signed_in_user(), utcnow()
    with unit_of_work():
        file = receive_file(
            upload.stream,
            name=upload.filename,
            kinds=KINDS_OF_FILES,
            organisation=organisation,
            actor=actor,
            now=now,
            once=f"{organisation.id.hex}{posted_once()}"[:64],
        )
        add_document(organisation, file, kind, actor=actor, now=now)


def _page(organisation: Organisation, form: DocumentForm, *, refused: FundError | None = None) -> str:
    errors = form.error_list()
    if refused is not None:
        errors = [*errors, ("file", str(message_for(refused) or ""))]
    return render_template(
        "groups/documents.html",
        organisation=organisation,
        documents=list_documents(organisation),
        words_of_kind=dict(KINDS_OF_DOCUMENTS),
        form=form,
        once=new_once(),
        refused=refused,
        may_edit=can(signed_in_user(), Permission.GROUP_EDIT, organisation),
        page_errors=errors,
        back_url=url_for("groups.profile", organisation_id=organisation.id),
    )
