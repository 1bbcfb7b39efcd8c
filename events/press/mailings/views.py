"""Mailing views: choice of subject and contacts, preview, states of letters."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.naming import display_name_for
from coalition.accounts.views.access import get_viewer
from coalition.core.errors import Refused
from coalition.http.responses import flash_result
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from documents.models import Publication
from events.core.models import Event
from events.press.call_sheets.actions import make_call_sheet
from events.press.capability import Matter, matter_title, messenger_messages
from events.press.enums import MailOutState
from events.press.forms import ContactFilterForm
from events.press.mailings.actions import (
    discard_mail_out,
    prepare_mail_out,
    resubscribe_address,
    send_mail_out,
    stop_mail_out,
    unsubscribe_address,
)
from events.press.mailings.presenters import letter_rows, mail_previews
from events.press.permissions import (
    get_press_desk_access,
    may_manage_mail_out,
    may_see_letters,
    press_desk_context,
)
from events.press.presenters import matter_words, press_contact_rows
from events.press.queries import (
    CountedMailOut,
    contacts_in,
    events_to_tell,
    letter_of_token,
    letters_for,
    mail_outs_for,
    open_contacts,
    sorted_contact_keys,
    texts_to_tell,
    unsubscribed_addresses,
)

MOST_SHOWN = 500  # contacts with a check box on one page; a form is limited to 1,000 fields


@dataclass(frozen=True)
class ChosenMatter:
    """Subject of the mailing; `name` and `uuid` as form values."""

    matter: Matter

    @property
    def name(self) -> str:
        return "event" if isinstance(self.matter, Event) else "publication"

    @property
    def uuid(self) -> UUID:
        return self.matter.uuid


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Choose the subject, then the contacts; a POST creates a mailing or a call sheet."""
    access = get_press_desk_access(request, workspace)
    matter = _parse_matter(access, request.POST if request.method == "POST" else request.GET)
    if matter is None:
        return _choose_matter(request, access)
    chosen = request.POST.getlist("contact")
    if request.method == "POST":
        everybody = "everybody" in request.POST
        uuids = (
            _all_filtered_contacts(access, ContactFilterForm(request.POST))
            if everybody
            else _parse_uuids(chosen)
        )
        try:
            return _prepare_for_recipients(request, access, matter, uuids)
        except Refused as refusal:
            messages.error(request, refusal.message)
    return _choose_contacts(request, access, matter, set(chosen))


def _prepare_for_recipients(
    request: HttpRequest, access: Access, told: ChosenMatter, chosen: list[UUID]
) -> HttpResponse:
    event = told.matter if isinstance(told.matter, Event) else None
    text = told.matter if isinstance(told.matter, Publication) else None
    if request.POST.get("what") == "calls":
        sheet = make_call_sheet(access=access, contacts=chosen, event=event, publication=text)
        return redirect("events:press_calls", access.workspace.uuid, sheet.uuid)
    made = prepare_mail_out(access=access, contacts=chosen, event=event, publication=text)
    return redirect("events:press_mail_out", access.workspace.uuid, made.uuid)


def _all_filtered_contacts(access: Access, form: ContactFilterForm) -> list[UUID]:
    """Return all contacts that match the filters, also those beyond the displayed page."""
    rows = open_contacts(access)
    return list(rows.filter(pk__in=sorted_contact_keys(rows, form.wanted())).values_list("uuid", flat=True))


def _choose_matter(request: HttpRequest, access: Access) -> HttpResponse:
    language = get_language() or ""
    context = press_desk_context(
        access,
        "press",
        events=[(one, matter_title(one, language)) for one in events_to_tell(access)],
        texts=[(one, matter_title(one, language)) for one in texts_to_tell(access)[:30]],
    )
    return render(request, "events/press_desk/matters.html", context)


def _choose_contacts(
    request: HttpRequest, access: Access, told: ChosenMatter, chosen: set[str]
) -> HttpResponse:
    form = ContactFilterForm(request.POST if request.method == "POST" else request.GET)
    keys = sorted_contact_keys(open_contacts(access), form.wanted())
    contacts = contacts_in(keys[:MOST_SHOWN])
    language = get_language() or ""
    context = press_desk_context(
        access,
        "press",
        form=form,
        matter=told,
        title=matter_title(told.matter, language),
        rows=press_contact_rows(contacts, access, get_viewer(request)),
        found=len(keys),
        is_cut=len(keys) > MOST_SHOWN,
        chosen=chosen,
        begun=request.method == "POST",
        messages_ready=messenger_messages(told.matter, language),
    )
    status = 422 if request.method == "POST" else 200
    return render(request, "events/press_desk/choose.html", context, status=status)


@member_required
@require_safe
def mail_outs(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """List the workspace's mailings to the press."""
    access = get_press_desk_access(request, workspace)
    viewer = get_viewer(request)
    rows = [
        {
            "mail_out": one,
            "matter": matter_words(one),
            "organisation": display_name_for(viewer, one.organisation),
        }
        for one in mail_outs_for(access)
    ]
    return render(
        request, "events/press_desk/mail_outs.html", press_desk_context(access, "press_mail_outs", rows=rows)
    )


@member_required
@require_safe
def mail_out(request: HttpRequest, workspace: UUID, mail_out: UUID) -> HttpResponse:
    """Display one mailing: before sending the preview in every language, afterwards each letter's
    state."""
    access, found = _get_mail_out_or_404(request, workspace, mail_out)
    planned = found.state == MailOutState.PLANNED
    letters = letter_rows(access, found)
    context = press_desk_context(
        access,
        "press_mail_outs",
        mail_out=found,
        matter=matter_words(found),
        organisation=display_name_for(get_viewer(request), found.organisation),
        planned=planned,
        moving=found.state in {MailOutState.SENDING, MailOutState.STOPPED} and bool(found.waiting),
        may_tend=may_manage_mail_out(access, found),
        sees_all=may_see_letters(access, found),
        previews=mail_previews(found) if planned else [],
        letters=letters,
        more=letters_for(access, found).count() - len(letters),
    )
    return render(request, "events/press_desk/mail_out.html", context)


@member_required
@require_POST
def mail_out_send(request: HttpRequest, workspace: UUID, mail_out: UUID) -> HttpResponse:
    """Send the mailing."""
    access, found = _get_mail_out_or_404(request, workspace, mail_out)
    with flash_result(request, _("The mails are on their way. You can leave this page.")):
        send_mail_out(access=access, mail_out=found)
    return redirect("events:press_mail_out", access.workspace.uuid, found.uuid)


@member_required
@require_POST
def mail_out_stop(request: HttpRequest, workspace: UUID, mail_out: UUID) -> HttpResponse:
    """Withdraw the unsent mails."""
    access, found = _get_mail_out_or_404(request, workspace, mail_out)
    with flash_result(request, _("Stopped. What has not left yet is kept back.")):
        stop_mail_out(access=access, mail_out=found)
    return redirect("events:press_mail_out", access.workspace.uuid, found.uuid)


@member_required
@require_POST
def mail_out_discard(request: HttpRequest, workspace: UUID, mail_out: UUID) -> HttpResponse:
    """Delete an unsent mailing."""
    access, found = _get_mail_out_or_404(request, workspace, mail_out)
    with flash_result(request, _("Discarded. Nobody was written to.")):
        discard_mail_out(access=access, mail_out=found)
    return redirect("events:press_mail_outs", access.workspace.uuid)


def _get_mail_out_or_404(request: HttpRequest, workspace: UUID, uuid: UUID) -> tuple[Access, CountedMailOut]:
    access = get_press_desk_access(request, workspace)
    return access, get_object_or_404(mail_outs_for(access), uuid=uuid)


def _parse_matter(access: Access, given: Any) -> ChosenMatter | None:
    """Return the requested subject if the press may be informed of it now; raise Http404 if not."""
    rows: dict[str, Any] = {"event": events_to_tell, "publication": texts_to_tell}
    for name, of in rows.items():
        if given.get(name):
            wanted = _parse_uuids([given[name]])
            found = of(access).filter(uuid__in=wanted).first()
            if found is None:
                raise Http404
            return ChosenMatter(found)
    return None


def _parse_uuids(words: list[str]) -> list[UUID]:
    found = []
    for one in words:
        try:
            found.append(UUID(one))
        except ValueError:
            continue
    return found


# --- unsubscribe ---
# Unsubscribe page of mailings to the press: one click, no account, no tracking.


@csrf_exempt  # mail clients POST without loading a page first (RFC 8058); the URL is the secret
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_page(request: HttpRequest, token: str) -> HttpResponse:
    """GET displays a button, because mail scanners open links; a POST unsubscribes, or subscribes
    again."""
    letter = letter_of_token(token)
    if letter is None:
        return _hide_secret_address(render(request, "events/press_desk/nothing.html", status=404))
    if request.method == "POST":
        resubscribe_address(letter) if request.POST.get("what") == "again" else unsubscribe_address(letter)
    with override(letter.language):
        context = {
            "organisation": letter.mail_out.organisation.name_in(letter.language),
            "ended": bool(unsubscribed_addresses([letter.address_print])),
            "language": letter.language,
        }
        return _hide_secret_address(render(request, "events/press_desk/end.html", context))


def _hide_secret_address(answer: HttpResponse) -> HttpResponse:
    """Set headers against referrers and search engines, because the URL is a secret."""
    answer["Referrer-Policy"] = "strict-origin"
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer
