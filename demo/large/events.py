"""Events of the large demo: planned, announced, moved, cancelled, recurring; exhibitions with hours."""

import datetime
import itertools
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from coalition.accounts.models import Language, Organisation, User
from coalition.accounts.naming import PUBLIC
from coalition.core.clock import now
from coalition.roles import RIGHTS, Right, SeatRole
from demo.large.audit import RecordedAction, record_actions
from demo.large.wording import paragraphs, region_name, region_of, title, wording
from demo.large.workspaces import Seating
from documents.drafts.models import Handling
from events.core.actions.times import derive_event_moments
from events.core.enums import EventKind, EventState, Frequency, GettingIn, Visibility
from events.core.queries import prefetch_event_details, public_events
from events.core.summary import facts_for
from events.feeds.cache import bump_feed_version
from events.ical.builder import event_component
from events.models import Event, EventText, Occurrence, OpeningHours

BATCH = 500
DAYS = 730  # the span over which they lie, today in its middle
DAY, HOUR = datetime.timedelta(days=1), datetime.timedelta(hours=1)
KINDS = (EventKind.MEETING, EventKind.TRAINING, EventKind.PRESS_CONFERENCE, EventKind.SCREENING)
EXHIBITION_EVERY, WEEKLY_EVERY, MOVED_EVERY, CANCELLED_EVERY = 25, 20, 33, 40
# Of ten: who is told. The first two are planned only.
TOLD = (
    *(None, None),
    *(Visibility.WORKSPACE, Visibility.WORKSPACE),
    *(Visibility.COALITION, Visibility.COALITION),
    *(Visibility.PUBLIC, Visibility.PUBLIC, Visibility.PUBLIC, Visibility.PUBLIC),
)
MARKS = {
    None: Handling.WORKSPACE,
    Visibility.WORKSPACE: Handling.WORKSPACE,
    Visibility.COALITION: Handling.COALITION,
    Visibility.PUBLIC: Handling.PUBLIC,
}


@dataclass(frozen=True)
class EventRows:
    """One event with its planner and its readers."""

    number: int
    seating: Seating
    event: Event
    visibility: Visibility | None

    @property
    def author(self) -> tuple[User, Organisation, SeatRole]:
        planners = [seat for seat in self.seating.writers if Right.PLAN in RIGHTS[seat[2]]]
        return planners[self.number % len(planners)]


def create_events(planned: Iterable[tuple[int, Seating]], until: datetime.datetime) -> Iterator[list[Event]]:
    """Create events given as (number, workspace), and yield them in batches."""
    for batch in itertools.batched(planned, BATCH, strict=False):
        held = [_held(number, seating, until) for number, seating in batch]
        events = [one.event for one in held]
        Event.objects.bulk_create(events)
        for one in events:
            one.created_at = one.changed_at
        Event.objects.bulk_update(events, ["created_at"], batch_size=BATCH // 2)
        EventText.objects.bulk_create([text for one in held for text in _texts(one)])
        OpeningHours.objects.bulk_create([hours for one in events for hours in _hours(one)])
        Occurrence.objects.bulk_create([left_out for one in events for left_out in _left_out(one)])
        record_actions([done for one in held for done in _action_of(one)])
        _store_components([one.pk for one in events])
        yield events


def _held(number: int, seating: Seating, until: datetime.datetime) -> EventRows:
    day = (until + (number * 37 % DAYS - DAYS // 2) * DAY).date()
    visibility = TOLD[number // 3 % len(TOLD)]
    event = Event(
        workspace=seating.workspace,
        kind=KINDS[number % len(KINDS)],
        visibility=visibility or Visibility.WORKSPACE,
        handling=MARKS[visibility],
        starts_on=day,
        starts_at_time=datetime.time(9 + number % 9, number % 4 * 15),
        ends_on=day,
        ends_at_time=datetime.time(10 + number % 9, number % 4 * 15),
        region=region_of(number),
        step_free=list(GettingIn)[number % 3],
        changed_at=min(until, until + (number * 37 % DAYS - DAYS) * DAY),
    )
    _times(event, number)
    held = EventRows(number, seating, event, visibility)
    event.created_by, event.organisation, _role = held.author
    if visibility is not None:
        _tell(event, number)
    derive_event_moments(event)
    return held


def _times(event: Event, number: int) -> None:
    if number % EXHIBITION_EVERY == 1:
        event.kind = EventKind.EXHIBITION
        event.run_from, event.run_until = event.starts_on, event.starts_on + 14 * DAY
    elif number % WEEKLY_EVERY == 2:
        event.frequency, event.repeat_until = Frequency.WEEKLY, event.starts_on + 56 * DAY


def _tell(event: Event, number: int) -> None:
    event.state, event.announced_at = EventState.ANNOUNCED, event.changed_at
    if event.visibility == Visibility.PUBLIC:
        event.slug = f"{event.kind}-{number}"
    if number % CANCELLED_EVERY == 3:
        event.state, event.cancelled_at, event.sequence = EventState.CANCELLED, event.changed_at, 1
    elif number % MOVED_EVERY == 5:
        before = (event.starts_on - DAY, event.starts_at_time)
        event.state, event.sequence = EventState.MOVED, 1
        event.moved_from = {"starts_on": str(before[0]), "starts_at_time": str(before[1])}


def _texts(one: EventRows) -> Iterator[EventText]:
    for language in Language.values:
        yield EventText(
            event=one.event,
            language=language,
            title=title(one.number, language),
            text="\n\n".join(paragraphs(one.number, language)[1:2]),
            place=wording()["place"][language],
            address=region_name(one.number, language),
        )


def _hours(event: Event) -> Iterator[OpeningHours]:
    if event.run_from is not None:
        for weekday in range(1, 7):
            yield OpeningHours(
                event=event, weekday=weekday, opens=datetime.time(11), closes=datetime.time(19)
            )


def _left_out(event: Event) -> Iterator[Occurrence]:
    """The third date of a weekly event is left out."""
    if event.frequency:
        yield Occurrence(event=event, on=event.starts_on + 14 * DAY)


def _action_of(one: EventRows) -> Iterator[RecordedAction]:
    acts: list[tuple[str, str, dict[str, str]]] = [("event.planned", "event_planned", {})]
    if one.visibility is not None:
        acts.append(("event.announced", "event_announced", {"visibility": one.visibility.value}))
    for place, (action, kind, detail) in enumerate(acts):
        yield RecordedAction(
            action=action,
            kind=kind,
            at=one.event.changed_at + place * HOUR,
            author=one.author,
            workspace=one.seating.workspace,
            thing_kind="event",
            thing=one.event.uuid,
            audit_detail=detail,
            activity_detail={"title": title(one.number, Language.KK), **detail},
            needs_drafts=one.visibility is None,
        )


def _store_components(keys: Collection[int]) -> None:
    """Store the VEVENTs of many new events, in few statements."""
    written = []
    for event in prefetch_event_details(public_events().filter(pk__in=keys)):
        for text in event.texts.all():
            text.component = event_component(facts_for(event, language=text.language, viewer=PUBLIC))
            text.component_at = now()
            written.append(text)
    EventText.objects.bulk_update(written, ["component", "component_at"], batch_size=100)
    if written:
        bump_feed_version()
