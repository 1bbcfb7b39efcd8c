"""Checklist templates: tasks with their number of days before the event.

From the practice of press services: an advisory a week before, calls three days before and on the
morning; of exhibitions: arrival of works, labels, insurance, return.
"""

import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _, override

from coalition.accounts.models import Language
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.jobs import scheduler
from coalition.roles import Right
from coalition.workspaces.notifications.notify import notify
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import participants, seats_in
from documents.drafts.permissions import has_active_right, require_that
from documents.drafts.queries import READING_ROLES
from events.core.enums import EventKind, EventState
from events.core.models import Event
from events.core.permissions import event_to_change, is_admitted, lock_event, may_change
from events.production.models import EventTask, tasks_of

# Key, title, and days before the first day of the event (0: on the day; negative: after it).
PRESS_CONFERENCE = (
    ("room", _("Book the room, step-free, with a quiet room beside it"), 21),
    ("second-place", _("Agree on a second place in case this one falls through"), 14),
    ("speakers", _("Ask speakers, and whether they may be named and photographed"), 14),
    ("interpreters", _("Book interpreters, sign language too"), 14),
    ("guide", _("Approve the message guide with the hard questions"), 10),
    ("advisory", _("Send the advisory to the media list"), 7),
    ("safety", _("Name who answers for safety: steward, lawyer, first aid, psychologist"), 5),
    ("calls", _("Call the newsrooms"), 3),
    ("kit", _("Make the kit: texts, pictures with captions, contacts"), 3),
    ("sound", _("Try sound, the split for cameras, light and screen"), 1),
    ("photo-rule", _("Set seats where nobody is photographed, and put up the rule"), 1),
    ("morning-calls", _("Call the newsrooms once more in the morning"), 0),
    ("water", _("Water, name plates, the list at the door"), 0),
    ("thanks", _("Thank speakers and journalists, send the recording"), -1),
    ("coverage", _("Write down what was aired and printed"), -7),
    ("learned", _("Write down what we learned"), -7),
)
EXHIBITION = (
    ("rights", _("Agree with the makers on the right to show and to reproduce"), 60),
    ("loans", _("Sign loan agreements"), 45),
    ("venue", _("Agree with the venue: hours, step-free way, guards"), 45),
    ("labels", _("Write the labels in three languages, with content notes"), 21),
    ("arrival", _("Works arrive: write down their condition with photographs"), 10),
    ("volunteers", _("Plan the volunteers' shifts and brief them on safety"), 10),
    ("quiet", _("Set up the quiet corner and the way to help"), 5),
    ("hang", _("Hang the works, check the light"), 3),
    ("opening", _("Prepare the opening night"), 1),
    ("return", _("Works go back: write down their condition with photographs"), -60),
)
SIMPLE = (
    ("place", _("Book the place, step-free"), 14),
    ("invite", _("Invite people"), 10),
    ("prepare", _("Prepare what will be shown or discussed"), 5),
    ("remind", _("Remind those who come"), 1),
    ("notes", _("Send notes to everyone"), -2),
)
_KINDS = {EventKind.PRESS_CONFERENCE: PRESS_CONFERENCE, EventKind.EXHIBITION: EXHIBITION}


def template_for(kind: str) -> tuple[tuple[str, Promise, int], ...]:
    """Return the template for this kind of event; empty for a deadline."""
    if kind == EventKind.DEADLINE:
        return ()
    return _KINDS.get(EventKind(kind), SIMPLE)


REMIND_OF_TASK = "events.remind_of_task"
REMIND_AT = datetime.time(9)
MOST_TASKS = 200
ONLY_EDITORS = _("Editors and coordinators write the checklist.")


def begin_checklist(*, access: Access, event: Event) -> list[EventTask]:
    """Add the missing lines of the template for this kind of event, in each language.

    Raises NotAllowed without the right to change the event; Refused if it is cancelled.
    """
    with event_to_change(access, event, ONLY_EDITORS) as locked:
        there = set(locked.tasks.exclude(key="").values_list("key", flat=True))
        made = []
        for key, title, days in template_for(locked.kind):
            if key not in there:
                words = _translate_to_all(title)
                made.append(_save_task(EventTask(event=locked, key=key, title=words, days_before=days)))
    return made


def add_task(*, access: Access, event: Event, **fields: Any) -> EventTask:
    """Add a task. `fields`: title, days_before, organisation, person, note. Raises NotAllowed; Refused for an
    owner who does not take part, or if there are too many."""
    with event_to_change(access, event, ONLY_EDITORS) as locked:
        if locked.tasks.filter(removed_at=None).count() >= MOST_TASKS:
            raise Refused(_("A checklist has at most 200 lines."))
        row = EventTask(event=locked, **fields)
        _check_owner(row)
        return _save_task(row)


def change_task(*, access: Access, event: Event, uuid: UUID, **fields: Any) -> EventTask:
    """Change a task; a new date reschedules the reminder. Raises as `add_task`."""
    with event_to_change(access, event, ONLY_EDITORS) as locked:
        row = _get_task(locked, uuid)
        for name, value in fields.items():
            setattr(row, name, value)
        _check_owner(row)
        return _save_task(row)


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
    with event_to_change(access, event, ONLY_EDITORS) as locked:
        EventTask.objects.filter(event=locked, uuid=uuid).update(removed_at=now(), changed_at=now())


def restore_task(*, access: Access, event: Event, uuid: UUID) -> None:
    """Restore an archived task."""
    with event_to_change(access, event, ONLY_EDITORS) as locked:
        EventTask.objects.filter(event=locked, uuid=uuid).update(removed_at=None, changed_at=now())


def reschedule_checklist(event: Event) -> None:
    """The days of the checklist move with the event. Listens by `on_event_change`."""
    for row in event.tasks.filter(removed_at=None):
        if row.due_on != row.day:
            _save_task(row)


def remind_of_task(key: str, _payload: dict[str, Any]) -> None:
    """Remind the owner that a task is due tomorrow; without an owner, the event's organisers."""
    row = EventTask.objects.select_related("event__workspace", "event__organisation", "person").get(uuid=key)
    if row.done_at or row.removed_at or row.event.state == EventState.CANCELLED:
        return
    host = row.organisation or row.event.organisation
    people = [row.person] if row.person is not None else []
    if row.person is None:
        seats = seats_in(row.event.workspace).filter(organisation=host, role__in=READING_ROLES)
        people = [seat.person for seat in seats]
    with transaction.atomic():
        notify(
            people=people,
            kind="task_due",
            workspace=row.event.workspace,
            actor=None,
            organisation=host,
            subject_kind="event",
            subject=row.event.uuid,
            once=f"task_due:{row.uuid}:{row.due_on:%Y%m%d}",
        )


def _get_task(event: Event, uuid: UUID) -> EventTask:
    row = event.tasks.filter(uuid=uuid, removed_at=None).first()
    if row is None:
        raise Refused(_("This line is not in the checklist any more."))
    return row


def _save_task(row: EventTask) -> EventTask:
    """Save the task with the day on which it is due, and schedule its reminder: at nine in the morning of the
    day before, local to the event; none if that has passed."""
    row.due_on = row.day
    row.save()
    day = row.due_on - datetime.timedelta(days=1)
    at = datetime.datetime.combine(day, REMIND_AT, tzinfo=row.event.zone_info)
    if at > now():
        scheduler.schedule(kind=REMIND_OF_TASK, key=str(row.uuid), due_at=at)
    else:
        scheduler.cancel(kind=REMIND_OF_TASK, key=str(row.uuid))
    return row


def _check_owner(row: EventTask) -> None:
    workspace = row.event.workspace
    if row.organisation is not None and not participants(workspace).filter(pk=row.organisation.pk).exists():
        raise Refused(_("Only organisations that take part here can answer for it."))
    if row.person is not None:
        seats = seats_in(workspace).filter(person=row.person, organisation=row.organisation)
        if not seats.filter(role__in=READING_ROLES).exists():
            raise Refused(_("Only people with a seat here can answer for it."))


def _translate_to_all(words: object) -> dict[str, str]:
    found = {}
    for code in Language.values:
        with override(code):
            found[code] = str(words)
    return found


def take_over_checklist(access: Access, source: Event, made: Event) -> None:
    """Copy the tasks with their days and responsible organisations, without the assigned person."""
    for row in tasks_of(source)[:MOST_TASKS]:
        task = {"title": row.title, "days_before": row.days_before, "note": row.note}
        try:
            add_task(access=access, event=made, organisation=row.organisation, **task)
        except Refused:  # the organisation no longer participates: the task is copied without an owner
            add_task(access=access, event=made, **task)


def may_tick(access: Access, event: Event, task: EventTask) -> bool:
    """Whether the user may mark a task as done: organisers, the person it is assigned to, or
    without one anyone of the responsible organisation."""
    if may_change(access, event):
        return True
    if not is_admitted(access, event) or not has_active_right(access, Right.SEE_DRAFTS):
        return False
    if task.person_id is not None:
        return task.person_id == access.user.pk
    return task.organisation_id == access.organisation.pk
