"""Notifications about events: their kinds and words, and who may see the event."""

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import User
from coalition.workspaces.notifications.kinds import NotificationKind, register_kinds
from coalition.workspaces.notifications.subjects import SubjectDescription, register_subject
from events.core.models import Event, EventText
from events.core.queries import asked_of, events_for, hosted_by, text_in
from events.press.enquiries.models import Enquiry
from events.press.enquiries.queries import visible_enquiries

KINDS: Mapping[str, NotificationKind] = {
    "event_announced": NotificationKind(
        sentence=_("%(actor)s announced “%(title)s”."),
        outline=_("An event is announced."),
        icon="calendar",
    ),
    "event_moved": NotificationKind(
        sentence=_("%(actor)s moved “%(title)s” to another time or place."),
        outline=_("An event has another time or place."),
        icon="calendar",
        asks=True,
    ),
    "task_due": NotificationKind(
        sentence=_("Something on the checklist of “%(title)s” is due tomorrow."),
        outline=_("Something on the checklist of an event is due tomorrow."),
        icon="check",
        asks=True,
        link="events:checklist",
    ),
    "enquiry_due": NotificationKind(
        sentence=_("%(title)s waits for an answer: the deadline is near."),
        outline=_("An enquiry of the press is to be answered soon."),
        icon="talk",
        asks=True,
        urgent=True,
    ),
    "return_due": NotificationKind(
        sentence=_("A work of “%(title)s” is to go back soon."),
        outline=_("A work of an exhibition is to go back soon."),
        icon="picture",
        asks=True,
        link="events:works",
    ),
    "return_overdue": NotificationKind(
        sentence=_("A work of “%(title)s” should have gone back."),
        outline=_("A work of an exhibition should have gone back."),
        icon="picture",
        asks=True,
        link="events:works",
    ),
    "event_cancelled": NotificationKind(
        sentence=_("%(actor)s cancelled “%(title)s”."),
        outline=_("An event is cancelled."),
        icon="calendar",
        asks=True,
    ),
    "hosting_asked": NotificationKind(
        sentence=_("%(organisation)s asks whether %(about)s hosts “%(title)s” too."),
        outline=_("Your organisation is asked to host an event."),
        icon="calendar",
        asks=True,
        template="events/hosting_asked",
        link="events:answer_co_hosting",
    ),
    "hosted_changed": NotificationKind(
        sentence=_("%(actor)s changed “%(title)s”, which %(about)s hosts too."),
        outline=_("An event that your organisation hosts was changed."),
        icon="calendar",
        asks=True,
        template="events/hosted_changed",
        link="events:answer_co_hosting",
    ),
}


def register() -> None:
    register_subject("event", visible=_visible, describe=_describe)
    register_subject("enquiry", visible=visible_enquiries, describe=_describe_enquiries)
    register_kinds(KINDS)


def _visible(user: User) -> QuerySet[Event]:
    """What the person sees, and what their organisation is asked to host or hosts."""
    asked = asked_of(user).order_by().filter(event=OuterRef("pk"))
    hosted = hosted_by(user).order_by().filter(event=OuterRef("pk"))
    seen = events_for(user).order_by().values("pk")
    return Event.objects.filter(Q(pk__in=seen) | Exists(asked) | Exists(hosted))


def _describe_enquiries(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    rows = Enquiry.objects.filter(uuid__in=uuids).select_related("workspace")
    return {
        row.uuid: SubjectDescription(
            row.outlet, reverse("events:press_enquiry", args=[row.workspace.uuid, row.uuid])
        )
        for row in rows
    }


def _describe(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    texts = EventText.objects.defer("text", "component")
    rows = Event.objects.filter(uuid__in=uuids).prefetch_related(Prefetch("texts", queryset=texts))
    language = get_language() or ""
    return {
        row.uuid: SubjectDescription(text_in(row, language).title, row.get_absolute_url()) for row in rows
    }
