"""The names behind what a live text holds: a document names nobody, a page asks here."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coalition.accounts.models import Organisation, User
from coalition.accounts.naming import Viewer, display_mark_for, may_be_told
from coalition.workspaces import access
from coalition.workspaces.people import circle_of
from documents.drafts.access import to_draft
from documents.editor.queries import known_in
from documents.interchange.file_authors import by_file
from documents.interchange.models import ImportedAuthor


@access.members_only
@require_safe
def people(request: HttpRequest, draft: UUID) -> HttpResponse:
    """`{"people": {uuid: {name, initials}}, "organisations": {uuid: {name, initials, hue}}}`, as the viewer
    may be told. Who is not among them has left."""
    _access, found = to_draft(request, draft)
    viewer, known = access.viewer(request), known_in(found)
    named = {str(person.uuid): _person(viewer, person, of) for person, of in known.people.items()}
    named |= {str(author.uuid): _imported(viewer, author) for author in known.imported if author.name}
    organisations = {}
    for organisation in known.organisations:
        mark = display_mark_for(viewer, organisation)
        organisations[str(organisation.uuid)] = {
            "name": mark.name,
            "initials": mark.initials,
            "hue": mark.hue,
        }
    return JsonResponse({"people": named, "organisations": organisations})


def _imported(viewer: Viewer, author: ImportedAuthor) -> dict[str, str]:
    named = by_file(viewer, author.name, author.organisation)
    return {"name": named.name, "initials": named.initials}


def _person(viewer: Viewer, person: User, organisations: set[Organisation]) -> dict[str, str]:
    """One who acts for several, one of which may not be told, is not named: the name would tell whose the
    other one is, and the other way round."""
    if len(organisations) > 1 and not all(may_be_told(viewer, one) for one in organisations):
        return {"name": _("Somebody of this workspace"), "initials": "?"}
    circle = circle_of(viewer, person, next(iter(organisations)))
    return {"name": circle.name, "initials": circle.initials}
