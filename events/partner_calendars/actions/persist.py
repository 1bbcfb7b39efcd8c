"""Keeping what was read of a partner's calendar: in pieces, each a short transaction, so others can write."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from events.core.enums import IntakeState
from events.partner_calendars.models import PartnerCalendar, PartnerEvent, PartnerTime
from events.partner_calendars.reader.process import Said

EVENTS_A_PIECE: Final = 50
TIMES_A_PIECE: Final = 250

type Read = dict[str, Any]  # `intake.read.ReadEvent` as JSON


@dataclass
class Kept:
    """What came of a reading. `whole`: everything was read, so what was not in it is gone."""

    problem: dict[str, Any] = field(default_factory=dict)
    whole: bool = True
    seen: set[int] = field(default_factory=set)


def keep_read(calendar: PartnerCalendar, said: Iterator[Said]) -> Kept:
    """Keep every event that the reading tells, and count progress on the calendar."""
    kept, piece, done = Kept(), [], 0
    for line in said:
        if "total" in line:
            PartnerCalendar.objects.filter(pk=calendar.pk).update(total=line["total"], done=0)
        elif "group" in line:
            done += 1
            piece.extend(line["group"])
            if len(piece) >= EVENTS_A_PIECE or sum(len(read["times"]) for read in piece) >= TIMES_A_PIECE:
                _keep_piece(calendar, piece, done, kept)
                piece = []
        else:
            kept.problem = line["problem"]
            kept.whole = not (line.get("cut") or line.get("not_read")) and "more" not in kept.problem
    _keep_piece(calendar, piece, done, kept)
    if kept.whole:
        _let_go(calendar, kept.seen)
    return kept


def _keep_piece(calendar: PartnerCalendar, piece: list[Read], done: int, kept: Kept) -> None:
    with transaction.atomic():
        # Somebody may have kept the words back since the reading began.
        if PartnerCalendar.objects.select_for_update().get(pk=calendar.pk).busy_only:
            piece = [_without_words(read) for read in piece]
        rows = PartnerEvent.objects.select_for_update().filter(
            calendar=calendar, uid__in={read["uid"] for read in piece}
        )
        known = {(row.uid, row.recurrence_id): row for row in rows}
        others = _in_other_calendars(calendar, piece)
        new: list[PartnerEvent] = []
        changed: list[PartnerEvent] = []
        timed: list[tuple[PartnerEvent, Read]] = []
        for read in piece:
            _set_aside_what_is_here(read, others)
            row = known.get((read["uid"], read["recurrence_id"]))
            if row is None:
                row = PartnerEvent(calendar=calendar, uid=read["uid"], recurrence_id=read["recurrence_id"])
                new.append(row)
            elif read["reason"].get("code") == "took_too_long" or not _differs(row, read):
                kept.seen.add(row.pk)
                continue
            else:
                changed.append(row)
            _take(row, read)
            timed.append((row, read))
        PartnerEvent.objects.bulk_create(new)
        PartnerEvent.objects.bulk_update(
            changed,
            ["state", "reason", "title", "place", "facts", "digest", "decided_by", "decided_at"],
            batch_size=100,
        )
        kept.seen.update(row.pk for row, _read in timed)
        PartnerTime.objects.filter(event__in=[row.pk for row in changed]).delete()
        PartnerTime.objects.bulk_create(_times(timed), batch_size=2000)
        PartnerCalendar.objects.filter(pk=calendar.pk).update(done=done)


def _without_words(read: Read) -> Read:
    facts = read["facts"] and {**read["facts"], "text": ""}
    return {**read, "words": dict.fromkeys(read["words"], ""), "facts": facts}


def _differs(row: PartnerEvent, read: Read) -> bool:
    """Whether to write it anew: also what comes again, since the horizon moves on."""
    if row.state == IntakeState.GONE or row.digest != read["digest"] or row.reason != read["reason"]:
        return True
    return bool(read["facts"].get("rule"))


def _take(row: PartnerEvent, read: Read) -> None:
    """The row as it was read; a change of words waits for review again, a change of time does not."""
    words = read["words"]
    same = (row.title, row.place, row.facts.get("text", "")) == (
        words["title"],
        words["place"],
        words["text"],
    )
    if read["reason"]:
        row.state = IntakeState.SET_ASIDE
    elif row.state in {IntakeState.SET_ASIDE, IntakeState.GONE} or not same:
        row.state = IntakeState.WAITING
    if row.state not in {IntakeState.SHOWN, IntakeState.DISMISSED}:
        row.decided_by = row.decided_at = None
    row.title, row.place = words["title"], words["place"]
    row.facts, row.reason, row.digest = read["facts"], read["reason"], read["digest"]


def _times(timed: list[tuple[PartnerEvent, Read]]) -> list[PartnerTime]:
    return [
        PartnerTime(event=row, starts_at=starts_at, ends_at=ends_at, all_day=all_day)
        for row, read in timed
        for starts_at, ends_at, all_day in read["times"]
    ]


def _in_other_calendars(calendar: PartnerCalendar, piece: list[Read]) -> dict[str, str]:
    """UID → name of the other calendar of the workspace that has it."""
    rows = PartnerEvent.objects.filter(
        calendar__workspace=calendar.workspace_id,
        calendar__removed_at=None,
        uid__in={read["uid"] for read in piece},
        state__in=[IntakeState.WAITING, IntakeState.SHOWN],
    ).exclude(calendar=calendar)
    return dict(rows.values_list("uid", "calendar__name"))


def _set_aside_what_is_here(read: Read, others: dict[str, str]) -> None:
    """Our own events that come back, and what another partner's calendar told first."""
    if read["reason"]:
        return
    if read["uid"].endswith(f"@{urlsplit(settings.SITE_URL).hostname}"):
        read["reason"] = {"code": "own_event"}
    elif read["uid"] in others:
        read["reason"] = {"code": "other_calendar", "calendar": others[read["uid"]]}
    if read["reason"]:
        read["times"] = []


def _let_go(calendar: PartnerCalendar, seen: set[int]) -> None:
    """What is no longer in the calendar."""
    rows = PartnerEvent.objects.filter(calendar=calendar).exclude(state=IntakeState.GONE)
    gone = [pk for pk in rows.values_list("pk", flat=True) if pk not in seen]
    for at in range(0, len(gone), EVENTS_A_PIECE):
        piece = gone[at : at + EVENTS_A_PIECE]
        with transaction.atomic():
            PartnerTime.objects.filter(event__in=piece).delete()
            PartnerEvent.objects.filter(pk__in=piece).update(state=IntakeState.GONE)
