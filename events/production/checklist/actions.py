"""The checklist of an event: what is to be done, by whom, until when; it moves with the event."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from coalition.accounts.enums import Language
from coalition.accounts.models import Organisation, User
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.jobs import scheduler
from coalition.workspaces.actions.notify import notify
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import participants, seats_in
from documents.drafts.permissions import require_that
from documents.drafts.queries import READING_ROLES
from events.core.enums import EventState
from events.core.locking import hold, refuse_cancelled
from events.core.models import Event
from events.core.permissions import may_change
from events.production.checklist.models import EventTask
from events.production.checklist.permissions import may_tick
from events.production.checklist.templates import template_for

REMIND = "events.remind_of_task"
REMIND_AT = datetime.time(9)
MOST_TASKS = 200
EARLIEST, LATEST = 365, -365  # days before the event


@dataclass(frozen=True)
class Task:
    """What is said of a task. `days` before the event's first day; a person stands for their organisation."""

    title: Mapping[str, str]
    days: int
    organisation: Organisation | None = None
    person: User | None = None
    note: str = ""


def begin_checklist(*, access: Access, event: Event) -> list[EventTask]:
    """Take over the lines of the template for this kind of event that are not there yet, in each language.

    Raises NotAllowed without the right to change the event; Refused if it is cancelled.
    """
    with transaction.atomic():
        locked = _held(access, event)
        there = set(locked.tasks.exclude(key="").values_list("key", flat=True))
        made = []
        for line in template_for(locked.kind):
            if line.key not in there:
                task = Task(title=_in_each_language(line.title), days=line.days)
                made.append(_add(locked, task, key=line.key))
    return made


def add_task(*, access: Access, event: Event, task: Task) -> EventTask:
    """Add a line. Raises NotAllowed; Refused for what `_check` finds, or if there are too many."""
    with transaction.atomic():
        locked = _held(access, event)
        _check(locked, task)
        if locked.tasks.filter(removed_at=None).count() >= MOST_TASKS:
            raise Refused(_("A checklist has at most 200 lines."))
        return _add(locked, task)


def change_task(*, access: Access, event: Event, uuid: UUID, task: Task) -> EventTask:
    """Change what is said of a line; a new date is reminded of anew."""
    with transaction.atomic():
        locked = _held(access, event)
        _check(locked, task)
        row = _row(locked, uuid)
        for name, value in _fields(locked, task).items():
            setattr(row, name, value)
        row.save()
        _plan_reminder(locked, row)
    return row


def tick(*, access: Access, event: Event, uuid: UUID, done: bool) -> EventTask:
    """Say that something is done, or that it is not. Who plans may, and whom it was given to.

    Raises NotAllowed; Refused if the line is gone.
    """
    with transaction.atomic():
        locked = hold(event)
        row = _row(locked, uuid)
        require_that(
            may_tick(access, locked, row), _("Who plans the event, or whom it was given to, ticks it.")
        )
        row.done_at, row.done_by = (now(), access.user) if done else (None, None)
        row.save(update_fields=["done_at", "done_by", "changed_at"])
    return row


def take_out(*, access: Access, event: Event, uuid: UUID) -> None:
    """Take a line out; it can come back."""
    with transaction.atomic():
        _remove(_held(access, event), uuid, at=now())


def bring_back(*, access: Access, event: Event, uuid: UUID) -> None:
    """Put back a line that was taken out."""
    with transaction.atomic():
        _remove(_held(access, event), uuid, at=None)


def follow_event(event: Event) -> None:
    """The days of the checklist move with the event. Registered with `trail.on_change`."""
    for row in event.tasks.filter(removed_at=None):
        day = _day(event, row.days_before)
        if row.due_on != day:
            row.due_on = day
            row.save(update_fields=["due_on", "changed_at"])
            _plan_reminder(event, row)


def remind(key: str, _payload: dict[str, Any]) -> None:
    """Tell whom a task was given to that it is due tomorrow; with nobody named, who plans the event."""
    row = EventTask.objects.select_related("event__workspace", "event__organisation", "person").get(uuid=key)
    if row.done_at or row.removed_at or row.event.state == EventState.CANCELLED:
        return
    with transaction.atomic():
        notify(
            people=_concerned(row),
            kind="task_due",
            workspace=row.event.workspace,
            actor=None,
            organisation=row.organisation or row.event.organisation,
            subject_kind="event",
            subject=row.event.uuid,
            once=f"task_due:{row.uuid}:{row.due_on:%Y%m%d}",
        )


def _concerned(row: EventTask) -> list[User]:
    if row.person is not None:
        return [row.person]
    host = row.organisation or row.event.organisation
    seats = seats_in(row.event.workspace).filter(organisation=host, role__in=READING_ROLES)
    return [seat.person for seat in seats]


def _held(access: Access, event: Event) -> Event:
    locked = hold(event)
    require_that(may_change(access, locked), _("Editors and coordinators write the checklist."))
    refuse_cancelled(locked)
    return locked


def _row(event: Event, uuid: UUID) -> EventTask:
    row = EventTask.objects.filter(event=event, uuid=uuid, removed_at=None).first()
    if row is None:
        raise Refused(_("This line is not in the checklist any more."))
    row.event = event
    return row


def _add(event: Event, task: Task, key: str = "") -> EventTask:
    row = EventTask.objects.create(event=event, key=key, **_fields(event, task))
    _plan_reminder(event, row)
    return row


def _remove(event: Event, uuid: UUID, *, at: datetime.datetime | None) -> None:
    for row in EventTask.objects.filter(event=event, uuid=uuid):
        row.removed_at = at
        row.save(update_fields=["removed_at", "changed_at"])


def _fields(event: Event, task: Task) -> dict[str, object]:
    return {
        "title": {
            code: task.title[code].strip() for code in Language.values if task.title.get(code, "").strip()
        },
        "days_before": task.days,
        "due_on": _day(event, task.days),
        "organisation": task.organisation,
        "person": task.person,
        "note": task.note.strip(),
    }


def _day(event: Event, days: int) -> datetime.date:
    return event.starts_on - datetime.timedelta(days=days)


def _check(event: Event, task: Task) -> None:
    if not any(words.strip() for words in task.title.values()):
        raise Refused(_("Give the line a title in at least one language."))
    if not LATEST <= task.days <= EARLIEST:
        raise Refused(_("A task is due at most a year before or after the event."))
    if (
        task.organisation is not None
        and not participants(event.workspace).filter(pk=task.organisation.pk).exists()
    ):
        raise Refused(_("Only organisations that take part here can answer for it."))
    if task.person is not None:
        seats = seats_in(event.workspace).filter(person=task.person, organisation=task.organisation)
        if not seats.filter(role__in=READING_ROLES).exists():
            raise Refused(_("Only people with a seat here can answer for it."))


def _in_each_language(words: object) -> dict[str, str]:
    found = {}
    for code in Language.values:
        with override(code):
            found[code] = str(words)
    return found


def _plan_reminder(event: Event, row: EventTask) -> None:
    """At nine in the morning of the day before, where the event is; what lies behind is not reminded of."""
    day = row.due_on - datetime.timedelta(days=1)
    at = datetime.datetime.combine(day, REMIND_AT, tzinfo=event.zone_info)
    if at > now():
        scheduler.schedule(kind=REMIND, key=str(row.uuid), due_at=at)
    else:
        scheduler.cancel(kind=REMIND, key=str(row.uuid))
