"""Publications on the desk: publishing a round, the list, one publication, withdrawing it."""

from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.enums import Language
from coalition.accounts.naming import display_name_for
from coalition.core.errors import Refused
from coalition.http.responses import form_page, telling
from coalition.jobs.moments import with_place
from coalition.workspaces import access as door
from coalition.workspaces.notifications.reading import opened
from coalition.workspaces.rules import Access
from documents.approval.forms import PublishForm, WithdrawForm
from documents.approval.presenters import bars, sheet_preview
from documents.approval.queries.boards import Board, board_of
from documents.canonical.serialise import short_hash
from documents.drafts.access import to_round
from documents.drafts.enums import PublicationState
from documents.drafts.permissions import may_put_to_approval, may_withdraw, require_that
from documents.publication import hooks
from documents.publication.actions.publish import NotReady, obstacles, publish
from documents.publication.actions.reaffirm import let_stand
from documents.publication.actions.withdraw import withdraw
from documents.publication.certificate import correction_words, missing_sentence, names_of
from documents.publication.embargo.forms import ScheduleForm
from documents.publication.embargo.queries import scheduled_for
from documents.publication.models.publication import Publication
from documents.publication.presenters import kazakh_first
from documents.publication.queries.publications import newest_public_of, publications_for, sheet_address
from documents.publication.signatories import under, why_not
from documents.publication.verification.queries import open_findings, taken_off_since

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
    corrects = newest_public_of(round_.draft)
    form = PublishForm(request.POST or None, corrects=corrects is not None)
    if request.method == "POST" and form.is_valid():
        try:
            publication = publish(
                access=access, round_=round_, correction_note=form.cleaned_data.get("correction_note", "")
            )
        except NotReady as refusal:
            reasons = refusal.reasons
        except Refused as refusal:
            reasons = [refusal.message]
        else:
            messages.success(request, _("It is public, in all its languages at the same moment."))
            return redirect("documents:publication", publication.uuid)
    return publish_page(request, access, board, form=form, reasons=reasons)


def publish_page(
    request: HttpRequest,
    access: Access,
    board: Board,
    *,
    form: PublishForm,
    reasons: list[str],
    schedule_form: ScheduleForm | None = None,
) -> HttpResponse:
    """What will become public; `schedule_form`: a moment that was sent and could not be kept."""
    round_ = board.round
    put = {text.language for text in board.texts}
    context = {
        "access": access,
        "workspace": access.workspace,
        "round": round_,
        "draft": round_.draft,
        "form": form,
        "obstacles": reasons,
        "bars": bars(board),
        "sheet": sheet_preview(board),
        "corrects": newest_public_of(round_.draft),
        "missing": missing_sentence(code for code in Language.values if code not in put),
        "schedule_form": schedule_form or ScheduleForm(),
    }
    wrong = form.errors or (schedule_form is not None and schedule_form.errors)
    status = 409 if request.method == "POST" and reasons else 422 if wrong else 200
    return render(request, "documents/publications/publish.html", context, status=status)


@door.members_only
@require_safe
def publications(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """What the workspace made public, newest first, and what is to become public."""
    access = door.enter(request, workspace)
    found = publications_for(request.user, access.workspace).order_by("-number")
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "access": access,
        "workspace": access.workspace,
        "page": page,
        "publications": page.object_list,
        "planned": scheduled_for(request.user).filter(draft__workspace=access.workspace),
    }
    return render(request, "documents/publications/list.html", context)


def _to_publication(request: HttpRequest, uuid: UUID) -> tuple[Access, Publication]:
    found = get_object_or_404(publications_for(request.user), uuid=uuid)
    opened(request, found.uuid)
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
            "page": hooks.address_of(found, text.language),
            "sheet": sheet_address(found, text.language),
        }
        for text in kazakh_first(found)
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
        "correction": correction_words(found),
        "earlier": sheet_address(found.replaces) if found.replaces else "",
        "newer": sheet_address(newer) if (newer := getattr(found, "replaced_by", None)) else "",
        "published": with_place(found.published_at) if found.published_at else "",
        "named": [display_name_for(viewer, name.organisation, listing=name.listing) for name in named],
        "withheld": len(others),
        **_to_decide(access, found),
        **_verified(access, found),
    }
    return render(request, "documents/publications/publication.html", context)


def _verified(access: Access, publication: Publication) -> dict[str, Any]:
    """Since when the text is off the site while it is checked; and what those who coordinate read of it."""
    since = taken_off_since(publication)
    findings = open_findings(publication) if may_withdraw(access, publication.draft) else []
    return {
        "off_since": with_place(since) if since else "",
        "findings": [one.message for one in findings],
    }


def _to_decide(access: Access, publication: Publication) -> dict[str, Any]:
    """What those who coordinate decide about a text whose rule held no more, and why it does not."""
    if publication.awaiting_since is None or publication.state != PublicationState.PUBLIC:
        return {}
    reasons = why_not(under(publication.round, publication.names.all()))
    return {"awaiting": True, "reasons": reasons, "decides": may_withdraw(access, publication.draft)}


@door.members_only
@require_POST
@reauthentication_required
def let_it_stand(request: HttpRequest, publication: UUID) -> HttpResponse:
    """Decide that a text stands: only if its rule holds."""
    access, found = _to_publication(request, publication)
    require_that(may_withdraw(access, found.draft), _("Coordinators decide about what they published."))
    with telling(request, _("Decided: the text stands.")):
        let_stand(access=access, publication=found)
    return redirect("documents:publication", found.uuid)


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
