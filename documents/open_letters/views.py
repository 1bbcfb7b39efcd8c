"""Views for coordinators: open a letter, moderate joinings, close it."""

from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.enums import Language
from coalition.core.errors import Refused
from coalition.core.throttling import is_rate_limited
from coalition.core.tokens import hash_token
from coalition.http.responses import flash_result, form_page
from coalition.workspaces.access import get_access, member_required
from coalition.workspaces.notifications.unread import mark_subjects_read
from coalition.workspaces.permissions import Access
from documents.canonical.html import render_html
from documents.drafts.permissions import require_that
from documents.files.views import send_logo
from documents.open_letters.actions import (
    Joiner,
    TooManyJoinings,
    approve_joining,
    ask_to_join,
    close_letter,
    confirm_joining,
    join_again,
    open_letter,
    reject_joining,
    remove_joining_logo,
    upload_joining_logo,
    withdraw_joining,
)
from documents.open_letters.actions import admit_logo as actions_admit_logo
from documents.open_letters.actions import refuse_logo as actions_refuse_logo
from documents.open_letters.enums import JoiningState
from documents.open_letters.forms import JoinForm, LetterForm
from documents.open_letters.models import Joining, OpenLetter
from documents.open_letters.permissions import may_lead_letter
from documents.open_letters.queries import (
    joined_earlier,
    joined_organisations,
    joining_of_token,
    joinings_of,
    letter_at,
    letter_of,
    logo_of_joining,
    may_join_again,
)
from documents.publication import hooks
from documents.publication.certificate import public_and_other_names, signatory_marks
from documents.publication.forms import LogoForm
from documents.publication.models import Publication
from documents.publication.queries import publications_for, publications_for_sheets


def _to_letter(request: HttpRequest, uuid: UUID) -> tuple[Access, Publication, OpenLetter | None]:
    publication = get_object_or_404(publications_for(request.user), uuid=uuid)
    access = get_access(request, publication.draft.workspace.uuid)
    allowed = may_lead_letter(access, publication.draft)
    require_that(allowed, _("Coordinators open a text for joining from outside."))
    return access, publication, letter_of(publication.draft)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def manage_letter(request: HttpRequest, publication: UUID) -> HttpResponse:
    """Open the letter of a public text, or list its joinings."""
    access, found, known = _to_letter(request, publication)
    mark_subjects_read(request, found.uuid)
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


@member_required
@require_POST
def close_open_letter(request: HttpRequest, publication: UUID) -> HttpResponse:
    """Close the letter for new names."""
    access, found, known = _to_letter(request, publication)
    if known is not None:
        with flash_result(request, _("Closed. Who joined stays, and can still withdraw.")):
            close_letter(access=access, letter=known)
    return redirect("documents:letter", found.uuid)


@member_required
@require_POST
def admit_joining(request: HttpRequest, publication: UUID, joining: UUID) -> HttpResponse:
    """Admit an organisation."""
    access, found, row = to_joining(request, publication, joining)
    with flash_result(request):
        approve_joining(access=access, joining=row)
    return redirect("documents:letter", found.uuid)


@member_required
@require_POST
@reauthentication_required
def refuse_joining(request: HttpRequest, publication: UUID, joining: UUID) -> HttpResponse:
    """Remove an organisation and delete its data."""
    access, found, row = to_joining(request, publication, joining)
    with flash_result(request, _("Refused. What it wrote is deleted; its contact is told by mail.")):
        reject_joining(access=access, joining=row)
    return redirect("documents:letter", found.uuid)


def to_joining(request: HttpRequest, publication: UUID, joining: UUID) -> tuple[Access, Publication, Joining]:
    """Return a current or past joining of this text, for the letter's coordinators; else 404."""
    access, found, known = _to_letter(request, publication)
    rows = joinings_of(known, found) if known is not None else Joining.objects.none()
    return access, found, get_object_or_404(rows, uuid=joining)


# --- public ---
# An open letter on the public site: its text, signatories, form, and a signatory's link.


# As on the pages of invitations: the URL is the key, and "no-referrer" would make browsers send the
# form with `Origin: null`.
REFERRER_POLICY = "strict-origin"


def _letter_or_404(slug: str) -> tuple[OpenLetter, Publication]:
    """Return the letter with its public text, or raise 404."""
    found = letter_at(slug)
    if found is None:
        raise Http404
    return found[0], publications_for_sheets().get(pk=found[1].pk)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def public_letter(request: HttpRequest, slug: str) -> HttpResponse:
    """Display the text, its signatories, and the form to join. Every requester gets the same
    answer."""
    found, publication = _letter_or_404(slug)
    form = JoinForm(request.POST or None)
    if request.method == "POST":
        if is_rate_limited(request, "joining"):
            return _form_again(request, slug, form, "too_often", status=429)
        if form.is_valid():
            sent = {name: value for name, value in form.cleaned_data.items() if name != "authorised"}
            if request.POST.get("publication") != str(publication.uuid):
                return _form_again(request, slug, form, "changed", status=409)
            try:
                joiner = Joiner(**sent, language=Language(_active_language()))
                ask_to_join(letter=found, publication=publication, joiner=joiner)
            except TooManyJoinings:
                return _form_again(request, slug, form, "too_often", status=429)
            except Refused:
                return _form_again(request, slug, form, "changed", status=409)
            return redirect("letter_sent", slug)
    return _letter_page(request, found, publication, form)


def _form_again(request: HttpRequest, slug: str, form: JoinForm, why: str, *, status: int) -> HttpResponse:
    """Redisplay the current page with the input and the error; if the page is gone, only the
    error."""
    found = letter_at(slug)
    if found is None or found[0].closed_at is not None or found[1].awaiting_since is not None:
        return _letter_response(request, slug, why, status=status)
    public = publications_for_sheets().get(pk=found[1].pk)
    return _letter_page(request, found[0], public, form, why=why, status=status)


def _letter_page(
    request: HttpRequest,
    found: OpenLetter,
    publication: Publication,
    form: JoinForm,
    *,
    why: str = "",
    status: int = 0,
) -> HttpResponse:
    texts = {text.language: text for text in publication.texts.all()}
    text = texts.get(_active_language()) or next(iter(texts.values()))
    _named, others = public_and_other_names(publication)
    outside = joined_organisations(found, publication)
    context = {
        **hooks.site_frame_context(request),
        "languages": _letter_language_switch(found.slug),
        "letter": found,
        "publication": publication,
        "title": text.document["title"],
        "lead": text.document["lead"],
        "words_language": text.language,
        "words": render_html(text.document),
        "named": [mark.name for mark in signatory_marks(publication)],
        "withheld": len(others),
        "outside": outside,
        "earlier": len(joined_earlier(found, publication)),
        "sheet_url": reverse("documents_public:sheet", args=[publication.uuid]),
        "form": form,
        "why": why,
    }
    status = status or (422 if form.errors else 200)
    return render(request, "documents/letters/letter.html", context, status=status)


@never_cache
@require_safe
def joining_mail_sent(request: HttpRequest, slug: str) -> HttpResponse:
    """Confirm that a mail was sent."""
    _letter_or_404(slug)
    return _letter_response(request, slug, "sent")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def joining_link(request: HttpRequest, token: str) -> HttpResponse:
    """Display the link's purpose on GET, confirm or withdraw on POST: mail scanners open links."""
    found = joining_of_token(hash_token(token))
    if found is None:
        return mark_private(_letter_response(request, "", "nothing", status=404))
    step, public = _joining_step(found)
    if request.method == "POST":
        step = _perform_joining_action(request.POST, token) or ("ended" if step == "ended" else "changed")
    return render_joining_link(request, token, step=step, corrected=public)


def render_joining_link(
    request: HttpRequest,
    token: str,
    *,
    step: str = "",
    corrected: Publication | None = None,
    logo_form: LogoForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the page of a link; `step`: what was done with it, or else its current purpose."""
    found = joining_of_token(hash_token(token))
    if found is None:
        return mark_private(_letter_response(request, "", "nothing", status=404))
    if not step:
        step, corrected = _joining_step(found)
    publication = publications_for_sheets().filter(pk=found.publication_id).first()
    return mark_private(
        _letter_response(
            request,
            found.letter.slug,
            step,
            status=status,
            joining=found,
            title=publication.title if publication else "",
            corrected=corrected,
            logo=logo_of_joining(found),
            logo_form=logo_form or LogoForm(initial={"permitted": found.logo_allowed}),
            token=token,
        )
    )


def _joining_step(found: Joining) -> tuple[str, Publication | None]:
    """Return the link's current purpose, and the corrected text if it can be joined."""
    if found.state == JoiningState.JOINED:
        at = letter_at(found.letter.slug)
        public = at[1] if at else None
        if public is None or public.awaiting_since or found.letter.closed_at:
            return "withdraw", None
        return ("again", public) if may_join_again(found, public) else ("withdraw", None)
    return ("confirm" if found.state == JoiningState.UNCONFIRMED else "ended"), None


def _perform_joining_action(sent: QueryDict, token: str) -> str:
    """Return what was done; empty if it was not possible."""
    try:
        if sent.get("act") == "withdraw":
            withdraw_joining(token=token)
            return "withdrawn"
        if sent.get("act") == "again":
            join_again(token=token, publication=UUID(sent.get("publication", "")))
            return "joined_again"
        confirm_joining(token=token)
    except (Refused, ValueError):
        return ""
    return "done"


def mark_private[Response: HttpResponseBase](response: Response) -> Response:
    """Mark the response of a secret URL, so that no other page learns the URL."""
    response["Referrer-Policy"] = REFERRER_POLICY
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


def _letter_response(
    request: HttpRequest, slug: str, step: str, *, status: int = 200, **more: object
) -> HttpResponse:
    context = {
        **hooks.site_frame_context(request),
        "languages": _letter_language_switch(slug) if slug else [],
        "slug": slug,
        "step": step,
        **more,
    }
    return render(request, "documents/letters/answer.html", context, status=status)


def _active_language() -> str:
    return (get_language() or Language.KK)[:2]


def _letter_language_switch(slug: str) -> list[dict[str, object]]:
    """Return the letter's URLs in the three languages, for the language switch."""
    found: list[dict[str, object]] = []
    for code, label in Language.choices:
        with override(code):
            url = reverse("open_letter", args=[slug])
        found.append({"code": code, "name": label, "url": url, "current": code == get_language()})
    return found


# --- logos ---
# Logos of organisations that joined an open letter: public, by a signatory's link, in the member
# area.


@require_safe
def public_logo(request: HttpRequest, slug: str, logo: UUID) -> HttpResponse:
    """Serve a logo that the letter displays now; 404 for every other alike."""
    found = letter_at(slug)
    shown = joined_organisations(*found).named if found else []
    row = next((one.logo for one in shown if one.logo is not None and one.logo.uuid == logo), None)
    if row is None:
        raise Http404
    response = send_logo(request, row)
    response["Cache-Control"] = "public, max-age=0, must-revalidate"
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def logo_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Serve the logo that was sent on GET; replace or remove it on POST."""
    found = joining_of_token(hash_token(token))
    if request.method != "POST":
        row = logo_of_joining(found) if found is not None else None
        if row is None:
            raise Http404
        return mark_private(send_logo(request, row))
    if found is not None and is_rate_limited(request, "logo"):
        return render_joining_link(request, token, step="too_often", status=429)
    form = LogoForm(request.POST, request.FILES)
    try:
        if request.POST.get("act") == "away":
            remove_joining_logo(token=token)
        elif form.is_valid():
            file = form.cleaned_data["file"]
            upload_joining_logo(token=token, content=file, size=file.size, name=file.name)
    except Refused as refusal:
        form.add_error("file", refusal.message)
    if form.is_bound and form.errors and request.POST.get("act") != "away":
        return render_joining_link(request, token, logo_form=form, status=422)
    return redirect("letter_link", token)


@member_required
@require_safe
def joining_logo(request: HttpRequest, publication: UUID, joining: UUID) -> HttpResponse:
    """Serve the logo to a coordinator."""
    _access, _found, row = to_joining(request, publication, joining)
    logo = logo_of_joining(row)
    if logo is None:
        raise Http404
    return send_logo(request, logo)


@member_required
@require_POST
def admit_logo(request: HttpRequest, publication: UUID, joining: UUID, logo: UUID) -> HttpResponse:
    """Admit a logo, displayed beside the name."""
    access, found, row = to_joining(request, publication, joining)
    with flash_result(request):
        actions_admit_logo(access=access, joining=row, logo=logo)
    return redirect("documents:letter", found.uuid)


@member_required
@require_POST
@reauthentication_required
def refuse_logo(request: HttpRequest, publication: UUID, joining: UUID, logo: UUID) -> HttpResponse:
    """Delete a logo; the name stays."""
    access, found, row = to_joining(request, publication, joining)
    with flash_result(request, _("The logo is deleted; the name stays.")):
        actions_refuse_logo(access=access, joining=row, logo=logo)
    return redirect("documents:letter", found.uuid)
