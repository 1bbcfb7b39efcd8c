"""The programs that read our calendars, each asked what happens between two moments.

They answer with (start, end) in UTC for times and dates for whole days, sorted.
"""

import datetime
import json
import os
import subprocess
import sys
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import recurring_ical_events
import vobject

ROOT = Path(__file__).resolve().parents[3]
UTC = datetime.UTC

type When = datetime.datetime | datetime.date
type Found = list[tuple[When, When]]


def by_icalendar(body: bytes, first: datetime.datetime, last: datetime.datetime, zone: str) -> Found:
    """icalendar with recurring-ical-events."""
    calendar = icalendar.Calendar.from_ical(body)
    events = recurring_ical_events.of(calendar).between(first, last)
    return _sorted((_utc(event.start), _utc(event.end)) for event in events)


def by_ical_js(body: bytes, first: datetime.datetime, last: datetime.datetime, zone: str) -> Found:
    """ical.js under Node, on a machine whose clock is in `zone`."""
    command = ["node", str(Path(__file__).with_name("read.mjs")), first.isoformat(), last.isoformat()]
    answer = subprocess.run(
        command, input=body, capture_output=True, check=True, env=os.environ | {"TZ": zone}
    )
    return _sorted((_iso(row["start"]), _iso(row["end"])) for row in json.loads(answer.stdout))


def by_vobject(body: bytes, first: datetime.datetime, last: datetime.datetime, zone: str) -> Found:
    """vobject with its own rule sets. It knows no RECURRENCE-ID: dates that are replaced are left out."""
    events = list(vobject.readOne(body.decode()).contents.get("vevent", []))
    replaced = {
        (event.uid.value, _utc(event.recurrence_id.value))
        for event in events
        if "recurrence-id" in event.contents
    }
    found = []
    for event in events:
        start = event.dtstart.value
        length = event.dtend.value - start if "dtend" in event.contents else _length_of(start)
        starts = [start]
        if event.rruleset is not None and "recurrence-id" not in event.contents:
            by_rule = _upto(event.rruleset, last, zone_of=start)
            starts = [one for one in by_rule if (event.uid.value, _utc(one)) not in replaced]
        found += [(_utc(one), _utc(one + length)) for one in starts]
    return _sorted(one for one in found if _within(one, first, last))


def by_khal(body: bytes, first: datetime.datetime, last: datetime.datetime, zone: str, home: Path) -> Found:
    """khal (which gives an hour to what has no end): imported into a calendar of its own and listed.

    It tells naive times of a machine whose clock is in `zone`.
    """
    home.mkdir(parents=True, exist_ok=True)
    (home / "vdir").mkdir(exist_ok=True)
    config = home / "config"
    config.write_text(
        f"[calendars]\n[[ours]]\npath = {home / 'vdir'}\ntype = calendar\n"
        f"[sqlite]\npath = {home / 'khal.db'}\n"
        f"[locale]\nlocal_timezone = {zone}\ndefault_timezone = {zone}\n"
        "timeformat = %H:%M\ndateformat = %Y-%m-%d\nlongdateformat = %Y-%m-%d\n"
        "datetimeformat = %Y-%m-%dT%H:%M\nlongdatetimeformat = %Y-%m-%dT%H:%M\n"
    )
    file = home / "feed.ics"
    file.write_bytes(body)
    _khal(config, "import", "--batch", "-a", "ours", str(file))
    local = ZoneInfo(zone)
    days = [f"{one.astimezone(local):%Y-%m-%d}" for one in (first, last)]
    form = "{start-long-full}|{end-long-full}|{all-day}|{uid}"
    listed = _khal(config, "list", "--day-format", "", "--format", form, *days)
    found = []
    for line in {line.strip() for line in listed.splitlines()} - {
        ""
    }:  # one of several days is listed on each
        starts, ends, all_day, _uid = line.split("|")
        start, end = datetime.datetime.fromisoformat(starts), datetime.datetime.fromisoformat(ends)
        if all_day == "False":
            found.append((start, end))
        else:  # khal names the last day of whole days
            found.append((start.date(), end.date() + datetime.timedelta(days=1)))
    return _sorted(found)


def by_vdirsyncer(address: str, home: Path) -> list[bytes]:
    """vdirsyncer: a subscription brought into a folder, one file an event."""
    home.mkdir(parents=True, exist_ok=True)
    config = home / "config"
    config.write_text(
        f'[general]\nstatus_path = "{home / "status"}"\n'
        '[pair ours]\na = "feed"\nb = "folder"\ncollections = null\n'
        f'[storage feed]\ntype = "http"\nurl = "{address}"\n'
        f'[storage folder]\ntype = "filesystem"\npath = "{home / "items"}"\nfileext = ".ics"\n'
    )
    tool = Path(sys.executable).with_name("vdirsyncer")
    for verb in ("discover", "sync"):
        done = subprocess.run(
            [tool, "-c", str(config), verb], input=b"y\ny\ny\n", capture_output=True, check=False
        )
        assert done.returncode == 0, done.stderr.decode()
    return [path.read_bytes() for path in sorted((home / "items").glob("*.ics"))]


def _khal(config: Path, *arguments: str) -> str:
    tool = Path(sys.executable).with_name("khal")
    done = subprocess.run(
        [tool, "-c", str(config), *arguments], capture_output=True, check=False, text=True, cwd=config.parent
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def _upto(rules, last: datetime.datetime, zone_of: When) -> list[When]:  # type: ignore[no-untyped-def]  # vobject's
    found: list[When] = []
    for one in rules:
        when = one if isinstance(zone_of, datetime.datetime) else one.date()
        if _utc(when) >= (last if isinstance(when, datetime.datetime) else last.date()):  # type: ignore[operator]  # alike
            break
        found.append(when)
    return found


def _length_of(start: When) -> datetime.timedelta:
    return datetime.timedelta(0 if isinstance(start, datetime.datetime) else 1)


def _within(one: tuple[When, When], first: datetime.datetime, last: datetime.datetime) -> bool:
    start, end = one
    if isinstance(start, datetime.datetime):
        return start < last and end >= first  # type: ignore[operator]  # both are moments
    return start < last.date() and end > first.date()


def _utc(when: When) -> When:
    return when.astimezone(UTC) if isinstance(when, datetime.datetime) else when


def _iso(words: str) -> When:
    if "T" in words:
        return datetime.datetime.fromisoformat(words).astimezone(UTC)
    return datetime.date.fromisoformat(words)


def _sorted(found) -> Found:  # type: ignore[no-untyped-def]  # any iterable of pairs
    return sorted(found, key=str)
