"""Partners' calendars: brought in, read, reviewed, read again, kept to times, taken away."""

import datetime
import io
import socket
from functools import partial

import pytest
from django.core.files.storage import storages
from django.utils import timezone

from coalition.core.errors import Refused
from coalition.jobs.scheduler import run_due
from coalition.workspaces.permissions import NotAllowed
from events.core.enums import IntakeState
from events.models import PartnerCalendar, PartnerEvent, PartnerTime
from events.partner_calendars.actions import (
    add_calendar_by_address,
    add_calendar_from_file,
    calendar_file_name,
    dismiss_events,
    hide_event_texts,
    read_calendar,
    request_refresh,
    schedule_due_refreshes,
    set_calendar_removed,
    share_event_texts,
    show_events,
    store_read_events,
    undo_decision,
)
from events.partner_calendars.queries import calendars_for, partner_times_for
from events.partner_calendars.reader.parser import is_problem, reason_message
from events.partner_calendars.reader.read import ReadOptions, read_calendar_in_process
from tests.events.partner_calendars.calendars import calendar, vevent
from tests.events.partner_calendars.server import partner_server
from tests.events.planning.builders import stage

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def partner(tmp_path, settings):
    with partner_server(tmp_path) as server:
        settings.FETCH_LOOPBACK_PORT, settings.FETCH_CA_FILE = server.port, str(server.ca_file)
        yield server


@pytest.fixture
def scene():
    return stage()


def at(days: int, hour: int = 11) -> str:
    return f"{timezone.now() + days * DAY:%Y%m%d}T{hour:02}0000"


def good(uid="good@partner.example", title="A good event", days=10, hour=11, *more) -> str:
    return vevent(
        f"UID:{uid}",
        f"SUMMARY:{title}",
        f"DTSTART;TZID=Asia/Almaty:{at(days, hour)}",
        f"DTEND;TZID=Asia/Almaty:{at(days, hour + 1)}",
        *more,
    )


def given(scene, **more) -> dict:
    return {
        "access": scene.access(),
        "organisation": scene.organisation(),
        "name": "Their calendar",
        "zone": "Asia/Almaty",
        "region": "KZ-75",
        "busy_only": False,
        **more,
    }


def by_file(scene, content: bytes, **more) -> PartnerCalendar:
    made = add_calendar_from_file(**given(scene, content=io.BytesIO(content), **more))
    assert run_due(worker="test") >= 1
    made.refresh_from_db()
    return made


def by_address(scene, partner, **more) -> PartnerCalendar:
    made = add_calendar_by_address(**given(scene, address=more.pop("address", partner.address()), **more))
    run_due(worker="test")
    made.refresh_from_db()
    return made


def again(made: PartnerCalendar) -> PartnerCalendar:
    read_calendar(made.uuid)
    made.refresh_from_db()
    return made


def states(made: PartnerCalendar) -> dict[str, str]:
    return dict(made.events.values_list("title", "state"))


def titles(scene, role="editor") -> list[str]:
    now = timezone.now()
    return [row.title for row in partner_times_for(scene.user(role), now, now + 60 * DAY)]


def test_by_file_nothing_shows_before_review(scene):
    made = by_file(scene, calendar(good(), good("b", "Another", 11), vevent("UID:x", "SUMMARY:Broken")))
    assert states(made) == {"A good event": "waiting", "Another": "waiting", "Broken": "set_aside"}
    assert titles(scene) == []
    assert not storages["default"].exists(calendar_file_name(made))
    first = made.events.get(title="A good event")
    assert show_events(access=scene.access(), calendar=made, events=[first.uuid]) == 1
    assert titles(scene) == ["A good event"]
    assert dismiss_events(access=scene.access(), calendar=made, events=[first.uuid]) == 0  # it is decided
    assert undo_decision(access=scene.access(), calendar=made) == 1
    assert titles(scene) == []
    assert show_events(access=scene.access(), calendar=made) == 2
    assert titles(scene) == ["A good event", "Another"]
    assert titles(scene, "observer") == []  # they see no plans
    assert calendars_for(scene.user("observer")).count() == 0


def test_who_may(scene):
    for role in ("reviewer", "contributor", "observer"):
        with pytest.raises(NotAllowed):
            add_calendar_from_file(**given(scene, access=scene.access(role), content=io.BytesIO(b"x")))
    made = by_file(scene, calendar(good()))
    remove = partial(set_calendar_removed, removed=True)
    for act in (show_events, dismiss_events, undo_decision, hide_event_texts, remove):
        with pytest.raises(NotAllowed):
            act(access=scene.access("contributor"), calendar=made)
    with pytest.raises(Refused):
        add_calendar_from_file(**given(scene, organisation=stage().organisation(), content=io.BytesIO(b"x")))
    with pytest.raises(Refused):
        add_calendar_by_address(**given(scene, address="http://partner.example/x.ics"))


def test_by_address_with_etag(scene, partner):
    partner.put(calendar(good()))
    made = by_address(scene, partner, address=partner.address().replace("https://", "webcal://"))
    assert (states(made), made.problem, made.etag) == ({"A good event": "waiting"}, {}, '"1"')
    show_events(access=scene.access(), calendar=made)
    again(made)
    assert partner.asked == [("/calendar.ics", ""), ("/calendar.ics", '"1"')]
    assert titles(scene) == ["A good event"]


def test_changes_of_time_show_at_once_and_of_words_wait(scene, partner):
    partner.put(calendar(good(), good("b", "Second", 11), good("c", "Third", 12)))
    made = by_address(scene, partner)
    show_events(access=scene.access(), calendar=made)
    partner.put(calendar(good(hour=15), good("b", "Second, with other words", 11)), etag='"2"')
    again(made)
    assert titles(scene) == ["A good event"]
    moved = PartnerTime.objects.get(event__title="A good event")
    assert moved.starts_at.hour == 10
    assert states(made) == {"A good event": "shown", "Second, with other words": "waiting", "Third": "gone"}
    partner.put(calendar(good("c", "Third", 12)), etag='"3"')
    again(made)
    assert states(made)["Third"] == "waiting"


def test_a_calendar_that_became_empty_takes_its_events_along(scene, partner):
    partner.put(calendar(good()))
    made = by_address(scene, partner)
    show_events(access=scene.access(), calendar=made)
    assert titles(scene) == ["A good event"]
    partner.put(b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", etag='"2"')  # cut short on the way: nothing is known
    assert again(made).problem["code"] == "cut_short"
    assert titles(scene) == ["A good event"]
    partner.put(calendar(), etag='"3"')
    assert again(made).problem == {"code": "no_events"}
    assert (titles(scene), states(made), is_problem(made.problem)) == ([], {"A good event": "gone"}, False)


def test_a_cancellation_takes_the_event_out(scene, partner):
    partner.put(calendar(good()))
    made = by_address(scene, partner)
    show_events(access=scene.access(), calendar=made)
    partner.put(calendar(good(), head="METHOD:CANCEL\r\n"), etag='"2"')
    assert (states(again(made)), titles(scene)) == ({"A good event": "set_aside"}, [])


def test_busy_only_keeps_no_words(scene, partner):
    partner.put(calendar(good(title="Secret meeting")))
    made = by_address(scene, partner, organisation=scene.organisation("reviewer"))
    show_events(access=scene.access(), calendar=made)
    assert titles(scene) == ["Secret meeting"]
    hide_event_texts(access=scene.access(), calendar=made)
    made = again(made)
    assert "Secret" not in repr(list(PartnerEvent.objects.values()))
    assert titles(scene) == [""]
    with pytest.raises(NotAllowed):  # only the partner gives its words
        share_event_texts(access=scene.access(), calendar=made)


def test_words_kept_back_while_the_calendar_is_being_read_are_not_kept(scene):
    made = by_file(scene, calendar(good(title="Known")), organisation=scene.organisation("reviewer"))
    show_events(access=scene.access(), calendar=made)
    now = timezone.now()
    options = ReadOptions(zone=made.zone, first=now, last=now + 60 * DAY)
    said = list(
        read_calendar_in_process(calendar(good(title="Secret meeting"), good("b", "Secret too", 11)), options)
    )
    hide_event_texts(access=scene.access(), calendar=made)
    store_read_events(made, iter(said))
    assert "Secret" not in repr(list(PartnerEvent.objects.values()))
    assert titles(scene) == [""]


def test_the_partner_gives_its_words_and_they_wait(scene, partner):
    partner.put(calendar(good(title="Secret meeting")))
    made = by_address(scene, partner, busy_only=True)
    show_events(access=scene.access(), calendar=made)
    assert titles(scene) == [""]
    share_event_texts(access=scene.access(), calendar=made)
    again(made)
    assert (states(made), titles(scene)) == ({"Secret meeting": "waiting"}, [])


def test_a_representative_without_the_right_to_plan_keeps_their_words_back(scene):
    seat = scene.seats["reviewer"]
    made = by_file(scene, calendar(good()), organisation=seat.organisation)
    access = scene.access("reviewer")
    with pytest.raises(NotAllowed):
        hide_event_texts(access=access, calendar=made)
    person = seat.person.memberships.get(organisation=seat.organisation)
    person.role = "representative"
    person.save()
    assert hide_event_texts(access=access, calendar=made).busy_only


def test_the_same_event_in_two_calendars_and_our_own_that_come_back(scene, settings):
    settings.SITE_URL = "https://coalition.example"
    first = by_file(scene, calendar(good()), name="First")
    ours = good("0190a1b2-0000-7000-8000-000000000000@coalition.example", "Ours")
    second = by_file(scene, calendar(good(), ours))
    reasons = {event.title: event.reason for event in second.events.all()}
    assert reasons["A good event"] == {"code": "other_calendar", "calendar": "First"}
    assert reasons["Ours"] == {"code": "own_event"}
    assert set(first.events.values_list("state", flat=True)) == {IntakeState.WAITING}


def test_removal_and_its_undo(scene, partner):
    partner.put(calendar(good()))
    made = by_address(scene, partner)
    show_events(access=scene.access(), calendar=made)
    set_calendar_removed(access=scene.access(), calendar=made, removed=True)
    assert titles(scene) == []
    assert read_calendar(made.uuid) is None
    set_calendar_removed(access=scene.access(), calendar=made, removed=False)
    assert titles(scene) == ["A good event"]


def test_an_organisation_that_left_takes_its_times_along(scene):
    made = by_file(scene, calendar(good()))
    show_events(access=scene.access(), calendar=made)
    made.organisation.participations.update(ended_at=timezone.now())
    assert titles(scene, "coordinator") == []


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"lead": "http://127.0.0.1/"}, "fetch_private"),
        ({"lead": "https://127.0.0.1/x"}, "fetch_private"),
        ({"lead": "https://10.0.0.1/x"}, "fetch_private"),
        ({"lead": "http://8.8.8.8/x"}, "fetch_https"),
        ({"lead": "/calendar.ics"}, "fetch_redirects"),
        ({"body": b"BEGIN:VCALENDAR" + b"x" * 11 * 1024 * 1024}, "fetch_large"),
        ({"body": b"<html>Sign in</html>"}, "not_a_calendar"),
        ({}, "fetch_status"),
    ],
)
def test_addresses_that_lead_nowhere_good(scene, partner, answer, code):
    if "lead" in answer:
        partner.lead("/calendar.ics", answer["lead"].replace("http://127", "https://127"))
    elif "body" in answer:
        partner.put(answer["body"])
    made = by_address(scene, partner)
    assert made.problem["code"] == code
    assert reason_message(made.problem)
    assert made.reading_since is None
    assert made.events.count() == 0


def test_a_name_that_leads_elsewhere_the_second_time(scene, partner, monkeypatch, settings):
    """The address that was looked at is the one that is reached: the name is asked once."""
    settings.FETCH_LOOPBACK_PORT = 0
    asked, reached = [], []
    really = socket.getaddrinfo

    def changing(host, *rest, **named):
        if host != "partner.example":
            return really(host, *rest, **named)
        asked.append(host)
        ip = "93.184.216.34" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 443))]

    def connecting(address, *_rest, **_named):
        reached.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr("socket.getaddrinfo", changing)
    monkeypatch.setattr("socket.create_connection", connecting)
    made = by_address(scene, partner, address="https://partner.example/x.ics")
    assert (asked, reached) == (["partner.example"], ["93.184.216.34"])
    assert made.problem["code"] == "fetch_refused"


def test_a_server_that_drips_is_left(scene, partner, monkeypatch):
    partner.put(b"")
    partner.slow = True
    monkeypatch.setattr("events.partner_calendars.actions.LONGEST_FETCH", 0.6)
    made = by_address(scene, partner)
    partner.slow = False
    assert made.problem["code"] == "fetch_slow"


def test_what_failed_waits_longer_every_time_and_shown_events_stay(scene, partner):
    partner.put(calendar(good()))
    made = by_address(scene, partner)
    show_events(access=scene.access(), calendar=made)
    partner.pages.clear()
    again(made)
    assert again(made).problem["failures"] == 2
    assert titles(scene) == ["A good event"]
    for hours, count in ((3, 0), (5, 1)):  # after two failures: 4 hours
        PartnerCalendar.objects.update(refreshed_at=timezone.now() - datetime.timedelta(hours=hours))
        asked = len(partner.asked)
        schedule_due_refreshes()
        run_due(worker="test")
        assert len(partner.asked) - asked == count


def test_it_is_read_again_every_hour_or_when_asked(scene, partner):
    partner.put(calendar(good()))
    made = by_address(scene, partner)
    with pytest.raises(Refused):
        request_refresh(access=scene.access(), calendar=made)
    PartnerCalendar.objects.update(refreshed_at=timezone.now() - datetime.timedelta(minutes=59))
    schedule_due_refreshes()
    assert (run_due(worker="test"), len(partner.asked)) == (0, 1)
    request_refresh(access=scene.access(), calendar=made)
    assert (run_due(worker="test"), len(partner.asked)) == (1, 2)


def test_the_address_is_sealed_and_in_no_audit_entry(scene):
    from django.db import connection

    from coalition.audit.models import AuditEntry

    add_calendar_by_address(**given(scene, address="https://partner.example/secret-token.ics"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT address FROM events_partnercalendar")
        assert "secret-token" not in cursor.fetchone()[0]
    assert "secret-token" not in repr(list(AuditEntry.objects.values()))


def test_times_cost_one_query_however_many(scene, django_assert_num_queries):
    now = timezone.now()
    for count in (1, 3):
        made = by_file(scene, calendar(*[good(f"{count}-{n}", f"Event {n}") for n in range(count)]))
        show_events(access=scene.access(), calendar=made)
        with django_assert_num_queries(1):
            partner_times_for(scene.user(), now, now + 60 * DAY)
