"""Reading partners' calendars when it is due: the first time, every hour, and when somebody asks.

Reading takes seconds, fetching too, so neither holds up the other due work: both happen in a thread of
their own, one at a time. If the process ends meanwhile, the work is due again after WATCH.
"""

import datetime
import logging
import threading
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.core.files.storage import storages
from django.db import close_old_connections, connections
from django.db.models import Q

from coalition.core.clock import now
from coalition.core.safe_fetch import AddressPolicy, FetchError, Question, fetch_if_changed
from coalition.jobs.scheduler import cancel, schedule
from events.core.enums import Source
from events.partner_calendars.actions.add import READ, file_of
from events.partner_calendars.actions.persist import keep_read
from events.partner_calendars.models import PartnerCalendar, PartnerEvent
from events.partner_calendars.queries import to_refresh
from events.partner_calendars.reader.parser import LARGEST
from events.partner_calendars.reader.process import read_apart
from events.partner_calendars.reader.read import Options
from events.partner_calendars.reader.reasons import FETCH

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
    question = Question(
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
