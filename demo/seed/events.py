"""Events: planned, announced, moved and cancelled by their people, in the order of time."""

import datetime
import io
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from django.utils import timezone

from coalition.core.clock import now
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access
from demo import art
from demo.load import Demo, Record
from demo.seed.accounts import Accounts
from demo.seed.dates import DAY, campaign_day, clock, planned_for
from demo.seed.drafts import DraftPlan
from demo.seed.history import History
from demo.seed.press_kit import seed_press_kit
from demo.seed.press_registration import seed_press_registration
from demo.seed.production import choose_fallback_venue, fill_checklist, write_debrief, write_running_order
from demo.seed.questions import seed_questions
from demo.seed.safety import ask_speakers, plan_safety
from demo.seed.visitors import count_visitors, open_guest_book, seed_school_groups
from demo.seed.volunteers import record_attendance, seed_volunteers
from demo.seed.works import add_film, add_works
from demo.seed.workspaces import MAIN, access_of
from documents.drafts.models import Handling
from documents.files.actions import upload_file
from documents.models import StoredFile
from events.cohosts.actions import answer_co_host, ask_co_hosts
from events.conflicts.sittings import enter_sitting
from events.core.actions.plan import announce_event, cancel_event, move_event, plan_event, set_audience_times
from events.core.actions.times import (
    EventPlaceInput,
    EventTextInput,
    exclude_date,
    move_occurrence,
    set_hours,
)
from events.core.enums import Audience, EventKind, Visibility
from events.core.models import VENUE_FIELDS, OpeningHours, SpecialDay
from events.invitations.actions import invite_people
from events.models import CoHost, Event, EventInvitation


@dataclass
class EventPlan:
    """One event of the data with the row seeded for it."""

    record: Record
    demo: Demo
    accounts: Accounts
    workspace: Workspace
    today: datetime.date
    drafts: Mapping[str, DraftPlan]
    event: Event | None = None

    @property
    def row(self) -> Event:
        if self.event is None:
            raise LookupError(self.record["id"])
        return self.event

    @property
    def access(self) -> Access:
        return access_of(self.accounts.people[self.record["by"]], self.workspace)


def plan_events(
    demo: Demo,
    accounts: Accounts,
    workspaces: Mapping[str, Workspace],
    drafts: Mapping[str, DraftPlan],
    history: History,
) -> dict[str, EventPlan]:
    """Plan every event and its history."""
    today = timezone.localdate(history.started_at)
    plans = {}
    for record in demo.events:
        workspace = workspaces[record.get("workspace", MAIN)]
        plans[record["id"]] = EventPlan(record, demo, accounts, workspace, today, drafts)
        _plan_history(plans[record["id"]], history)
    for sitting in demo.sittings:
        access = partial(access_of, accounts.people[sitting["by"]], workspaces[MAIN])
        history.add(sitting["days_ago"], partial(_sit, sitting, access, today))
    return plans


def _plan_history(plan: EventPlan, history: History) -> None:
    record = plan.record
    history.add(record["planned_days_ago"], partial(_plan, plan))
    if record.get("co_hosts"):
        history.add(record["planned_days_ago"], partial(_host, plan))
    announced = record.get("announced")
    if announced:
        history.add(announced["days_ago"], partial(_announce, plan, Visibility(announced["visibility"])))
        history.add(announced["days_ago"], partial(_invite, plan))
    for name, act in _ACTS.items():
        if name in record:
            history.add(record[name]["days_ago"], partial(act, plan))
    _plan_people(plan, history)
    for one in record.get("moved_dates", ()):
        history.add(one["days_ago"], partial(_move_date, plan, one))
    for one in record.get("left_out", ()):
        history.add(one["days_ago"], partial(_leave_out, plan, one))
    if "moved" in record:
        history.add(record["moved"]["days_ago"], partial(_move, plan, record["moved"]["when"]))
    if "cancelled" in record:
        history.add(record["cancelled"]["days_ago"], partial(_cancel, plan))


def _plan_people(plan: EventPlan, history: History) -> None:
    """Plan volunteers with their attendance, and visitors with what they write."""
    record = plan.record
    shifts = record.get("shifts")
    if shifts is not None:
        history.add(shifts["days_ago"], partial(_seek_volunteers, plan))
        if "did_not_come" in shifts:
            history.add(shifts["ticked_days_ago"], partial(_tick_volunteers, plan))
    for name, tell in (("groups", _take_groups), ("guest_book", _open_book), ("visitors", _count_visitors)):
        if name in record:
            history.add(record[name]["days_ago"], partial(tell, plan))


def _plan(plan: EventPlan) -> None:
    record, access = plan.record, plan.access
    plan.event = plan_event(
        access=access,
        kind=EventKind(record["kind"]),
        texts={language: EventTextInput(**words) for language, words in record["texts"].items()},
        times=planned_for(record["when"], plan.today),
        place=EventPlaceInput(**{name: record[name] for name in VENUE_FIELDS if name in record}),
        handling=Handling(record["handling"]),
        restricted_to=[plan.accounts.organisations[one] for one in record.get("restricted_to", ())],
        draft=plan.drafts[record["draft"]].row if "draft" in record else None,
        picture=_picture(plan, access) if "picture" in record else None,
    )
    # The field sets this itself and knows no other time than the host's.
    Event.objects.filter(pk=plan.row.pk).update(created_at=now())
    if "hours" in record:
        _open_hours(plan)
    if "audiences" in record:
        times = {Audience(name): clock(words) for name, words in record["audiences"].items()}
        set_audience_times(access=access, event=plan.row, times=times)
    if "running_order" in record:
        write_running_order(access, plan.row, record["running_order"])
    if "second_place" in record:
        choose_fallback_venue(access, plan.row, record["second_place"])
    if "speakers" in record:
        ask_speakers(access, plan.row, record["speakers"])
    if "safety" in record:
        plan_safety(access, plan.row, plan.accounts, record["safety"])
    if "checklist" in record:
        fill_checklist(access, plan.row, plan.accounts, record["checklist"])
    if "works" in record:
        add_works(access, plan.row, record, plan.today)
    if "film" in record:
        add_film(access, plan.row, record["film"], plan.today)


def _take_press(plan: EventPlan) -> None:
    seed_press_registration(plan.access, plan.row, plan.record["press"])


def _take_questions(plan: EventPlan) -> None:
    seed_questions(plan.access, plan.row, plan.record["questions"])


def _make_kit(plan: EventPlan) -> None:
    seed_press_kit(plan.access, plan.row, plan.record["kit"], plan.drafts)


def _learn(plan: EventPlan) -> None:
    write_debrief(plan.access, plan.row, plan.record["learned"])


# What a record may hold beside the plan, each on a day of its own.
_ACTS: Mapping[str, Callable[[EventPlan], None]] = {
    "press": _take_press,
    "questions": _take_questions,
    "kit": _make_kit,
    "learned": _learn,
}


def _seek_volunteers(plan: EventPlan) -> None:
    seed_volunteers(plan.access, plan.row, plan.record["shifts"], plan.today)


def _take_groups(plan: EventPlan) -> None:
    seed_school_groups(plan.access, plan.row, plan.record["groups"])


def _open_book(plan: EventPlan) -> None:
    record = plan.record["guest_book"]
    person = plan.accounts.people[record["person"]]
    open_guest_book(plan.access, plan.row, person, record)


def _count_visitors(plan: EventPlan) -> None:
    count_visitors(plan.access, plan.row, plan.record["visitors"])


def _tick_volunteers(plan: EventPlan) -> None:
    record_attendance(plan.access, plan.row, plan.record["shifts"])


def _picture(plan: EventPlan, access: Access) -> StoredFile:
    content = art.cover_png(plan.record["picture"])
    file = upload_file(
        access=access,
        content=io.BytesIO(content),
        size=len(content),
        name=f"{plan.record['id']}.png",
        alt=plan.record["picture_alt"],
    )
    StoredFile.objects.filter(pk=file.pk).update(uploaded_at=now())
    return file


def _open_hours(plan: EventPlan) -> None:
    record, today = plan.record, plan.today
    set_hours(
        access=plan.access,
        event=plan.row,
        hours=[
            OpeningHours(weekday=day, opens=clock(one["opens"]), closes=clock(one["closes"]))
            for one in record["hours"]
            for day in one["days"]
        ],
        special_days=[
            SpecialDay(
                first=campaign_day(one["first"], today),
                last=campaign_day(one["last"], today),
                opens=clock(one["opens"]) if "opens" in one else None,
                closes=clock(one["closes"]) if "closes" in one else None,
                why=one["why"],
            )
            for one in record.get("special_days", ())
        ],
    )


def _host(plan: EventPlan) -> None:
    """Ask other organisations to co-host, and answer as their representatives."""
    accounts, event = plan.accounts, plan.row
    rows = plan.record["co_hosts"]
    organisations = [accounts.organisations[one["organisation"]] for one in rows]
    ask_co_hosts(access=plan.access, event=event, organisations=organisations)
    for one in rows:
        if one["answer"] != "asked":
            organisation = accounts.organisations[one["organisation"]]
            answer_co_host(
                user=accounts.people[plan.demo.representative_of(one["organisation"])["email"]],
                co_host=CoHost.objects.select_related("organisation", "event").get(
                    event=event, organisation=organisation
                ),
                consents=one["answer"] == "consented",
            )


def _announce(plan: EventPlan, visibility: Visibility) -> None:
    by = plan.record["announced"].get("by", plan.record["by"])
    access = access_of(plan.accounts.people[by], plan.workspace)
    plan.event = announce_event(access=access, event=plan.row, visibility=visibility)


def _invite(plan: EventPlan) -> None:
    for one in plan.record.get("invited", ()):
        person = plan.accounts.people[one["person"]]
        invited = invite_people(
            access=plan.access,
            event=plan.row,
            people=[person],
            audience=one.get("audience", ""),
        )
        if "answer" in one:
            rows = EventInvitation.objects.filter(pk__in=[row.pk for row in invited])
            rows.update(answer=one["answer"], answered_at=now())


def _week(plan: EventPlan, number: int) -> datetime.date:
    return plan.row.starts_on + number * 7 * DAY


def _move_date(plan: EventPlan, one: Record) -> None:
    on = _week(plan, one["week"])
    move_occurrence(
        access=plan.access,
        event=plan.row,
        on=on,
        to_date=on + one["by_days"] * DAY,
        to_time=clock(one["from"]),
    )


def _leave_out(plan: EventPlan, one: Record) -> None:
    exclude_date(access=plan.access, event=plan.row, on=_week(plan, one["week"]))


def _move(plan: EventPlan, when: Record) -> None:
    times = planned_for(when, plan.today)
    plan.event = move_event(access=plan.access, event=plan.row, times=times)


def _cancel(plan: EventPlan) -> None:
    plan.event = cancel_event(access=plan.access, event=plan.row)


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
