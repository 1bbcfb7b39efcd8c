"""Mailing views: choice of subject and contacts, preview, states of letters."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language, gettext_lazy, override
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from coalition.accounts.naming import display_name_for
from coalition.accounts.views.access import get_viewer
from coalition.core.crypto import parse_uuid
from coalition.core.errors import Refused
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from documents.models import Publication
from events.core.models import Event
from events.press import queries
from events.press.actions import make_call_sheet
from events.press.forms import ContactFilterForm
from events.press.generic_views import press_desk_action, press_desk_page
from events.press.mailings import actions
from events.press.mailings.presenters import letter_rows, mail_previews
from events.press.messages import Matter, matter_title, messenger_messages
from events.press.models import MailOutState
from events.press.permissions import (
    get_press_desk_access,
    may_manage_mail_out,
    may_see_letters,
    press_desk_context,
)
from events.press.presenters import matter_words, press_contact_rows

TAB = "press_mail_outs"
MOST_TEXTS = 30  # the newest ones, to choose from
MOST_SHOWN = 500  # contacts with a check box on one page; a form is limited to 1,000 fields


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def choose(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """Choose the subject, then the contacts; a POST creates a mailing or a call sheet."""
    access, language = get_press_desk_access(request, workspace), get_language() or ""
    is_post = request.method == "POST"
    given = request.POST if is_post else request.GET
    matter = _parse_matter(access, given)
    if matter is None:
        context = press_desk_context(
            access,
            "press",
            events=[(one, matter_title(one, language)) for one in queries.events_to_tell(access)],
            texts=[
                (one, matter_title(one, language))
                for one in queries.texts_to_tell(access)[:MOST_TEXTS]
                if not one.has_withheld_words
            ],
        )
        return render(request, "events/mailings/matters.html", context)
    kind = "event" if isinstance(matter, Event) else "publication"
    form, contacts = ContactFilterForm(given), queries.open_contacts(access)
    chosen = request.POST.getlist("contact")
    if is_post:
        uuids = _parse_uuids(chosen)
        if "everybody" in request.POST:  # also those beyond the displayed page
            keys = queries.sorted_contact_keys(contacts, **form.wanted)
            uuids = list(contacts.filter(pk__in=keys).values_list("uuid", flat=True))
        about: dict[str, Any] = {kind: matter}
        try:
            if request.POST.get("what") == "calls":
                sheet = make_call_sheet(access=access, contacts=uuids, **about)
                return redirect("events:press_calls", access.workspace.uuid, sheet.uuid)
            made = actions.prepare_mail_out(access=access, contacts=uuids, **about)
            return redirect("events:press_mail_out", access.workspace.uuid, made.uuid)
        except Refused as refusal:
            messages.error(request, refusal.message)
    keys = queries.sorted_contact_keys(contacts, **form.wanted)
    context = press_desk_context(
        access,
        "press",
        form=form,
        matter=matter,
        matter_kind=kind,
        title=matter_title(matter, language),
        rows=press_contact_rows(queries.contacts_in(keys[:MOST_SHOWN]), access, get_viewer(request)),
        found=len(keys),
        is_cut=len(keys) > MOST_SHOWN,
        chosen=set(chosen),
        begun=is_post,
        messages_ready=messenger_messages(matter, language),
    )
    return render(request, "events/mailings/choose.html", context, status=422 if is_post else 200)


@press_desk_page("events/mailings/list.html", TAB)
def mail_outs(request: HttpRequest, access: Access) -> dict[str, Any]:
    """List the workspace's mailings to the press."""
    viewer = get_viewer(request)
    return {
        "rows": [
            {
                "mail_out": one,
                "matter": matter_words(one),
                "organisation": display_name_for(viewer, one.organisation),
            }
            for one in queries.mail_outs_for(access)
        ]
    }


@press_desk_page("events/mailings/mail_out.html", TAB)
def mail_out(request: HttpRequest, access: Access, mail_out: UUID) -> dict[str, Any]:
    """Display a mailing: before sending the preview in each language, afterwards the state of each letter."""
    found = get_object_or_404(queries.mail_outs_for(access), uuid=mail_out)
    planned = found.state == MailOutState.PLANNED
    letters = letter_rows(access, found)
    return {
        "mail_out": found,
        "matter": matter_words(found),
        "organisation": display_name_for(get_viewer(request), found.organisation),
        "planned": planned,
        "moving": found.state in {MailOutState.SENDING, MailOutState.STOPPED},
        "may_manage": may_manage_mail_out(access, found),
        "sees_all": may_see_letters(access, found),
        "previews": mail_previews(found) if planned else [],
        "letters": letters,
        "more": queries.letters_for(access, found).count() - len(letters),
    }


@press_desk_action(
    "events:press_mail_out",
    success=gettext_lazy("The mails are on their way. You can leave this page."),
    same_row=True,
)
def mail_out_send(_request: HttpRequest, access: Access, mail_out: UUID) -> None:
    """Send the mailing."""
    actions.send_mail_out(
        access=access, mail_out=get_object_or_404(queries.mail_outs_for(access), uuid=mail_out)
    )


@press_desk_action(
    "events:press_mail_out",
    success=gettext_lazy("Stopped. What has not left yet is kept back."),
    same_row=True,
)
def mail_out_stop(_request: HttpRequest, access: Access, mail_out: UUID) -> None:
    """Withdraw the unsent mails."""
    actions.stop_mail_out(
        access=access, mail_out=get_object_or_404(queries.mail_outs_for(access), uuid=mail_out)
    )


@press_desk_action("events:press_mail_outs", success=gettext_lazy("Discarded. Nobody was written to."))
def mail_out_discard(_request: HttpRequest, access: Access, mail_out: UUID) -> None:
    """Delete an unsent mailing."""
    actions.discard_mail_out(
        access=access, mail_out=get_object_or_404(queries.mail_outs_for(access), uuid=mail_out)
    )


def _parse_matter(access: Access, given: Any) -> Matter | None:
    """Return the requested subject, None without one. Raises Http404 if it is not for the press now."""
    rows: QuerySet[Any]
    for name, rows in (
        ("event", queries.events_to_tell(access)),
        ("publication", queries.texts_to_tell(access)),
    ):
        if given.get(name):
            found: Matter | None = rows.filter(uuid__in=_parse_uuids([given[name]])).first()
            if found is None or (isinstance(found, Publication) and found.has_withheld_words):
                raise Http404
            return found
    return None


def _parse_uuids(words: list[str]) -> list[UUID]:
    return [uuid for one in words if (uuid := parse_uuid(one)) is not None]


@csrf_exempt  # mail clients POST without loading a page first (RFC 8058); the URL is the secret
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_page(request: HttpRequest, token: str) -> HttpResponse:
    """GET displays a button, as mail scanners open links; a POST unsubscribes, or subscribes again."""
    letter = queries.letter_of_token(token)
    if letter is None:
        return _hide_secret_address(render(request, "events/mailings/nothing.html", status=404))
    if request.method == "POST":
        actions.resubscribe_address(letter) if request.POST.get(
            "what"
        ) == "again" else actions.unsubscribe_address(letter)
    with override(letter.language):
        context = {
            "organisation": letter.mail_out.organisation.name_in(letter.language),
            "ended": bool(queries.unsubscribed_addresses([letter.address_print])),
            "language": letter.language,
        }
        return _hide_secret_address(render(request, "events/mailings/unsubscribe.html", context))


def _hide_secret_address(answer: HttpResponse) -> HttpResponse:
    """Set headers against referrers and search engines, because the URL is a secret."""
    answer["Referrer-Policy"] = "strict-origin"
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer
