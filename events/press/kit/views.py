"""Kit views: opening times, items, order, link in the member area; the kit's public pages."""

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.http import content_disposition_header
from django.utils.translation import get_language, gettext as _, gettext_lazy, override
from django.views.decorators.http import require_http_methods, require_safe

from coalition.accounts.models import Language
from coalition.applicants.views import private_response
from coalition.consent.enums import Place
from coalition.core.clock import now
from coalition.roles import Right
from coalition.workspaces.permissions import Access
from documents import hooks
from documents.drafts.permissions import require_that
from documents.files.public_copy import CopyMissing
from documents.files.views import send_in_public
from events.core.enums import PressState
from events.core.generic_views import (
    EventFormView,
    EventTermsView,
    event_action,
    event_page,
    parse_uuid_or_404,
)
from events.core.journalists import PRESS
from events.core.models import Event, PressGuest
from events.core.permissions import get_own_event_or_404
from events.core.public_pages import language_switch, planning_context
from events.core.queries import text_in
from events.press.kit import actions, presenters, queries
from events.press.kit.actions import is_on_public_page, open_phases, record_kit_opened
from events.press.kit.forms import KitItemForm, KitTermsForm
from events.press.kit.models import EventKit, KitItem, KitKind, KitPhase, KitWay, ReleaseStatus
from events.press.kit.notifications import set_kit_mail_wish
from events.press.kit.zip_export import build_zip_entries, stream_zip


def load_prepared_event(request: HttpRequest, uuid: UUID) -> tuple[Access, Event]:
    access, event = get_own_event_or_404(request, uuid)
    require_that(access.may(Right.SEE_DRAFTS), _("People who prepare the event see its kit."))
    return access, event


@event_page(load_prepared_event)
def kit(request: HttpRequest, access: Access, event: Event) -> HttpResponse:
    """List the items; before the kit is created, offer to create it."""
    row = queries.kit_of(event)
    context = planning_context(access, event)
    if row is None:
        return render(request, "events/kit/none.html", context)
    parts = presenters.build_kit_parts(access, row)
    opened, confirmed = queries.opened_count(row)
    context |= {
        "kit": row,
        "parts": parts,
        "withheld": sum(not one["judged"].is_given for part in parts for one in part["rows"]),
        "opened": opened,
        "confirmed": confirmed,
        "link": presenters.kit_link_url(row) if context["may_change"] else "",
        "page": reverse("public_kit", args=[event.slug]) if is_on_public_page(row) else "",
        "can_open": event.starts_at <= now() and (row.afterwards_at is None or row.afterwards_at > now()),
    }
    return render(request, "events/kit/kit.html", context)


class KitTermsView(EventTermsView):
    """Create the kit, or change when it opens."""

    form_class = KitTermsForm
    template_name = "events/kit/terms.html"
    refusal = actions.ONLY_PLANNERS
    success_name = "events:kit"
    success_message = gettext_lazy("Saved.")
    terms_of = staticmethod(queries.kit_of)
    terms_name = "kit"
    action = staticmethod(actions.set_kit)


class KitItemFormView(EventFormView):
    """Add an item of one kind to one phase. Raises Http404 without a kit."""

    form_class = KitItemForm
    template_name = "events/kit/add.html"
    refusal = actions.ONLY_PLANNERS
    success_message = gettext_lazy("It is in the kit.")

    def load(self) -> None:
        super().load()
        kind, phase = self.kwargs["kind"], self.kwargs["phase"]
        self.kit = queries.kit_of(self.event)
        if self.kit is None or kind not in KitKind.values or phase not in KitKind(kind).phases:
            raise Http404
        self.kind, self.phase = KitKind(kind), KitPhase(phase)

    def get_form_kwargs(self) -> dict[str, Any]:
        more = {"access": self.access, "kit": self.kit, "kind": self.kind, "phase": self.phase}
        return super().get_form_kwargs() | more

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"kind": self.kind, "phase": self.phase}

    def save(self, form: KitItemForm) -> None:
        self.item = actions.add_kit_item(access=self.access, event=self.event, **form.item_fields)

    def get_success_url(self) -> str:
        return f"{reverse('events:kit', args=[self.event.uuid])}#kit_item-{self.item.uuid}"


@event_action("events:kit")
def move_kit_item(request: HttpRequest, access: Access, event: Event) -> HttpResponse | None:
    """Move one item `up` or `down` by one place."""
    for name in ("up", "down"):
        if name in request.POST:
            uuid = parse_uuid_or_404(request.POST[name])
            actions.step_kit_item(access=access, event=event, uuid=uuid, down=name == "down")
            return redirect(f"{reverse('events:kit', args=[event.uuid])}#kit_item-{uuid}")
    return None


@event_action("events:kit", success=gettext_lazy("It is open. Everybody confirmed gets a mail."))
def open_kit_afterwards(_request: HttpRequest, access: Access, event: Event) -> None:
    """Open the part for afterwards."""
    actions.open_afterwards(access=access, event=event)


@event_action(
    "events:kit", success=gettext_lazy("There is a new link. The one of before opens nothing any more.")
)
def renew_kit_link(_request: HttpRequest, access: Access, event: Event) -> None:
    """Create a new link."""
    actions.renew_kit_link(access=access, event=event)


# Public kit views: by a journalist's own link, by the kit's link, and from the event's public page. Each
# request of a page, item or archive checks the right.

RETRY_AFTER_SECONDS = 300


@dataclass(frozen=True)
class KitAccess:
    """Way of access: `name` of the page's URL pattern and the `key` in it; `guest`: the journalist of the
    link, whose language is used; without one the reader's."""

    kit: EventKit
    name: str
    key: str
    guest: PressGuest | None = None

    @cached_property
    def phases(self) -> frozenset[KitPhase]:
        """Return the phases open now."""
        return open_phases(self.kit, guest=self.guest, moment=now())

    @property
    def page(self) -> str:
        return reverse(self.name, args=[self.key])

    @property
    def zip_url(self) -> str:
        return reverse(f"{self.name}_zip", args=[self.key])

    def item_url(self, item: UUID) -> str:
        return reverse(f"{self.name}_item", args=[self.key, item])

    def in_language(self) -> AbstractContextManager[None]:
        return override(self.guest.language) if self.guest is not None else nullcontext()

    @property
    def title(self) -> str:
        """Return the event's title; "" if it is not public any more."""
        if not self.kit.event.is_public:
            return ""
        return text_in(self.kit.event, get_language() or Language.KK).title


def guest_kit_access(token: str) -> KitAccess:
    """Return access by a journalist's own link. Raises Http404."""
    guest = PRESS.find(token)
    kit = queries.kit_of(guest.registration.event) if guest is not None else None
    if guest is None or kit is None or guest.state == PressState.UNCONFIRMED:
        raise Http404
    return KitAccess(kit, "press_kit", token, guest)


def link_kit_access(token: str) -> KitAccess:
    """Return access by the kit's link. Raises Http404."""
    kit = queries.kit_of_token(token)
    if kit is None or kit.way != KitWay.MOMENT:
        raise Http404
    return KitAccess(kit, "event_kit", token)


def page_kit_access(slug: str) -> KitAccess:
    """Return access from the event's public page. Raises Http404."""
    kit = queries.kit_on_page(slug)
    if kit is None or not is_on_public_page(kit):
        raise Http404
    return KitAccess(kit, "public_kit", slug)


@require_http_methods(["GET", "HEAD", "POST"])
def own_kit(request: HttpRequest, token: str) -> HttpResponse:
    """Render a journalist's page of the kit; a POST sets whether they get a mail when it opens."""
    access = guest_kit_access(token)
    if request.method == "POST" and access.guest is not None:
        set_kit_mail_wish(guest=access.guest, wishes=request.POST.get("mail") == "yes")
        return private_response(redirect(access.page))
    if request.method == "GET" and access.guest is not None and access.phases:
        record_kit_opened(access.kit, access.guest)
    return _kit_response(request, access, "events/kit/own.html")


@require_safe
def linked_kit(request: HttpRequest, token: str) -> HttpResponse:
    """Render the page by the kit's link."""
    return _kit_response(request, link_kit_access(token), "events/kit/own.html")


@require_safe
def public_kit_page(request: HttpRequest, slug: str) -> HttpResponse:
    """Render the page linked from the event's public page."""
    context = {**hooks.site_frame_context(request), "languages": language_switch(request)}
    return _kit_response(request, page_kit_access(slug), "events/kit/public.html", context)


@require_safe
def kit_item(
    request: HttpRequest, find: Callable[..., KitAccess], item: UUID, **key: str
) -> HttpResponseBase:
    """Return a file, or a text in the requested language (`?in=`).

    404 if it is not open, of another kit, or the gate of consent is closed; with a message 410 if it was
    withdrawn, and 503 if a file is being prepared.
    """
    access = find(**key)
    with access.in_language():
        rows = KitItem.objects.filter(kit=access.kit, uuid=item, phase__in=list(access.phases))
        row, gate = rows.select_related("file").first(), queries.kit_gate()
        if row is None or not gate.lets_out(row):
            raise Http404  # also of an item that was taken out: nothing says that it was here
        items = queries.judge_kit_items(access.kit, access.phases, gate=gate)
        judged = next((one for one in items if one.item.uuid == item), None)
        if judged is not None and judged.status == ReleaseStatus.NOT_PUBLIC:
            raise Http404
        if judged is not None and judged.status == ReleaseStatus.PREPARED:
            return _not_ready_response(request, access)
        if judged is None or not judged.is_given:
            context = {"kit_access": access, "title": access.title, "guest": access.guest}
            context["item"] = (
                presenters.build_public_kit_item(judged, access.item_url) if judged is not None else None
            )
            return private_response(render(request, "events/kit/gone.html", context, status=410))
        return private_response(_file_response(request, judged))


@require_safe
def kit_zip(request: HttpRequest, find: Callable[..., KitAccess], **key: str) -> HttpResponseBase:
    """Return all open items in one archive; it lists those being prepared. 404 without items, 503 if all of
    them are being prepared."""
    access = find(**key)
    with access.in_language():
        items = queries.judge_kit_items(access.kit, access.phases) if access.phases else []
        if not any(one.is_given for one in items):
            if any(one.status == ReleaseStatus.PREPARED for one in items):
                return _not_ready_response(request, access)
            raise Http404
        entries, language = build_zip_entries(items, access.title), get_language() or Language.KK
    kind = "application/zip"
    answer: HttpResponseBase = HttpResponse(content_type=kind)
    if request.method != "HEAD":
        answer = StreamingHttpResponse(stream_zip(entries, language), content_type=kind)
    return private_response(_with_file_name(answer, f"kit-{access.kit.event.slug}.zip"))


def _kit_response(
    request: HttpRequest, access: KitAccess, template: str, more: dict[str, object] | None = None
) -> HttpResponse:
    with access.in_language():
        items = queries.judge_kit_items(access.kit, access.phases) if access.phases else []
        parts = []
        for phase in KitPhase:
            own = [
                presenters.build_public_kit_item(one, access.item_url)
                for one in items
                if one.item.phase == phase
            ]
            parts += [(phase.label, own)] if own else []
        entries = build_zip_entries(items, access.title) if any(one.is_given for one in items) else []
        context = {
            "kit_access": access,
            "event": access.kit.event,
            "guest": access.guest,
            "title": access.title,
            "parts": parts,
            "opens": presenters.opening_words(access.kit, access.guest, access.phases),
            "is_open": bool(access.phases),
            "whole_size": filesizeformat(sum(one.size for one in entries)) if len(entries) > 2 else "",
            "may_wish": _may_request_mail(access),
        }
        response = render(request, template, {**context, **(more or {})})
        return private_response(response, language=access.guest.language if access.guest is not None else "")


def _may_request_mail(access: KitAccess) -> bool:
    """Whether a mail can still come: for confirmed journalists, before the event's part opens."""
    confirmed = access.guest is not None and access.guest.state == PressState.CONFIRMED
    closed = KitPhase.AT_EVENT not in access.phases
    return confirmed and closed and access.kit.event.is_public and access.kit.event.cancelled_at is None


def _not_ready_response(request: HttpRequest, access: KitAccess) -> HttpResponse:
    """Return that the item is being prepared: outsiders cannot start the cleaning of a file."""
    context = {"kit_access": access, "title": access.title, "guest": access.guest}
    context["words"] = CopyMissing().message
    answer = render(request, "events/kit/later.html", context, status=HTTPStatus.SERVICE_UNAVAILABLE)
    answer["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return private_response(answer)


def _file_response(request: HttpRequest, judged: queries.JudgedItem) -> HttpResponseBase:
    """Return the file, or the text in the requested language, else in the reader's, else the first."""
    if judged.given_file is not None:
        language = judged.item.language if judged.item.language in Language.values else ""
        name = presenters.file_name(judged)
        return send_in_public(request, judged.given_file, name=name, place=Place.PACKAGE, language=language)
    if judged.publication is None or judged.quotation is not None:
        raise Http404
    texts = {text.language: text for text in judged.publication.texts.all()}
    text = texts.get(request.GET.get("in", "")) or texts.get(get_language() or "")
    text = text or next(iter(texts.values()), None)
    if text is None:
        raise Http404
    answer = HttpResponse(presenters.text_bytes(text, judged), content_type="text/plain; charset=utf-8")
    return _with_file_name(answer, presenters.file_name(judged, language=text.language))


def _with_file_name[R: HttpResponseBase](answer: R, name: str) -> R:
    answer["Content-Disposition"] = content_disposition_header(as_attachment=True, filename=name) or ""
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
