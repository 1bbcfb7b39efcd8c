"""What events bring to the desk's first page: what comes, and requests to host together."""

import datetime
from collections.abc import Iterable

from django.db.models import Prefetch, Q, prefetch_related_objects
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer, display_name_for
from coalition.core.clock import now
from coalition.workspaces.dashboard import UpcomingItem, WaitingItem
from coalition.workspaces.dashboard_prefilter import only_if
from events.core.actions.times import times_of
from events.core.enums import EventState
from events.core.formatting import with_region
from events.core.models import EventInvitation, EventText
from events.core.occurrences import occurrences
from events.core.queries import asked_of, between, events_for, seated_events_for, text_in, told_in
from events.exhibitions.guest_book.enums import EntryState
from events.exhibitions.guest_book.queries import books_waiting_for, entries_waiting_where
from events.exhibitions.works.queries import returns_of, returns_where
from events.press.enquiries.queries import may_wait_for, waiting_enquiries
from events.production.checklist.queries import open_tasks_of, open_tasks_where

AHEAD = datetime.timedelta(days=14)
SOON = datetime.timedelta(days=7)
URGENT = datetime.timedelta(hours=4)  # before the deadline of an enquiry
MOST_ENQUIRIES = 20


@only_if(asked_of)
def hosting_asked(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """Requests to host together that wait for the person as representative: two queries."""
    words = EventText.objects.defer("text", "component")
    for asked in asked_of(user).prefetch_related(Prefetch("event__texts", queryset=words)):
        told = {
            "planner": display_name_for(viewer, asked.event.organisation),
            "organisation": display_name_for(viewer, asked.organisation),
        }
        yield WaitingItem(
            icon="calendar",
            title=text_in(asked.event, get_language() or "").title,
            detail=_("%(planner)s asks whether %(organisation)s hosts this event too.") % told,
            url=reverse("events:answer_co_hosting", args=[asked.event.uuid]),
            action=_("Answer"),
            due=asked.event.starts_at,
            urgent=asked.event.starts_at - now() < AHEAD,
        )


@only_if(lambda user: open_tasks_where(user, until=timezone.localdate(now()) + SOON))
def tasks_due(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """What the person has to do for events within a week, or should have done: two queries."""
    language, today = get_language() or "", timezone.localdate(now())
    for task in open_tasks_of(user, until=today + SOON):
        yield WaitingItem(
            icon="check",
            title=task.title_in(language),
            detail=text_in(task.event, language).title,
            url=reverse("events:checklist", args=[task.event.uuid]),
            action=_("Open") if task.due_on >= today else _("Overdue"),
            due=datetime.datetime.combine(task.due_on, datetime.time(23, 59), tzinfo=task.event.zone_info),
            urgent=task.due_on <= today,
        )


@only_if(may_wait_for)
def enquiries_due(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """What journalists wait for: what the person took, and what nobody of their organisation has taken. One
    query."""
    moment = now()
    for row in waiting_enquiries(user)[:MOST_ENQUIRIES]:
        yield WaitingItem(
            icon="talk",
            title=row.outlet,
            detail=str(row.get_topic_display()) if row.topic else _("An enquiry of the press"),
            url=reverse("events:press_enquiry", args=[row.workspace.uuid, row.uuid]),
            action=_("Answer") if row.deadline >= moment else _("Overdue"),
            due=row.deadline,
            urgent=row.deadline < moment + URGENT,
        )


@only_if(lambda user: returns_where(user, until=timezone.localdate(now()) + AHEAD))
def returns_due(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """Works that go back within a fortnight, or should have: two queries."""
    language, today = get_language() or "", timezone.localdate(now())
    for loan in returns_of(user, until=today + AHEAD):
        event, back = loan.work.exhibition.event, loan.return_on
        if back is None:
            continue
        yield WaitingItem(
            icon="picture",
            title=_("Goes back: %(work)s") % {"work": loan.work.title_in(language)},
            detail=text_in(event, language).title,
            url=reverse("events:work_loan", args=[event.uuid, loan.work.uuid]),
            action=_("Open") if back >= today else _("Overdue"),
            due=datetime.datetime.combine(back, datetime.time(23, 59), tzinfo=event.zone_info),
            urgent=back <= today,
        )


@only_if(entries_waiting_where)
def guests_waiting(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """Visitors who may need help, and what waits in guest books: one query."""
    for book in books_waiting_for(user, get_language() or ""):
        address = reverse("events:guest_book", args=[book.event.uuid])
        if book.help:
            title, state = _("A visitor may need help"), f"?state={EntryState.HELP.value}"
            yield WaitingItem("quote", title, book.title, f"{address}{state}", _("Read"), urgent=True)
        if waits := book.waits:
            words = ngettext("%(count)d guest book entry waits", "%(count)d guest book entries wait", waits)
            yield WaitingItem("quote", words % {"count": waits}, book.title, address, _("Read"))


def events_coming(user: User, viewer: Viewer) -> Iterable[UpcomingItem]:
    """Events of the next two weeks in the person's workspaces, and those they are invited to."""
    first = now()
    last = first + AHEAD
    invited = EventInvitation.objects.filter(person=user, withdrawn_at=None).values("event")
    near = Q(pk__in=seated_events_for(user).order_by().values("pk")) | Q(pk__in=invited)
    rows = between(events_for(user).filter(near), first, last).exclude(state=EventState.CANCELLED)
    language = get_language() or ""
    title, place = (told_in(language, field, event="pk") for field in ("title", "place"))
    told = rows.select_related("workspace").prefetch_related("exceptions").annotate(title=title, place=place)
    events = list(told)
    # Of most events there is nothing else to read: they are not open over days.
    prefetch_related_objects([event for event in events if event.run_from], "hours", "special_days")
    for event in events:
        for one in occurrences(times_of(event, language), first, last):
            if one.part != "event":
                continue
            yield UpcomingItem(
                at=timezone.localtime(one.starts_at),
                title=event.title,
                detail=with_region("" if event.address_for_confirmed else event.place, event.region),
                url=event.get_absolute_url(),
                public=event.is_public,
                all_day=one.all_day,
            )
