"""The inbox and its settings over HTTP, the counters, and what they ask of the database."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coalition.core.clock import now
from coalition.roles import SeatRole
from coalition.workspaces.actions import activity, seats
from coalition.workspaces.models import MutedWorkspace, NotificationSettings
from coalition.workspaces.notifications.notify import delete_old_notifications
from coalition.workspaces.notifications.queries import notifications_for, unread_of
from coalition.workspaces.permissions import access_to
from tests.factories import MembershipFactory, seat

pytestmark = pytest.mark.django_db
NEWS, ASKS = "news_of_tests", "asks_of_tests"
INBOX = "/workspaces/inbox/"


@pytest.fixture
def reader():
    return seat()


@pytest.fixture
def browser(reader, client_of):
    return client_of(reader.person)


def shown(browser, address: str = INBOX) -> str:
    return browser.get(address).content.decode()


def test_unread_stands_first_by_days_and_leads_to_its_subject(reader, browser, tell) -> None:
    by = seat(workspace=reader.workspace)
    old, new = (now() - datetime.timedelta(days=days) for days in (3, 1))
    with time_machine.travel(new):
        tell(reader.person, here=reader, kind=ASKS, actor=by.person, organisation=by.organisation)
        browser.post(reverse("workspaces:inbox_read"), {"all": "1"})
    with time_machine.travel(old):
        tell(reader.person, here=reader, kind=NEWS, actor=by.person)
    page = shown(browser)
    assert page.index("changed “") < page.index("asks about “"), "unread first, although it is older"
    assert page.count("panel__head") == 2
    assert reader.workspace.get_absolute_url() in page


def test_an_empty_inbox_says_what_comes_here(browser) -> None:
    assert "Your inbox is empty" in shown(browser)


def test_one_is_marked_as_read_and_taken_back(reader, browser, tell) -> None:
    first, second = tell(reader.person, here=reader, kind=ASKS) + tell(reader.person, here=reader, kind=ASKS)
    answer = browser.post(reverse("workspaces:inbox_read"), {"notification": str(first.uuid)}, follow=True)
    assert list(unread_of(reader.person)) == [second]
    page = answer.content.decode()
    assert "1 is marked as read." in page
    batch = page.split("/workspaces/inbox/")[1:]
    (undo,) = {INBOX + one.split('"')[0] for one in batch if "/unread/" in one.split('"')[0]}
    browser.post(undo)
    assert unread_of(reader.person).count() == 2
    assert browser.post(undo).status_code == 404


def test_everything_of_one_workspace_or_of_all_is_marked_as_read(reader, browser, tell) -> None:
    other = seat(reader.person)
    for here in (reader, other):
        tell(reader.person, here=here, kind=ASKS)
    assert other.workspace.title in shown(browser)
    filtered = shown(browser, f"{INBOX}?workspace={reader.workspace.uuid}")
    assert f"asks about “{other.workspace.title}”" not in filtered
    assert f"asks about “{reader.workspace.title}”" in filtered
    browser.post(reverse("workspaces:inbox_read"), {"all": "1", "workspace": str(reader.workspace.uuid)})
    assert [row.workspace for row in unread_of(reader.person)] == [other.workspace]
    browser.post(reverse("workspaces:inbox_read"), {"all": "1"})
    assert not unread_of(reader.person).exists()


@pytest.mark.parametrize("sent", [{"notification": "nonsense"}, {"notification": "", "workspace": "x"}])
def test_nonsense_marks_nothing(browser, sent) -> None:
    assert browser.post(reverse("workspaces:inbox_read"), sent).status_code == 404


def test_nobody_touches_the_inbox_of_others(reader, browser, tell, client_of, client) -> None:
    (row,) = tell(reader.person, here=reader, kind=ASKS)
    stranger = client_of(seat(workspace=reader.workspace).person)
    stranger.post(reverse("workspaces:inbox_read"), {"notification": str(row.uuid)})
    assert unread_of(reader.person).count() == 1
    browser.post(reverse("workspaces:inbox_read"), {"all": "1"})
    batch = notifications_for(reader.person).get().read_in
    assert stranger.post(reverse("workspaces:inbox_unread", args=[batch])).status_code == 404
    assert client.get(INBOX).status_code == 302


def test_opening_the_subject_marks_it_as_read(reader, browser, tell) -> None:
    tell(reader.person, here=reader, kind=ASKS)
    page = shown(browser, reverse("workspaces:dashboard"))
    assert "1 unread" in page
    page = shown(browser, reader.workspace.get_absolute_url())
    assert "0 unread" in page
    assert not unread_of(reader.person).exists()


def test_the_pulse_tells_counts_and_last_ids_of_what_may_be_heard(reader, browser, tell, client) -> None:
    other = seat()
    tell(reader.person, here=reader, kind=ASKS)
    row = activity.record_activity(
        "workspace_created",
        workspace=reader.workspace,
        actor=None,
        organisation=None,
        needs_drafts=False,
    )
    topics = [f"workspace:{place.uuid}" for place in (reader.workspace, other.workspace)]
    told = browser.get(reverse("workspaces:pulse"), {"topic": [*topics, "nonsense", "workspace:x"]}).json()
    assert told["unread"] == 1
    assert told["unread_words"] == "1 unread"
    assert told["topics"] == {topics[0]: row.pk}
    assert client.get(reverse("workspaces:pulse")).status_code == 401


def test_an_observers_pulse_does_not_tell_that_something_happened_to_a_draft(reader, browser) -> None:
    activity.record_activity(
        "draft_created", workspace=reader.workspace, actor=None, organisation=None, title="Canary"
    )
    topic = f"workspace:{reader.workspace.uuid}"
    assert browser.get(reverse("workspaces:pulse"), {"topic": topic}).json()["topics"] == {topic: 0}


def test_who_has_lost_the_seat_reads_nothing_anywhere(reader, browser, tell) -> None:
    lead = seat(workspace=reader.workspace, role=SeatRole.COORDINATOR)
    MembershipFactory(person=reader.person)
    reader.workspace.title = "Canary room"
    reader.workspace.save()
    tell(reader.person, here=reader, kind=ASKS)
    assert "Canary" in shown(browser)
    seats.end_seat(access=access_to(lead.person, reader.workspace.uuid), seat=reader)
    for address in (INBOX, f"{INBOX}?workspace={reader.workspace.uuid}", "/workspaces/notifications/"):
        assert "Canary" not in shown(browser, address)
    assert browser.get(reverse("workspaces:pulse")).json()["unread"] == 0


def test_wishes_are_kept_and_shown_again(reader, browser) -> None:
    address = reverse("workspaces:notifications")
    sent = {"mail": "daily", "digest_hour": "7", "quiet_from": "22:00", "quiet_to": "06:30"}
    answer = browser.post(address, {**sent, "muted": [str(reader.workspace.uuid)], "urgent_passes": "on"})
    assert answer.status_code == 302
    kept = NotificationSettings.objects.get(person=reader.person)
    assert (kept.mail, kept.digest_hour, kept.urgent_passes) == ("daily", 7, True)
    assert (kept.quiet_from, kept.quiet_to) == (datetime.time(22), datetime.time(6, 30))
    assert MutedWorkspace.objects.get().workspace == reader.workspace
    page = shown(browser, address)
    assert 'value="22:00"' in page
    assert "Asia/Almaty" in page


@pytest.mark.parametrize(
    "wrong",
    [
        {"quiet_to": ""},
        {"quiet_from": ""},
        {"mail": "hourly"},
        {"digest_hour": "24"},
        {"quiet_from": "25:00"},
        {"muted": ["nonsense"]},
    ],
)
def test_wishes_that_cannot_be_are_refused_in_words(browser, wrong) -> None:
    sent = {"mail": "daily", "digest_hour": "7", "quiet_from": "22:00", "quiet_to": "06:30", **wrong}
    assert browser.post(reverse("workspaces:notifications"), sent).status_code == 422
    assert not NotificationSettings.objects.exists()


@pytest.mark.parametrize("address", [INBOX, "/workspaces/pulse.json", "/workspaces/"])
def test_more_notifications_cost_no_more_queries(reader, browser, tell, address) -> None:
    def add() -> None:
        by = seat(workspace=reader.workspace)
        tell(
            reader.person,
            here=reader,
            kind=ASKS,
            actor=by.person,
            organisation=by.organisation,
            about=str(by.organisation.uuid),
        )

    def cost() -> int:
        browser.get(address)
        with CaptureQueriesContext(connection) as queries:
            assert browser.get(address).status_code == 200
        return len(queries)

    add()
    one = cost()
    add()
    add()
    assert cost() == one
    assert one <= 12


def test_what_is_long_read_is_forgotten(reader, browser, tell) -> None:
    begun = now()
    with time_machine.travel(begun - datetime.timedelta(days=400)):
        tell(reader.person, here=reader, kind=ASKS)
    with time_machine.travel(begun - datetime.timedelta(days=100)):
        tell(reader.person, here=reader, kind=ASKS)
        browser.post(reverse("workspaces:inbox_read"), {"all": "1"})
        (kept,) = tell(reader.person, here=reader, kind=ASKS)
    delete_old_notifications()
    assert list(notifications_for(reader.person)) == [kept]
