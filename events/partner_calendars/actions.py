"""Import of a partner's calendar into a workspace, by URL or by file; it is read right after."""

import datetime
import logging
import re
import threading
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import batched
from typing import IO, Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import close_old_connections, connections, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coalition.core.clock import now
from coalition.core.errors import Refused, undo_on_failure
from coalition.core.safe_fetch import AddressPolicy, FetchError, FetchRequest, fetch_if_changed
from coalition.jobs.scheduler import cancel, schedule
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import participants
from documents.drafts.permissions import require_that
from events.core.audit import record_action
from events.core.enums import IntakeState, Source
from events.core.permissions import may_plan
from events.partner_calendars.models import PartnerCalendar, PartnerEvent, PartnerTime
from events.partner_calendars.queries import (
    acts_for_owner,
    calendars_for,
    calendars_to_refresh,
    may_manage_calendar,
)
from events.partner_calendars.reader.parser import FETCH, MAX_CALENDAR_BYTES
from events.partner_calendars.reader.read import ReaderMessage, ReadOptions, read_calendar_in_process

MOST_CALENDARS: Final = 50  # per workspace
READ_CALENDAR = "events.read_partner_calendar"  # job; its key is the calendar's UUID


def add_calendar_by_address(*, access: Access, address: str, **fields: Any) -> PartnerCalendar:
    """Import a calendar at a URL, to be read again every hour. `fields`: of PartnerCalendar.

    `webcal://` means https. Raises NotAllowed, or Refused with a reason; whether the URL responds is
    reported on the calendar's page.
    """
    address = re.sub(r"^webcals?://", "https://", address.strip(), flags=re.IGNORECASE)
    if not address.lower().startswith("https://"):
        raise Refused(_("Give an address that begins with https."))
    return _add_calendar(access, PartnerCalendar(source=Source.ADDRESS, address=address, **fields))


def add_calendar_from_file(*, access: Access, content: IO[bytes], **fields: Any) -> PartnerCalendar:
    """Import a calendar file. Its bytes are stored only until they are read. `fields`: of
    PartnerCalendar. Raises as above."""
    require_that(may_plan(access))
    taken = content.read(MAX_CALENDAR_BYTES + 1)
    if len(taken) > MAX_CALENDAR_BYTES:
        raise Refused(
            _("The file is larger than %(limit)s MB. Ask for a smaller part of the calendar."),
            limit=MAX_CALENDAR_BYTES // 1024**2,
        )
    if not taken:
        raise Refused(_("The file is empty."))
    calendar = PartnerCalendar(source=Source.FILE, **fields)
    storage, kept = storages["default"], calendar_file_name(calendar)
    storage.save(kept, ContentFile(taken))  # write the file first: files do not roll back
    with undo_on_failure(lambda: storage.delete(kept)):
        return _add_calendar(access, calendar)


def calendar_file_name(calendar: PartnerCalendar) -> str:
    """Return the file's path in the private storage, where it stays until it is read."""
    return f"partner-calendars/{calendar.uuid}.ics"


def _add_calendar(access: Access, calendar: PartnerCalendar) -> PartnerCalendar:
    with transaction.atomic():
        require_that(may_plan(access))
        if not participants(access.workspace).filter(pk=calendar.organisation_id).exists():
            raise Refused(_("Choose an organisation that takes part in this workspace."))
        if calendars_for(access.user, access.workspace).count() >= MOST_CALENDARS:
            raise Refused(
                _("This workspace has %(limit)s calendars of partners. Take one away first."),
                limit=MOST_CALENDARS,
            )
        calendar.workspace, calendar.brought_by, calendar.created_at = access.workspace, access.user, now()
        calendar.save()
        record_calendar_action(
            access, calendar, "brought_in", source=calendar.source, busy_only=calendar.busy_only
        )
        schedule(kind=READ_CALENDAR, key=str(calendar.uuid), due_at=now())
    return calendar


def record_calendar_action(access: Access, calendar: PartnerCalendar, action: str, **detail: object) -> None:
    """Write the audit entry, in the caller's transaction. Never the URL: it may be a secret."""
    action = f"partner_calendar.{action}"
    record_action(access, action, "partner_calendar", calendar.uuid, access.workspace, **detail)


EVENTS_PER_BATCH: Final = 50
TIMES_PER_BATCH: Final = 250

type ReadEventData = dict[str, Any]  # `reader.read.ReadEvent` as JSON


@dataclass
class ReadResult:
    """Result of a reading. `whole`: everything was read, so events missing from it are gone."""

    problem: dict[str, Any] = field(default_factory=dict)
    whole: bool = True
    seen: set[int] = field(default_factory=set)


def store_read_events(calendar: PartnerCalendar, said: Iterator[ReaderMessage]) -> ReadResult:
    """Store every event of the reading, and count progress on the calendar."""
    kept, piece, done = ReadResult(), [], 0
    for line in said:
        if "total" in line:
            PartnerCalendar.objects.filter(pk=calendar.pk).update(total=line["total"], done=0)
        elif "group" in line:
            done += 1
            piece.extend(line["group"])
            if len(piece) >= EVENTS_PER_BATCH or sum(len(read["times"]) for read in piece) >= TIMES_PER_BATCH:
                _store_batch(calendar, piece, done, kept)
                piece = []
        else:
            kept.problem = line["problem"]
            kept.whole = not (line.get("cut") or line.get("not_read")) and "more" not in kept.problem
    _store_batch(calendar, piece, done, kept)
    if kept.whole:  # events missing from the calendar are gone
        rows = PartnerEvent.objects.filter(calendar=calendar).exclude(state=IntakeState.GONE)
        gone = [pk for pk in rows.values_list("pk", flat=True) if pk not in kept.seen]
        for pks in batched(gone, EVENTS_PER_BATCH, strict=False):
            with transaction.atomic():
                PartnerTime.objects.filter(event__in=pks).delete()
                PartnerEvent.objects.filter(pk__in=pks).update(state=IntakeState.GONE)
    return kept


def _store_batch(calendar: PartnerCalendar, piece: list[ReadEventData], done: int, kept: ReadResult) -> None:
    with transaction.atomic():
        # Somebody may have restricted it to busy times since the reading began.
        if PartnerCalendar.objects.select_for_update().get(pk=calendar.pk).busy_only:
            for read in piece:
                read["words"] = dict.fromkeys(read["words"], "")
                read["facts"] = read["facts"] and {**read["facts"], "text": ""}
        rows = PartnerEvent.objects.select_for_update().filter(
            calendar=calendar, uid__in={read["uid"] for read in piece}
        )
        known = {(row.uid, row.recurrence_id): row for row in rows}
        rows = PartnerEvent.objects.filter(
            calendar__workspace=calendar.workspace_id,
            calendar__removed_at=None,
            uid__in={read["uid"] for read in piece},
            state__in=[IntakeState.WAITING, IntakeState.SHOWN],
        )
        others = dict(rows.exclude(calendar=calendar).values_list("uid", "calendar__name"))
        new: list[PartnerEvent] = []
        changed: list[PartnerEvent] = []
        timed: list[tuple[PartnerEvent, ReadEventData]] = []
        for read in piece:
            _set_aside_duplicates(read, others)
            row = known.get((read["uid"], read["recurrence_id"]))
            if row is None:
                row = PartnerEvent(calendar=calendar, uid=read["uid"], recurrence_id=read["recurrence_id"])
                new.append(row)
            elif read["reason"].get("code") == "took_too_long" or not _differs(row, read):
                kept.seen.add(row.pk)
                continue
            else:
                changed.append(row)
            _update_partner_event(row, read)
            timed.append((row, read))
        PartnerEvent.objects.bulk_create(new)
        PartnerEvent.objects.bulk_update(
            changed,
            ["state", "reason", "title", "place", "facts", "digest", "decided_by", "decided_at"],
            batch_size=100,
        )
        kept.seen.update(row.pk for row, _read in timed)
        PartnerTime.objects.filter(event__in=[row.pk for row in changed]).delete()
        times = [
            PartnerTime(event=row, starts_at=starts_at, ends_at=ends_at, all_day=all_day)
            for row, read in timed
            for starts_at, ends_at, all_day in read["times"]
        ]
        PartnerTime.objects.bulk_create(times, batch_size=2000)
        PartnerCalendar.objects.filter(pk=calendar.pk).update(done=done)


def _differs(row: PartnerEvent, read: ReadEventData) -> bool:
    """Whether to write the row again: also for recurring events, since the horizon moves on."""
    if row.state == IntakeState.GONE or row.digest != read["digest"] or row.reason != read["reason"]:
        return True
    return bool(read["facts"].get("rule"))


def _update_partner_event(row: PartnerEvent, read: ReadEventData) -> None:
    """Update the row as read; changed texts wait for review again, a changed time does not."""
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


def _set_aside_duplicates(read: ReadEventData, others: dict[str, str]) -> None:
    """Set aside our own events that come back, and duplicates of another partner's calendar."""
    if read["reason"]:
        return
    if read["uid"].endswith(f"@{urlsplit(settings.SITE_URL).hostname}"):
        read["reason"] = {"code": "own_event"}
    elif read["uid"] in others:
        read["reason"] = {"code": "other_calendar", "calendar": others[read["uid"]]}
    if read["reason"]:
        read["times"] = []


# Jobs that read partners' calendars: the first time, every hour, and on request.
#
# Fetching and reading take seconds, so they must not delay other jobs: both run in a separate
# thread, one at a time. If the process ends meanwhile, the job is due again after READING_TIMEOUT.

REFRESH_INTERVAL: Final = datetime.timedelta(hours=1)
REFRESH_CHECK_INTERVAL: Final = datetime.timedelta(minutes=15)
MAX_RETRY_DELAY: Final = datetime.timedelta(hours=24)  # between two attempts at a URL that fails
LONGEST_FETCH: Final = 8.0  # seconds
READING_TIMEOUT: Final = datetime.timedelta(minutes=3)
PAST_HORIZON: Final = datetime.timedelta(days=31)
FUTURE_HORIZON: Final = datetime.timedelta(days=549)
REMOVED_RETENTION: Final = datetime.timedelta(days=30)

logger = logging.getLogger(__name__)
_reading_lock = threading.Lock()


def run_reading(key: str, _payload: dict[str, Any]) -> None:
    """Job: read the calendar with this UUID."""
    if not settings.READ_BESIDE:
        read_calendar(UUID(key))
        return
    if not _reading_lock.acquire(blocking=False):
        schedule(kind=READ_CALENDAR, key=key, due_at=now() + datetime.timedelta(seconds=3))
        return
    schedule(kind=READ_CALENDAR, key=key, due_at=now() + READING_TIMEOUT)
    threading.Thread(target=_read_in_thread, args=[key], name="partner calendar", daemon=True).start()


def _read_in_thread(key: str) -> None:
    try:
        close_old_connections()
        read_calendar(UUID(key))
        cancel(kind=READ_CALENDAR, key=key)
    except Exception:  # it is due again after READING_TIMEOUT
        logger.exception("a partner's calendar could not be read")
    finally:
        connections.close_all()
        _reading_lock.release()


def schedule_due_refreshes() -> None:
    """Schedule the reading of calendars that are due; failed ones wait longer every time."""
    moment = now()
    for calendar in calendars_to_refresh(moment - REFRESH_INTERVAL):
        wait = min(REFRESH_INTERVAL * 2 ** min(_failure_count(calendar), 6), MAX_RETRY_DELAY)
        if calendar.refreshed_at is None or calendar.refreshed_at + wait <= moment:
            schedule(kind=READ_CALENDAR, key=str(calendar.uuid), due_at=moment)
    for calendar in PartnerCalendar.objects.filter(removed_at__lt=moment - REMOVED_RETENTION):
        while pks := list(PartnerEvent.objects.filter(calendar=calendar).values_list("pk", flat=True)[:200]):
            PartnerEvent.objects.filter(pk__in=pks).delete()
        calendar.delete()


def read_calendar(uuid: UUID) -> PartnerCalendar | None:
    """Fetch and read a calendar now, and store its content. None if it is gone or already being read."""
    moment = now()
    free = Q(reading_since=None) | Q(reading_since__lt=moment - READING_TIMEOUT)
    taken = PartnerCalendar.objects.filter(free, uuid=uuid, removed_at=None)
    if not taken.update(reading_since=moment, done=0, total=0):
        return None
    calendar = PartnerCalendar.objects.get(uuid=uuid)
    try:
        _fetch_and_store(calendar, moment)
    except FetchError as error:
        failures = _failure_count(calendar) + 1
        calendar.problem = {"code": f"{FETCH}{error.code}", **error.values, "failures": failures}
    except Exception:  # every failure is displayed on the calendar's page, and logged
        calendar.problem = {"code": "not_read", "failures": _failure_count(calendar) + 1}
        raise
    finally:
        calendar.reading_since, calendar.refreshed_at = None, now()
        calendar.save(update_fields=["reading_since", "refreshed_at", "problem", "etag", "last_modified"])
    return calendar


def _fetch_and_store(calendar: PartnerCalendar, moment: datetime.datetime) -> None:
    content, charset = None, ""
    storage, name = storages["default"], calendar_file_name(calendar)
    if calendar.source == Source.ADDRESS:
        content, charset = _fetch_content(calendar, moment)
        if content is None:
            calendar.problem = {}
    elif storage.exists(name):  # else it was read already
        with storage.open(name) as file:
            content = file.read()
    if content is None:
        return
    options = ReadOptions(
        zone=calendar.zone,
        first=moment - PAST_HORIZON,
        last=moment + FUTURE_HORIZON,
        words=not calendar.busy_only,
        charset=charset,
    )
    kept = store_read_events(calendar, read_calendar_in_process(content, options))
    calendar.problem = kept.problem
    if not kept.whole:  # so that the next fetch is not answered with 304
        calendar.etag = calendar.last_modified = ""
    if calendar.source == Source.FILE:
        storage.delete(name)


def _fetch_content(calendar: PartnerCalendar, moment: datetime.datetime) -> tuple[bytes | None, str]:
    """Return the bytes at the URL; None if they have not changed.

    The first fetch in a week is unconditional: the horizon for recurring events has moved on.
    """
    read_at = calendar.refreshed_at
    known = read_at is not None and read_at.isocalendar()[:2] == moment.isocalendar()[:2]
    question = FetchRequest(
        accept="text/calendar, */*;q=0.1",
        etag=calendar.etag if known else "",
        last_modified=calendar.last_modified if known else "",
        largest=MAX_CALENDAR_BYTES,
        longest=LONGEST_FETCH,
    )
    answer = fetch_if_changed(calendar.address, policy=fetch_policy(), question=question)
    if answer.status == 304:
        return None, ""
    calendar.etag = answer.etag if answer.etag.isascii() and len(answer.etag) <= 200 else ""
    since = answer.last_modified
    calendar.last_modified = since if since.isascii() and len(since) <= 60 else ""
    return answer.body, answer.charset


def fetch_policy() -> AddressPolicy:
    """Allow public addresses by https only; tests may open one port of this machine."""
    return AddressPolicy(loopback_port=settings.FETCH_LOOPBACK_PORT, ca_file=settings.FETCH_CA_FILE)


def _failure_count(calendar: PartnerCalendar) -> int:
    failures = calendar.problem.get("failures", 0)
    return failures if isinstance(failures, int) else 0


def decide_events(
    *, access: Access, calendar: PartnerCalendar, state: IntakeState, events: Collection[UUID] | None = None
) -> int:
    """Show waiting events in months and conflicts, or leave them out; None: all that wait. Return the
    number."""
    with transaction.atomic():
        require_that(may_plan(access))
        waiting = PartnerEvent.objects.filter(calendar=calendar, state=IntakeState.WAITING)
        if events is not None:
            waiting = waiting.filter(uuid__in=events)
        count = waiting.update(state=state, decided_by=access.user, decided_at=now())
        if count:
            record_calendar_action(access, calendar, state.value, count=count)
    return count


show_events = partial(decide_events, state=IntakeState.SHOWN)
dismiss_events = partial(decide_events, state=IntakeState.DISMISSED)


def undo_decision(*, access: Access, calendar: PartnerCalendar) -> int:
    """Undo the person's last decision on this calendar: its events wait again. Return the number."""
    with transaction.atomic():
        require_that(may_plan(access))
        decided = PartnerEvent.objects.filter(
            calendar=calendar,
            decided_by=access.user,
            state__in=[IntakeState.SHOWN, IntakeState.DISMISSED],
        )
        last = decided.order_by("-decided_at").values_list("decided_at", flat=True).first()
        count = decided.filter(decided_at=last).update(
            state=IntakeState.WAITING, decided_by=None, decided_at=None
        )
        if count:
            record_calendar_action(access, calendar, "decision_taken_back", count=count)
    return count


MIN_REFRESH_PAUSE: Final = datetime.timedelta(minutes=1)  # between two readings on request


def hide_event_texts(*, access: Access, calendar: PartnerCalendar) -> PartnerCalendar:
    """Restrict it to busy times: delete the texts of its events and never read them again."""
    with transaction.atomic():
        locked = _lock_calendar(calendar)
        require_that(may_manage_calendar(access, locked))
        if not locked.busy_only:
            locked.busy_only, locked.etag, locked.last_modified = True, "", ""
            locked.save(update_fields=["busy_only", "etag", "last_modified"])
            PartnerEvent.objects.filter(calendar=locked).update(title="", place="", facts={})
            record_calendar_action(access, locked, "words_deleted")
    return locked


def share_event_texts(*, access: Access, calendar: PartnerCalendar) -> PartnerCalendar:
    """Include texts from the next reading on; they wait for review first.

    Only for the partner itself. A file's texts are gone: it has to be imported again.
    """
    with transaction.atomic():
        locked = _lock_calendar(calendar)
        require_that(
            acts_for_owner(access, locked), _("Only the partner itself can show more than its times.")
        )
        if locked.source == Source.FILE:
            raise Refused(_("The words of this file were not kept. Bring the file in again."))
        locked.busy_only, locked.etag, locked.last_modified = False, "", ""
        locked.save(update_fields=["busy_only", "etag", "last_modified"])
        record_calendar_action(access, locked, "words_given")
        schedule(kind=READ_CALENDAR, key=str(locked.uuid), due_at=now())
    return locked


def request_refresh(*, access: Access, calendar: PartnerCalendar) -> None:
    """Read the calendar at its URL now. Refused within a minute of the last reading."""
    with transaction.atomic():
        locked = _lock_calendar(calendar)
        require_that(may_manage_calendar(access, locked))
        if locked.source == Source.FILE:
            raise Refused(_("A file is read once. Bring in the newer file as a calendar of its own."))
        if locked.refreshed_at is not None and locked.refreshed_at + MIN_REFRESH_PAUSE > now():
            raise Refused(_("The calendar was read less than a minute ago."))
        schedule(kind=READ_CALENDAR, key=str(locked.uuid), due_at=now())


def set_calendar_removed(*, access: Access, calendar: PartnerCalendar, removed: bool) -> PartnerCalendar:
    """Remove a calendar with all its events, or restore it within a month. Idempotent."""
    with transaction.atomic():
        locked = _lock_calendar(calendar)
        require_that(may_manage_calendar(access, locked))
        if (locked.removed_at is not None) == removed:
            return locked
        locked.removed_at = now() if removed else None
        locked.save(update_fields=["removed_at"])
        record_calendar_action(access, locked, "removed" if removed else "brought_back")
        if removed:
            cancel(kind=READ_CALENDAR, key=str(locked.uuid))
        else:
            schedule(kind=READ_CALENDAR, key=str(locked.uuid), due_at=now())
    return locked


def _lock_calendar(calendar: PartnerCalendar) -> PartnerCalendar:
    return (
        PartnerCalendar.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .get(pk=calendar.pk)
    )
