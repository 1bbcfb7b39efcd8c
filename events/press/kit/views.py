"""The kit at the desk: how it opens, what stands in it, its order, its link."""

from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from http import HTTPStatus
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from coalition.accounts.enums import Language
from coalition.applicants.token_pages import private_response
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.roles import Right
from coalition.workspaces import undo
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from documents.files.public_copy import CopyMissing
from documents.files.views import send_in_public
from documents.models import PublicationText
from documents.publication import hooks
from events.core.models import Event
from events.core.pages import planning_context
from events.core.permissions import may_change, to_own_event
from events.core.public_pages import language_switch
from events.core.queries import text_in
from events.press.kit import actions
from events.press.kit.actions import note_opened
from events.press.kit.enums import KitKind, KitPhase, KitWay, Standing
from events.press.kit.forms import ItemForm, KitTermsForm, initial_terms
from events.press.kit.models import EventKit, KitItem
from events.press.kit.notifications import wish_mail
from events.press.kit.opening import open_phases, stands_on_page
from events.press.kit.presenters import (
    file_name,
    held_count,
    link_of,
    opening_words,
    parts_of,
    shown,
    text_bytes,
)
from events.press.kit.queries import Judged, judged_items, kit_of, kit_of_token, kit_on_page, opened_count
from events.press.kit.zip_export import entries_of, zip_pieces
from events.press.registration.enums import PressState
from events.press.registration.models import PressGuest
from events.press.registration.notifications import PRESS


def to_kit(request: HttpRequest, uuid: UUID) -> tuple[Access, Event, EventKit | None]:
    """The event and its kit, for those who prepare it: what is in it is not told before it opens."""
    access, event = to_own_event(request, uuid)
    require_that(access.may(Right.SEE_DRAFTS), _("People who prepare the event see its kit."))
    return access, event, kit_of(event)


def to_change(request: HttpRequest, uuid: UUID) -> tuple[Access, Event, EventKit | None]:
    """The same for who may change it."""
    access, event, kit = to_kit(request, uuid)
    require_that(may_change(access, event), actions.ONLY_PLANNERS)
    return access, event, kit


@member_required
@never_cache
@require_safe
def kit(request: HttpRequest, event: UUID) -> HttpResponse:
    """What stands in it; before it is begun, how to begin it."""
    access, found, row = to_kit(request, event)
    context = planning_context(access, found)
    if row is None:
        return render(request, "events/kit/none.html", context)
    parts = parts_of(access, row)
    opened, confirmed = opened_count(row)
    afterwards = row.afterwards_at
    context |= {
        "kit": row,
        "parts": parts,
        "held": held_count(parts),
        "opened": opened,
        "confirmed": confirmed,
        "link": link_of(row) if context["may_change"] else "",
        "page": reverse("public_kit", args=[found.slug]) if stands_on_page(row) else "",
        "can_open": found.starts_at <= now() and (afterwards is None or afterwards > now()),
    }
    return render(request, "events/kit/desk.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def terms(request: HttpRequest, event: UUID) -> HttpResponse:
    """Begin it, or change how it opens."""
    access, found, row = to_change(request, event)
    initial = initial_terms(found, row)
    form = KitTermsForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            actions.set_kit(access=access, event=found, terms=form.terms(found))
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Saved."))
            return redirect("events:kit", found.uuid)
    return form_page(
        request, "events/kit/terms.html", planning_context(access, found) | {"form": form, "kit": row}
    )


@member_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, event: UUID, phase: str, kind: str) -> HttpResponse:
    """Put a thing of one kind into one part of it."""
    access, found, row = to_change(request, event)
    if kind not in KitKind.values or phase not in KitKind(kind).phases:
        raise Http404
    if row is None:
        return redirect("events:kit", found.uuid)
    sort, when = KitKind(kind), KitPhase(phase)
    sent = request.POST if request.method == "POST" else None
    form = ItemForm(sent, access=access, kit=row, kind=sort, phase=when)
    if form.is_bound and form.is_valid():
        try:
            item = actions.add_item(access=access, event=found, content=form.content)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("It is in the kit."))
            return redirect(f"{reverse('events:kit', args=[found.uuid])}#item-{item.uuid}")
    more = {"form": form, "kind": sort, "phase": when}
    return form_page(request, "events/kit/add.html", planning_context(access, found) | more)


@member_required
@require_POST
def move(request: HttpRequest, event: UUID) -> HttpResponse:
    """Move one thing `up` or `down` by one place."""
    access, found, _row = to_change(request, event)
    moved = ""
    with flash_result(request):
        for name in ("up", "down"):
            if name in request.POST:
                moved = request.POST[name]
                actions.step_item(access=access, event=found, uuid=_uuid(moved), down=name == "down")
    return redirect(f"{reverse('events:kit', args=[found.uuid])}#item-{moved}")


@member_required
@require_POST
def remove(request: HttpRequest, event: UUID, item: UUID) -> HttpResponse:
    """Take a thing out, with an undo."""
    access, found, _row = to_change(request, event)
    with flash_result(request):
        actions.take_out(access=access, event=found, uuid=item)
        back = reverse("events:kit_item_back", args=[found.uuid, item])
        undo.offer_undo(request, text=_("It is taken out of the kit."), url=back)
    return redirect("events:kit", found.uuid)


@member_required
@require_POST
def restore(request: HttpRequest, event: UUID, item: UUID) -> HttpResponse:
    """Bring a thing back to its place."""
    access, found, _row = to_change(request, event)
    with flash_result(request, _("It is back in its place.")):
        actions.bring_back(access=access, event=found, uuid=item)
    return redirect("events:kit", found.uuid)


@member_required
@require_POST
def afterwards(request: HttpRequest, event: UUID) -> HttpResponse:
    """Open what is for afterwards."""
    access, found, _row = to_change(request, event)
    with flash_result(request, _("It is open. Everybody confirmed gets a mail.")):
        actions.open_afterwards(access=access, event=found)
    return redirect("events:kit", found.uuid)


@member_required
@require_POST
def new_link(request: HttpRequest, event: UUID) -> HttpResponse:
    """Make the link anew."""
    access, found, _row = to_change(request, event)
    with flash_result(request, _("There is a new link. The one of before opens nothing any more.")):
        actions.new_link(access=access, event=found)
    return redirect("events:kit", found.uuid)


def _uuid(sent: str) -> UUID:
    try:
        return UUID(sent)
    except ValueError as error:
        raise Http404 from error


# --- public ---
# The kit in public: behind a journalist's own link, behind the kit's link, and on the page of the event.
#
# Three doors and one room: each asks for the right at every access, of a page, of one thing and of the whole.


RETRY_AFTER = 300  # seconds


@dataclass(frozen=True)
class Door:
    """One way in: `name` of its page's address and the `key` in it; `guest`: whose link it is, in their
    language; without one it speaks the language of the reader."""

    kit: EventKit
    name: str
    key: str
    guest: PressGuest | None = None
    phases: frozenset[KitPhase] = field(default_factory=frozenset)

    @property
    def page(self) -> str:
        return reverse(self.name, args=[self.key])

    @property
    def whole(self) -> str:
        return reverse(f"{self.name}_zip", args=[self.key])

    def of(self, item: UUID) -> str:
        return reverse(f"{self.name}_item", args=[self.key, item])

    def speaking(self) -> AbstractContextManager[None]:
        return override(self.guest.language) if self.guest is not None else nullcontext()

    @property
    def title(self) -> str:
        """The event's title; "" once it is not public any more."""
        if not self.kit.event.is_public:
            return ""
        return text_in(self.kit.event, get_language() or Language.KK).title


def _of_guest(token: str) -> Door:
    guest = PRESS.find(token)
    kit = kit_of(guest.registration.event) if guest is not None else None
    if guest is None or kit is None or guest.state == PressState.UNCONFIRMED:
        raise Http404
    return Door(kit, "press_kit", token, guest, open_phases(kit, guest=guest, moment=now()))


def _of_link(token: str) -> Door:
    kit = kit_of_token(token)
    if kit is None or kit.way != KitWay.MOMENT:
        raise Http404
    return Door(kit, "event_kit", token, phases=open_phases(kit, guest=None, moment=now()))


def _of_page(slug: str) -> Door:
    kit = kit_on_page(slug)
    if kit is None or not stands_on_page(kit):
        raise Http404
    return Door(kit, "public_kit", slug, phases=open_phases(kit, guest=None, moment=now()))


@require_http_methods(["GET", "HEAD", "POST"])
def own(request: HttpRequest, token: str) -> HttpResponse:
    """A journalist's own page of the kit; a POST says whether they want a mail when it opens."""
    door = _of_guest(token)
    if request.method == "POST" and door.guest is not None:
        wish_mail(guest=door.guest, wishes=request.POST.get("mail") == "yes")
        return private_response(redirect(door.page))
    if request.method == "GET" and door.guest is not None and door.phases:
        note_opened(door.kit, door.guest)
    return _page(request, door, "events/kit/own.html")


@require_safe
def own_item(request: HttpRequest, token: str, item: UUID) -> HttpResponseBase:
    """One thing of it."""
    return _one(request, _of_guest(token), item)


@require_safe
def own_zip(request: HttpRequest, token: str) -> HttpResponseBase:
    """All of it."""
    return _whole(request, _of_guest(token))


@require_safe
def linked(request: HttpRequest, token: str) -> HttpResponse:
    """The page for whoever has the kit's link."""
    return _page(request, _of_link(token), "events/kit/own.html")


@require_safe
def linked_item(request: HttpRequest, token: str, item: UUID) -> HttpResponseBase:
    """One thing of it."""
    return _one(request, _of_link(token), item)


@require_safe
def linked_zip(request: HttpRequest, token: str) -> HttpResponseBase:
    """All of it."""
    return _whole(request, _of_link(token))


@require_safe
def public(request: HttpRequest, slug: str) -> HttpResponse:
    """The page beside the event's own."""
    context = {**hooks.frame_of(request), "languages": language_switch(request, "public_kit", slug)}
    return _page(request, _of_page(slug), "events/kit/public.html", context)


@require_safe
def public_item(request: HttpRequest, slug: str, item: UUID) -> HttpResponseBase:
    """One thing of it."""
    return _one(request, _of_page(slug), item)


@require_safe
def public_zip(request: HttpRequest, slug: str) -> HttpResponseBase:
    """All of it."""
    return _whole(request, _of_page(slug))


def _page(
    request: HttpRequest, door: Door, template: str, context: dict[str, object] | None = None
) -> HttpResponse:
    with door.speaking():
        things = judged_items(door.kit, door.phases) if door.phases else []
        parts = [
            (phase.label, [shown(one, door.of) for one in things if one.item.phase == phase])
            for phase in KitPhase
            if phase in door.phases
        ]
        entries = entries_of(things, door.title) if any(one.is_given for one in things) else []
        told = {
            "door": door,
            "event": door.kit.event,
            "guest": door.guest,
            "title": door.title,
            "parts": [part for part in parts if part[1]],
            "opens": opening_words(door.kit, door.guest, door.phases),
            "is_open": bool(door.phases),
            "whole_size": filesizeformat(sum(one.size for one in entries)) if len(entries) > 2 else "",
            "may_wish": _may_wish(door),
        }
        response = render(request, template, {**told, **(context or {})})
        return private_response(response, language=door.guest.language if door.guest is not None else "")


def _may_wish(door: Door) -> bool:
    """Whether a mail can still come: for who is confirmed, before what is for the event is open to them."""
    confirmed = door.guest is not None and door.guest.state == PressState.CONFIRMED
    closed = KitPhase.AT_EVENT not in door.phases
    return confirmed and closed and door.kit.event.is_public and door.kit.event.cancelled_at is None


def _one(request: HttpRequest, door: Door, uuid: UUID) -> HttpResponseBase:
    """A file, or a text in the language that is asked for (`?in=`). 404 for what is not open or of another
    kit; in words 410 for what was taken back, and 503 for a file that is being prepared."""
    with door.speaking():
        row = KitItem.objects.filter(kit=door.kit, uuid=uuid, phase__in=list(door.phases)).first()
        if row is None:
            raise Http404
        judged = next((one for one in judged_items(door.kit, door.phases) if one.item.uuid == uuid), None)
        if judged is not None and judged.standing == Standing.NOT_PUBLIC:
            raise Http404
        if judged is not None and judged.standing == Standing.PREPARED:
            return _later(request, door)
        if judged is None or not judged.is_given:
            told = {"door": door, "title": door.title, "guest": door.guest}
            told["thing"] = shown(judged, door.of) if judged is not None else None
            return private_response(render(request, "events/kit/gone.html", told, status=410))
        return private_response(_sent(request, judged))


def _later(request: HttpRequest, door: Door) -> HttpResponse:
    """Say that what is asked for is being prepared: nobody outside starts the cleaning of a file."""
    told = {"door": door, "title": door.title, "guest": door.guest, "words": CopyMissing().message}
    answer = render(request, "events/kit/later.html", told, status=HTTPStatus.SERVICE_UNAVAILABLE)
    answer["Retry-After"] = str(RETRY_AFTER)
    return private_response(answer)


def _sent(request: HttpRequest, judged: Judged) -> HttpResponseBase:
    file = judged.given_file
    if file is not None:
        return send_in_public(request, file, name=file_name(judged))
    text = _text_of(judged, request.GET.get("in", ""))
    if text is None:
        raise Http404
    answer = HttpResponse(text_bytes(text, judged), content_type="text/plain; charset=utf-8")
    return _as_file(answer, file_name(judged, language=text.language))


def _text_of(judged: Judged, code: str) -> PublicationText | None:
    """The text in a language, else in the reader's, else the first; None for what has no text to take."""
    if judged.publication is None or judged.said is not None:
        return None
    texts = {text.language: text for text in judged.publication.texts.all()}
    found = texts.get(code) or texts.get(get_language() or "")
    return found or next(iter(texts.values()), None)


def _whole(request: HttpRequest, door: Door) -> HttpResponseBase:
    """Everything that is open and may be given out, in one archive, whose list names what is being prepared.
    404 while nothing is given out, 503 while all of it is being prepared."""
    with door.speaking():
        things = judged_items(door.kit, door.phases) if door.phases else []
        if not any(one.is_given for one in things):
            if any(one.standing == Standing.PREPARED for one in things):
                return _later(request, door)
            raise Http404
        entries = entries_of(things, door.title)
    kind = "application/zip"
    answer: HttpResponseBase = HttpResponse(content_type=kind)
    if request.method != "HEAD":
        answer = StreamingHttpResponse(zip_pieces(entries), content_type=kind)
    return private_response(_as_file(answer, f"kit-{door.kit.event.slug}.zip"))


def _as_file[R: HttpResponseBase](answer: R, name: str) -> R:
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
