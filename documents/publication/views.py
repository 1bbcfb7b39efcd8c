"""Publications: publishing, withdrawing, names, logos, and the public approval sheets."""

import hashlib
import json
from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.decorators import method_decorator
from django.utils.translation import get_language, gettext as _, gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from coalition.accounts.models import Language, Listing, Organisation
from coalition.accounts.naming import display_mark_for, display_name_for
from coalition.accounts.queries import organisations_represented_by
from coalition.accounts.views.access import get_person, get_viewer
from coalition.core.errors import Refused
from coalition.jobs.date_formats import moment_with_time_zone
from coalition.workspaces.access import get_access, member_required
from coalition.workspaces.generic_views import MemberFormView
from coalition.workspaces.notifications.notify import mark_subjects_read
from coalition.workspaces.permissions import Access
from documents.approval.permissions import to_round
from documents.approval.presenters import sheet_preview, split_bars
from documents.approval.queries.boards import board_of, publishing_obstacles
from documents.canonical.compare import compare_documents, render_comparison
from documents.canonical.form import short_hash
from documents.canonical.html import render_html
from documents.drafts.generic_views import DraftFormView, WorkspaceFormView, document_action
from documents.drafts.models import DecisionKind, PublicationState, Way
from documents.drafts.permissions import may_manage_publication, may_submit_for_approval, require_that
from documents.drafts.presenters import language_switch
from documents.files.logos import LogoForm
from documents.files.views import send_logo
from documents.files.withheld import WithheldContent
from documents.hooks import HOOKS, site_frame_context
from documents.publication import actions, certificate, hooks, presenters, queries
from documents.publication.embargo.forms import ScheduleForm
from documents.publication.models import Publication, PublicationName, PublicationText
from documents.publication.queries import scheduled_for
from documents.publication.verification import findings

PUBLISH_WORD = gettext_lazy("publish")


class PublishForm(forms.Form):
    """The typed confirmation word of a publication; for a correction also the correction note."""

    correction_note = forms.CharField(
        label=gettext_lazy("What was corrected"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy(
            "The public reads it above the text, with the day, in the language you write it in."
        ),
    )
    word = forms.CharField(max_length=40)

    def __init__(self, *args: Any, corrects: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not corrects:
            del self.fields["correction_note"]
        self.fields["word"].label = gettext_lazy("To publish, type the word “%(word)s”") % {
            "word": PUBLISH_WORD
        }
        self.fields["word"].widget.attrs["autocomplete"] = "off"

    def clean_word(self) -> str:
        word: str = self.cleaned_data["word"]
        if word.strip().casefold() != str(PUBLISH_WORD).casefold():
            raise ValidationError(gettext_lazy("Type the word exactly as it stands above."))
        return word


class WithdrawForm(forms.Form):
    """The public reason for a withdrawal."""

    note = forms.CharField(
        label=gettext_lazy("Why it is withdrawn"),
        max_length=1000,
        widget=forms.Textarea,
        help_text=gettext_lazy(
            "The public reads this note in the place of the text, in the language you write it in."
        ),
    )


ON_A_PAGE = 30


@method_decorator(reauthentication_required, name="post")
class PublishView(WorkspaceFormView):
    """What will become public, and the confirmation word to type; or what is missing, in words."""

    form_class: type[forms.Form] = PublishForm
    template_name = "documents/publication/publish.html"

    def load(self) -> None:
        self.access, self.round = to_round(self.request, self.kwargs["round_uuid"])
        require_that(may_submit_for_approval(self.access, self.round.draft), _("Coordinators publish."))
        self.board = board_of(self.round, get_viewer(self.request))
        self.obstacles = publishing_obstacles(self.board)
        self.corrects = self.round.draft.publications.newest_public()

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"corrects": self.corrects is not None}

    def save(self, form: Any) -> HttpResponse:
        note = form.cleaned_data.get("correction_note", "")
        publication = actions.publish_approved(access=self.access, round_=self.round, correction_note=note)
        messages.success(self.request, _("It is public, in all its languages at the same moment."))
        return redirect("documents:publication", publication.uuid)

    def refused(self, form: Any, refusal: Refused) -> HttpResponse:
        self.obstacles = getattr(refusal, "reasons", [refusal.message])
        return self.form_invalid(form)

    def form_invalid(self, form: Any) -> HttpResponse:
        status = 409 if self.obstacles else 422
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        put = {text.language for text in self.board.texts}
        context = {
            "round": self.round,
            "draft": self.round.draft,
            "obstacles": self.obstacles,
            "bars": split_bars(self.board),
            "sheet": sheet_preview(self.board),
            "corrects": self.corrects,
            "missing": certificate.missing_sentence(code for code in Language.values if code not in put),
            "schedule_form": ScheduleForm(),
        }
        return super().get_context_data(**context | kwargs)


@member_required
@require_safe
def publications(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """List what the workspace published, newest first, and what is scheduled."""
    access = get_access(request, workspace)
    found = queries.publications_for(request.user, access.workspace).order_by("-number")
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "access": access,
        "workspace": access.workspace,
        "page": page,
        "publications": page.object_list,
        "planned": scheduled_for(request.user).filter(draft__workspace=access.workspace),
    }
    return render(request, "documents/publication/list.html", context)


def _to_publication(request: HttpRequest, uuid: UUID) -> tuple[Access, Publication]:
    found = get_object_or_404(queries.publications_for(request.user), uuid=uuid)
    mark_subjects_read(request, found.uuid)
    return get_access(request, found.draft.workspace.uuid), found


@member_required
@require_safe
def publication_page(request: HttpRequest, publication: UUID) -> HttpResponse:
    """Display one publication: its URLs, its hashes, its signatories, possible actions."""
    access, found = _to_publication(request, publication)
    viewer, leads = get_viewer(request), may_manage_publication(access, found.draft)
    named, others = queries.public_and_other_names(found)
    languages = [
        {
            "code": text.language,
            "name": Language(text.language).label,
            "hash": short_hash(text.hash),
            "number": text.version.number,
            "page": hooks.publication_url(found, text.language),
            "sheet": queries.sheet_address(found, text.language),
        }
        for text in presenters.texts_in_language_order(found)
    ]
    context = {
        "access": access,
        "workspace": access.workspace,
        "publication": found,
        "draft": found.draft,
        "is_public": found.state == PublicationState.PUBLIC,
        "may_withdraw": found.state == PublicationState.PUBLIC and leads,
        "may_see_round": leads,
        "languages": languages,
        "hash": short_hash(found.hash),
        "correction": certificate.correction_notice(found),
        "earlier": queries.sheet_address(found.replaces) if found.replaces else "",
        "newer": queries.sheet_address(newer) if (newer := getattr(found, "replaced_by", None)) else "",
        "published": moment_with_time_zone(found.published_at) if found.published_at else "",
        "named": [display_name_for(viewer, name.organisation, listing=name.listing) for name in named],
        "withheld": len(others),
        "off_since": moment_with_time_zone(off.since) if (off := findings.offline_row(found)) else "",
        "findings": [one.message for one in findings.open_findings(found)] if leads else [],
    }
    if found.awaiting_since is not None and found.state == PublicationState.PUBLIC:
        reasons = certificate.rule_violations(found)
        context |= {"awaiting": True, "reasons": reasons, "decides": leads}
    return render(request, "documents/publication/publication.html", context)


@document_action(
    _to_publication,
    back="documents:publication",
    success=gettext_lazy("Decided: the text stands."),
    reauthenticate=True,
)
def confirm_publication(request: HttpRequest, access: Access, publication: Publication) -> None:
    """Confirm that a text stays public: only if its rule is met."""
    require_that(
        may_manage_publication(access, publication.draft), _("Coordinators decide about what they published.")
    )
    actions.reaffirm_publication(access=access, publication=publication)


@method_decorator(reauthentication_required, name="post")
class WithdrawView(DraftFormView):
    """Withdraw, with a public note."""

    form_class = WithdrawForm
    template_name = "documents/publication/withdraw.html"
    success_message = gettext_lazy("Withdrawn. The note stands in the place of the text.")
    publication: Publication

    def load(self) -> None:
        self.access, self.publication = _to_publication(self.request, self.kwargs["publication"])
        self.draft = self.publication.draft
        require_that(
            may_manage_publication(self.access, self.draft), _("Coordinators withdraw what they published.")
        )

    def save(self, form: WithdrawForm) -> None:
        actions.withdraw_publication(access=self.access, publication=self.publication, **form.cleaned_data)

    def get_success_url(self) -> str:
        return reverse("documents:publication", args=[self.publication.uuid])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"publication": self.publication}


def represented_organisation(request: HttpRequest, uuid: UUID) -> Organisation:
    """Return the organisation, for its current representatives; 404 for everyone else."""
    found = organisations_represented_by(get_person(request)).filter(uuid=uuid).first()
    if found is None:
        raise Http404
    return found


@member_required
@require_safe
def organisation_names(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """List every public text of which the organisation is a signatory, named or counted, newest first."""
    found = represented_organisation(request, organisation)
    page = Paginator(queries.names_of_organisation(found), ON_A_PAGE).get_page(request.GET.get("page"))
    mark = display_mark_for(get_viewer(request), found)
    context = {"organisation": found, "mark": mark, "page": page}
    return render(request, "documents/publication/names.html", context)


@document_action(represented_organisation, back="documents:names", reauthenticate=True)
def download_proof(request: HttpRequest, organisation: Organisation, publication: UUID) -> HttpResponse:
    """Serve the organisation's own salt as a file, with which it can prove that it is a signatory."""
    name = get_object_or_404(queries.names_of_organisation(organisation), publication__uuid=publication)
    body = {
        "publication": str(name.publication.uuid),
        "organisation": str(organisation.uuid),
        "salt": name.salt,
    }
    headers = {
        "Content-Disposition": f'attachment; filename="proof-{name.publication.number}.json"',
        "Cache-Control": "no-store, private",
    }
    return HttpResponse(json.dumps(body, indent=1), content_type="application/json", headers=headers)


@document_action(
    represented_organisation,
    back="documents:names",
    success=gettext_lazy("Done. The name is gone from the page, the sheet and everything made from them."),
    reauthenticate=True,
)
def remove_own_name(request: HttpRequest, organisation: Organisation, publication: UUID) -> None:
    """Remove the name; no reason is required."""
    found = get_object_or_404(queries.public_publications(), uuid=publication)
    actions.remove_name(publication=found, organisation=organisation, person=get_person(request))


class OrganisationLogoView(MemberFormView):
    """Display what is permitted on GET, replace or withdraw the logo on POST."""

    form_class = LogoForm
    template_name = "documents/publication/logo.html"
    success_message = gettext_lazy("Your logo stands on the page of your organisation.")
    refusal_field = "file"
    organisation: Organisation

    def load(self) -> None:
        self.organisation = represented_organisation(self.request, self.kwargs["organisation"])

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.POST.get("act") != "back":
            return super().post(request, *args, **kwargs)
        actions.withdraw_organisation_logo(person=get_person(request), organisation=self.organisation)
        messages.success(request, _("Taken back. The logo is deleted and shown nowhere any more."))
        return redirect(request.path)

    def save(self, form: LogoForm) -> None:
        file, person = form.cleaned_data["file"], get_person(self.request)
        actions.upload_organisation_logo(
            person=person, organisation=self.organisation, content=file, size=file.size, name=file.name
        )

    def get_success_url(self) -> str:
        return self.request.path

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {
            "organisation": self.organisation,
            "mark": display_mark_for(get_viewer(self.request), self.organisation),
            "logo": queries.logo_of(self.organisation),
            "is_named": self.organisation.listing == Listing.PUBLIC,
        }


@member_required
@never_cache
@require_safe
def organisation_logo_image(request: HttpRequest, organisation: UUID) -> HttpResponse:
    """Serve the logo to its representatives."""
    row = queries.logo_of(represented_organisation(request, organisation))
    if row is None:
        raise Http404
    return send_logo(request, row)


HTTP_GONE = 410


def _allow_revalidated_caching(response: HttpResponse) -> HttpResponse:
    """Let caches store the response but revalidate each time: a name can be withheld at any moment."""
    patch_cache_control(response, public=True, no_cache=True)
    return response


@require_safe
def public_sheets(request: HttpRequest) -> HttpResponse:
    """List everything that was made public, newest first, with its position in the chain."""
    page = Paginator(queries.publications_for_sheets(), ON_A_PAGE).get_page(request.GET.get("page"))
    withheld = WithheldContent()
    rows = [
        {
            "publication": publication,
            "title": _public_title(publication, withheld),
            "is_public": publication.state == PublicationState.PUBLIC,
            "taken_off": findings.offline_row(publication) is not None,
            "hash": short_hash(publication.hash),
            "correction": certificate.correction_notice(publication),
            "replaced": getattr(publication, "replaced_by", None) is not None,
        }
        for publication in page.object_list
    ]
    context = {
        **site_frame_context(request),
        "rows": rows,
        "page": page,
        "languages": language_switch("documents_public:sheets"),
    }
    return _allow_revalidated_caching(render(request, "documents/publication/public_list.html", context))


@require_safe
def public_sheet(request: HttpRequest, publication: UUID) -> HttpResponse:
    """Display a text's signatories, how they approved, and hashes. A withdrawn one answers 410 with
    its note, one that is off the site during verification 503."""
    found: queries.AnnotatedPublication = get_object_or_404(
        queries.publications_for_sheets(), uuid=publication
    )
    if (offline := findings.offline_row(found)) is not None:
        frame = {
            **site_frame_context(request),
            "languages": language_switch("documents_public:sheet", found.uuid),
        }
        return findings.offline_page(request, offline.since, frame)
    named, others = queries.public_and_other_names(found)
    shown = found.state == PublicationState.PUBLIC
    silent = sum(name.way == Way.NO_OBJECTION for name in [*named, *others])
    later = queries.signatories_of_correction(found) if getattr(found, "replaced_by", None) else None
    withheld = WithheldContent()
    incomplete = certificate.incomplete_texts(found, withheld) if shown else {}
    context = {
        **site_frame_context(request),
        "publication": found,
        "title": _public_title(found, withheld),
        "is_public": shown,
        **presenters.sheet_supplements(found, withheld, shown=shown),
        "texts": [
            _text_context(found, text, withheld, shown=shown)
            for text in presenters.texts_in_language_order(found)
        ],
        "named": [
            {"mark": mark, "name": mark.name, "when": _describe_approval(name, later)}
            for mark, name in zip(queries.signatory_marks(found), named, strict=True)
        ],
        "published": moment_with_time_zone(found.published_at) if found.published_at else "",
        "withheld": len(others),
        "count": len(named) + len(others) - silent,
        "silent": silent,  # never displayed as approvals
        "hash": found.hash,
        "short": short_hash(found.hash),
        "counted": presenters.sheet_checks(found, incomplete),
        "not_counted": list(incomplete.values()),
        "missing": certificate.missing_languages_sentence(found),
        "awaiting": certificate.awaiting_decision_notice(found),
        "correction": certificate.correction_notice(found),
        "earlier_only": certificate.earlier_signatories_sentence(found.earlier_only),
        "changed": _correction_diffs(found, withheld) if shown else [],
        "replaced_by": getattr(found, "replaced_by", None),
        "json_url": reverse("documents_public:sheet_json", args=[found.uuid]),
        "languages": language_switch("documents_public:sheet", found.uuid),
    }
    for beside_it in HOOKS.sheet_context:
        context |= beside_it(found)
    status = 200 if shown else HTTP_GONE
    return _allow_revalidated_caching(
        render(request, "documents/publication/sheet.html", context, status=status)
    )


def _correction_diffs(publication: Publication, withheld: WithheldContent) -> list[dict[str, object]]:
    """Return what a correction changed, in each earlier language, while both are public."""
    before = publication.replaces
    if before is None or before.state != PublicationState.PUBLIC:
        return []
    former = {text.language: text for text in before.texts.select_related("version")}
    found: list[dict[str, object]] = []
    for text in presenters.texts_in_language_order(publication):
        earlier = former.get(text.language)
        if earlier is not None and not any(withheld.has_words_of(one) for one in (earlier, text)):
            compared = compare_documents(earlier.document_without(withheld), text.document_without(withheld))
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
    parts = [day, name.get_way_display()]
    if relies:
        parts.append(_("relies on an attested translation: %(languages)s") % {"languages": ", ".join(relies)})
    if later is not None:
        parts.append(
            _("Stands under the corrected text too")
            if name.organisation_id in later
            else _("Stands under these earlier words only")
        )
    return " · ".join(parts)


def _text_context(
    publication: Publication, text: PublicationText, withheld: WithheldContent, *, shown: bool
) -> dict[str, object]:
    document = text.document_without(withheld)
    has_words = shown and not withheld.has_words_of(text)
    return {
        "code": text.language,
        "name": text.get_language_display(),
        "number": text.version.number,
        "hash": text.version.hash,
        "short": short_hash(text.version.hash),
        "has_words": has_words,
        "title": document["title"] if has_words else "",
        "lead": document["lead"] if has_words else "",
        "words": render_html(document, heading_shift=1, id_prefix=f"{text.language}-") if has_words else "",
        "page": hooks.publication_url(publication, text.language) if shown else None,
    }


def _public_title(publication: Publication, withheld: WithheldContent) -> str:
    """Return the title in the reader's language or the next best; none for a withdrawn text, or one whose
    words are withheld."""
    if publication.state != PublicationState.PUBLIC or findings.offline_row(publication) is not None:
        return ""
    shown = [text for text in publication.texts.all() if not withheld.has_words_of(text)]
    titles = {text.language: text.title for text in shown}
    order = [get_language() or Language.KK, *Language.values]
    return next((titles[code] for code in order if code in titles), "")


@require_safe
def sheet_json(request: HttpRequest, publication: UUID) -> HttpResponse:
    """Serve the certificate as JSON, readable from any site; its ETag is the hash of the response."""
    found = get_object_or_404(queries.publications_for_sheets(), uuid=publication)
    if findings.offline_row(found) is not None:
        offline = JsonResponse(
            {"taken_off": str(_("This text is off the site while it is checked."))}, status=503
        )
        offline["Access-Control-Allow-Origin"] = "*"
        return findings.retry_later(offline)
    body = json.dumps(certificate.build_sheet(found), ensure_ascii=False, sort_keys=True, indent=1).encode()
    etag = f'"{hashlib.sha256(body).hexdigest()}"'
    status = 200 if found.state == PublicationState.PUBLIC else HTTP_GONE
    response = HttpResponse(body, status=status, content_type="application/json; charset=utf-8")
    response["ETag"] = etag
    response["Access-Control-Allow-Origin"] = "*"
    _allow_revalidated_caching(response)
    conditional = get_conditional_response(request, etag=etag, response=response)
    return conditional if isinstance(conditional, HttpResponse) else response
