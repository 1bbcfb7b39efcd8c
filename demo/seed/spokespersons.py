"""Spokespersons and enquiries of the press. No mail is sent."""

import datetime
from functools import partial

from coalition.accounts.models import Language
from coalition.accounts.naming import viewer_for
from coalition.core.clock import freeze_clock_at, now
from coalition.mail import outbox
from coalition.workspaces.models import Workspace
from demo.load import Demo, Record
from demo.seed.accounts import Accounts
from demo.seed.coverage import record_coverage, write_guide_line
from demo.seed.history import History
from demo.seed.press_record import PressRecord
from demo.seed.workspaces import access_of
from events.press.enquiries.actions import (
    add_enquiry,
    add_enquiry_note,
    choose_speaker,
    close_enquiry,
    share_enquiry,
)
from events.press.spokespersons.actions import add_spokesperson, agree_to_be_named

ADDED, ASKED = 15, 0  # days ago


def plan_spokespersons(demo: Demo, accounts: Accounts, workspace: Workspace, history: History) -> None:
    """Plan spokespersons, guide lines, enquiries and coverage. Call after the media list is planned."""
    press = PressRecord(accounts, workspace, history.started_at)
    for record in demo.speakers:
        history.add(ADDED, partial(_speaker, press, record))
    for record in demo.guide:
        history.add(ADDED, partial(write_guide_line, press, record))
    for record in demo.enquiries:
        history.add(ASKED, partial(_enquiry, press, record))
    for record in demo.coverage:
        history.add(record["days_ago"], partial(record_coverage, press, record))


def _speaker(press: PressRecord, record: Record) -> None:
    access = access_of(press.accounts.people[record["by"]], press.workspace)
    member = record.get("member", "")
    row = add_spokesperson(
        access=access,
        languages=record["languages"],
        person=press.accounts.people[member] if member else None,
        own_name=record.get("name", ""),
        address=record.get("email", ""),
        phone=record.get("phone", ""),
        writes_in=Language(record["languages"][0]),
        topics=record["topics"],
        regions=record.get("regions", ()),
        weekdays=[str(day) for day in record.get("weekdays", ())],
        begins=_clock(record.get("begins")),
        ends=_clock(record.get("ends")),
        hours_note=record.get("hours_note", ""),
    )
    if record["agreed"]:
        row = agree_to_be_named(spokesperson=row, with_phone=record.get("gives_phone", False))
    outbox.delete_waiting_mail(about="speaking:")
    press.speakers[member or record["email"]] = row


def _enquiry(press: PressRecord, record: Record) -> None:
    """Add an enquiry of a day before its deadline, or of today; deadlines count from the seeding."""
    access = access_of(press.accounts.people[record["by"]], press.workspace)
    deadline = _in_hours(press, record["in_hours"])
    talk = record.get("interview_in_hours")
    fields = {
        "outlet": record["outlet"],
        "name": record["name"],
        "reached_at": record.get("reached_at", ""),
        "question": record["question"],
        "language": record["language"],
        "topic": record["topic"],
        "region": record.get("region", ""),
        "way": record["way"],
        "deadline": deadline,
        "interview_at": _in_hours(press, talk) if talk is not None else None,
    }
    with freeze_clock_at(min(now(), deadline - datetime.timedelta(hours=20))):
        row = add_enquiry(access=access, **fields, mine=record.get("mine", False))
        share_enquiry(access=access, enquiry=row, shared=record.get("shared", False))
        if "note" in record:
            add_enquiry_note(access=access, enquiry=row, words=record["note"])
        if "speaker" in record:
            chosen = press.speakers[record["speaker"]]
            viewer = viewer_for(access.user)
            choose_speaker(access=access, viewer=viewer, enquiry=row, spokesperson=chosen)
        if "refused" in record:
            close_enquiry(access=access, enquiry=row, reason=record["refused"])


def _in_hours(press: PressRecord, hours: float) -> datetime.datetime:
    return (press.started_at + datetime.timedelta(hours=hours)).replace(minute=0, second=0, microsecond=0)


def _clock(words: str | None) -> datetime.time | None:
    return datetime.time.fromisoformat(words) if words else None
