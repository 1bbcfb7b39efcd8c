"""Planning, changing, announcing, moving and cancelling in the browser: nothing typed is lost."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from documents.drafts.models import Handling
from events.core.enums import EventKind, EventState, Visibility
from events.models import Event
from tests.events.planning.builders import exhibition, planned, press_conference, stage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _before_march():
    with time_machine.travel("2026-02-20 09:00Z", tick=False):
        yield


def _typed(**given):
    """What a browser sends from the form of a meeting on Tuesday 3 March."""
    return {
        "kind": EventKind.MEETING.value,
        "title_en": "Editors meet",
        "starts_on": "2026-03-03",
        "starts_at_time": "15:00",
        "ends_at_time": "16:30",
        "zone": "Asia/Almaty",
        "step_free": "unknown",
        "handling": Handling.WORKSPACE.value,
        **given,
    }


def _new(here):
    return reverse("events:plan", args=[here.workspace.uuid])


def test_an_editor_plans_and_comes_to_the_event(client_of):
    here = stage()
    client = client_of(here.user())
    answer = client.post(_new(here), _typed(text_en="About the appeal", region="KZ-75"), follow=True)
    event = Event.objects.get()
    assert answer.redirect_chain == [(event.get_absolute_url(), 302)]
    assert "About the appeal" in answer.content.decode()
    assert (event.starts_at_time, event.ends_at_time) == (datetime.time(15), datetime.time(16, 30))
    assert (event.organisation, event.state) == (here.organisation(), EventState.PLANNED)


def test_contributors_do_not_plan(client_of):
    here = stage()
    client = client_of(here.user("contributor"))
    assert client.get(_new(here)).status_code == 403
    assert client.post(_new(here), _typed()).status_code == 403
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"title_en": ""}, "Give it a title in one language at least"),
        ({"starts_on": ""}, "Say on which day it is."),
        ({"starts_at_time": ""}, "Say when it begins, or tick"),
        ({"ends_at_time": "14:00"}, "It ends before it begins."),
        ({"ends_on": "2026-03-01"}, "The last date is before the first."),
        ({"frequency": "WEEKLY", "repeat_until": "2026-01-01"}, "The last time is before the first."),
        ({"kind": "exhibition", "run_from": "2026-03-08"}, "Give the last day as well."),
    ],
)
def test_a_mistake_is_said_and_everything_typed_stays(client_of, wrong, words):
    here = stage()
    answer = client_of(here.user()).post(
        _new(here), _typed(text_ru="Подробности", address_kk="Абай даңғылы, 10", **wrong)
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert words in page
    assert "Подробности" in page
    assert "Абай даңғылы, 10" in page
    assert not Event.objects.exists()


def test_without_an_end_it_takes_an_hour_and_a_deadline_none(client_of):
    here = stage()
    client = client_of(here.user())
    client.post(_new(here), _typed(ends_at_time="", starts_at_time="23:30"))
    client.post(_new(here), _typed(ends_at_time="", kind="deadline", title_en="Answers"))
    meeting, deadline = Event.objects.order_by("id")
    assert meeting.ends_at - meeting.starts_at == datetime.timedelta(hours=1)
    assert meeting.ends_on == datetime.date(2026, 3, 4)
    assert deadline.ends_at == deadline.starts_at


def test_a_weekly_event_begins_on_one_of_its_days(client_of):
    here = stage()
    client_of(here.user()).post(
        _new(here), _typed(frequency="WEEKLY", weekdays=["4", "3"], repeat_until="2026-03-20")
    )
    event = Event.objects.get()
    assert event.starts_on == datetime.date(2026, 3, 5)  # the Thursday after the Tuesday that was typed
    assert event.weekdays == [3, 4]


def test_an_exhibition_without_an_opening_goes_on_to_its_hours(client_of):
    here = stage()
    answer = client_of(here.user()).post(
        _new(here),
        _typed(
            kind="exhibition",
            starts_on="",
            starts_at_time="",
            ends_at_time="",
            run_from="2026-03-08",
            run_until="2026-04-30",
        ),
    )
    event = Event.objects.get()
    assert answer["Location"] == reverse("events:hours", args=[event.uuid])
    assert (event.starts_on, event.all_day) == (datetime.date(2026, 3, 8), True)


def test_a_conflict_is_shown_once_and_may_be_kept(client_of):
    here = stage()
    planned(here.access("coordinator"), title="Also then", starts="2026-03-03 15:30")
    client = client_of(here.user())
    answer = client.post(_new(here), _typed(region="KZ-75"))
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "Also then en" in page
    assert "Editors meet" in page
    # Enter in a field presses the first button of the form: it must not take another time.
    assert page.index('tabindex="-1" aria-hidden="true">Save') < page.index('name="take"')
    seen = answer.context["found"].digest
    client.post(_new(here), _typed(region="KZ-75", conflicts_seen=seen))
    assert Event.objects.count() == 2


def test_the_change_of_a_planned_event_may_give_other_times(client_of):
    here = stage()
    event = planned(here.access())
    address = reverse("events:change", args=[event.uuid])
    client = client_of(here.user())
    assert "Event kk" in client.get(address).content.decode()
    answer = client.post(address, _typed(title_en="Renamed", title_kk="Event kk"))
    assert answer.status_code == 302
    event.refresh_from_db()
    assert event.starts_at_time == datetime.time(15)
    assert event.texts.get(language="en").title == "Renamed"


def test_the_times_of_an_announced_event_are_not_in_its_form(client_of):
    here = stage()
    event = press_conference(here.access())
    address = reverse("events:change", args=[event.uuid])
    client = client_of(here.user())
    page = client.get(address).content.decode()
    assert 'name="starts_on"' not in page
    assert reverse("events:move", args=[event.uuid]) in page
    titles = {f"title_{code}": f"Other {code}" for code in ("kk", "ru", "en")}
    answer = client.post(address, _typed(**titles, place_en="Hall", handling=Handling.PUBLIC.value))
    assert answer.status_code == 302
    event.refresh_from_db()
    assert event.starts_at_time == datetime.time(11)


def test_announcing_names_what_is_missing_and_then_tells(client_of):
    here = stage()
    event = planned(here.access(), handling=Handling.WORKSPACE)
    address = reverse("events:announce", args=[event.uuid])
    client = client_of(here.user("coordinator"))
    answer = client.post(address, {"visibility": Visibility.PUBLIC.value})
    assert answer.status_code == 409
    assert "Its handling mark does not allow this" in answer.content.decode()
    answer = client.post(address, {"visibility": Visibility.WORKSPACE.value}, follow=True)
    event.refresh_from_db()
    assert event.state == EventState.ANNOUNCED
    assert "It is announced." in answer.content.decode()


def test_telling_everyone_asks_who_it_is(client_of):
    here = stage()
    event = planned(here.access(), handling=Handling.PUBLIC)
    address = reverse("events:announce", args=[event.uuid])
    client = client_of(here.user("coordinator"), ago=3600)
    assert client.get(address).status_code == 200
    answer = client.post(address, {"visibility": Visibility.PUBLIC.value})
    assert "reauthenticate" in answer.url
    event.refresh_from_db()
    assert event.state == EventState.PLANNED
    assert client.post(address, {"visibility": Visibility.WORKSPACE.value}).url == event.get_absolute_url()
    client = client_of(here.user("coordinator"))
    assert client.post(address, {"visibility": Visibility.PUBLIC.value}).url == event.get_absolute_url()


@pytest.mark.parametrize("count", ["9" * 5000, "-1", "many", ""])
def test_a_count_of_rows_that_is_none_breaks_nothing(client_of, count):
    here = stage()
    address = reverse("events:hours", args=[exhibition(here.access()).uuid])
    sent = {"special-TOTAL_FORMS": count, "special-INITIAL_FORMS": "0", "add": "1"}
    assert client_of(here.user()).post(address, sent).status_code == 200


def test_moving_tells_the_new_time_and_keeps_the_words(client_of):
    here = stage()
    event = press_conference(here.access())
    address = reverse("events:move", args=[event.uuid])
    client = client_of(here.user())
    assert 'value="2026-03-03"' in client.get(address).content.decode()
    moved = _typed(starts_on="2026-03-04", region="KZ-75", step_free="step_free", place_en="Press club en")
    answer = client.post(address, moved, follow=True)
    event.refresh_from_db()
    assert (event.state, event.starts_on) == (EventState.MOVED, datetime.date(2026, 3, 4))
    assert event.texts.get(language="en").title == "Press conference on Article 123 en"
    assert "Moved:" in answer.content.decode()


def test_cancelling_asks_once_and_then_stays(client_of):
    here = stage()
    event = press_conference(here.access())
    address = reverse("events:cancel", args=[event.uuid])
    client = client_of(here.user())
    assert "Cancel this event for good?" in client.get(address).content.decode()
    page = client.post(address, follow=True).content.decode()
    event.refresh_from_db()
    assert event.state == EventState.CANCELLED
    assert "This event is cancelled." in page
    assert reverse("events:change", args=[event.uuid]) not in page


def _hours(**given):
    return {"special-TOTAL_FORMS": "1", "special-INITIAL_FORMS": "0", **given}


def test_the_hours_of_the_week_and_of_days_that_differ(client_of):
    here = stage()
    event = exhibition(here.access(), visibility=None)
    address = reverse("events:hours", args=[event.uuid])
    client = client_of(here.user())
    page = client.get(address).content.decode()
    assert page.count('value="11:00"') == 6
    assert "Nauryz" in page
    sent = _hours(
        morning_opens_2="10:00",
        morning_closes_2="13:00",
        evening_opens_2="14:00",
        evening_closes_2="18:00",
        **{"special-0-first": "2026-03-25", "special-0-opens": "12:00", "special-0-closes": "15:00"},
    )
    assert client.post(address, sent).status_code == 302
    assert [(row.weekday, f"{row.opens:%H}") for row in event.hours.all()] == [(2, "10"), (2, "14")]
    assert [str(row) for row in event.special_days.all()] == ["2026-03-25 to 2026-03-25"]


def test_another_row_keeps_what_was_typed(client_of):
    here = stage()
    event = exhibition(here.access(), visibility=None)
    sent = _hours(**{"special-0-first": "2026-04-01", "special-0-why_en": "A concert", "add": "1"})
    answer = client_of(here.user()).post(reverse("events:hours", args=[event.uuid]), sent)
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "A concert" in page
    assert "special-1-first" in page
    assert event.special_days.get().why["en"] == "Nauryz"


def test_hours_that_contradict_each_other_are_said_beside_the_day(client_of):
    here = stage()
    event = exhibition(here.access(), visibility=None)
    sent = _hours(morning_opens_1="11:00", morning_closes_1="09:00", morning_opens_4="10:00")
    answer = client_of(here.user()).post(reverse("events:hours", args=[event.uuid]), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "It closes before it opens." in page
    assert "Give both times, or none for a closed day." in page
    assert event.hours.count() == 6
