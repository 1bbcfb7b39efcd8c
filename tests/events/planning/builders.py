"""Events to test with, planned and announced by the domain's own functions.

`stage()` is a workspace with a person for each role; `planned` and `announced` make an event there, or in
the access or workspace given; `press_conference` and `exhibition` are the two of the design papers.
"""

import datetime
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from coalition.accounts.models import Language, Membership, MembershipRole, Organisation, User
from coalition.roles import Right, SeatRole
from coalition.workspaces.actions.seats import sync_grants
from coalition.workspaces.models import Seat, Workspace
from coalition.workspaces.permissions import Access, access_to
from documents.drafts.models import Handling
from documents.models import Draft, StoredFile
from events.core.actions.plan import announce_event, change_event, place_input_for, plan_event
from events.core.actions.times import EventPlaceInput, EventTextInput, EventTimesInput, set_hours
from events.core.enums import EventKind, GettingIn, Visibility, Weekday
from events.core.facts import RecurrenceRule
from events.core.models import OpeningHours, SpecialDay
from events.models import Event
from tests.factories import MembershipFactory, OrganisationFactory, WorkspaceFactory, seat
from tests.recording import recorded

ALMATY = "Asia/Almaty"


@dataclass
class Stage:
    """A workspace and its people, each of an organisation of their own: `stage.access("editor")`."""

    workspace: Workspace
    seats: dict[str, Seat] = field(default_factory=dict)

    @recorded
    def take(
        self, role: str, *, name: str = "", organisation: Organisation | None = None, in_step: bool = True
    ) -> Seat:
        taken = seat(
            workspace=self.workspace, role=SeatRole(role), organisation=organisation, in_step=in_step
        )
        self.seats[name or role] = taken
        return taken

    def user(self, name: str = "editor") -> User:
        return self.seats[name].person

    def organisation(self, name: str = "editor") -> Organisation:
        return self.seats[name].organisation

    @recorded
    def access(self, name: str = "editor") -> Access:
        return access_to(self.user(name), self.workspace.uuid)

    def representative(self, organisation: Organisation | None = None, **given: object) -> User:
        """A representative of an organisation that takes part, without a seat."""
        organisation = organisation or OrganisationFactory(**given)
        return representative_of(organisation)


@recorded
def stage(workspace: Workspace | None = None) -> Stage:
    """A workspace with one person for each role."""
    made = Stage(workspace or WorkspaceFactory())
    for role in SeatRole:
        made.take(role.value, in_step=False)
    sync_grants(made.workspace)
    return made


@recorded
def representative_of(organisation: Organisation) -> User:
    found = Membership.objects.filter(
        organisation=organisation, role=MembershipRole.REPRESENTATIVE, ended_at=None
    ).first()
    return (
        found.person
        if found
        else MembershipFactory(organisation=organisation, role=MembershipRole.REPRESENTATIVE).person
    )


def texts_of(title: str = "", **words: str) -> dict[str, EventTextInput]:
    """Words in three languages; the title of each ends with its language."""
    return {
        code: EventTextInput(
            title=f"{title or 'Event'} {code}",
            text=words.get("text", f"What it is about, {code}"),
            place=words.get("place", f"Press club {code}"),
            address=words.get("address", f"Abai 10, {code}"),
            access_notes=words.get("access_notes", ""),
        )
        for code in Language.values
    }


def times_from(
    starts: str,
    ends: str = "",
    *,
    zone: str = ALMATY,
    run: tuple[str, str] | None = None,
    rule: RecurrenceRule | None = None,
) -> EventTimesInput:
    """Times from ISO words: "2026-03-03 11:00", or "2026-03-03" for a whole day (`ends` is the last)."""
    begins = datetime.datetime.fromisoformat(starts)
    finish = datetime.datetime.fromisoformat(ends) if ends else None
    timed = len(starts) > len("2026-03-03")
    first, last = (datetime.date.fromisoformat(one) for one in run) if run else (None, None)
    return EventTimesInput(
        starts_on=begins.date(),
        starts_at_time=begins.time() if timed else None,
        ends_on=finish.date() if finish else None,
        ends_at_time=finish.time() if finish and timed else None,
        zone=zone,
        run_from=first,
        run_until=last,
        **({"frequency": rule.frequency, "interval": rule.interval} if rule else {}),
        weekdays=list(rule.weekdays) if rule else [],
        repeat_until=rule.until if rule else None,
    )


@recorded
def planned(
    access: Access | None = None,
    *,
    workspace: Workspace | None = None,
    kind: EventKind = EventKind.MEETING,
    title: str = "Event",
    texts: Mapping[str, EventTextInput] | None = None,
    starts: str = "2026-03-03 11:00",
    ends: str = "2026-03-03 12:00",
    zone: str = ALMATY,
    run: tuple[str, str] | None = None,
    rule: RecurrenceRule | None = None,
    region: str = "KZ-75",
    online: str = "",
    handling: Handling = Handling.PUBLIC,
    restricted_to: tuple[Organisation, ...] = (),
    draft: Draft | None = None,
    picture: StoredFile | None = None,
) -> Event:
    """A planned event. Without `access` an editor of the workspace (or of a new one) plans it.

    If only `starts` is given and is another day, the event lasts an hour (or the day).
    """
    if access is None:
        workspace = workspace or WorkspaceFactory()
        access = access_to(seat(workspace=workspace, role=SeatRole.EDITOR).person, workspace.uuid)
    if ends == "2026-03-03 12:00" and starts != "2026-03-03 11:00":
        begins = datetime.datetime.fromisoformat(starts)
        ends = f"{begins + datetime.timedelta(hours=1):%Y-%m-%d %H:%M}" if len(starts) > 10 else starts
    return plan_event(
        access=access,
        kind=kind,
        texts=texts if texts is not None else texts_of(title),
        times=times_from(starts, ends, zone=zone, run=run, rule=rule),
        place=EventPlaceInput(region=region, step_free=GettingIn.STEP_FREE, online_link=online),
        handling=handling,
        restricted_to=restricted_to,
        draft=draft,
        picture=picture,
    )


def planner_of(event: Event) -> Access:
    """The access of the person who planned the event."""
    assert event.created_by is not None
    return access_to(event.created_by, event.workspace.uuid)


@recorded
def announced(
    access: Access | None = None, *, visibility: Visibility = Visibility.PUBLIC, **given: object
) -> Event:
    """An announced event; `given` as for `planned`."""
    event = planned(access, **given)  # type: ignore[arg-type]  # passed through
    return announce_event(access=teller_of(event, visibility), event=event, visibility=visibility)


def teller_of(event: Event, visibility: Visibility) -> Access:
    """The access of who may tell so many: the planner, and for everyone a coordinator."""
    if visibility != Visibility.PUBLIC or planner_of(event).may(Right.PUBLISH):
        return planner_of(event)
    held = Seat.objects.filter(workspace=event.workspace, role=SeatRole.COORDINATOR, ended_at=None).first()
    listed = event.restricted_to.first()
    held = held or seat(workspace=event.workspace, role=SeatRole.COORDINATOR, organisation=listed)
    return access_to(held.person, event.workspace.uuid)


@recorded
def press_conference(
    access: Access | None = None, *, visibility: Visibility | None = Visibility.PUBLIC, **given: object
) -> Event:
    """Tuesday 3 March 2026, 11:00 to 12:00, in Almaty. With `visibility=None` only planned."""
    given = {"kind": EventKind.PRESS_CONFERENCE, "title": "Press conference on Article 123", **given}
    if visibility is None:
        return planned(access, **given)  # type: ignore[arg-type]  # passed through
    return announced(access, visibility=visibility, **given)


@recorded
def exhibition(
    access: Access | None = None, *, visibility: Visibility | None = Visibility.PUBLIC, **given: object
) -> Event:
    """Opening on 7 March 2026 at 18:00, open 8 March to 30 April, Tuesday to Sunday 11 to 19, closed on
    21 to 23 March (Nauryz). With `visibility=None` only planned."""
    event = planned(
        access,
        **{
            "kind": EventKind.EXHIBITION,
            "title": "Exhibition of letters",
            "starts": "2026-03-07 18:00",
            "ends": "2026-03-07 20:00",
            "run": ("2026-03-08", "2026-04-30"),
            **given,
        },  # type: ignore[arg-type]  # passed through
    )
    access = access or planner_of(event)
    eleven, seven = datetime.time(11), datetime.time(19)
    event = set_hours(
        access=access,
        event=event,
        hours=[
            OpeningHours(weekday=day, opens=eleven, closes=seven)
            for day in Weekday.values
            if day != Weekday.MONDAY
        ],
        special_days=[
            SpecialDay(
                first=datetime.date(2026, 3, 21),
                last=datetime.date(2026, 3, 23),
                why={"kk": "Наурыз", "ru": "Наурыз", "en": "Nauryz"},
            )
        ],
    )
    if visibility is None:
        return event
    return announce_event(access=teller_of(event, visibility), event=event, visibility=visibility)


def restrict(access: Access, event: Event, organisations: Collection[Organisation]) -> Event:
    """Change nothing of an event but for which organisations it is."""
    return change_event(
        access=access,
        event=event,
        kind=EventKind(event.kind),
        texts={},
        place=place_input_for(event),
        handling=Handling(event.handling),
        draft=event.draft,
        picture=event.picture,
        restricted_to=organisations,
    )
