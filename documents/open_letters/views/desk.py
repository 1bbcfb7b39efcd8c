"""Coordinators open a letter, look at who joins, and close it."""

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from coalition.core.errors import Refused
from coalition.http.responses import form_page, telling
from coalition.workspaces import access as door
from coalition.workspaces.notifications.reading import opened
from coalition.workspaces.rules import Access
from documents.drafts.permissions import may_lead_letter, require_that
from documents.open_letters.actions.letter import admit, close_letter, open_letter, refuse
from documents.open_letters.enums import JoiningState
from documents.open_letters.forms import LetterForm
from documents.open_letters.models import Joining, OpenLetter
from documents.open_letters.queries import joined_earlier, joinings_of, letter_of
from documents.publication.models.publication import Publication
from documents.publication.queries.publications import publications_for


def _to_letter(request: HttpRequest, uuid: UUID) -> tuple[Access, Publication, OpenLetter | None]:
    publication = get_object_or_404(publications_for(request.user), uuid=uuid)
    access = door.enter(request, publication.draft.workspace.uuid)
    allowed = may_lead_letter(access, publication.draft)
    require_that(allowed, _("Coordinators open a text for joining from outside."))
    return access, publication, letter_of(publication.draft)


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest, publication: UUID) -> HttpResponse:
    """The letter of a public text: open it, or see who joined."""
    access, found, known = _to_letter(request, publication)
    opened(request, found.uuid)
    first = {"slug": known.slug, "looks_first": known.looks_first} if known else {}
    form = LetterForm(request.POST or None, initial=first)
    if known is not None:
        form.fields["slug"].disabled = True
    if request.method == "POST" and form.is_valid():
        try:
            open_letter(access=access, draft=found.draft, **form.cleaned_data)
        except Refused as refusal:
            form.add_error("slug", refusal.message)
        else:
            messages.success(request, _("It can be joined from outside now."))
            return redirect("documents:letter", found.uuid)
    rows = (
        list(joinings_of(known, found).filter(state=JoiningState.JOINED).select_related("logo"))
        if known
        else []
    )
    context = {
        "access": access,
        "workspace": access.workspace,
        "publication": found,
        "letter": known,
        "public_url": reverse("open_letter", args=[known.slug]) if known else "",
        "form": form,
        "rows": rows,
        "earlier": joined_earlier(known, found) if known else [],
        "waiting": sum(row.admitted_at is None for row in rows) if known and known.looks_first else 0,
    }
    return form_page(request, "documents/letters/desk.html", context)


@door.members_only
@require_POST
def close(request: HttpRequest, publication: UUID) -> HttpResponse:
    """Take no more names."""
    access, found, known = _to_letter(request, publication)
    if known is not None:
        with telling(request, _("Closed. Who joined stays, and can still withdraw.")):
            close_letter(access=access, letter=known)
    return redirect("documents:letter", found.uuid)


@door.members_only
@require_POST
def admit_one(request: HttpRequest, publication: UUID, joining: UUID) -> HttpResponse:
    """Let an organisation appear."""
    access, found, row = to_joining(request, publication, joining)
    with telling(request):
        admit(access=access, joining=row)
    return redirect("documents:letter", found.uuid)


@door.members_only
@require_POST
@reauthentication_required
def refuse_one(request: HttpRequest, publication: UUID, joining: UUID) -> HttpResponse:
    """Take an organisation off; what it wrote is deleted."""
    access, found, row = to_joining(request, publication, joining)
    with telling(request, _("Refused. What it wrote is deleted; its contact is told by mail.")):
        refuse(access=access, joining=row)
    return redirect("documents:letter", found.uuid)


def to_joining(request: HttpRequest, publication: UUID, joining: UUID) -> tuple[Access, Publication, Joining]:
    """An organisation that stands or stood under these words, for who leads the letter; 404 else."""
    access, found, known = _to_letter(request, publication)
    rows = joinings_of(known, found) if known is not None else Joining.objects.none()
    return access, found, get_object_or_404(rows, uuid=joining)
