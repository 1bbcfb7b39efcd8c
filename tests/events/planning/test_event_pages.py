"""The desk's page of an event: who sees what, co-hosts, dates, those who come earlier, the file."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from events.cohosts.actions import answer_co_host, ask_co_hosts
from events.core.enums import Consent, Frequency, Visibility
from events.core.facts import RecurrenceRule
from events.models import CoHost
from tests.events.planning.builders import (
    announced,
    exhibition,
    planned,
    press_conference,
    representative_of,
    stage,
)
from tests.factories import OrganisationFactory, ParticipationFactory

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _before_march():
    with time_machine.travel("2026-02-20 09:00Z", tick=False):
        yield


def _page(client, event):
    answer = client.get(event.get_absolute_url())
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_says_when_where_who_and_what_is_missing(client_of):
    here = stage()
    event = planned(here.access(), title="Exhibition talk")
    page = _page(client_of(here.user()), event)
    assert "Tuesday 3 March 2026" in page
    assert "11:00–12:00, Almaty (UTC+5)" in page
    assert "Press club en, Abai 10, en, Almaty" in page
    assert here.organisation().name_in("en") in page
    assert reverse("events:announce", args=[event.uuid]) in page


def test_an_exhibition_says_its_hours(client_of):
    here = stage()
    page = _page(client_of(here.user()), exhibition(here.access()))
    assert "Tuesday–Sunday" in page
    assert "11:00–19:00" in page
    assert "closed: Nauryz" in page


def test_whoever_only_may_read_finds_nothing_to_do(client_of):
    here = stage()
    event = press_conference(here.access())
    page = _page(client_of(here.user("observer")), event)
    for name in ("change", "move", "cancel", "announce", "co_hosts"):
        assert reverse(f"events:{name}", args=[event.uuid]) not in page
    assert (
        client_of(here.user("observer")).get(reverse("events:change", args=[event.uuid])).status_code == 403
    )


def test_others_of_the_coalition_read_what_is_told_to_them_and_no_more(client_of):
    here, there = stage(), stage()
    told = announced(there.access(), title="For all of us", visibility=Visibility.COALITION)
    hidden = planned(there.access(), title="Hidden")
    client = client_of(here.user("coordinator"))
    page = _page(client, told)
    assert "For all of us en" in page
    assert "What happened" not in page
    assert client.get(hidden.get_absolute_url()).status_code == 404
    assert client.get(reverse("events:change", args=[told.uuid])).status_code == 403


def test_others_are_not_told_in_which_workspace_it_was_planned(client_of):
    here, there = stage(), stage()
    there.workspace.title = "A workspace that nobody outside knows of"
    there.workspace.save()
    for visibility in (Visibility.COALITION, Visibility.PUBLIC):
        page = _page(client_of(here.user()), announced(there.access(), visibility=visibility))
        assert there.workspace.title not in page
        assert str(there.workspace.uuid) not in page


@pytest.mark.parametrize(
    "name",
    ["event", "file", "change", "hours", "announce", "move", "cancel", "co_hosts", "answer_co_hosting"],
)
def test_for_others_a_planned_event_does_not_exist(client_of, name):
    event = planned(stage().access())
    client = client_of(stage().user("coordinator"))
    assert client.get(reverse(f"events:{name}", args=[event.uuid])).status_code == 404


def test_the_file_is_a_calendar(client_of):
    here = stage()
    event = press_conference(here.access())
    answer = client_of(here.user("observer")).get(reverse("events:file", args=[event.uuid]))
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert b"DTSTART;TZID=Asia/Almaty:20260303T110000" in answer.content


def test_a_representative_consents_and_leaves_again_without_a_seat(client_of):
    here = stage()
    event = press_conference(here.access())
    organisation = here.organisation("coordinator")
    person = representative_of(organisation)
    client = client_of(here.user())
    client.post(reverse("events:co_hosts", args=[event.uuid]), {"organisations": [organisation.pk]})
    row = CoHost.objects.get()
    assert row.state == Consent.ASKED
    theirs = client_of(person)
    address = reverse("events:answer_co_hosting", args=[event.uuid])
    assert "host this event too?" in theirs.get(address).content.decode()
    assert address in theirs.get(reverse("workspaces:dashboard")).content.decode()
    theirs.post(address, {"organisation": row.organisation.uuid, "answer": "consent"})
    row.refresh_from_db()
    assert row.state == Consent.CONSENTED
    assert organisation.name_in("en") in _page(client, event)
    theirs.post(address, {"organisation": row.organisation.uuid, "answer": "leave"})
    row.refresh_from_db()
    assert row.state == Consent.WITHDRAWN


def test_who_was_asked_and_declined_is_for_those_who_prepare_it(client_of):
    here = stage()
    event = press_conference(here.access())
    organisation = OrganisationFactory(name_en="Asked in vain")
    ParticipationFactory(workspace=here.workspace, organisation=organisation)
    [row] = ask_co_hosts(access=here.access(), event=event, organisations=[organisation])
    for _ in range(2):
        assert "Asked in vain" in _page(client_of(here.user("reviewer")), event)
        assert "Asked in vain" not in _page(client_of(here.user("observer")), event)
        if row.state == Consent.ASKED:
            user = representative_of(organisation)
            row = answer_co_host(user=user, co_host=row, consents=False)


def test_a_request_is_taken_back(client_of):
    here = stage()
    event = press_conference(here.access())
    ask_co_hosts(access=here.access(), event=event, organisations=[here.organisation("reviewer")])
    row = CoHost.objects.get()
    client = client_of(here.user())
    client.post(reverse("events:co_host_take_back", args=[event.uuid, row.organisation.uuid]))
    row.refresh_from_db()
    assert row.state == Consent.WITHDRAWN


def test_nobody_answers_for_an_organisation_of_others(client_of):
    here = stage()
    event = press_conference(here.access())
    ask_co_hosts(access=here.access(), event=event, organisations=[here.organisation("reviewer")])
    address = reverse("events:answer_co_hosting", args=[event.uuid])
    client = client_of(here.user("coordinator"))
    assert (
        client.post(
            address, {"organisation": CoHost.objects.get().organisation.uuid, "answer": "consent"}
        ).status_code
        == 404
    )
    assert CoHost.objects.get().state == Consent.ASKED


def test_one_date_is_left_out_taken_back_and_moved(client_of):
    here = stage()
    event = planned(here.access(), title="Call", rule=RecurrenceRule(Frequency.WEEKLY))
    client = client_of(here.user())

    def post(name, **sent):
        return client.post(reverse(f"events:{name}", args=[event.uuid, "2026-03-10"]), sent, follow=True)

    page = post("date_leave_out").content.decode()
    assert "Left out" in page
    assert reverse("events:date_restore", args=[event.uuid, "2026-03-10"]) in page
    post("date_restore")
    assert not event.exceptions.exists()
    post("date_move", to_date="2026-03-11", to_time="14:00")
    moved = event.exceptions.get()
    assert (moved.to_date, moved.to_time) == (datetime.date(2026, 3, 11), datetime.time(14))
    assert client.post(reverse("events:date_leave_out", args=[event.uuid, "some-day"])).status_code == 404


def test_another_date_is_added_left_out_and_brought_back(client_of):
    here = stage()
    event = planned(here.access(), title="Call", rule=RecurrenceRule(Frequency.WEEKLY))
    client = client_of(here.user())
    address = reverse("events:date_add", args=[event.uuid])
    assert client.post(address, {"on": "2026-03-12"}).status_code == 302
    added = event.exceptions.get()
    assert (added.on, added.left_out) == (datetime.date(2026, 3, 12), False)
    assert "Thursday 12 March 2026, 11:00" in client.get(event.get_absolute_url()).content.decode()
    out = reverse("events:date_leave_out", args=[event.uuid, "2026-03-12"])
    page = client.post(out, follow=True).content.decode()
    assert not event.exceptions.exists()
    undo = f"{address}?on=2026-03-12"
    assert undo in page
    client.post(undo)
    assert event.exceptions.get().on == added.on
    answer = client.post(address, {"on": "2026-03-10"})
    assert answer.status_code == 422
    assert "takes place on this date already" in answer.content.decode()
    assert client_of(here.user("observer")).post(address, {"on": "2026-03-13"}).status_code in {403, 404}


def test_a_date_without_a_day_is_said_and_the_time_stays(client_of):
    here = stage()
    event = planned(here.access(), rule=RecurrenceRule(Frequency.WEEKLY))
    address = reverse("events:date_move", args=[event.uuid, "2026-03-10"])
    answer = client_of(here.user()).post(address, {"to_date": "", "to_time": "14:45"})
    assert answer.status_code == 422
    assert 'value="14:45"' in answer.content.decode()


def test_audiences_come_earlier(client_of):
    here = stage()
    event = press_conference(here.access())
    address = reverse("events:audiences", args=[event.uuid])
    client = client_of(here.user())
    assert client.post(address, {"speakers": "10:15", "cameras": "10:30"}).status_code == 302
    assert [str(row) for row in event.audience_times.all()] == ["speakers 10:15", "cameras 10:30"]
    answer = client.post(address, {"speakers": "13:00", "volunteers": "09:00"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "would come after the end" in page
    assert 'value="13:00"' in page


def test_the_number_of_queries_does_not_follow_what_belongs_to_it(client_of):
    here = stage()
    event = press_conference(here.access())
    client = client_of(here.user())
    _page(client, event)
    counted = []
    for name in ("reviewer", "coordinator", "contributor"):
        ask_co_hosts(access=here.access(), event=event, organisations=[here.organisation(name)])
        with CaptureQueriesContext(connection) as queries:
            _page(client, event)
        counted.append(len(queries))
    assert len(set(counted)) == 1
