"""Publications on the desk: publishing a round, the list, one publication, withdrawing it."""

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from coalition.answers import form_page
from coalition.partners.enums import Language
from coalition.partners.naming import display_name_for
from coalition.refused import Refused
from coalition.workspaces import door
from coalition.workspaces.rules import Access
from documents import presenters
from documents.approval_forms import PublishForm, WithdrawForm
from documents.canonical.serialise import short_hash
from documents.domain.publish import NotReady, obstacles, publish
from documents.domain.withdraw import withdraw
from documents.enums import PublicationState
from documents.models import Publication
from documents.moments import with_place
from documents.queries.approvals import board_of
from documents.queries.publications import publications_for, sheet_address
from documents.rules import may_put_to_approval, may_withdraw, require_that
from documents.sheet import names_of
from documents.views.matrix_table import bars, sheet_preview
from documents.views.rounds import to_round

ON_A_PAGE = 30


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def publish_round(request: HttpRequest, round_uuid: UUID) -> HttpResponse:
    """What will become public, and the word to type; or what is missing, in words."""
    access, round_ = to_round(request, round_uuid)
    require_that(may_put_to_approval(access, round_.draft), _("Coordinators publish."))
    board = board_of(round_, door.viewer(request))
    reasons = obstacles(board)
    form = PublishForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            publication = publish(access=access, round_=round_)
        except NotReady as refusal:
            reasons = refusal.reasons
        except Refused as refusal:
            reasons = [refusal.message]
        else:
            messages.success(request, _("It is public, in all its languages at the same moment."))
            return redirect("documents:publication", publication.uuid)
    context = {
        "access": access,
        "workspace": access.workspace,
        "round": round_,
        "draft": round_.draft,
        "form": form,
        "obstacles": reasons,
        "bars": bars(board),
        "sheet": sheet_preview(board),
    }
    status = 409 if request.method == "POST" and reasons else 422 if form.errors else 200
    return render(request, "documents/publications/publish.html", context, status=status)


@door.members_only
@require_safe
def publications(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """What the workspace made public, newest first."""
    access = door.enter(request, workspace)
    found = publications_for(request.user, access.workspace).order_by("-number")
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "access": access,
        "workspace": access.workspace,
        "page": page,
        "publications": page.object_list,
    }
    return render(request, "documents/publications/list.html", context)


def _to_publication(request: HttpRequest, uuid: UUID) -> tuple[Access, Publication]:
    found = get_object_or_404(publications_for(request.user), uuid=uuid)
    return door.enter(request, found.draft.workspace.uuid), found


@door.members_only
@require_safe
def publication_page(request: HttpRequest, publication: UUID) -> HttpResponse:
    """One publication: its addresses, its hashes, who stands under it, what can be done."""
    access, found = _to_publication(request, publication)
    viewer = door.viewer(request)
    named, others = names_of(found)
    languages = [
        {
            "code": text.language,
            "name": Language(text.language).label,
            "hash": short_hash(text.hash),
            "number": text.version.number,
            "page": presenters.address_of(found, text.language),
            "sheet": sheet_address(found, text.language),
        }
        for text in found.texts.all()
    ]
    context = {
        "access": access,
        "workspace": access.workspace,
        "publication": found,
        "draft": found.draft,
        "is_public": found.state == PublicationState.PUBLIC,
        "may_withdraw": found.state == PublicationState.PUBLIC and may_withdraw(access, found.draft),
        "may_see_round": may_withdraw(access, found.draft),
        "languages": languages,
        "hash": short_hash(found.hash),
        "published": with_place(found.published_at) if found.published_at else "",
        "named": [display_name_for(viewer, name.organisation, listing=name.listing) for name in named],
        "withheld": len(others),
    }
    return render(request, "documents/publications/publication.html", context)


@door.members_only
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def withdraw_page(request: HttpRequest, publication: UUID) -> HttpResponse:
    """Withdraw, with a note that the public reads."""
    access, found = _to_publication(request, publication)
    require_that(may_withdraw(access, found.draft), _("Coordinators withdraw what they published."))
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw(access=access, publication=found, note=form.cleaned_data["note"])
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Withdrawn. The note stands in the place of the text."))
            return redirect("documents:publication", found.uuid)
    context = {
        "access": access,
        "workspace": access.workspace,
        "publication": found,
        "draft": found.draft,
        "form": form,
    }
    return form_page(request, "documents/publications/withdraw.html", context)
