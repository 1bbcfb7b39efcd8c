"""vdirsyncer subscribes to our feeds and brings every event into a folder, with the same times."""

import datetime

import icalendar
import pytest
from django.test import Client

from tests.events.ical import readers
from tests.events.ical.facts import UTC
from tests.events.planning.builders import exhibition, press_conference

FIRST, LAST = (datetime.datetime(year, 1, 1, tzinfo=UTC) for year in (2026, 2027))


@pytest.mark.django_db(transaction=True)
def test_vdirsyncer_brings_every_event_into_a_folder(live_server, tmp_path) -> None:
    press_conference()
    exhibition()
    items = readers.by_vdirsyncer(f"{live_server.url}/calendar.ics?language=ru", tmp_path)
    assert len(items) == 3  # the press conference, the opening night and the hours
    found = sorted(
        (when for item in items for when in readers.by_icalendar(item, FIRST, LAST, "UTC")), key=str
    )
    feed = Client().get("/calendar.ics?language=ru").content
    assert found == readers.by_icalendar(feed, FIRST, LAST, "UTC")
    assert len(found) == 2 + 44  # days from 8 March to 30 April without Mondays, 21 and 22 March
    zones = [icalendar.Calendar.from_ical(item).walk("VTIMEZONE") for item in items]
    assert all(zone[0]["tzid"] == "Asia/Almaty" for zone in zones)
