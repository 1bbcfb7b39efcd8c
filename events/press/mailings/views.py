"""Telling the press: what, whom; the mail as it will be read; what became of each."""

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
from events.press.contacts.queries import contacts_in, in_order, open_contacts, stopped
from events.press.enums import MailOutState
from events.press.forms import WantedForm
from events.press.mailings.actions import begin_again, discard, end_mails, prepare, send, stop
from events.press.mailings.presenters import letter_rows, previews
from events.press.messages import Matter, for_messenger, title_of
from events.press.permissions import at_desk, desk, may_see_letters, may_tend_mail_out
from events.press.presenters import matter_words, rows_of
from events.press.queries import (
    CountedMailOut,
    events_to_tell,
    letter_of_token,
    letters_for,
    mail_outs_for,
    texts_to_tell,
)

MOST_SHOWN = 500  # contacts to tick on one page; a form has no more than 1,000 fields


@dataclass(frozen=True)
class Chosen:
    """What the press is told of; `name` and `uuid` as a form sends them."""

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
    """Choose of what, then whom; a POST prepares a mail-out or a call sheet of them."""
    access = at_desk(request, workspace)
    matter = _matter(access, request.POST if request.method == "POST" else request.GET)
    if matter is None:
        return _choose_matter(request, access)
    chosen = request.POST.getlist("contact")
    if request.method == "POST":
        everybody = "everybody" in request.POST
        uuids = _all_wanted(access, WantedForm(request.POST)) if everybody else _uuids(chosen)
        try:
            return _begin(request, access, matter, uuids)
        except Refused as refusal:
            messages.error(request, refusal.message)
    return _choose_contacts(request, access, matter, set(chosen))


def _begin(request: HttpRequest, access: Access, told: Chosen, chosen: list[UUID]) -> HttpResponse:
    event = told.matter if isinstance(told.matter, Event) else None
    text = told.matter if isinstance(told.matter, Publication) else None
    if request.POST.get("what") == "calls":
        sheet = make_call_sheet(access=access, contacts=chosen, event=event, publication=text)
        return redirect("events:press_calls", access.workspace.uuid, sheet.uuid)
    made = prepare(access=access, contacts=chosen, event=event, publication=text)
    return redirect("events:press_mail_out", access.workspace.uuid, made.uuid)


def _all_wanted(access: Access, form: WantedForm) -> list[UUID]:
    """Everybody whom the filters leave, also those whom the page does not show."""
    rows = open_contacts(access)
    return list(rows.filter(pk__in=in_order(rows, form.wanted())).values_list("uuid", flat=True))


def _choose_matter(request: HttpRequest, access: Access) -> HttpResponse:
    language = get_language() or ""
    context = desk(
        access,
        "press",
        events=[(one, title_of(one, language)) for one in events_to_tell(access)],
        texts=[(one, title_of(one, language)) for one in texts_to_tell(access)[:30]],
    )
    return render(request, "events/press_desk/matters.html", context)


def _choose_contacts(request: HttpRequest, access: Access, told: Chosen, chosen: set[str]) -> HttpResponse:
    form = WantedForm(request.POST if request.method == "POST" else request.GET)
    keys = in_order(open_contacts(access), form.wanted())
    contacts = contacts_in(keys[:MOST_SHOWN])
    language = get_language() or ""
    context = desk(
        access,
        "press",
        form=form,
        matter=told,
        title=title_of(told.matter, language),
        rows=rows_of(contacts, access, get_viewer(request)),
        found=len(keys),
        is_cut=len(keys) > MOST_SHOWN,
        chosen=chosen,
        begun=request.method == "POST",
        messages_ready=for_messenger(told.matter, language),
    )
    status = 422 if request.method == "POST" else 200
    return render(request, "events/press_desk/choose.html", context, status=status)


@member_required
@require_safe
def mail_outs(request: HttpRequest, workspace: UUID) -> HttpResponse:
    """What was mailed to the press from this workspace."""
    access = at_desk(request, workspace)
    viewer = get_viewer(request)
    rows = [
        {
            "mail_out": one,
            "matter": matter_words(one),
            "organisation": display_name_for(viewer, one.organisation),
        }
        for one in mail_outs_for(access)
    ]
    return render(request, "events/press_desk/mail_outs.html", desk(access, "press_mail_outs", rows=rows))


@member_required
@require_safe
def mail_out(request: HttpRequest, workspace: UUID, mail_out: UUID) -> HttpResponse:
    """One of them: before it is sent in every language, after it what became of each letter."""
    access, found = _to_mail_out(request, workspace, mail_out)
    planned = found.state == MailOutState.PLANNED
    letters = letter_rows(access, found)
    context = desk(
        access,
        "press_mail_outs",
        mail_out=found,
        matter=matter_words(found),
        organisation=display_name_for(get_viewer(request), found.organisation),
        planned=planned,
        moving=found.state in {MailOutState.SENDING, MailOutState.STOPPED} and bool(found.waiting),
        may_tend=may_tend_mail_out(access, found),
        sees_all=may_see_letters(access, found),
        previews=previews(found) if planned else [],
        letters=letters,
        more=letters_for(access, found).count() - len(letters),
    )
    return render(request, "events/press_desk/mail_out.html", context)


@member_required
@require_POST
def send_it(request: HttpRequest, workspace: UUID, mail_out: UUID) -> HttpResponse:
    """Let it leave."""
    access, found = _to_mail_out(request, workspace, mail_out)
    with flash_result(request, _("The mails are on their way. You can leave this page.")):
        send(access=access, mail_out=found)
    return redirect("events:press_mail_out", access.workspace.uuid, found.uuid)


@member_required
@require_POST
def stop_it(request: HttpRequest, workspace: UUID, mail_out: UUID) -> HttpResponse:
    """Keep back what has not left."""
    access, found = _to_mail_out(request, workspace, mail_out)
    with flash_result(request, _("Stopped. What has not left yet is kept back.")):
        stop(access=access, mail_out=found)
    return redirect("events:press_mail_out", access.workspace.uuid, found.uuid)


@member_required
@require_POST
def discard_it(request: HttpRequest, workspace: UUID, mail_out: UUID) -> HttpResponse:
    """Delete one that was not sent."""
    access, found = _to_mail_out(request, workspace, mail_out)
    with flash_result(request, _("Discarded. Nobody was written to.")):
        discard(access=access, mail_out=found)
    return redirect("events:press_mail_outs", access.workspace.uuid)


def _to_mail_out(request: HttpRequest, workspace: UUID, uuid: UUID) -> tuple[Access, CountedMailOut]:
    access = at_desk(request, workspace)
    return access, get_object_or_404(mail_outs_for(access), uuid=uuid)


def _matter(access: Access, given: Any) -> Chosen | None:
    """What is asked for, if the press may be told of it now; Http404 for everything else."""
    rows: dict[str, Any] = {"event": events_to_tell, "publication": texts_to_tell}
    for name, of in rows.items():
        if given.get(name):
            wanted = _uuids([given[name]])
            found = of(access).filter(uuid__in=wanted).first()
            if found is None:
                raise Http404
            return Chosen(found)
    return None


def _uuids(words: list[str]) -> list[UUID]:
    found = []
    for one in words:
        try:
            found.append(UUID(one))
        except ValueError:
            continue
    return found


# --- unsubscribe ---
# The page of a reader of mail to the press: no more of it, with one press. No account, nothing watched.


@csrf_exempt  # mail programs send it without a page of ours before (RFC 8058); the address is the key
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, token: str) -> HttpResponse:
    """The GET shows a button, since mail scanners open links; one POST ends it, another begins it again."""
    letter = letter_of_token(token)
    if letter is None:
        return _kept_secret(render(request, "events/press_desk/nothing.html", status=404))
    if request.method == "POST":
        begin_again(letter) if request.POST.get("what") == "again" else end_mails(letter)
    with override(letter.language):
        context = {
            "organisation": letter.mail_out.organisation.name_in(letter.language),
            "ended": bool(stopped([letter.address_print])),
            "language": letter.language,
        }
        return _kept_secret(render(request, "events/press_desk/end.html", context))


def _kept_secret(answer: HttpResponse) -> HttpResponse:
    """Nobody is told of an address that is a key, and no search engine keeps it."""
    answer["Referrer-Policy"] = "strict-origin"
    answer["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer
