"""The events: planned, announced, moved and cancelled by those who did it, in the order of time."""

import datetime
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from django.utils import timezone

from coalition.core.clock import now
from coalition.workspaces.models import Workspace
from coalition.workspaces.rules import Access
from demo import art
from demo.load import Demo, Record
from demo.seed.accounts import Cast
from demo.seed.dates import DAY, campaign_day, clock, planned_for
from demo.seed.drafts import Desk
from demo.seed.history import History
from demo.seed.press_kit import make_kit
from demo.seed.press_registration import take_press
from demo.seed.production import (
    begin_checklist,
    name_second_place,
    write_down_learned,
    write_running_order,
)
from demo.seed.questions import take_questions
from demo.seed.safety import ask_speakers, plan_safety
from demo.seed.visitors import count_visitors, open_guest_book, take_groups
from demo.seed.volunteers import seek_volunteers, tick_volunteers
from demo.seed.works import hang_works, note_film
from demo.seed.workspaces import MAIN, acting
from documents.drafts.enums import Handling
from documents.files.actions.upload import upload
from documents.models import StoredFile
from events.cohosts.actions import answer_co_host, ask_co_hosts
from events.conflicts.sittings.actions import enter_sitting
from events.core.actions.announce import announce_event
from events.core.actions.audiences import set_audience_times
from events.core.actions.cancel import cancel_event
from events.core.actions.dates import leave_out, move_occurrence
from events.core.actions.opening_hours import set_hours
from events.core.actions.plan import plan_event
from events.core.actions.proposal import Hours, Place, Special, Words
from events.core.actions.reschedule import move_event
from events.core.enums import Audience, EventKind, GettingIn, Visibility
from events.invitations.actions.invite import invite_people
from events.models import CoHost, Event, EventInvitation


@dataclass
class Gathering:
    """One event while its history is told."""

    record: Record
    demo: Demo
    cast: Cast
    workspace: Workspace
    today: datetime.date
    desks: Mapping[str, Desk]
    event: Event | None = None

    @property
    def begun(self) -> Event:
        if self.event is None:
            raise LookupError(self.record["id"])
        return self.event

    @property
    def access(self) -> Access:
        return acting(self.cast.people[self.record["by"]], self.workspace)


def plan_gatherings(
    demo: Demo, cast: Cast, workspaces: Mapping[str, Workspace], desks: Mapping[str, Desk], history: History
) -> None:
    """Add every event and what happened to it to the history."""
    today = timezone.localdate(history.begun)
    for record in demo.events:
        workspace = workspaces[record.get("workspace", MAIN)]
        _plan_history(Gathering(record, demo, cast, workspace, today, desks), history)
    for sitting in demo.sittings:
        access = partial(acting, cast.people[sitting["by"]], workspaces[MAIN])
        history.add(sitting["days_ago"], partial(_sit, sitting, access, today))


def _plan_history(gathering: Gathering, history: History) -> None:
    record = gathering.record
    history.add(record["planned_days_ago"], partial(_plan, gathering))
    if record.get("co_hosts"):
        history.add(record["planned_days_ago"], partial(_host, gathering))
    announced = record.get("announced")
    if announced:
        history.add(announced["days_ago"], partial(_announce, gathering, Visibility(announced["visibility"])))
        history.add(announced["days_ago"], partial(_invite, gathering))
    for name, act in _ACTS.items():
        if name in record:
            history.add(record[name]["days_ago"], partial(act, gathering))
    _plan_people(gathering, history)
    for one in record.get("moved_dates", ()):
        history.add(one["days_ago"], partial(_move_date, gathering, one))
    for one in record.get("left_out", ()):
        history.add(one["days_ago"], partial(_leave_out, gathering, one))
    if "moved" in record:
        history.add(record["moved"]["days_ago"], partial(_move, gathering, record["moved"]["when"]))
    if "cancelled" in record:
        history.add(record["cancelled"]["days_ago"], partial(_cancel, gathering))


def _plan_people(gathering: Gathering, history: History) -> None:
    """Those who help at it, and whether they came; those who visit it, and what they write."""
    record = gathering.record
    shifts = record.get("shifts")
    if shifts is not None:
        history.add(shifts["days_ago"], partial(_seek_volunteers, gathering))
        if "did_not_come" in shifts:
            history.add(shifts["ticked_days_ago"], partial(_tick_volunteers, gathering))
    for name, tell in (("groups", _take_groups), ("guest_book", _open_book), ("visitors", _count_visitors)):
        if name in record:
            history.add(record[name]["days_ago"], partial(tell, gathering))


def _plan(gathering: Gathering) -> None:
    record, access = gathering.record, gathering.access
    gathering.event = plan_event(
        access=access,
        kind=EventKind(record["kind"]),
        texts={language: Words(**words) for language, words in record["texts"].items()},
        times=planned_for(record["when"], gathering.today),
        place=Place(
            region=record.get("region", ""),
            map_link=record.get("map_link", ""),
            step_free=GettingIn(record.get("step_free", GettingIn.UNKNOWN)),
            online_link=record.get("online_link", ""),
        ),
        handling=Handling(record["handling"]),
        restricted_to=[gathering.cast.organisations[one] for one in record.get("restricted_to", ())],
        draft=gathering.desks[record["draft"]].begun if "draft" in record else None,
        picture=_picture(gathering, access) if "picture" in record else None,
    )
    # The field sets this itself and knows no other time than the host's.
    Event.objects.filter(pk=gathering.begun.pk).update(created_at=now())
    if "hours" in record:
        _open_hours(gathering)
    if "audiences" in record:
        times = {Audience(name): clock(words) for name, words in record["audiences"].items()}
        set_audience_times(access=access, event=gathering.begun, times=times)
    if "running_order" in record:
        write_running_order(access, gathering.begun, record["running_order"])
    if "second_place" in record:
        name_second_place(access, gathering.begun, record["second_place"])
    if "speakers" in record:
        ask_speakers(access, gathering.begun, record["speakers"])
    if "safety" in record:
        plan_safety(access, gathering.begun, gathering.cast, record["safety"])
    if "checklist" in record:
        begin_checklist(access, gathering.begun, gathering.cast, record["checklist"])
    if "works" in record:
        hang_works(access, gathering.begun, record, gathering.today)
    if "film" in record:
        note_film(access, gathering.begun, record["film"], gathering.today)


def _take_press(gathering: Gathering) -> None:
    take_press(gathering.access, gathering.begun, gathering.record["press"])


def _take_questions(gathering: Gathering) -> None:
    take_questions(gathering.access, gathering.begun, gathering.record["questions"])


def _make_kit(gathering: Gathering) -> None:
    make_kit(gathering.access, gathering.begun, gathering.record["kit"], gathering.desks)


def _learn(gathering: Gathering) -> None:
    write_down_learned(gathering.access, gathering.begun, gathering.record["learned"])


# What a record may hold beside the plan, each on a day of its own.
_ACTS: Mapping[str, Callable[[Gathering], None]] = {
    "press": _take_press,
    "questions": _take_questions,
    "kit": _make_kit,
    "learned": _learn,
}


def _seek_volunteers(gathering: Gathering) -> None:
    seek_volunteers(gathering.access, gathering.begun, gathering.record["shifts"], gathering.today)


def _take_groups(gathering: Gathering) -> None:
    take_groups(gathering.access, gathering.begun, gathering.record["groups"])


def _open_book(gathering: Gathering) -> None:
    record = gathering.record["guest_book"]
    person = gathering.cast.people[record["person"]]
    open_guest_book(gathering.access, gathering.begun, person, record)


def _count_visitors(gathering: Gathering) -> None:
    count_visitors(gathering.access, gathering.begun, gathering.record["visitors"])


def _tick_volunteers(gathering: Gathering) -> None:
    tick_volunteers(gathering.access, gathering.begun, gathering.record["shifts"])


def _picture(gathering: Gathering, access: Access) -> StoredFile:
    content = art.cover_png(gathering.record["picture"])
    file = upload(
        access=access,
        content=io.BytesIO(content),
        size=len(content),
        name=f"{gathering.record['id']}.png",
        alt=gathering.record["picture_alt"],
    )
    StoredFile.objects.filter(pk=file.pk).update(uploaded_at=now())
    return file


def _open_hours(gathering: Gathering) -> None:
    record, today = gathering.record, gathering.today
    set_hours(
        access=gathering.access,
        event=gathering.begun,
        hours=[
            Hours(day, clock(one["opens"]), clock(one["closes"]))
            for one in record["hours"]
            for day in one["days"]
        ],
        special_days=[
            Special(
                campaign_day(one["first"], today),
                campaign_day(one["last"], today),
                opens=clock(one["opens"]) if "opens" in one else None,
                closes=clock(one["closes"]) if "closes" in one else None,
                why=tuple(one["why"].items()),
            )
            for one in record.get("special_days", ())
        ],
    )


def _host(gathering: Gathering) -> None:
    """Ask the others; their representatives answer."""
    cast, event = gathering.cast, gathering.begun
    rows = gathering.record["co_hosts"]
    organisations = [cast.organisations[one["organisation"]] for one in rows]
    ask_co_hosts(access=gathering.access, event=event, organisations=organisations)
    for one in rows:
        if one["answer"] != "asked":
            organisation = cast.organisations[one["organisation"]]
            answer_co_host(
                user=cast.people[gathering.demo.representative_of(one["organisation"])["email"]],
                co_host=CoHost.objects.select_related("organisation", "event").get(
                    event=event, organisation=organisation
                ),
                consents=one["answer"] == "consented",
            )


def _announce(gathering: Gathering, visibility: Visibility) -> None:
    by = gathering.record["announced"].get("by", gathering.record["by"])
    access = acting(gathering.cast.people[by], gathering.workspace)
    gathering.event = announce_event(access=access, event=gathering.begun, visibility=visibility)


def _invite(gathering: Gathering) -> None:
    for one in gathering.record.get("invited", ()):
        person = gathering.cast.people[one["person"]]
        invited = invite_people(
            access=gathering.access,
            event=gathering.begun,
            people=[person],
            audience=one.get("audience", ""),
        )
        if "answer" in one:
            rows = EventInvitation.objects.filter(pk__in=[row.pk for row in invited])
            rows.update(answer=one["answer"], answered_at=now())


def _week(gathering: Gathering, number: int) -> datetime.date:
    return gathering.begun.starts_on + number * 7 * DAY


def _move_date(gathering: Gathering, one: Record) -> None:
    on = _week(gathering, one["week"])
    move_occurrence(
        access=gathering.access,
        event=gathering.begun,
        on=on,
        to_date=on + one["by_days"] * DAY,
        to_time=clock(one["from"]),
    )


def _leave_out(gathering: Gathering, one: Record) -> None:
    leave_out(access=gathering.access, event=gathering.begun, on=_week(gathering, one["week"]))


def _move(gathering: Gathering, when: Record) -> None:
    times = planned_for(when, gathering.today)
    gathering.event = move_event(access=gathering.access, event=gathering.begun, times=times)


def _cancel(gathering: Gathering) -> None:
    gathering.event = cancel_event(access=gathering.access, event=gathering.begun)


def _sit(record: Record, access: "partial[Access]", today: datetime.date) -> None:
    times = planned_for(record["when"], today)
    starts, ends = (
        timezone.make_aware(datetime.datetime.combine(times.starts_on, clock(record["when"][name])))
        for name in ("from", "to")
    )
    enter_sitting(
        access=access(),
        body=record["body"],
        region=record.get("region", ""),
        starts_at=starts,
        ends_at=ends,
    )
