"""Texts under the name of an organisation, and taking it off: for representatives, with or without a seat."""

import json
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from coalition.accounts.models import Organisation
from coalition.accounts.naming import display_mark_for
from coalition.accounts.queries import organisations_represented_by
from coalition.core.errors import Refused
from coalition.workspaces import access
from documents.drafts.enums import PublicationState
from documents.publication.actions.remove_name import take_name_off
from documents.publication.queries.publications import (
    NameUnder,
    public_publications,
    sheet_address,
    texts_under_the_name_of,
)

ON_A_PAGE = 30


def represented(request: HttpRequest, uuid: UUID) -> Organisation:
    """The organisation, for who represents it now; 404 for everyone else."""
    found = organisations_represented_by(access.person(request)).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return found


@access.members_only
@require_safe
def names(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Every public text under which the organisation stands, named or counted, newest first."""
    found = represented(request, organisation)
    page = Paginator(texts_under_the_name_of(found), ON_A_PAGE).get_page(request.GET.get("page"))
    held: list[NameUnder] = list(page.object_list)
    rows = [
        {
            "publication": name.publication,
            "title": name.publication.title,
            "is_public": name.publication.state == PublicationState.PUBLIC,
            "sheet": sheet_address(name.publication),
            "is_corrected": name.corrected,
        }
        for name in held
    ]
    context = {
        "organisation": found,
        "mark": display_mark_for(access.viewer(request), found),
        "rows": rows,
        "page": page,
    }
    return render(request, "documents/publications/names.html", context)


@access.members_only
@require_POST
@reauthentication_required
def proof(request: HttpRequest, organisation: UUID, publication: UUID) -> HttpResponse:
    """The organisation's own salt as a file: with it, it can prove to whom it likes that it stands there."""
    ours = represented(request, organisation)
    rows = texts_under_the_name_of(ours)
    name = get_object_or_404(rows, publication__uuid=publication)
    body = {
        "publication": str(name.publication.uuid),
        "organisation": str(ours.uuid),
        "salt": name.salt,
    }
    headers = {
        "Content-Disposition": f'attachment; filename="proof-{name.publication.number}.json"',
        "Cache-Control": "no-store, private",
    }
    return HttpResponse(json.dumps(body, indent=1), content_type="application/json", headers=headers)


@access.members_only
@require_POST
@reauthentication_required
def take_off(request: HttpRequest, organisation: UUID, publication: UUID) -> HttpResponse:
    """Take the name off; no reason is asked."""
    ours = represented(request, organisation)
    found = get_object_or_404(public_publications(), uuid=publication)
    try:
        take_name_off(publication=found, organisation=ours, person=access.person(request))
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(
            request, _("Done. The name is gone from the page, the sheet and everything made from them.")
        )
    return redirect("documents:names", organisation)
