"""Planning an event again from one that was: what was prepared once is not written twice.

What is of that one day stays behind: people who were asked or came, answers, states, texts and pictures, who
was thanked. A part that can be taken over is a row of `PARTS`.
"""

import datetime
from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from coalition.accounts.enums import Language
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.rules import Access
from documents.drafts.enums import Handling
from events.core.actions.opening_hours import set_hours
from events.core.actions.plan import place_of, plan_event
from events.core.actions.proposal import Hours, Planned, Words
from events.core.enums import EventKind
from events.core.models.event import Event
from events.core.permissions import is_admitted, may_plan, require_that
from events.core.queries.texts import text_of
from events.production.checklist.actions import MOST_TASKS, Task, add_task
from events.production.checklist.queries import tasks_of
from events.production.fallback_venue.models import SecondPlace
from events.production.running_order.models import RunningItem, RunningOrder

WORDS = ("title", "text", "place", "address", "access_notes")


@dataclass(frozen=True)
class Part:
    """Something that is taken over: how it is called, and what does it (access, from, to)."""

    label: str | Promise
    take: Callable[[Access, Event, Event], None]


def _checklist(access: Access, source: Event, made: Event) -> None:
    """The lines with their days; with the organisation that answers, without the person."""
    for row in tasks_of(source)[:MOST_TASKS]:
        task = Task(title=row.title, days=row.days_before, organisation=row.organisation, note=row.note)
        try:
            add_task(access=access, event=made, task=task)
        except Refused:  # that organisation does not take part any more: the line stays, open to all
            add_task(access=access, event=made, task=Task(row.title, row.days_before, note=row.note))


def _running_order(access: Access, source: Event, made: Event) -> None:
    """Minutes and titles; who speaks is asked anew."""
    order = RunningOrder.objects.filter(event=source).first()
    if order is None:
        return
    copy = RunningOrder.objects.create(
        event=made, begins=order.begins, made_for=order.made_for, changed_at=now()
    )
    items = order.items.filter(removed_at=None)
    RunningItem.objects.bulk_create(
        RunningItem(
            order=copy,
            position=number,
            title=item.title,
            minutes=item.minutes,
            pinned=item.pinned,
            note=item.note,
        )
        for number, item in enumerate(items)
    )


def _hours(access: Access, source: Event, made: Event) -> None:
    """Opening hours of the week; days that differed were of that year."""
    week = [Hours(row.weekday, row.opens, row.closes) for row in source.hours.all()]
    if week and made.run_from is not None:
        set_hours(access=access, event=made, hours=week)


def _second_place(access: Access, source: Event, made: Event) -> None:
    """Where to go if the place falls through; its hosts agree anew."""
    row = SecondPlace.objects.filter(event=source).first()
    if row is None:
        return
    row.pk, row.event, row.agreed, row.used_at, row.changed_at = None, made, False, None, now()
    row.save(force_insert=True)


PARTS: dict[str, Part] = {
    "checklist": Part(pgettext_lazy("of an event", "Checklist"), _checklist),
    "running": Part(_("Running order, without the names"), _running_order),
    "hours": Part(_("Opening hours of the week"), _hours),
    "second": Part(_("Second place; its hosts are asked anew"), _second_place),
}


def plan_again(*, access: Access, event: Event, on: datetime.date, parts: Collection[str]) -> Event:
    """Plan an event with the words, kind, place, length and hours of another one, on another day.

    `access` is to the workspace of both. Raises NotAllowed without the right to plan there or to see what was
    prepared; Refused in words if its times cannot be on that day.
    """
    require_that(may_plan(access) and is_admitted(access, event))
    with transaction.atomic():
        made = plan_event(
            access=access,
            kind=EventKind(event.kind),
            texts=_texts(event),
            times=_times(event, on),
            place=place_of(event),
            handling=Handling(event.handling),
            restricted_to=list(event.restricted_to.all()) if event.restricted else (),
        )
        for name, part in PARTS.items():
            if name in parts:
                part.take(access, event, made)
    return made


def _texts(event: Event) -> dict[str, Words]:
    return {
        code: Words(**{word: getattr(text_of(event, code), word) for word in WORDS})
        for code in Language.values
    }


def _times(event: Event, on: datetime.date) -> Planned:
    """The same hours on the other day; what runs over days runs as long, as far from it as before."""
    shift = on - event.starts_on
    run_from, run_until = event.run_from, event.run_until
    return Planned(
        starts_on=on,
        starts_at_time=event.starts_at_time,
        ends_on=event.ends_on + shift,
        ends_at_time=event.ends_at_time,
        zone=event.zone,
        run_from=run_from + shift if run_from else None,
        run_until=run_until + shift if run_until else None,
    )
