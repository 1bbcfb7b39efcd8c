"""Bringing a partner's calendar into a workspace, by address or by file; it is read right after."""

import datetime
import logging
import threading
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import IO, Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import close_old_connections, connections, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.compensate import undo_on_failure
from coalition.core.errors import Refused
from coalition.core.safe_fetch import AddressPolicy, FetchError, FetchRequest, fetch_if_changed
from coalition.jobs.scheduler import cancel, schedule
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import participants
from documents.drafts.permissions import require_that
from events.core.enums import IntakeState, Source
from events.partner_calendars.models import PartnerCalendar, PartnerEvent, PartnerTime
from events.partner_calendars.permissions import may_bring_in, may_give_words, may_keep_words_back, may_tend
from events.partner_calendars.queries import calendars_for, to_refresh
from events.partner_calendars.reader.parser import LARGEST
from events.partner_calendars.reader.process import Said, read_apart
from events.partner_calendars.reader.read import Options
from events.partner_calendars.reader.reasons import FETCH

MOST_CALENDARS: Final = 50  # in one workspace
READ = "events.read_partner_calendar"  # due work; its key is the calendar's UUID


def bring_in_address(
    *,
    access: Access,
    organisation: Organisation,
    name: str,
    address: str,
    zone: str,
    region: str,
    busy_only: bool,
) -> PartnerCalendar:
    """Bring in a calendar that stands at an address and is read again every hour.

    `webcal://` means https. Raises NotAllowed, or Refused in words; whether the address answers is
    told on the calendar's page.
    """
    address = address.strip()
    for scheme in ("webcal://", "webcals://"):
        if address.lower().startswith(scheme):
            address = "https://" + address[len(scheme) :]
    if not address.lower().startswith("https://"):
        raise Refused(_("Give an address that begins with https."))
    calendar = PartnerCalendar(source=Source.ADDRESS, address=address, name=name.strip(), zone=zone)
    calendar.region, calendar.busy_only = region, busy_only
    return _bring_in(access, organisation, calendar)


def bring_in_file(
    *,
    access: Access,
    organisation: Organisation,
    name: str,
    content: IO[bytes],
    zone: str,
    region: str,
    busy_only: bool,
) -> PartnerCalendar:
    """Bring in a calendar file. Its bytes are kept only until they are read. Raises as above."""
    require_that(may_bring_in(access))
    taken = content.read(LARGEST + 1)
    if len(taken) > LARGEST:
        raise Refused(
            _("The file is larger than %(limit)s MB. Ask for a smaller part of the calendar."),
            limit=LARGEST // 1024**2,
        )
    if not taken:
        raise Refused(_("The file is empty."))
    calendar = PartnerCalendar(source=Source.FILE, name=name.strip(), zone=zone)
    calendar.region, calendar.busy_only = region, busy_only
    storage, kept = storages["default"], file_of(calendar)
    storage.save(kept, ContentFile(taken))  # bytes first: files do not roll back
    with undo_on_failure(lambda: storage.delete(kept)):
        return _bring_in(access, organisation, calendar)


def file_of(calendar: PartnerCalendar) -> str:
    """Where the bytes of a file lie in the private storage until they are read."""
    return f"partner-calendars/{calendar.uuid}.ics"


def _bring_in(access: Access, organisation: Organisation, calendar: PartnerCalendar) -> PartnerCalendar:
    with transaction.atomic():
        require_that(may_bring_in(access))
        if not participants(access.workspace).filter(pk=organisation.pk).exists():
            raise Refused(_("Choose an organisation that takes part in this workspace."))
        if calendars_for(access.user, access.workspace).count() >= MOST_CALENDARS:
            raise Refused(
                _("This workspace has %(limit)s calendars of partners. Take one away first."),
                limit=MOST_CALENDARS,
            )
        calendar.workspace, calendar.organisation = access.workspace, organisation
        calendar.brought_by, calendar.created_at = access.user, now()
        calendar.save()
        record(access, calendar, "brought_in", source=calendar.source, busy_only=calendar.busy_only)
        schedule(kind=READ, key=str(calendar.uuid), due_at=now())
    return calendar


def record(access: Access, calendar: PartnerCalendar, action: str, **detail: object) -> None:
    """The audit entry, in the caller's transaction. Never the address: it may be a secret."""
    log.record_audit(
        f"partner_calendar.{action}",
        actor=access.user,
        organisation=access.organisation.uuid,
        role=access.seat.role,
        target_kind="partner_calendar",
        target=calendar.uuid,
        workspace=access.workspace.uuid,
        **detail,
    )


# --- persist ---
# Keeping what was read of a partner's calendar: in pieces, each a short transaction, so others can write.


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


# --- refresh ---
# Reading partners' calendars when it is due: the first time, every hour, and when somebody asks.
#
# Reading takes seconds, fetching too, so neither holds up the other due work: both happen in a thread of
# their own, one at a time. If the process ends meanwhile, the work is due again after WATCH.


EVERY: Final = datetime.timedelta(hours=1)
LOOK: Final = datetime.timedelta(minutes=15)
AT_MOST: Final = datetime.timedelta(hours=24)  # between two tries of an address that fails
LONGEST_FETCH: Final = 8.0  # seconds
WATCH: Final = datetime.timedelta(minutes=3)
BACK: Final = datetime.timedelta(days=31)
AHEAD: Final = datetime.timedelta(days=549)
KEPT_AFTER_REMOVAL: Final = datetime.timedelta(days=30)

logger = logging.getLogger(__name__)
_one = threading.Lock()


def run_reading(key: str, _payload: dict[str, Any]) -> None:
    """Due work: read the calendar with this UUID."""
    if not settings.READ_BESIDE:
        read_calendar(UUID(key))
        return
    if not _one.acquire(blocking=False):
        schedule(kind=READ, key=key, due_at=now() + datetime.timedelta(seconds=3))
        return
    schedule(kind=READ, key=key, due_at=now() + WATCH)
    threading.Thread(target=_beside, args=[key], name="partner calendar", daemon=True).start()


def _beside(key: str) -> None:
    try:
        close_old_connections()
        read_calendar(UUID(key))
        cancel(kind=READ, key=key)
    except Exception:  # it is due again after WATCH
        logger.exception("a partner's calendar could not be read")
    finally:
        connections.close_all()
        _one.release()


def refresh_due() -> None:
    """Plan the reading of calendars whose hour has come; what failed waits longer every time."""
    moment = now()
    for calendar in to_refresh(moment - EVERY):
        wait = min(EVERY * 2 ** min(_failures(calendar), 6), AT_MOST)
        if calendar.refreshed_at is None or calendar.refreshed_at + wait <= moment:
            schedule(kind=READ, key=str(calendar.uuid), due_at=moment)
    _forget(moment - KEPT_AFTER_REMOVAL)


def _forget(before: datetime.datetime) -> None:
    """Calendars that were removed a month ago, in pieces."""
    for calendar in PartnerCalendar.objects.filter(removed_at__lt=before):
        while pks := list(PartnerEvent.objects.filter(calendar=calendar).values_list("pk", flat=True)[:200]):
            PartnerEvent.objects.filter(pk__in=pks).delete()
        calendar.delete()


def read_calendar(uuid: UUID) -> PartnerCalendar | None:
    """Fetch and read a calendar now, and keep what it holds. None if it is gone or being read already."""
    moment = now()
    free = Q(reading_since=None) | Q(reading_since__lt=moment - WATCH)
    taken = PartnerCalendar.objects.filter(free, uuid=uuid, removed_at=None)
    if not taken.update(reading_since=moment, done=0, total=0):
        return None
    calendar = PartnerCalendar.objects.get(uuid=uuid)
    try:
        _read(calendar, moment)
    except FetchError as error:
        _failed(calendar, {"code": f"{FETCH}{error.code}", **error.values})
    except Exception:  # whatever broke is told on the calendar's page, and goes on to the log
        _failed(calendar, {"code": "not_read"})
        raise
    finally:
        calendar.reading_since, calendar.refreshed_at = None, now()
        calendar.save(update_fields=["reading_since", "refreshed_at", "problem", "etag", "last_modified"])
    return calendar


def _read(calendar: PartnerCalendar, moment: datetime.datetime) -> None:
    source = Source(calendar.source)
    content, charset = _fetched(calendar, moment) if source == Source.ADDRESS else _sent(calendar)
    if content is None:
        calendar.problem = {} if source == Source.ADDRESS else calendar.problem
        return
    options = Options(
        zone=calendar.zone,
        first=moment - BACK,
        last=moment + AHEAD,
        words=not calendar.busy_only,
        charset=charset,
    )
    kept = keep_read(calendar, read_apart(content, options))
    calendar.problem = kept.problem
    if not kept.whole:  # so that the next look is not answered with 304
        calendar.etag = calendar.last_modified = ""
    if source == Source.FILE:
        storages["default"].delete(file_of(calendar))


def _fetched(calendar: PartnerCalendar, moment: datetime.datetime) -> tuple[bytes | None, str]:
    """The bytes at the address; None if they have not changed.

    The first time in a week they are asked for in any case: what comes again is read further ahead.
    """
    known = calendar.refreshed_at is not None and _week(calendar.refreshed_at) == _week(moment)
    question = FetchRequest(
        accept="text/calendar, */*;q=0.1",
        etag=calendar.etag if known else "",
        last_modified=calendar.last_modified if known else "",
        largest=LARGEST,
        longest=LONGEST_FETCH,
    )
    answer = fetch_if_changed(calendar.address, policy=policy(), question=question)
    if answer.status == 304:
        return None, ""
    calendar.etag = answer.etag if answer.etag.isascii() and len(answer.etag) <= 200 else ""
    since = answer.last_modified
    calendar.last_modified = since if since.isascii() and len(since) <= 60 else ""
    return answer.body, answer.charset


def _sent(calendar: PartnerCalendar) -> tuple[bytes | None, str]:
    """The bytes of the file; None if they were read already."""
    storage, name = storages["default"], file_of(calendar)
    if not storage.exists(name):
        return None, ""
    with storage.open(name) as file:
        content: bytes = file.read()
    return content, ""


def policy() -> AddressPolicy:
    """Public addresses by https alone; tests may open one port of this machine."""
    return AddressPolicy(loopback_port=settings.FETCH_LOOPBACK_PORT, ca_file=settings.FETCH_CA_FILE)


def _failed(calendar: PartnerCalendar, problem: dict[str, Any]) -> None:
    calendar.problem = {**problem, "failures": _failures(calendar) + 1}


def _failures(calendar: PartnerCalendar) -> int:
    failures = calendar.problem.get("failures", 0)
    return failures if isinstance(failures, int) else 0


def _week(moment: datetime.datetime) -> tuple[int, int]:
    year, week, _day = moment.isocalendar()
    return year, week


# --- review ---
# Deciding about the events of a partner's calendar: nothing shows before somebody looked.


def show_events(*, access: Access, calendar: PartnerCalendar, events: Collection[UUID] | None = None) -> int:
    """Show waiting events in months and conflicts; None: all that wait. Returns how many."""
    return _decide(access, calendar, events, IntakeState.SHOWN)


def leave_out_events(
    *, access: Access, calendar: PartnerCalendar, events: Collection[UUID] | None = None
) -> int:
    """Do not show waiting events. Returns how many."""
    return _decide(access, calendar, events, IntakeState.DISMISSED)


def take_decision_back(*, access: Access, calendar: PartnerCalendar) -> int:
    """What the person decided last about this calendar waits again. Returns how many."""
    with transaction.atomic():
        require_that(may_bring_in(access))
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
            record(access, calendar, "decision_taken_back", count=count)
    return count


def _decide(
    access: Access, calendar: PartnerCalendar, events: Collection[UUID] | None, state: IntakeState
) -> int:
    with transaction.atomic():
        require_that(may_bring_in(access))
        waiting = PartnerEvent.objects.filter(calendar=calendar, state=IntakeState.WAITING)
        if events is not None:
            waiting = waiting.filter(uuid__in=events)
        count = waiting.update(state=state, decided_by=access.user, decided_at=now())
        if count:
            record(access, calendar, state.value, count=count)
    return count


# --- settings ---
# What stands around a partner's calendar: busy times only, reading it again, taking it away.


PAUSE: Final = datetime.timedelta(minutes=1)  # between two readings that somebody asks for


def keep_only_times(*, access: Access, calendar: PartnerCalendar) -> PartnerCalendar:
    """Busy times only: the words of its events are deleted here and never read again."""
    with transaction.atomic():
        locked = _locked(calendar)
        require_that(may_keep_words_back(access, locked))
        if not locked.busy_only:
            locked.busy_only, locked.etag, locked.last_modified = True, "", ""
            locked.save(update_fields=["busy_only", "etag", "last_modified"])
            PartnerEvent.objects.filter(calendar=locked).update(title="", place="", facts={})
            record(access, locked, "words_deleted")
    return locked


def give_words(*, access: Access, calendar: PartnerCalendar) -> PartnerCalendar:
    """Words too, from the next reading on; what they say waits for review first.

    Only for the partner itself. Of a file the words are gone: it has to be brought in again.
    """
    with transaction.atomic():
        locked = _locked(calendar)
        require_that(
            may_give_words(access, locked), _("Only the partner itself can show more than its times.")
        )
        if locked.source == Source.FILE:
            raise Refused(_("The words of this file were not kept. Bring the file in again."))
        locked.busy_only, locked.etag, locked.last_modified = False, "", ""
        locked.save(update_fields=["busy_only", "etag", "last_modified"])
        record(access, locked, "words_given")
        schedule(kind=READ, key=str(locked.uuid), due_at=now())
    return locked


def read_again(*, access: Access, calendar: PartnerCalendar) -> None:
    """Read the calendar at its address now. Refused a minute after the last time."""
    with transaction.atomic():
        locked = _locked(calendar)
        require_that(may_tend(access, locked))
        if locked.source == Source.FILE:
            raise Refused(_("A file is read once. Bring in the newer file as a calendar of its own."))
        if locked.refreshed_at is not None and locked.refreshed_at + PAUSE > now():
            raise Refused(_("The calendar was read less than a minute ago."))
        schedule(kind=READ, key=str(locked.uuid), due_at=now())


def remove_calendar(*, access: Access, calendar: PartnerCalendar) -> PartnerCalendar:
    """Take a calendar away: nothing of it shows. Within a month `bring_back_calendar` undoes it."""
    with transaction.atomic():
        locked = _locked(calendar)
        require_that(may_tend(access, locked))
        if locked.removed_at is None:
            locked.removed_at = now()
            locked.save(update_fields=["removed_at"])
            record(access, locked, "removed")
            cancel(kind=READ, key=str(locked.uuid))
    return locked


def bring_back_calendar(*, access: Access, calendar: PartnerCalendar) -> PartnerCalendar:
    """The undo of `remove_calendar`."""
    with transaction.atomic():
        locked = _locked(calendar)
        require_that(may_tend(access, locked))
        if locked.removed_at is not None:
            locked.removed_at = None
            locked.save(update_fields=["removed_at"])
            record(access, locked, "brought_back")
            schedule(kind=READ, key=str(locked.uuid), due_at=now())
    return locked


def _locked(calendar: PartnerCalendar) -> PartnerCalendar:
    return (
        PartnerCalendar.objects.select_for_update(of=("self",))
        .select_related("organisation")
        .get(pk=calendar.pk)
    )
