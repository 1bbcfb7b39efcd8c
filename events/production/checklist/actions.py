"""Checklist templates: tasks with their number of days before the event.

From the practice of press services: an advisory a week before, calls three days before and on the
morning; of exhibitions: arrival of works, labels, insurance, return.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise
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
from events.core.enums import EventKind, EventState
from events.core.locking import lock_event, refuse_cancelled
from events.core.models import Event
from events.core.permissions import may_change
from events.production.checklist.models import EventTask
from events.production.checklist.permissions import may_tick
from events.production.checklist.queries import tasks_of


@dataclass(frozen=True)
class TemplateLine:
    """One line of a template. `days`: before the first day; 0: on the day; negative: after it."""

    key: str
    title: str | Promise
    days: int


PRESS_CONFERENCE = (
    TemplateLine("room", _("Book the room, step-free, with a quiet room beside it"), 21),
    TemplateLine("second-place", _("Agree on a second place in case this one falls through"), 14),
    TemplateLine("speakers", _("Ask speakers, and whether they may be named and photographed"), 14),
    TemplateLine("interpreters", _("Book interpreters, sign language too"), 14),
    TemplateLine("guide", _("Approve the message guide with the hard questions"), 10),
    TemplateLine("advisory", _("Send the advisory to the media list"), 7),
    TemplateLine("safety", _("Name who answers for safety: steward, lawyer, first aid, psychologist"), 5),
    TemplateLine("calls", _("Call the newsrooms"), 3),
    TemplateLine("kit", _("Make the kit: texts, pictures with captions, contacts"), 3),
    TemplateLine("sound", _("Try sound, the split for cameras, light and screen"), 1),
    TemplateLine("photo-rule", _("Set seats where nobody is photographed, and put up the rule"), 1),
    TemplateLine("morning-calls", _("Call the newsrooms once more in the morning"), 0),
    TemplateLine("water", _("Water, name plates, the list at the door"), 0),
    TemplateLine("thanks", _("Thank speakers and journalists, send the recording"), -1),
    TemplateLine("coverage", _("Write down what was aired and printed"), -7),
    TemplateLine("learned", _("Write down what we learned"), -7),
)
EXHIBITION = (
    TemplateLine("rights", _("Agree with the makers on the right to show and to reproduce"), 60),
    TemplateLine("loans", _("Sign loan agreements"), 45),
    TemplateLine("venue", _("Agree with the venue: hours, step-free way, guards"), 45),
    TemplateLine("labels", _("Write the labels in three languages, with content notes"), 21),
    TemplateLine("arrival", _("Works arrive: write down their condition with photographs"), 10),
    TemplateLine("volunteers", _("Plan the volunteers' shifts and brief them on safety"), 10),
    TemplateLine("quiet", _("Set up the quiet corner and the way to help"), 5),
    TemplateLine("hang", _("Hang the works, check the light"), 3),
    TemplateLine("opening", _("Prepare the opening night"), 1),
    TemplateLine("return", _("Works go back: write down their condition with photographs"), -60),
)
SIMPLE = (
    TemplateLine("place", _("Book the place, step-free"), 14),
    TemplateLine("invite", _("Invite people"), 10),
    TemplateLine("prepare", _("Prepare what will be shown or discussed"), 5),
    TemplateLine("remind", _("Remind those who come"), 1),
    TemplateLine("notes", _("Send notes to everyone"), -2),
)
_KINDS = {EventKind.PRESS_CONFERENCE: PRESS_CONFERENCE, EventKind.EXHIBITION: EXHIBITION}


def template_for(kind: str) -> tuple[TemplateLine, ...]:
    """Return the template for this kind of event; empty for a deadline."""
    if kind == EventKind.DEADLINE:
        return ()
    return _KINDS.get(EventKind(kind), SIMPLE)


# --- actions ---
# Checklist of an event: tasks with an owner and a due date that moves with the event.


REMIND_OF_TASK = "events.remind_of_task"
REMIND_AT = datetime.time(9)
MOST_TASKS = 200
EARLIEST, LATEST = 365, -365  # days before the event


@dataclass(frozen=True)
class TaskInput:
    """Data of a task. `days` before the event's first day; a person acts for their organisation."""

    title: Mapping[str, str]
    days: int
    organisation: Organisation | None = None
    person: User | None = None
    note: str = ""


def begin_checklist(*, access: Access, event: Event) -> list[EventTask]:
    """Add the missing lines of the template for this kind of event, in each language.

    Raises NotAllowed without the right to change the event; Refused if it is cancelled.
    """
    with transaction.atomic():
        locked = _lock_event_for_checklist(access, event)
        there = set(locked.tasks.exclude(key="").values_list("key", flat=True))
        made = []
        for line in template_for(locked.kind):
            if line.key not in there:
                task = TaskInput(title=_translate_to_all(line.title), days=line.days)
                made.append(_create_task(locked, task, key=line.key))
    return made


def add_task(*, access: Access, event: Event, task: TaskInput) -> EventTask:
    """Add a task. Raises NotAllowed; Refused for what `_check` finds, or if there are too many."""
    with transaction.atomic():
        locked = _lock_event_for_checklist(access, event)
        _check_task(locked, task)
        if locked.tasks.filter(removed_at=None).count() >= MOST_TASKS:
            raise Refused(_("A checklist has at most 200 lines."))
        return _create_task(locked, task)


def change_task(*, access: Access, event: Event, uuid: UUID, task: TaskInput) -> EventTask:
    """Change a task; a new date reschedules the reminder."""
    with transaction.atomic():
        locked = _lock_event_for_checklist(access, event)
        _check_task(locked, task)
        row = _get_task(locked, uuid)
        for name, value in _fields(locked, task).items():
            setattr(row, name, value)
        row.save()
        _plan_reminder(locked, row)
    return row


def set_task_done(*, access: Access, event: Event, uuid: UUID, done: bool) -> EventTask:
    """Mark a task as done or not done: organisers and its owner may.

    Raises NotAllowed; Refused if the task was archived.
    """
    with transaction.atomic():
        locked = lock_event(event)
        row = _get_task(locked, uuid)
        require_that(
            may_tick(access, locked, row), _("Who plans the event, or whom it was given to, ticks it.")
        )
        row.done_at, row.done_by = (now(), access.user) if done else (None, None)
        row.save(update_fields=["done_at", "done_by", "changed_at"])
    return row


def remove_task(*, access: Access, event: Event, uuid: UUID) -> None:
    """Archive a task; it can be restored."""
    with transaction.atomic():
        _set_task_removed(_lock_event_for_checklist(access, event), uuid, at=now())


def restore_task(*, access: Access, event: Event, uuid: UUID) -> None:
    """Restore an archived task."""
    with transaction.atomic():
        _set_task_removed(_lock_event_for_checklist(access, event), uuid, at=None)


def reschedule_checklist(event: Event) -> None:
    """The days of the checklist move with the event. Listens by `on_event_change`."""
    for row in event.tasks.filter(removed_at=None):
        day = _day(event, row.days_before)
        if row.due_on != day:
            row.due_on = day
            row.save(update_fields=["due_on", "changed_at"])
            _plan_reminder(event, row)


def remind_of_task(key: str, _payload: dict[str, Any]) -> None:
    """Remind the owner that a task is due tomorrow; without an owner, the event's organisers."""
    row = EventTask.objects.select_related("event__workspace", "event__organisation", "person").get(uuid=key)
    if row.done_at or row.removed_at or row.event.state == EventState.CANCELLED:
        return
    with transaction.atomic():
        notify(
            people=_reminder_recipients(row),
            kind="task_due",
            workspace=row.event.workspace,
            actor=None,
            organisation=row.organisation or row.event.organisation,
            subject_kind="event",
            subject=row.event.uuid,
            once=f"task_due:{row.uuid}:{row.due_on:%Y%m%d}",
        )


def _reminder_recipients(row: EventTask) -> list[User]:
    if row.person is not None:
        return [row.person]
    host = row.organisation or row.event.organisation
    seats = seats_in(row.event.workspace).filter(organisation=host, role__in=READING_ROLES)
    return [seat.person for seat in seats]


def _lock_event_for_checklist(access: Access, event: Event) -> Event:
    locked = lock_event(event)
    require_that(may_change(access, locked), _("Editors and coordinators write the checklist."))
    refuse_cancelled(locked)
    return locked


def _get_task(event: Event, uuid: UUID) -> EventTask:
    row = EventTask.objects.filter(event=event, uuid=uuid, removed_at=None).first()
    if row is None:
        raise Refused(_("This line is not in the checklist any more."))
    row.event = event
    return row


def _create_task(event: Event, task: TaskInput, key: str = "") -> EventTask:
    row = EventTask.objects.create(event=event, key=key, **_fields(event, task))
    _plan_reminder(event, row)
    return row


def _set_task_removed(event: Event, uuid: UUID, *, at: datetime.datetime | None) -> None:
    for row in EventTask.objects.filter(event=event, uuid=uuid):
        row.removed_at = at
        row.save(update_fields=["removed_at", "changed_at"])


def _fields(event: Event, task: TaskInput) -> dict[str, object]:
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


def _check_task(event: Event, task: TaskInput) -> None:
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


def _translate_to_all(words: object) -> dict[str, str]:
    found = {}
    for code in Language.values:
        with override(code):
            found[code] = str(words)
    return found


def _plan_reminder(event: Event, row: EventTask) -> None:
    """Schedule the reminder at nine in the morning of the day before, local to the event; none if
    that has passed."""
    day = row.due_on - datetime.timedelta(days=1)
    at = datetime.datetime.combine(day, REMIND_AT, tzinfo=event.zone_info)
    if at > now():
        scheduler.schedule(kind=REMIND_OF_TASK, key=str(row.uuid), due_at=at)
    else:
        scheduler.cancel(kind=REMIND_OF_TASK, key=str(row.uuid))


def take_over_checklist(access: Access, source: Event, made: Event) -> None:
    """Copy the tasks with their days and responsible organisations, without the assigned person."""
    for row in tasks_of(source)[:MOST_TASKS]:
        task = TaskInput(title=row.title, days=row.days_before, organisation=row.organisation, note=row.note)
        try:
            add_task(access=access, event=made, task=task)
        except Refused:  # the organisation no longer participates: the task is copied without an owner
            add_task(access=access, event=made, task=TaskInput(row.title, row.days_before, note=row.note))
