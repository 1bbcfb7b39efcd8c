"""Kit views in the member area: opening times, items, order, link."""

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
from coalition.applicants.views import private_response
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.http.responses import flash_result, form_page
from coalition.roles import Right
from coalition.workspaces import visits
from coalition.workspaces.access import member_required
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that
from documents.files.public_copy import CopyMissing
from documents.files.views import send_in_public
from documents.models import PublicationText
from documents.publication import hooks
from events.core.enums import PressState
from events.core.journalists import PRESS
from events.core.models import Event, PressGuest
from events.core.pages import planning_context
from events.core.permissions import get_own_event_or_404, may_change
from events.core.public_pages import language_switch
from events.core.queries import text_in
from events.press.kit import actions
from events.press.kit.actions import is_on_public_page, open_phases, record_kit_opened
from events.press.kit.enums import KitKind, KitPhase, KitWay, ReleaseStatus
from events.press.kit.forms import KitItemForm, KitTermsForm, initial_kit_terms
from events.press.kit.models import EventKit, KitItem
from events.press.kit.notifications import set_kit_mail_wish
from events.press.kit.presenters import (
    build_kit_parts,
    build_public_kit_item,
    file_name,
    kit_link_url,
    opening_words,
    text_bytes,
    withheld_item_count,
)
from events.press.kit.queries import (
    JudgedItem,
    judge_kit_items,
    kit_of,
    kit_of_token,
    kit_on_page,
    opened_count,
)
from events.press.kit.zip_export import build_zip_entries, stream_zip


def get_kit_or_404(request: HttpRequest, uuid: UUID) -> tuple[Access, Event, EventKit | None]:
    """Return the event and its kit, for members who prepare it: items are secret before opening."""
    access, event = get_own_event_or_404(request, uuid)
    require_that(access.may(Right.SEE_DRAFTS), _("People who prepare the event see its kit."))
    return access, event, kit_of(event)


def get_changeable_kit_or_404(request: HttpRequest, uuid: UUID) -> tuple[Access, Event, EventKit | None]:
    """Return the same, for people who may change the event."""
    access, event, kit = get_kit_or_404(request, uuid)
    require_that(may_change(access, event), actions.ONLY_PLANNERS)
    return access, event, kit


@member_required
@never_cache
@require_safe
def kit(request: HttpRequest, event: UUID) -> HttpResponse:
    """List the items; before the kit is created, offer to create it."""
    access, found, row = get_kit_or_404(request, event)
    context = planning_context(access, found)
    if row is None:
        return render(request, "events/kit/none.html", context)
    parts = build_kit_parts(access, row)
    opened, confirmed = opened_count(row)
    afterwards = row.afterwards_at
    context |= {
        "kit": row,
        "parts": parts,
        "held": withheld_item_count(parts),
        "opened": opened,
        "confirmed": confirmed,
        "link": kit_link_url(row) if context["may_change"] else "",
        "page": reverse("public_kit", args=[found.slug]) if is_on_public_page(row) else "",
        "can_open": found.starts_at <= now() and (afterwards is None or afterwards > now()),
    }
    return render(request, "events/kit/desk.html", context)


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def kit_terms(request: HttpRequest, event: UUID) -> HttpResponse:
    """Create the kit, or change when it opens."""
    access, found, row = get_changeable_kit_or_404(request, event)
    initial = initial_kit_terms(found, row)
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
def add_kit_item(request: HttpRequest, event: UUID, phase: str, kind: str) -> HttpResponse:
    """Add an item of one kind to one phase."""
    access, found, row = get_changeable_kit_or_404(request, event)
    if kind not in KitKind.values or phase not in KitKind(kind).phases:
        raise Http404
    if row is None:
        return redirect("events:kit", found.uuid)
    sort, when = KitKind(kind), KitPhase(phase)
    sent = request.POST if request.method == "POST" else None
    form = KitItemForm(sent, access=access, kit=row, kind=sort, phase=when)
    if form.is_bound and form.is_valid():
        try:
            item = actions.add_kit_item(access=access, event=found, content=form.content)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("It is in the kit."))
            return redirect(f"{reverse('events:kit', args=[found.uuid])}#item-{item.uuid}")
    more = {"form": form, "kind": sort, "phase": when}
    return form_page(request, "events/kit/add.html", planning_context(access, found) | more)


@member_required
@require_POST
def move_kit_item(request: HttpRequest, event: UUID) -> HttpResponse:
    """Move one item `up` or `down` by one place."""
    access, found, _row = get_changeable_kit_or_404(request, event)
    moved = ""
    with flash_result(request):
        for name in ("up", "down"):
            if name in request.POST:
                moved = request.POST[name]
                actions.step_kit_item(
                    access=access, event=found, uuid=_parse_uuid(moved), down=name == "down"
                )
    return redirect(f"{reverse('events:kit', args=[found.uuid])}#item-{moved}")


@member_required
@require_POST
def remove_kit_item(request: HttpRequest, event: UUID, item: UUID) -> HttpResponse:
    """Archive an item, with an undo."""
    access, found, _row = get_changeable_kit_or_404(request, event)
    with flash_result(request):
        actions.remove_kit_item(access=access, event=found, uuid=item)
        back = reverse("events:kit_item_back", args=[found.uuid, item])
        visits.offer_undo(request, text=_("It is taken out of the kit."), url=back)
    return redirect("events:kit", found.uuid)


@member_required
@require_POST
def restore_kit_item(request: HttpRequest, event: UUID, item: UUID) -> HttpResponse:
    """Restore an item to its place."""
    access, found, _row = get_changeable_kit_or_404(request, event)
    with flash_result(request, _("It is back in its place.")):
        actions.restore_kit_item(access=access, event=found, uuid=item)
    return redirect("events:kit", found.uuid)


@member_required
@require_POST
def open_kit_afterwards(request: HttpRequest, event: UUID) -> HttpResponse:
    """Open the part for afterwards."""
    access, found, _row = get_changeable_kit_or_404(request, event)
    with flash_result(request, _("It is open. Everybody confirmed gets a mail.")):
        actions.open_afterwards(access=access, event=found)
    return redirect("events:kit", found.uuid)


@member_required
@require_POST
def renew_kit_link(request: HttpRequest, event: UUID) -> HttpResponse:
    """Create a new link."""
    access, found, _row = get_changeable_kit_or_404(request, event)
    with flash_result(request, _("There is a new link. The one of before opens nothing any more.")):
        actions.renew_kit_link(access=access, event=found)
    return redirect("events:kit", found.uuid)


def _parse_uuid(sent: str) -> UUID:
    try:
        return UUID(sent)
    except ValueError as error:
        raise Http404 from error


# --- public ---
# Public kit views: by a journalist's own link, by the kit's link, and from the event's public page.
#
# All three share one implementation and check the right at every request of a page, item or
# archive.


RETRY_AFTER_SECONDS = 300  # seconds


@dataclass(frozen=True)
class KitAccess:
    """Way of access: `name` of the page's URL pattern and the `key` in it; `guest`: the journalist
    of the link, whose language is used; without one the reader's."""

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
        """Return the event's title; "" if it is not public any more."""
        if not self.kit.event.is_public:
            return ""
        return text_in(self.kit.event, get_language() or Language.KK).title


def _guest_kit_access(token: str) -> KitAccess:
    guest = PRESS.find(token)
    kit = kit_of(guest.registration.event) if guest is not None else None
    if guest is None or kit is None or guest.state == PressState.UNCONFIRMED:
        raise Http404
    return KitAccess(kit, "press_kit", token, guest, open_phases(kit, guest=guest, moment=now()))


def _link_kit_access(token: str) -> KitAccess:
    kit = kit_of_token(token)
    if kit is None or kit.way != KitWay.MOMENT:
        raise Http404
    return KitAccess(kit, "event_kit", token, phases=open_phases(kit, guest=None, moment=now()))


def _page_kit_access(slug: str) -> KitAccess:
    kit = kit_on_page(slug)
    if kit is None or not is_on_public_page(kit):
        raise Http404
    return KitAccess(kit, "public_kit", slug, phases=open_phases(kit, guest=None, moment=now()))


@require_http_methods(["GET", "HEAD", "POST"])
def own_kit(request: HttpRequest, token: str) -> HttpResponse:
    """Render a journalist's own page of the kit; a POST sets whether they get a mail when it
    opens."""
    door = _guest_kit_access(token)
    if request.method == "POST" and door.guest is not None:
        set_kit_mail_wish(guest=door.guest, wishes=request.POST.get("mail") == "yes")
        return private_response(redirect(door.page))
    if request.method == "GET" and door.guest is not None and door.phases:
        record_kit_opened(door.kit, door.guest)
    return _kit_response(request, door, "events/kit/own.html")


@require_safe
def own_item(request: HttpRequest, token: str, item: UUID) -> HttpResponseBase:
    """One thing of it."""
    return _item_response(request, _guest_kit_access(token), item)


@require_safe
def own_zip(request: HttpRequest, token: str) -> HttpResponseBase:
    """All of it."""
    return _zip_response(request, _guest_kit_access(token))


@require_safe
def linked(request: HttpRequest, token: str) -> HttpResponse:
    """Render the page by the kit's link."""
    return _kit_response(request, _link_kit_access(token), "events/kit/own.html")


@require_safe
def linked_item(request: HttpRequest, token: str, item: UUID) -> HttpResponseBase:
    """One thing of it."""
    return _item_response(request, _link_kit_access(token), item)


@require_safe
def linked_zip(request: HttpRequest, token: str) -> HttpResponseBase:
    """All of it."""
    return _zip_response(request, _link_kit_access(token))


@require_safe
def public_kit_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Render the page linked from the event's public page."""
    context = {**hooks.site_frame_context(request), "languages": language_switch(request, "public_kit", slug)}
    return _kit_response(request, _page_kit_access(slug), "events/kit/public.html", context)


@require_safe
def public_item(request: HttpRequest, slug: str, item: UUID) -> HttpResponseBase:
    """One thing of it."""
    return _item_response(request, _page_kit_access(slug), item)


@require_safe
def public_zip(request: HttpRequest, slug: str) -> HttpResponseBase:
    """All of it."""
    return _zip_response(request, _page_kit_access(slug))


def _kit_response(
    request: HttpRequest, door: KitAccess, template: str, context: dict[str, object] | None = None
) -> HttpResponse:
    with door.speaking():
        things = judge_kit_items(door.kit, door.phases) if door.phases else []
        parts = [
            (phase.label, [build_public_kit_item(one, door.of) for one in things if one.item.phase == phase])
            for phase in KitPhase
            if phase in door.phases
        ]
        entries = build_zip_entries(things, door.title) if any(one.is_given for one in things) else []
        told = {
            "door": door,
            "event": door.kit.event,
            "guest": door.guest,
            "title": door.title,
            "parts": [part for part in parts if part[1]],
            "opens": opening_words(door.kit, door.guest, door.phases),
            "is_open": bool(door.phases),
            "whole_size": filesizeformat(sum(one.size for one in entries)) if len(entries) > 2 else "",
            "may_wish": _may_request_mail(door),
        }
        response = render(request, template, {**told, **(context or {})})
        return private_response(response, language=door.guest.language if door.guest is not None else "")


def _may_request_mail(door: KitAccess) -> bool:
    """Whether a mail can still come: for confirmed journalists, before the event's part opens to
    them."""
    confirmed = door.guest is not None and door.guest.state == PressState.CONFIRMED
    closed = KitPhase.AT_EVENT not in door.phases
    return confirmed and closed and door.kit.event.is_public and door.kit.event.cancelled_at is None


def _item_response(request: HttpRequest, door: KitAccess, uuid: UUID) -> HttpResponseBase:
    """Return a file, or a text in the requested language (`?in=`). 404 if it is not open or of
    another kit; with a message 410 if it was withdrawn, and 503 if a file is being prepared."""
    with door.speaking():
        row = KitItem.objects.filter(kit=door.kit, uuid=uuid, phase__in=list(door.phases)).first()
        if row is None:
            raise Http404
        judged = next((one for one in judge_kit_items(door.kit, door.phases) if one.item.uuid == uuid), None)
        if judged is not None and judged.standing == ReleaseStatus.NOT_PUBLIC:
            raise Http404
        if judged is not None and judged.standing == ReleaseStatus.PREPARED:
            return _not_ready_response(request, door)
        if judged is None or not judged.is_given:
            told = {"door": door, "title": door.title, "guest": door.guest}
            told["thing"] = build_public_kit_item(judged, door.of) if judged is not None else None
            return private_response(render(request, "events/kit/gone.html", told, status=410))
        return private_response(_file_response(request, judged))


def _not_ready_response(request: HttpRequest, door: KitAccess) -> HttpResponse:
    """Return that the item is being prepared: outsiders cannot start the cleaning of a file."""
    told = {"door": door, "title": door.title, "guest": door.guest, "words": CopyMissing().message}
    answer = render(request, "events/kit/later.html", told, status=HTTPStatus.SERVICE_UNAVAILABLE)
    answer["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return private_response(answer)


def _file_response(request: HttpRequest, judged: JudgedItem) -> HttpResponseBase:
    file = judged.given_file
    if file is not None:
        return send_in_public(request, file, name=file_name(judged))
    text = _text_of(judged, request.GET.get("in", ""))
    if text is None:
        raise Http404
    answer = HttpResponse(text_bytes(text, judged), content_type="text/plain; charset=utf-8")
    return _with_file_name(answer, file_name(judged, language=text.language))


def _text_of(judged: JudgedItem, code: str) -> PublicationText | None:
    """Return the text in a language, else in the reader's, else the first; None without a text."""
    if judged.publication is None or judged.said is not None:
        return None
    texts = {text.language: text for text in judged.publication.texts.all()}
    found = texts.get(code) or texts.get(get_language() or "")
    return found or next(iter(texts.values()), None)


def _zip_response(request: HttpRequest, door: KitAccess) -> HttpResponseBase:
    """Return all open items in one archive, with a list that names those being prepared. 404
    without items, 503 if all of them are being prepared."""
    with door.speaking():
        things = judge_kit_items(door.kit, door.phases) if door.phases else []
        if not any(one.is_given for one in things):
            if any(one.standing == ReleaseStatus.PREPARED for one in things):
                return _not_ready_response(request, door)
            raise Http404
        entries = build_zip_entries(things, door.title)
    kind = "application/zip"
    answer: HttpResponseBase = HttpResponse(content_type=kind)
    if request.method != "HEAD":
        answer = StreamingHttpResponse(stream_zip(entries), content_type=kind)
    return private_response(_with_file_name(answer, f"kit-{door.kit.event.slug}.zip"))


def _with_file_name[R: HttpResponseBase](answer: R, name: str) -> R:
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
