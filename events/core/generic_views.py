"""Generic views of one event in the member area: a page, a form, one action by POST, removing items."""

import datetime
from collections.abc import Callable
from copy import copy
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.functional import Promise
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from coalition.core.crypto import parse_uuid
from coalition.core.errors import Refused
from coalition.workspaces.access import MemberView, member_required
from coalition.workspaces.generic_views import MemberFormView
from coalition.workspaces.permissions import Access
from coalition.workspaces.visits import offer_undo
from documents.drafts.permissions import require_that
from events.core.enums import EventKind
from events.core.models import Event
from events.core.permissions import StaleRevision, get_own_event_or_404, may_change
from events.core.public_pages import event_context

type LoadEvent = Callable[[HttpRequest, UUID], tuple[Access, Event]]
type EventPage = Callable[..., HttpResponse]
type EventAction = Callable[..., HttpResponse | None]


def event_loader(
    allowed: Callable[[Access, Event], bool], refusal: str | Promise, kind: EventKind | None = None
) -> LoadEvent:
    """Return a function that loads the event of a UUID for people who are `allowed` to see or do this.

    It raises Http404 for outsiders, NotAllowed with `refusal` for others, Http404 for another `kind`.
    """

    def load(request: HttpRequest, uuid: UUID) -> tuple[Access, Event]:
        access, event = get_own_event_or_404(request, uuid)
        require_that(allowed(access, event), refusal)
        if kind is not None and event.kind != kind:
            raise Http404
        return access, event

    return load


class EventFormView(MemberFormView):
    """A form about one event, for people who are `allowed`; it then shows the page `success_name`.

    `refusal`: why others are refused. `event_kind`: the only kind of events with this page.
    `success_name`: a URL that takes the event's UUID; "" for the page of the event itself.
    """

    allowed: Callable[[Access, Event], bool] = staticmethod(may_change)
    refusal: str | Promise = ""
    event_kind: EventKind | None = None
    success_name = ""
    access: Access
    event: Event

    def load(self) -> None:
        load = event_loader(self.allowed, self.refusal, self.event_kind)
        self.access, self.event = load(self.request, self.kwargs["event"])

    def get_success_url(self) -> str:
        if not self.success_name:
            return self.event.get_absolute_url()
        return reverse(self.success_name, args=[self.event.uuid])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | event_context(self.access, self.event)


class EventTermsView(EventFormView):
    """A form of the terms of something that an event may have: a ModelForm, bound to a copy of its row.

    `terms_of` returns the row of the event, None before it is created; the template finds it as `terms_name`.
    `action` takes access, event and the cleaned values. The form takes `event`.
    """

    terms_of: Callable[[Event], Any]
    terms_name = ""
    action: Callable[..., object]

    def load(self) -> None:
        super().load()
        self.terms = self.terms_of(self.event)

    def get_instance(self) -> Any:
        return copy(self.terms)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"event": self.event}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {self.terms_name: self.terms}

    def save(self, form: Any) -> None:
        self.action(access=self.access, event=self.event, **form.cleaned_data)


def event_page(load: LoadEvent = get_own_event_or_404) -> Callable[[EventPage], MemberView]:
    """Make a view that only reads, called with the request, the access and the event."""

    def decorate(view: EventPage) -> MemberView:
        @member_required
        @never_cache
        @require_safe
        @wraps(view)
        def show(request: HttpRequest, event: UUID, **kwargs: Any) -> HttpResponse:
            return view(request, *load(request, event), **kwargs)

        return show

    return decorate


class RevisionFormView(EventFormView):
    """A form that refuses to overwrite a change made since it was loaded.

    The form posts `revision`, which `save` passes to the action by `seen`. After StaleRevision the template
    finds the current row as `theirs`, beside the input.
    """

    theirs: Any = None

    @property
    def seen(self) -> int:
        """Return the revision that the form was loaded with; -1 if it is missing."""
        return submitted_revision(self.request)

    def refused(self, form: Any, refusal: Refused) -> HttpResponse:
        if isinstance(refusal, StaleRevision):
            self.theirs = refusal.current
        return super().refused(form, refusal)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(**kwargs) | {"theirs": self.theirs}


def submitted_revision(request: HttpRequest) -> int:
    """Return the posted `revision`; -1 if it is missing or no number."""
    text = request.POST.get("revision", "")
    return int(text) if text.isdecimal() and len(text) < 10 else -1


def parse_day(text: str) -> datetime.date | None:
    """Return the day of an ISO 8601 date; None if it is none."""
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        return None


def parse_uuid_or_404(text: str) -> UUID:
    found = parse_uuid(text)
    if found is None:
        raise Http404
    return found


def event_action(
    back: str = "", *, load: LoadEvent = get_own_event_or_404, success: str | Promise = ""
) -> Callable[[EventAction], MemberView]:
    """Make a view of one action on an event, by POST, called with the request, the access and the event.

    It flashes `success` or the reason of `Refused`, and redirects to `back`, a page that takes the event's
    UUID ("": the event's own page), unless the view returns a response.
    """

    def decorate(view: EventAction) -> MemberView:
        @member_required
        @require_POST
        @wraps(view)
        def act(request: HttpRequest, event: UUID, **kwargs: Any) -> HttpResponse:
            access, found = load(request, event)
            answer = None
            try:
                answer = view(request, access, found, **kwargs)
            except Refused as refusal:
                messages.error(request, refusal.message)
            else:
                if success:
                    messages.success(request, str(success))
            return answer or (redirect(back, found.uuid) if back else redirect(found))

        return act

    return decorate


def removal_urls(
    route: str,
    name: str,
    *,
    remove: Callable[..., object],
    restore: Callable[..., object],
    removed: str | Promise,
    restored: str | Promise,
    back: str,
    load: LoadEvent = get_own_event_or_404,
) -> list[URLPattern]:
    """Return `<route>remove/` and `<route>restore/`, named `<name>_remove` and `<name>_restore`.

    `route` contains `<uuid:event>` and `<uuid:item>`. Removing offers to undo it; restoring returns to
    `back#<name>-<item>`. The actions take `access`, `event` and `uuid`.
    """

    @event_action(back, load=load)
    def remove_item(request: HttpRequest, access: Access, event: Event, item: UUID) -> None:
        remove(access=access, event=event, uuid=item)
        offer_undo(request, text=str(removed), url=reverse(f"events:{name}_restore", args=[event.uuid, item]))

    @event_action(back, load=load, success=restored)
    def restore_item(request: HttpRequest, access: Access, event: Event, item: UUID) -> HttpResponse:
        restore(access=access, event=event, uuid=item)
        return redirect(f"{reverse(back, args=[event.uuid])}#{name}-{item}")

    return [
        path(f"{route}remove/", remove_item, name=f"{name}_remove"),
        path(f"{route}restore/", restore_item, name=f"{name}_restore"),
    ]
