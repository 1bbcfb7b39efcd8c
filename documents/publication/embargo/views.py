"""Views of a planned publication: its moment, its readers until then, early lift, the call list."""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.enums import Language
from coalition.accounts.views.access import get_viewer
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.jobs.date_formats import moment_with_time_zone
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from documents.approval.permissions import to_round
from documents.approval.queries.boards import board_of, publishing_obstacles
from documents.canonical.serialise import short_hash
from documents.contacts.actions import add_contact
from documents.contacts.models import Contact
from documents.contacts.queries import contacts_to_write_to
from documents.drafts.access import access_to_drafts
from documents.drafts.enums import EmbargoAct, PublicationState
from documents.drafts.permissions import may_offer_embargo, may_submit_for_approval, require_that
from documents.drafts.presenters import render_document
from documents.drafts.token_links import OPENED_LINK_LIFETIME, REFERRER_POLICY
from documents.files.models import StoredFile
from documents.files.queries import pictures_in
from documents.files.views import send_picture, stream_pieces
from documents.interchange.formats import FileFormat
from documents.publication.actions.publish import NotPublishable, publish_approved
from documents.publication.certificate import missing_languages_sentence
from documents.publication.embargo.actions.access import (
    EMBARGO_FORMATS,
    NoSuchAccess,
    TooManyUses,
    agree_to_embargo,
    end_feed,
    file_name_for,
    make_embargo_file,
    offer_embargo,
    record_agreement,
    request_feed,
    send_feed,
    use_embargo,
)
from documents.publication.embargo.actions.schedule import (
    revoke_access,
    revoke_accesses_of_outlet,
    schedule_publication,
    unschedule_publication,
)
from documents.publication.embargo.forms import EmbargoOfferForm, ScheduleForm
from documents.publication.embargo.models import EmbargoAccess
from documents.publication.embargo.presenters import contact_access_rows, is_late, lateness_sentence
from documents.publication.embargo.queries import access_of_token, accesses_of, contacts_with, planned_for
from documents.publication.forms import PublishForm
from documents.publication.models import Publication, PublicationText
from documents.publication.queries import UPCOMING_STATES, newest_public_of, publications_for, sheet_address
from documents.publication.views import publish_page

EMBARGO_TEMPLATE = "documents/embargo/desk.html"


@member_required
@require_POST
@reauthentication_required
def schedule_round(request: HttpRequest, round_uuid: UUID) -> HttpResponse:
    """Choose or change the moment at which a round's text becomes public. Redisplays the input if
    it is refused."""
    access, round_ = to_round(request, round_uuid)
    require_that(may_submit_for_approval(access, round_.draft), _("Coordinators publish."))
    form = ScheduleForm(request.POST)
    if form.is_valid():
        try:
            planned = schedule_publication(access=access, round_=round_, at=form.cleaned_data["at"])
        except Refused as refusal:
            form.add_error("at", refusal.message)
        else:
            messages.success(request, _("Scheduled. Nothing is public before this moment."))
            return redirect("documents:embargo", planned.uuid)
    board = board_of(round_, get_viewer(request))
    corrects = newest_public_of(round_.draft) is not None
    return publish_page(
        request,
        access,
        board,
        form=PublishForm(corrects=corrects),
        reasons=publishing_obstacles(board),
        schedule_form=form,
    )


@member_required
@require_safe
def embargo_page(request: HttpRequest, publication: UUID) -> HttpResponse:
    """Display the plan and the media contacts with access until then."""
    access, found = _to_planned(request, publication)
    return form_page(request, EMBARGO_TEMPLATE, _embargo_context(request, access, found))


@member_required
@require_POST
def offer_to_contact(request: HttpRequest, publication: UUID) -> HttpResponse:
    """Ask a person of an outlet whether they agree; store a new contact."""
    access, found = _to_planned(request, publication)
    _require_press(access, found)
    form = EmbargoOfferForm(request.POST, contacts=contacts_to_write_to(access.organisation.uuid))
    if form.is_valid():
        try:
            contact = form.chosen or add_contact(access=access, person=form.person())
            offer_embargo(access=access, publication=found, contact=contact)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Asked. The mail tells the moment and nothing of the text."))
            return redirect("documents:embargo", found.uuid)
    return form_page(request, EMBARGO_TEMPLATE, _embargo_context(request, access, found, form))


@member_required
@require_POST
def record_phone_agreement(request: HttpRequest, publication: UUID, access_uuid: UUID) -> HttpResponse:
    """Record an agreement given in a call."""
    access, found = _to_planned(request, publication)
    _require_press(access, found)
    row = get_object_or_404(accesses_of(found), uuid=access_uuid)
    with flash_result(request, _("Recorded. A link to the text goes out by mail.")):
        record_agreement(access=access, embargo=row)
    return redirect("documents:embargo", found.uuid)


@member_required
@require_POST
def end_embargo_access(request: HttpRequest, publication: UUID, access_uuid: UUID) -> HttpResponse:
    """Revoke an access at once."""
    access, found = _to_planned(request, publication)
    _require_press(access, found)
    revoke_access(access=access, embargo=get_object_or_404(accesses_of(found), uuid=access_uuid))
    messages.success(request, _("Taken back: the link opens nothing any more."))
    return redirect("documents:embargo", found.uuid)


@member_required
@require_POST
def end_outlet_access(request: HttpRequest, publication: UUID, outlet: UUID) -> HttpResponse:
    """Revoke every access of an outlet at once, including those another organisation brought."""
    access, found = _to_planned(request, publication)
    if not revoke_accesses_of_outlet(access=access, publication=found, outlet=outlet):
        raise Http404
    messages.success(request, _("Taken back: the outlet's links open nothing any more."))
    return redirect("documents:embargo", found.uuid)


@member_required
@require_POST
def send_calendar(request: HttpRequest, publication: UUID, access_uuid: UUID) -> HttpResponse:
    """Mail a person of an outlet the URL of their calendar; invalidate the previous one."""
    access, found = _to_press(request, publication)
    row = get_object_or_404(accesses_of(found).select_related("publication__draft"), uuid=access_uuid)
    with flash_result(request, _("Sent: the address of their calendar goes to their mailbox.")):
        send_feed(access=access, embargo=row)
    return _redirect_to_embargo(found)


@member_required
@require_POST
def end_calendar(request: HttpRequest, publication: UUID, access_uuid: UUID) -> HttpResponse:
    """End the calendar URL of a person of an outlet at once."""
    access, found = _to_press(request, publication)
    row = get_object_or_404(accesses_of(found), uuid=access_uuid)
    contact = contacts_with([row.contact]).get(row.contact)
    if contact is None:
        raise Http404
    end_feed(access=access, contact=contact)
    messages.success(request, _("Ended. Programs that ask at this address find nothing any more."))
    return _redirect_to_embargo(found)


@member_required
@require_POST
@reauthentication_required
def cancel_schedule(request: HttpRequest, publication: UUID) -> HttpResponse:
    """Cancel the scheduled publication."""
    access, found = _to_planned(request, publication)
    try:
        unschedule_publication(access=access, publication=found)
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(
            request, _("Put off: nothing becomes public by itself, and nobody reads it by a link.")
        )
    return redirect("documents:embargo", found.uuid)


@member_required
@require_POST
@reauthentication_required
def lift_embargo(request: HttpRequest, publication: UUID) -> HttpResponse:
    """Lift the embargo now: publish the text at once, and display the call list."""
    access, found = _to_planned(request, publication)
    require_that(may_submit_for_approval(access, found.draft), _("Coordinators publish."))
    try:
        publish_approved(access=access, round_=found.round)
    except NotPublishable as refusal:
        return form_page(
            request,
            EMBARGO_TEMPLATE,
            _embargo_context(request, access, found) | {"obstacles": refusal.reasons},
        )
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("documents:embargo", found.uuid)
    messages.success(request, _("It is public, in all its languages. Who agreed is told by mail now."))
    return redirect("documents:calls", found.uuid)


@member_required
@require_safe
def embargo_call_list(request: HttpRequest, publication: UUID) -> HttpResponse:
    """Display the call list: those who agreed to the embargo of a text that is public now."""
    found = get_object_or_404(publications_for(request.user), uuid=publication)
    access = access_to_drafts(request, found.draft.workspace.uuid)
    _require_press(access, found)
    rows, others = contact_access_rows(found, access, agreed=True)
    context = {
        "access": access,
        "workspace": access.workspace,
        "publication": found,
        "rows": [row for row in rows if row.has_agreed and row.is_open],
        "others": others,
    }
    return render(request, "documents/embargo/calls.html", context)


def _to_planned(request: HttpRequest, uuid: UUID) -> tuple[Access, Publication]:
    found = get_object_or_404(planned_for(request.user), uuid=uuid)
    access = access_to_drafts(request, found.draft.workspace.uuid)
    found.draft.workspace = access.workspace
    return access, found


def _to_press(request: HttpRequest, uuid: UUID) -> tuple[Access, Publication]:
    """Return a planned or since published text, for members responsible for the media."""
    found = planned_for(request.user).filter(uuid=uuid).first()
    if found is None:
        found = get_object_or_404(publications_for(request.user), uuid=uuid)
    access = access_to_drafts(request, found.draft.workspace.uuid)
    found.draft.workspace = access.workspace
    _require_press(access, found)
    return access, found


def _redirect_to_embargo(publication: Publication) -> HttpResponse:
    is_ahead = publication.state in UPCOMING_STATES
    return redirect("documents:embargo" if is_ahead else "documents:calls", publication.uuid)


def _require_press(access: Access, publication: Publication) -> None:
    require_that(
        may_offer_embargo(access, publication.draft),
        _("Coordinators and the press officer of an organisation offer a text to the media."),
    )


def _embargo_context(
    request: HttpRequest, access: Access, publication: Publication, form: EmbargoOfferForm | None = None
) -> dict[str, Any]:
    serves = may_offer_embargo(access, publication.draft)
    leads = may_submit_for_approval(access, publication.draft)
    board = board_of(publication.round, get_viewer(request))
    texts = list(publication.texts.select_related("version"))
    found = {
        "access": access,
        "workspace": access.workspace,
        "publication": publication,
        "draft": publication.draft,
        "is_scheduled": publication.state == PublicationState.SCHEDULED,
        "moment": moment_with_time_zone(publication.scheduled_at) if publication.scheduled_at else "",
        "lateness": lateness_sentence(publication),
        "texts": [
            {
                "name": text.get_language_display(),
                "number": text.version.number,
                "hash": short_hash(text.hash),
            }
            for text in texts
        ],
        "missing": missing_languages_sentence(publication),
        "obstacles": publishing_obstacles(board),
        "leads": leads,
        "serves": serves,
        "schedule_form": ScheduleForm(initial={"at": publication.scheduled_at}) if leads else None,
    }
    if serves:
        found["rows"], found["others"] = contact_access_rows(publication, access)
    if serves and publication.state == PublicationState.SCHEDULED:
        found["form"] = form or EmbargoOfferForm(contacts=contacts_to_write_to(access.organisation.uuid))
    return found


# --- outlet ---
# Pages for a person of an outlet: the terms, and after one click on *I agree* the text and its
# files.
#
# GET displays and POST acts: mail scanners open links. None of the text, not even its title, is
# disclosed before the person agreed. Readability depends only on the publication's state, never on
# a clock here.


type EmbargoView = Callable[..., HttpResponseBase]

OPENED_EMBARGOES_SESSION_KEY = (
    "embargoes"  # session: UUID of an access → when its button was clicked in this browser
)


def press_page(view: EmbargoView) -> EmbargoView:
    """Decorate a page for the holder of a link, called with the access: in the person's language,
    not cached. Once the text is public the link redirects to its certificate."""

    @wraps(view)
    def guarded(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponseBase:
        language = get_language()
        try:
            embargo, contact = _require_access(token)
            if not request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME):
                language = contact.language
            with override(language):
                if embargo.publication.state != PublicationState.SCHEDULED:
                    response: HttpResponseBase = redirect(sheet_address(embargo.publication, language))
                else:
                    response = view(request, embargo, contact, token, **kwargs)
        except (NoSuchAccess, Http404):
            response = render(request, "documents/guests/nothing.html", status=404)
        except TooManyUses:
            response = render(request, "documents/guests/too_often.html", status=429)
        response["Cache-Control"] = "no-store, private"
        response["Referrer-Policy"] = REFERRER_POLICY
        response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
        response["Content-Language"] = language or ""
        return response

    return guarded


def agreement_required(view: EmbargoView) -> EmbargoView:
    """Decorate a page that displays the text: only after agreement, and a click in this browser.
    Use inside `press_page`."""

    @wraps(view)
    def guarded(
        request: HttpRequest,
        embargo: EmbargoAccess,
        contact: Contact,
        token: str,
        language: str,
        **kwargs: Any,
    ) -> HttpResponseBase:
        if embargo.agreed_at is None or not _is_open(request, embargo):
            return redirect("embargo", token)
        text = next((one for one in _scheduled_texts(embargo) if one.language == language), None)
        if text is None:
            raise Http404
        return view(request, embargo, contact, token, text, **kwargs)

    return guarded


@press_page
@require_http_methods(["GET", "HEAD", "POST"])
def embargo_landing(
    request: HttpRequest, embargo: EmbargoAccess, contact: Contact, token: str
) -> HttpResponseBase:
    """Display the terms and the button: *I agree*, or *open* after agreement in another browser or
    in a call."""
    if request.method == "POST":
        try:
            if embargo.agreed_at is None:
                agree_to_embargo(token=token)
            else:
                use_embargo(token=token, act=EmbargoAct.OPENED)
        except Refused:  # published meanwhile
            return redirect(sheet_address(embargo.publication))
        _remember_opened(request, embargo)
        return redirect("embargo_text", token, _first_language(embargo, contact))
    if embargo.agreed_at is not None and _is_open(request, embargo):
        return redirect("embargo_text", token, _first_language(embargo, contact))
    if request.method == "GET":
        use_embargo(token=token, act=EmbargoAct.FOLLOWED)
    context = {
        "embargo": embargo,
        "contact": contact,
        "until": _embargo_end_text(embargo),
        "is_late": is_late(embargo.publication),
    }
    return render(request, "documents/embargo/landing.html", context)


@press_page
@agreement_required
@require_safe
def embargo_text(
    request: HttpRequest, embargo: EmbargoAccess, contact: Contact, token: str, text: PublicationText
) -> HttpResponse:
    """Display the text in one language, and its files."""
    if request.method == "GET":
        use_embargo(token=token, act=EmbargoAct.READ, language=text.language)
    context = {
        "embargo": embargo,
        "contact": contact,
        "token": token,
        "until": _embargo_end_text(embargo),
        "is_late": is_late(embargo.publication),
        "language": text.language,
        "document": text.document,
        "words": _render_embargo_text(embargo, text, token),
        "formats": [{"code": form.value, "label": form.label} for form in EMBARGO_FORMATS],
        "tabs": [
            {"code": one.language, "name": Language(one.language).label, "current": one.pk == text.pk}
            for one in _scheduled_texts(embargo)
        ],
    }
    return render(request, "documents/embargo/text.html", context)


@press_page
@agreement_required
@require_POST
def embargo_download(
    request: HttpRequest, embargo: EmbargoAccess, contact: Contact, token: str, text: PublicationText
) -> HttpResponseBase:
    """Serve a file of the text. The use is recorded before the file is made, which throttles this
    expensive work."""
    wanted = request.POST.get("format", "")
    if wanted not in {form.value for form in EMBARGO_FORMATS}:
        raise Http404
    form = FileFormat(wanted)
    use_embargo(token=token, act=EmbargoAct.DOWNLOADED, language=text.language)
    content = make_embargo_file(embargo, contact, text, form)
    if content is None:
        return render(request, "documents/embargo/no_file.html", {"token": token, "text": text}, status=503)
    name = file_name_for(embargo, contact, text, form)
    headers = {
        "Content-Disposition": content_disposition_header(True, name) or "attachment",  # noqa: FBT003  as Django has it
        "Content-Length": str(len(content)),
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
    }
    return StreamingHttpResponse(stream_pieces(content), headers=headers, content_type=form.media_type)


@press_page
@require_POST
def request_embargo_calendar(
    request: HttpRequest, embargo: EmbargoAccess, contact: Contact, token: str
) -> HttpResponse:
    """Mail the person the URL of their embargo calendar."""
    if embargo.agreed_at is None or not _is_open(request, embargo):
        return redirect("embargo", token)
    with flash_result(request, _("The address of your calendar is on its way to your mailbox.")):
        request_feed(token=token)
    return redirect("embargo_text", token, _first_language(embargo, contact))


@press_page
@agreement_required
@require_safe
def embargo_picture(
    request: HttpRequest,
    embargo: EmbargoAccess,
    contact: Contact,
    token: str,
    text: PublicationText,
    file: UUID,
) -> HttpResponseBase:
    """Serve a picture of the text."""
    return send_picture(request, get_object_or_404(_pictures_of_text(embargo, text), uuid=file))


def _require_access(token: str) -> tuple[EmbargoAccess, Contact]:
    embargo = access_of_token(token)
    contact = contacts_with([embargo.contact]).get(embargo.contact) if embargo else None
    if embargo is None or contact is None or contact.removed_at is not None:
        raise NoSuchAccess
    return embargo, contact


def _scheduled_texts(embargo: EmbargoAccess) -> list[PublicationText]:
    """Return the scheduled versions, Kazakh first."""
    rows = embargo.publication.texts.select_related("version")
    return sorted(rows, key=lambda one: Language.values.index(one.language))


def _first_language(embargo: EmbargoAccess, contact: Contact) -> str:
    there = [one.language for one in _scheduled_texts(embargo)]
    return contact.language if contact.language in there else there[0]


def _pictures_of_text(embargo: EmbargoAccess, text: PublicationText) -> Any:
    shown = text.document["pictures"]
    return pictures_in(embargo.publication.draft.workspace, shown).filter(
        sha256__in=[one["sha256"] for one in shown.values()]
    )


def _render_embargo_text(embargo: EmbargoAccess, text: PublicationText, token: str) -> Any:
    def address(file: StoredFile) -> str:
        return reverse("embargo_picture", args=[token, text.language, file.uuid])

    workspace = embargo.publication.draft.workspace
    pictures = _pictures_of_text(embargo, text)
    return render_document(text.document, workspace, heading_shift=0, pictures=pictures, address=address)


def _embargo_end_text(embargo: EmbargoAccess) -> str:
    at = embargo.publication.scheduled_at
    return moment_with_time_zone(at) if at is not None else ""


def _remember_opened(request: HttpRequest, embargo: EmbargoAccess) -> None:
    pressed = dict(request.session.get(OPENED_EMBARGOES_SESSION_KEY, {}))
    pressed[str(embargo.uuid)] = now().isoformat()
    request.session[OPENED_EMBARGOES_SESSION_KEY] = pressed
    if not request.user.is_authenticated:
        request.session.set_expiry(int(OPENED_LINK_LIFETIME.total_seconds()))


def _is_open(request: HttpRequest, embargo: EmbargoAccess) -> bool:
    """Whether the button was clicked in this browser recently enough."""
    at = parse_datetime(request.session.get(OPENED_EMBARGOES_SESSION_KEY, {}).get(str(embargo.uuid), ""))
    return at is not None and max(embargo.asked_at, now() - OPENED_LINK_LIFETIME) <= at
