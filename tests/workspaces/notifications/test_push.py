"""Waking browsers: nothing is said, no other place is reached, and it ends when it must."""

import base64
import datetime
import json
from urllib.parse import urlencode

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from coalition.accounts.actions.memberships import end_sessions, sign_out_everywhere
from coalition.accounts.models import Membership
from coalition.jobs.models import DueWork
from coalition.jobs.scheduler import run_due
from coalition.workspaces.models import MailMode, PushSubscription
from coalition.workspaces.notifications.deliver import public_key
from coalition.workspaces.notifications.notify import change_notification_settings
from tests.factories import FreezeFactory, MembershipFactory, seat
from tests.workspaces.notifications.push_service import push_service

pytestmark = pytest.mark.django_db
NEWS, ASKS, URGENT = "news_of_tests", "asks_of_tests", "urgent_of_tests"


@pytest.fixture
def service(tmp_path, settings):
    with push_service(tmp_path) as running:
        settings.FETCH_LOOPBACK_PORT, settings.FETCH_CA_FILE = running.port, str(running.ca_file)
        yield running


@pytest.fixture
def reader():
    return seat()


@pytest.fixture
def browser(reader, client_of):
    return client_of(reader.person)


def allow(browser: Client, address: str):
    return browser.post(reverse("workspaces:push_allow"), {"address": address})


def wake() -> None:
    run_due(worker="tests")


def unpacked(part: str) -> dict[str, object]:
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))


def test_a_push_holds_nothing_and_says_who_sends_it(reader, browser, service, tell, settings) -> None:
    assert allow(browser, service.address()).json() == {"on": True}
    by = seat(workspace=reader.workspace)
    tell(reader.person, here=reader, kind=ASKS, actor=by.person, organisation=by.organisation)
    wake()
    (pushed,) = service.pushed
    assert pushed.body == b""
    scheme, _, values = pushed.headers["authorization"].partition(" ")
    token, key = (one.strip().partition("=")[2] for one in values.split(","))
    claims = unpacked(token.split(".")[1])
    assert (scheme, key) == ("vapid", public_key())
    assert claims["aud"] == f"https://localhost:{service.port}"
    assert claims["sub"] == f"mailto:{settings.CALENDAR_ADDRESS}"
    said = " ".join(f"{name}: {value}" for name, value in pushed.headers.items())
    for secret in (reader.workspace.title, str(reader.workspace.uuid), reader.person.name, by.person.name):
        assert secret not in said
    assert "content-encoding" not in pushed.headers


def test_it_is_woken_once_for_what_waits_and_not_for_what_is_read(reader, browser, service, tell) -> None:
    allow(browser, service.address())
    tell(reader.person, here=reader, kind=ASKS)
    tell(reader.person, here=reader, kind=NEWS)
    wake()
    wake()
    assert len(service.pushed) == 1
    tell(reader.person, here=reader, kind=ASKS)
    browser.post(reverse("workspaces:inbox_read"), {"all": "1"})
    wake()
    assert len(service.pushed) == 1


@pytest.mark.parametrize("way", ["signed out", "everywhere", "ended", "left", "frozen", "stopped", "muted"])
def test_it_ends_with_the_session_the_membership_and_the_wish(reader, browser, service, tell, way) -> None:
    allow(browser, service.address())
    tell(reader.person, here=reader, kind=ASKS)
    if way == "signed out":
        browser.post("/accounts/logout/")
    elif way == "everywhere":
        sign_out_everywhere(person=reader.person)
    elif way == "ended":
        end_sessions([reader.person])
    elif way == "left":
        Membership.objects.filter(person=reader.person).update(ended_at=timezone.now())
    elif way == "frozen":
        FreezeFactory(organisation=reader.organisation, frozen_at=timezone.now())
    elif way == "stopped":
        browser.post(reverse("workspaces:push_stop"))
    else:
        wishes = {"mail": MailMode.NEVER, "digest_hour": 8, "urgent_passes": False}
        change_notification_settings(person=reader.person, muted=[reader.workspace], **wishes)
    wake()
    assert service.pushed == []


@pytest.mark.parametrize("status", [404, 410])
def test_a_browser_that_is_gone_is_forgotten(reader, browser, service, tell, status) -> None:
    service.answers["/browser"] = status
    allow(browser, service.address())
    tell(reader.person, here=reader, kind=ASKS)
    wake()
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize("status", [429, 500, 307])
def test_what_was_not_taken_is_tried_again(reader, browser, service, tell, status) -> None:
    service.answers["/browser"] = status
    allow(browser, service.address())
    tell(reader.person, here=reader, kind=ASKS)
    wake()
    wake()
    assert len(service.pushed) == 1
    del service.answers["/browser"]
    with time_machine.travel(timezone.now() + datetime.timedelta(minutes=1), tick=False):
        wake()
    assert len(service.pushed) == 2
    assert PushSubscription.objects.get().pushed_at is not None


@pytest.mark.parametrize(
    "address",
    [
        "https://10.0.0.1/push",
        "https://169.254.169.254/latest/",
        "https://192.168.1.1/push",
        "https://localhost:1/x",
    ],
)
def test_it_leads_to_no_private_place(reader, browser, tell, address) -> None:
    assert allow(browser, address).status_code == 200
    tell(reader.person, here=reader, kind=ASKS)
    wake()
    assert not PushSubscription.objects.exists()


@pytest.mark.parametrize(
    "address", ["", "http://push.example/x", "https://a:b@push.example/", "file:///etc/x"]
)
def test_what_is_no_address_of_a_push_service_is_refused(browser, address) -> None:
    assert allow(browser, address).status_code == 422
    assert not PushSubscription.objects.exists()


def test_the_night_is_quiet_but_for_what_is_urgent_if_allowed(reader, browser, service, tell) -> None:
    night = (datetime.time(22), datetime.time(7))
    late = datetime.datetime.fromisoformat("2026-03-03T23:30+05:00")
    wishes = {"person": reader.person, "mail": MailMode.NEVER, "digest_hour": 8}
    wishes |= {"quiet_from": night[0], "quiet_to": night[1]}
    change_notification_settings(urgent_passes=False, **wishes)
    with time_machine.travel(late, tick=False):
        browser.force_login(reader.person)
        allow(browser, service.address())
        tell(reader.person, here=reader, kind=URGENT)
        wake()
        assert service.pushed == []
    with time_machine.travel(late + datetime.timedelta(hours=7, minutes=30), tick=False):
        wake()
        assert len(service.pushed) == 1
    change_notification_settings(urgent_passes=True, **wishes)
    with time_machine.travel(late + datetime.timedelta(days=1), tick=False):
        tell(reader.person, here=reader, kind=URGENT)
        wake()
        assert len(service.pushed) == 2


def test_who_comes_back_in_the_same_browser_is_woken_again(reader, service, client_of) -> None:
    renew = reverse("workspaces:push_renew")
    address = {"address": service.address()}
    first = client_of(reader.person)
    allow(first, service.address())
    first.post("/accounts/logout/")
    stranger = client_of(seat().person)
    assert stranger.post(renew, address).json() == {"on": False}
    assert client_of(reader.person).post(renew, address).json() == {"on": True}
    sign_out_everywhere(person=reader.person)
    reader.person.refresh_from_db()
    assert client_of(reader.person).post(renew, address).json() == {"on": False}
    assert not PushSubscription.objects.exists()


def test_a_person_has_at_most_ten_browsers(browser, reader) -> None:
    for number in range(12):
        allow(browser, f"https://push.example/{number}")
    assert PushSubscription.objects.filter(person=reader.person).count() == 10


def test_without_a_key_nobody_is_offered_to_be_woken(browser, settings, reader, tell) -> None:
    settings.VAPID_KEY = ""
    assert "data-push" not in browser.get(reverse("workspaces:notifications")).content.decode()
    assert allow(browser, "https://push.example/x").status_code == 404
    tell(reader.person, here=reader, kind=ASKS)
    assert not DueWork.objects.exists()


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "Something waits for you in the coalition"), ("nonsense", "self.addEventListener")],
)
def test_the_worker_knows_nobody(client, language, words) -> None:
    answer = client.get(f"{reverse('workspaces:push_worker')}?{urlencode({'language': language})}")
    assert answer.status_code == 200
    assert answer["Content-Type"] == "text/javascript"
    assert words in answer.content.decode()


def test_a_person_stops_only_their_own(browser, service, client_of) -> None:
    allow(browser, service.address())
    MembershipFactory()
    client_of(seat().person).post(reverse("workspaces:push_stop"), {"address": service.address()})
    assert PushSubscription.objects.count() == 1
    browser.post(reverse("workspaces:push_stop"), {"address": service.address()})
    assert PushSubscription.objects.count() == 0
