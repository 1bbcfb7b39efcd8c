"""Views of publications in the member area: publish a round, list, display and withdraw."""

import hashlib
import json
from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.enums import Language, Listing
from coalition.accounts.models import Organisation
from coalition.accounts.naming import display_mark_for, display_name_for
from coalition.accounts.queries import organisations_represented_by
from coalition.accounts.views.access import get_person, get_viewer
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.jobs.date_formats import moment_with_time_zone
from coalition.workspaces.access import get_access, member_required
from coalition.workspaces.notifications.unread import mark_subjects_read
from coalition.workspaces.permissions import Access
from documents.approval.permissions import to_round
from documents.approval.presenters import sheet_preview, split_bars
from documents.approval.queries.boards import Board, board_of, publishing_obstacles
from documents.canonical.compare import compare_documents
from documents.canonical.compare_html import render_comparison
from documents.canonical.html import render_html
from documents.canonical.serialise import short_hash
from documents.drafts.enums import DecisionKind, PublicationState, Way
from documents.drafts.permissions import may_submit_for_approval, may_withdraw, require_that
from documents.files.views import send_logo
from documents.hooks import HOOKS
from documents.publication import hooks
from documents.publication.actions.publish import NotPublishable, publish_approved, reaffirm_publication
from documents.publication.actions.withdraw import (
    remove_name,
    upload_organisation_logo,
    withdraw_organisation_logo,
    withdraw_publication,
)
from documents.publication.certificate import (
    awaiting_decision_notice,
    build_sheet,
    correction_notice,
    earlier_signatories_sentence,
    missing_languages_sentence,
    missing_sentence,
    public_and_other_names,
    rule_violations,
    signatory_marks,
    signatory_state,
)
from documents.publication.embargo.forms import ScheduleForm
from documents.publication.embargo.queries import scheduled_for
from documents.publication.forms import LogoForm, PublishForm, WithdrawForm
from documents.publication.models import Publication, PublicationName, PublicationText
from documents.publication.presenters import sheet_checks, sheet_supplements, texts_in_language_order
from documents.publication.queries import (
    AnnotatedPublication,
    NameUnder,
    logo_of,
    names_of_organisation,
    newest_public_of,
    public_publications,
    publications_for,
    publications_for_sheets,
    sheet_address,
    signatories_of_correction,
)
from documents.publication.verification.findings import (
    offline_page,
    offline_row,
    offline_since,
    open_findings,
    retry_later,
)

ON_A_PAGE = 30


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def publish_round(request: HttpRequest, round_uuid: UUID) -> HttpResponse:
    """Display what will become public, and the confirmation word to type; or what is missing, in
    words."""
    access, round_ = to_round(request, round_uuid)
    require_that(may_submit_for_approval(access, round_.draft), _("Coordinators publish."))
    board = board_of(round_, get_viewer(request))
    reasons = publishing_obstacles(board)
    corrects = newest_public_of(round_.draft)
    form = PublishForm(request.POST or None, corrects=corrects is not None)
    if request.method == "POST" and form.is_valid():
        try:
            publication = publish_approved(
                access=access, round_=round_, correction_note=form.cleaned_data.get("correction_note", "")
            )
        except NotPublishable as refusal:
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
    """Render what will become public; `schedule_form`: a submitted moment that was invalid."""
    round_ = board.round
    put = {text.language for text in board.texts}
    context = {
        "access": access,
        "workspace": access.workspace,
        "round": round_,
        "draft": round_.draft,
        "form": form,
        "obstacles": reasons,
        "bars": split_bars(board),
        "sheet": sheet_preview(board),
        "corrects": newest_public_of(round_.draft),
        "missing": missing_sentence(code for code in Language.values if code not in put),
        "schedule_form": schedule_form or ScheduleForm(),
    }
    wrong = form.errors or (schedule_form is not None and schedule_form.errors)
    status = 409 if request.method == "POST" and reasons else 422 if wrong else 200
    return render(request, "documents/publications/publish.html", context, status=status)


@member_required
@require_safe
def publications(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """List what the workspace published, newest first, and what is scheduled."""
    access = get_access(request, workspace)
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
    mark_subjects_read(request, found.uuid)
    return get_access(request, found.draft.workspace.uuid), found


@member_required
@require_safe
def publication_page(request: HttpRequest, publication: UUID) -> HttpResponse:
    """Display one publication: its URLs, its hashes, its signatories, possible actions."""
    access, found = _to_publication(request, publication)
    viewer = get_viewer(request)
    named, others = public_and_other_names(found)
    languages = [
        {
            "code": text.language,
            "name": Language(text.language).label,
            "hash": short_hash(text.hash),
            "number": text.version.number,
            "page": hooks.publication_url(found, text.language),
            "sheet": sheet_address(found, text.language),
        }
        for text in texts_in_language_order(found)
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
        "correction": correction_notice(found),
        "earlier": sheet_address(found.replaces) if found.replaces else "",
        "newer": sheet_address(newer) if (newer := getattr(found, "replaced_by", None)) else "",
        "published": moment_with_time_zone(found.published_at) if found.published_at else "",
        "named": [display_name_for(viewer, name.organisation, listing=name.listing) for name in named],
        "withheld": len(others),
        **_awaiting_decision_context(access, found),
        **_verification_context(access, found),
    }
    return render(request, "documents/publications/publication.html", context)


def _verification_context(access: Access, publication: Publication) -> dict[str, Any]:
    """Return since when the text is off the site during verification, and details for
    coordinators."""
    since = offline_since(publication)
    findings = open_findings(publication) if may_withdraw(access, publication.draft) else []
    return {
        "off_since": moment_with_time_zone(since) if since else "",
        "findings": [one.message for one in findings],
    }


def _awaiting_decision_context(access: Access, publication: Publication) -> dict[str, Any]:
    """Return the coordinators' pending decision on a text whose rule is no longer met, and the
    reason."""
    if publication.awaiting_since is None or publication.state != PublicationState.PUBLIC:
        return {}
    reasons = rule_violations(signatory_state(publication.round, publication.names.all()))
    return {"awaiting": True, "reasons": reasons, "decides": may_withdraw(access, publication.draft)}


@member_required
@require_POST
@reauthentication_required
def confirm_publication(request: HttpRequest, publication: UUID) -> HttpResponse:
    """Confirm that a text stays public: only if its rule is met."""
    access, found = _to_publication(request, publication)
    require_that(may_withdraw(access, found.draft), _("Coordinators decide about what they published."))
    with flash_result(request, _("Decided: the text stands.")):
        reaffirm_publication(access=access, publication=found)
    return redirect("documents:publication", found.uuid)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
@reauthentication_required(allow_get=True)
def withdraw_page(request: HttpRequest, publication: UUID) -> HttpResponse:
    """Withdraw, with a public note."""
    access, found = _to_publication(request, publication)
    require_that(may_withdraw(access, found.draft), _("Coordinators withdraw what they published."))
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_publication(access=access, publication=found, note=form.cleaned_data["note"])
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


# --- names ---
# Texts with an organisation's name, and removing it: for representatives, with or without a seat.


def represented_organisation(request: HttpRequest, uuid: UUID) -> Organisation:
    """Return the organisation, for its current representatives; 404 for everyone else."""
    found = organisations_represented_by(get_person(request)).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return found


@member_required
@require_safe
def organisation_names(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """List every public text of which the organisation is a signatory, named or counted, newest
    first."""
    found = represented_organisation(request, organisation)
    page = Paginator(names_of_organisation(found), ON_A_PAGE).get_page(request.GET.get("page"))
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
        "mark": display_mark_for(get_viewer(request), found),
        "rows": rows,
        "page": page,
    }
    return render(request, "documents/publications/names.html", context)


@member_required
@require_POST
@reauthentication_required
def download_proof(request: HttpRequest, organisation: UUID, publication: UUID) -> HttpResponse:
    """Serve the organisation's own salt as a file, with which it can prove that it is a
    signatory."""
    ours = represented_organisation(request, organisation)
    rows = names_of_organisation(ours)
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


@member_required
@require_POST
@reauthentication_required
def remove_own_name(request: HttpRequest, organisation: UUID, publication: UUID) -> HttpResponse:
    """Remove the name; no reason is required."""
    ours = represented_organisation(request, organisation)
    found = get_object_or_404(public_publications(), uuid=publication)
    try:
        remove_name(publication=found, organisation=ours, person=get_person(request))
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(
            request, _("Done. The name is gone from the page, the sheet and everything made from them.")
        )
    return redirect("documents:names", organisation)


# --- logo ---
# My organisation's logo: upload, view, withdraw; and its bytes, for those who may see them.


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def manage_organisation_logo(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Display what is permitted on GET, replace or withdraw the logo on POST."""
    found, person = represented_organisation(request, organisation), get_person(request)
    if request.POST.get("act") == "back":
        withdraw_organisation_logo(person=person, organisation=found)
        messages.success(request, _("Taken back. The logo is deleted and shown nowhere any more."))
        return redirect("documents:logo", found.uuid)
    form = LogoForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            upload_organisation_logo(
                person=person, organisation=found, content=file, size=file.size, name=file.name
            )
        except Refused as refusal:
            form.add_error("file", refusal.message)
        else:
            messages.success(request, _("Your logo stands on the page of your organisation."))
            return redirect("documents:logo", found.uuid)
    context = {
        "organisation": found,
        "mark": display_mark_for(get_viewer(request), found),
        "logo": logo_of(found),
        "is_named": found.listing == Listing.PUBLIC,
        "form": form,
    }
    return form_page(request, "documents/publications/logo.html", context)


@member_required
@never_cache
@require_safe
def organisation_logo_image(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Serve the logo to its representatives."""
    row = logo_of(represented_organisation(request, organisation))
    if row is None:
        raise Http404
    return send_logo(request, row)


# --- public ---
# The public approval certificates: the list, one as a page, one as JSON for external verification.


HTTP_GONE = 410


def _allow_revalidated_caching(response: HttpResponse) -> HttpResponse:
    """Let caches store the response but revalidate each time: a name can be withheld at any
    moment."""
    patch_cache_control(response, public=True, no_cache=True)
    return response


def _sheet_language_switch(name: str, *arguments: UUID) -> list[dict[str, object]]:
    """Return the page's URLs in the three languages, for the language switch."""
    found: list[dict[str, object]] = []
    for code, label in Language.choices:
        with override(code):
            url = reverse(f"documents_public:{name}", args=arguments)
        found.append({"code": code, "name": label, "url": url, "current": code == get_language()})
    return found


@require_safe
def public_sheets(request: HttpRequest) -> HttpResponse:
    """List everything that was made public, newest first, with its position in the chain."""
    page = Paginator(publications_for_sheets(), ON_A_PAGE).get_page(request.GET.get("page"))
    rows = [
        {
            "publication": publication,
            "title": _public_title(publication),
            "is_public": publication.state == PublicationState.PUBLIC,
            "taken_off": offline_row(publication) is not None,
            "hash": short_hash(publication.hash),
            "correction": correction_notice(publication),
            "replaced": getattr(publication, "replaced_by", None) is not None,
        }
        for publication in page.object_list
    ]
    context = {
        **hooks.site_frame_context(request),
        "rows": rows,
        "page": page,
        "languages": _sheet_language_switch("sheets"),
    }
    return _allow_revalidated_caching(render(request, "documents/publications/public_list.html", context))


@require_safe
def public_sheet(request: HttpRequest, publication: UUID) -> HttpResponse:
    """Display a text's signatories, how they approved, and hashes. A withdrawn one answers 410 with
    its note, one that is off the site during verification 503."""
    found: AnnotatedPublication = get_object_or_404(publications_for_sheets(), uuid=publication)
    if (held := offline_row(found)) is not None:
        around = {
            **hooks.site_frame_context(request),
            "languages": _sheet_language_switch("sheet", found.uuid),
        }
        return offline_page(request, held.since, around)
    named, others = public_and_other_names(found)
    shown = found.state == PublicationState.PUBLIC
    later = signatories_of_correction(found) if getattr(found, "replaced_by", None) else None
    context = {
        **hooks.site_frame_context(request),
        "publication": found,
        "title": _public_title(found),
        "is_public": shown,
        **sheet_supplements(found, shown=shown),
        "texts": [_text_context(found, text, shown=shown) for text in texts_in_language_order(found)],
        "named": [
            {"mark": mark, "name": mark.name, "when": _describe_approval(name, later)}
            for mark, name in zip(signatory_marks(found), named, strict=True)
        ],
        "published": moment_with_time_zone(found.published_at) if found.published_at else "",
        "withheld": len(others),
        **_approval_counts([*named, *others]),
        "hash": found.hash,
        "short": short_hash(found.hash),
        "counted": sheet_checks(found),
        "missing": missing_languages_sentence(found),
        "awaiting": awaiting_decision_notice(found),
        "correction": correction_notice(found),
        "earlier_only": earlier_signatories_sentence(found.earlier_only),
        "changed": _correction_diffs(found) if shown else [],
        "replaced_by": getattr(found, "replaced_by", None),
        "json_url": reverse("documents_public:sheet_json", args=[found.uuid]),
        "languages": _sheet_language_switch("sheet", found.uuid),
    }
    for beside_it in HOOKS.sheet_context:
        context |= beside_it(found)
    status = 200 if shown else HTTP_GONE
    return _allow_revalidated_caching(
        render(request, "documents/publications/sheet.html", context, status=status)
    )


def _correction_diffs(publication: Publication) -> list[dict[str, object]]:
    """Return what a correction changed, in each earlier language, while both are public."""
    before = publication.replaces
    if before is None or before.state != PublicationState.PUBLIC:
        return []
    former = {text.language: text.document for text in before.texts.select_related("version")}
    found: list[dict[str, object]] = []
    for text in texts_in_language_order(publication):
        if text.language in former:
            compared = compare_documents(former[text.language], text.document)
            found.append(
                {
                    "code": text.language,
                    "name": Language(text.language).label,
                    "same": compared.same,
                    "words": render_comparison(compared, context=1),
                }
            )
    return found


def _describe_approval(name: PublicationName, later: frozenset[int] | None) -> str:
    """Return when and how the organisation approved, and for which languages it relies on others;
    whether it also approved the correction of this text, if there is one."""
    day = formats.date_format(timezone.localtime(name.approved_at), "DATE_FORMAT")
    relies = [
        Language(one["language"]).label for one in name.decisions if one["decision"] == DecisionKind.RELIES
    ]
    told = [day, name.get_way_display()]
    if relies:
        told.append(_("relies on an attested translation: %(languages)s") % {"languages": ", ".join(relies)})
    if later is not None:
        told.append(
            _("Stands under the corrected text too")
            if name.organisation_id in later
            else _("Stands under these earlier words only")
        )
    return " · ".join(told)


def _approval_counts(names: list[PublicationName]) -> dict[str, int]:
    """Return the number of approvals, and of tacit consents, which are never displayed as
    approvals."""
    silent = sum(name.way == Way.NO_OBJECTION for name in names)
    return {"count": len(names) - silent, "silent": silent}


def _text_context(publication: Publication, text: PublicationText, *, shown: bool) -> dict[str, object]:
    version = text.version
    document = json.loads(version.canonical)
    return {
        "code": version.language,
        "name": Language(version.language).label,
        "number": version.number,
        "hash": version.hash,
        "short": short_hash(version.hash),
        "title": document["title"] if shown else "",
        "lead": document["lead"] if shown else "",
        "words": render_html(document, heading_shift=1, id_prefix=f"{version.language}-") if shown else "",
        "page": hooks.publication_url(publication, version.language) if shown else None,
    }


def _public_title(publication: Publication) -> str:
    """Return the title in the reader's language or the next best; none for a withdrawn text."""
    if publication.state != PublicationState.PUBLIC or offline_row(publication) is not None:
        return ""
    titles = {text.language: json.loads(text.version.canonical)["title"] for text in publication.texts.all()}
    order = [get_language() or Language.KK, *Language.values]
    return next((titles[code] for code in order if code in titles), "")


@require_safe
def sheet_json(request: HttpRequest, publication: UUID) -> HttpResponse:
    """Serve the certificate as JSON, readable from any site; its ETag is the hash of the
    response."""
    found = get_object_or_404(publications_for_sheets(), uuid=publication)
    if offline_row(found) is not None:
        held = JsonResponse(
            {"taken_off": str(_("This text is off the site while it is checked."))}, status=503
        )
        held["Access-Control-Allow-Origin"] = "*"
        return retry_later(held)
    body = json.dumps(build_sheet(found), ensure_ascii=False, sort_keys=True, indent=1).encode()
    etag = f'"{hashlib.sha256(body).hexdigest()}"'
    status = 200 if found.state == PublicationState.PUBLIC else HTTP_GONE
    response = HttpResponse(body, status=status, content_type="application/json; charset=utf-8")
    response["ETag"] = etag
    response["Access-Control-Allow-Origin"] = "*"
    _allow_revalidated_caching(response)
    conditional = get_conditional_response(request, etag=etag, response=response)
    return conditional if isinstance(conditional, HttpResponse) else response
