"""Reading partners' calendars: good events as they are meant, the others with the reason."""

import pytest

from events.partner_calendars.reader.parser import NotRead, reason_message
from events.partner_calendars.reader.read import CalendarReading
from tests.events.partner_calendars.calendars import calendar, good, options, read, starts, vevent


def one(*lines: str, head: str = ""):
    """The only event of a calendar that holds these lines."""
    found = read(calendar(vevent("UID:a", "SUMMARY:Title", *lines), head=head))
    assert len(found) == 1
    return found[0]


def reason_of(*lines: str) -> str:
    """Why the event is set aside; the good one beside it is kept."""
    hostile = vevent("UID:hostile", "SUMMARY:Hostile", *lines)
    found = {event.uid: event for event in read(calendar(hostile, good()))}
    assert not found["good@partner.example"].reason
    assert starts(found["good@partner.example"]) == ["2026-03-03 06:00"]
    assert not found["hostile"].times
    assert reason_message(found["hostile"].reason) not in {"", "The event is broken and cannot be read."}
    return str(found["hostile"].reason["code"])


@pytest.mark.parametrize(
    ("line", "utc"),
    [
        ("DTSTART;TZID=Asia/Almaty:20260303T110000", "2026-03-03 06:00"),
        ("DTSTART;TZID=Central Asia Standard Time:20260303T110000", "2026-03-03 06:00"),
        ('DTSTART;TZID="(UTC+05:00) Astana":20260303T110000', "2026-03-03 06:00"),
        ("DTSTART;TZID=/freeassociation.sourceforge.net/Asia/Almaty:20260303T110000", "2026-03-03 06:00"),
        ("DTSTART;TZID=Asia/Aqtau:20260303T110000", "2026-03-03 06:00"),
        ("DTSTART;TZID=W. Europe Standard Time:20260303T110000", "2026-03-03 10:00"),
        ("DTSTART:20260303T110000Z", "2026-03-03 11:00"),
        ("DTSTART:20260303T110000", "2026-03-03 06:00"),
        ("DTSTART;VALUE=DATE:20260303", "2026-03-02 19:00"),
        ("DTSTART:20260303", "2026-03-02 19:00"),
    ],
)
def test_times_are_understood(line, utc):
    assert starts(one(line)) == [utc]


def test_floating_times_are_of_the_calendars_zone():
    assert starts(one("DTSTART:20260303T110000", head="X-WR-TIMEZONE:America/New_York\r\n")) == [
        "2026-03-03 16:00"
    ]
    found = read(calendar(vevent("UID:a", "DTSTART:20260303T110000")), zone="Europe/Berlin")
    assert starts(found[0]) == ["2026-03-03 10:00"]


def zone(*lines: str) -> str:
    return "\r\n".join(["BEGIN:VTIMEZONE", "TZID:Our own", *lines, "END:VTIMEZONE", ""])


@pytest.mark.parametrize(
    ("lines", "utc"),
    [
        (
            [
                "BEGIN:STANDARD",
                "DTSTART:19700101T000000",
                "TZOFFSETFROM:+0500",
                "TZOFFSETTO:+0500",
                "END:STANDARD",
            ],
            "06:00",
        ),
        (["X-LIC-LOCATION:Europe/Moscow", "BEGIN:STANDARD", "END:STANDARD"], "08:00"),
        (
            [
                *["BEGIN:STANDARD", "DTSTART:19701025T030000", "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU"],
                *["TZOFFSETFROM:+0200", "TZOFFSETTO:+0100", "END:STANDARD"],
                *["BEGIN:DAYLIGHT", "DTSTART:19700329T020000", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU"],
                *["TZOFFSETFROM:+0100", "TZOFFSETTO:+0200", "END:DAYLIGHT"],
            ],
            "10:00",
        ),
    ],
)
def test_a_zone_of_the_calendars_own(lines, utc):
    found = one("DTSTART;TZID=Our own:20260303T110000", head=zone(*lines))
    assert starts(found) == [f"2026-03-03 {utc}"]


@pytest.mark.parametrize(
    "lines", [[], ["BEGIN:STANDARD", "TZOFFSETTO:+9999", "END:STANDARD"], ["TZOFFSETTO:x"]]
)
def test_a_broken_zone_sets_its_events_aside(lines):
    found = one("DTSTART;TZID=Our own:20260303T110000", head=zone(*lines))
    assert found.reason == {"code": "unknown_zone", "zone": "Our own"}


def test_a_definition_that_takes_long_costs_its_events_alone():
    lines = ["BEGIN:STANDARD", "DTSTART:00010101T000000", "RRULE:FREQ=SECONDLY", "TZOFFSETTO:+0500"]
    lines += ["TZOFFSETFROM:+0600", "END:STANDARD", "BEGIN:DAYLIGHT", "TZOFFSETTO:+0600", "END:DAYLIGHT"]
    found = one("DTSTART;TZID=Our own:20260303T110000", head=zone(*lines))
    assert found.reason == {"code": "unknown_zone", "zone": "Our own"}


def test_a_zone_of_which_no_place_has_the_times_is_read_by_its_definition():
    """Summer time from May to August: no zone of the world."""
    lines = ["BEGIN:STANDARD", "DTSTART:20000901T030000", "RRULE:FREQ=YEARLY", "TZOFFSETFROM:+0600"]
    lines += ["TZOFFSETTO:+0500", "END:STANDARD", "BEGIN:DAYLIGHT", "DTSTART:20000501T020000"]
    lines += ["RRULE:FREQ=YEARLY", "TZOFFSETFROM:+0500", "TZOFFSETTO:+0600", "END:DAYLIGHT"]
    monthly = ["DTSTART;TZID=Our own:20260415T110000", "RRULE:FREQ=MONTHLY;COUNT=2"]
    found = one(*monthly, head=zone(*lines))
    assert starts(found) == ["2026-04-15 06:00", "2026-05-15 05:00"]
    assert found.facts["zone"] == ""


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("DTSTART;TZID=Asia/Almaty:20260303T110000", "Asia/Almaty"),
        ("DTSTART:20260303T110000Z", "UTC"),
    ],
)
def test_the_zone_is_told_by_its_iana_name(line, name):
    assert one(line).facts["zone"] == name


def test_recurrence_with_what_differs():
    series = vevent(
        *["UID:a", "SUMMARY:Call", "DTSTART;TZID=Asia/Almaty:20260303T110000"],
        *["RRULE:FREQ=WEEKLY;BYDAY=TU;UNTIL=20260401", "EXDATE;TZID=Asia/Almaty:20260310T110000"],
        "RDATE;TZID=Asia/Almaty:20260405T090000",
    )
    moved = vevent(
        "UID:a", "SUMMARY:Call", "RECURRENCE-ID;TZID=Asia/Almaty:20260317T110000", "DTSTART:20260317T080000Z"
    )
    other = vevent(
        "UID:a", "SUMMARY:Visit", "RECURRENCE-ID;TZID=Asia/Almaty:20260324T110000", "DTSTART:20260324T080000Z"
    )
    cancelled = vevent(
        *["UID:a", "SUMMARY:Call", "RECURRENCE-ID;TZID=Asia/Almaty:20260331T110000"],
        *["STATUS:CANCELLED", "DTSTART:20260331T060000Z"],
    )
    call, visit = read(calendar(moved, cancelled, series, other))
    assert starts(call) == ["2026-03-03 06:00", "2026-03-17 08:00", "2026-04-05 04:00"]
    assert (visit.words.title, starts(visit)) == ("Visit", ["2026-03-24 08:00"])


def test_a_rule_without_end_ends_at_the_horizon():
    found = one("DTSTART;VALUE=DATE:20200301", "RRULE:FREQ=YEARLY")
    assert starts(found) == ["2026-02-28 19:00", "2027-02-28 19:00"]
    assert found.times[0].all_day


def test_a_long_run_is_one_time_and_what_is_over_is_not_kept():
    found = one("DTSTART;VALUE=DATE:20260308", "DTEND;VALUE=DATE:20260501")
    assert (found.times[0].ends_at - found.times[0].starts_at).days == 54
    reading = CalendarReading(calendar(vevent("UID:old", "DTSTART:20200101T000000Z"), good()), options())
    assert [len(group) for group in reading.groups()] == [0, 1]
    assert reading.problem == {"code": "outside", "count": 1}


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (["DTSTART:20260303T110000Z", "RRULE:FREQ=SECONDLY"], "too_fast"),
        (["DTSTART:20260303T110000Z", "RRULE:FREQ=MINUTELY;INTERVAL=5"], "too_fast"),
        (["DTSTART:20260303T110000Z", "RRULE:FREQ=HOURLY"], "too_fast"),
        (["DTSTART:20260303T110000Z", "RRULE:FREQ=DAILY;INTERVAL=0"], "interval_zero"),
        (["DTSTART:20260303T110000Z", "RRULE:FREQ=DAILY;INTERVAL=-1"], "interval_zero"),
        (["DTSTART:20260303T110000Z", "RRULE:FREQ=DAILY;COUNT=1000000"], "count_huge"),
        (["DTSTART:20260303T110000Z", "RRULE:FREQ=DAILY;UNTIL=20200101T000000Z"], "until_before_start"),
        (["DTSTART;VALUE=DATE:20260303", "RRULE:FREQ=DAILY;UNTIL=20260302"], "until_before_start"),
        (
            ["DTSTART:20260303T110000Z", "RRULE:FREQ=YEARLY;BYMONTHDAY=" + ",".join(["1"] * 9000)],
            "rule_too_wide",
        ),
        (
            ["DTSTART:20260303T110000Z", "RRULE:FREQ=DAILY;BYHOUR=1,2,3,4,5;BYMINUTE=1,2,3,4,5"],
            "rule_too_wide",
        ),
        (["DTSTART:20260303T110000Z", "RRULE:FREQ=DAILY;BYMONTH=13"], "rule_unreadable"),
        (["DTSTART:20260303T110000Z", "RRULE:often"], "rule_unreadable"),
        (["DTSTART:20260303T110000Z", "RRULE:FREQ=WEEKLY", "EXRULE:FREQ=DAILY"], "rule_unreadable"),
        (["DTSTART:20260303T110000Z", *["RRULE:FREQ=WEEKLY"] * 11], "rule_too_wide"),
        (["DTSTART:20260303T110000Z", "RDATE:20260304T110000Z/20260304T100000Z"], "ends_before_start"),
        (["DTSTART:20260303T110000Z", "RDATE:20260304T110000Z/PX"], "bad_date"),
        (["DTSTART:19000303T110000Z", "RRULE:FREQ=DAILY"], "rule_too_long"),
        (["DTSTART:20260303T110000Z", "RRULE:FREQ=HOURLY;COUNT=1999"], "too_many_times"),
        (["DTSTART:20260303T110000Z", "RDATE:" + ",".join(["20260303"] * 5000)], "too_many_dates"),
        (["DTSTART:20260303T110000Z", "DTEND:20260303T100000Z"], "ends_before_start"),
        (["DTSTART:20260303T110000Z", "DURATION:-PT1H"], "ends_before_start"),
        (["DTSTART:20260303T110000Z", "DURATION:P99999999999D"], "bad_date"),
        (["DTSTART:20260303T110000Z", "DTEND:21000303T110000Z"], "lasts_too_long"),
        (["DTSTART:20261303T110000Z"], "bad_date"),
        (["DTSTART:00010101T000000Z"], "bad_date"),
        (["DTSTART;TZID=Asia/Nowhere:20260303T110000"], "unknown_zone"),
        (["DESCRIPTION:no time"], "no_start"),
        (["DTSTART:20260303T110000Z", "DESCRIPTION:a\0b"], "control_characters"),
        (["DTSTART:20260303T110000Z", "STATUS:CANCELLED"], "cancelled"),
        (["DTSTART:20260303T110000Z", "DESCRIPTION:" + "x" * 70_000], "too_long"),
        (["DTSTART:20260303T110000Z", *["BEGIN:VALARM"] * 50_000], "nested"),
    ],
)
def test_hostile_and_broken_events_are_set_aside(lines, code):
    assert reason_of(*lines) == code


def test_rules_that_find_nothing_end():
    for rule in ("FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=YEARLY;BYMONTH=4;BYMONTHDAY=31"):
        assert len(one("DTSTART:20260303T110000Z", f"RRULE:{rule}").times) == 1


def test_an_event_without_end_takes_only_itself():
    found = read(calendar("BEGIN:VEVENT\r\nUID:open\r\nDTSTART:20260303T110000Z\r\n", good()))
    assert [(event.uid, event.reason.get("code")) for event in found] == [
        ("open", "not_closed"),
        ("good@partner.example", None),
    ]


def test_the_same_uid_twice_keeps_the_newest():
    older = vevent("UID:a", "SEQUENCE:1", "SUMMARY:Older", "DTSTART:20260303T110000Z")
    newer = vevent("UID:a", "SEQUENCE:2", "SUMMARY:Newer", "DTSTART:20260304T110000Z")
    kept, aside = read(calendar(older, newer))
    assert (kept.words.title, kept.reason, kept.recurrence_id) == ("Newer", {}, "")
    assert (aside.words.title, aside.reason) == ("Older", {"code": "duplicate_uid"})
    assert (aside.uid, aside.recurrence_id) != (kept.uid, kept.recurrence_id)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1251", "kz1048"])
def test_encodings(encoding):
    title = "Пресс-конференция" if encoding == "cp1251" else "Баспасөз мәслихаты, Қазақстан ұйымы"
    content = calendar(good(title=title)).decode().encode(encoding)
    assert read(content)[0].words.title == title


def test_one_wrong_encoding_among_others():
    content = calendar(good(title="Ұйымдастыру кездесуі"), good(uid="b", title="WRONG")).replace(
        b"WRONG", b"\xc0\xff"
    )
    kept, aside = sorted(read(content), key=lambda event: bool(event.reason))
    assert kept.words.title == "Ұйымдастыру кездесуі"
    assert aside.reason == {"code": "encoding"}


def test_words_are_plain():
    found = one(
        "DTSTART:20260303T110000Z", "LOCATION:Hall \u202e1\\, upstairs", "DESCRIPTION:One\\nTwo\x07 <b>"
    )
    assert (found.words.place, found.words.text) == ("Hall 1, upstairs", "One\nTwo <b>")


def test_private_events_and_busy_calendars_give_no_words():
    lines = ["UID:a", "SUMMARY:Secret", "LOCATION:Secret", "DESCRIPTION:Secret", "DTSTART:20260303T110000Z"]
    for content, words in ((vevent(*lines, "CLASS:PRIVATE"), True), (vevent(*lines), False)):
        found = read(calendar(content), words=words)
        assert found[0].times
        assert "Secret" not in repr(found)
    assert (
        read(calendar(vevent(*lines, "TRANSP:TRANSPARENT")), words=False)[0].reason["code"] == "takes_no_time"
    )


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<html>Sign in</html>", "not_a_calendar"),
        (b"", "not_a_calendar"),
        (b"\0" * 5000, "not_a_calendar"),
        (b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n", "cut_short"),
        (b"BEGIN:VCALENDAR" + b"x" * 10 * 1024 * 1024, "too_large"),
        (b"BEGIN:VCALENDAR" + b"\n" * 4_000_000, "too_many_lines"),
    ],
)
def test_what_is_no_calendar_is_refused(content, code):
    with pytest.raises(NotRead) as refusal:
        CalendarReading(content, options())
    assert refusal.value.code == code
    assert reason_message(refusal.value.as_json())
