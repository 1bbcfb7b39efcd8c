"""What is counted when a code is opened: a number a day, of people, and nothing else."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest
import time_machine
from django.db import DatabaseError, connection
from django.test.utils import CaptureQueriesContext

from coalition.campaigns.referrals.actions import end_referral_code
from coalition.campaigns.referrals.models import ReferralDay
from coalition.campaigns.referrals.openings import count_opening
from coalition.workspaces.permissions import access_to
from events.core import printed_codes
from events.core.pdf.typeset import address_in_capitals
from home.frontend_cache import QUIET_TABLES
from tests.campaigns.referrals.test_referral_codes import make
from tests.events.planning.builders import stage
from tests.factories import seat

pytestmark = pytest.mark.django_db

CHROME = "Mozilla/5.0 (Linux; Android 14; CUBOT X30) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"
IN_FACEBOOK = f"{CHROME} [FBAN/EMA;FBLC/kk_KZ;FBAV/410.0]"
IN_WHATSAPP = f"{CHROME} WhatsApp/2.24.1"


@pytest.fixture
def code(action):
    return make(stage().access("contributor"))


def opened(code) -> int:
    return sum(ReferralDay.objects.filter(code=code).values_list("opened", flat=True))


@pytest.mark.parametrize("agent", [CHROME, IN_FACEBOOK, IN_WHATSAPP, ""])
def test_a_person_is_counted_in_whatever_browser(code, client, agent) -> None:
    answer = client.get(f"/q/{code.code}", headers={"user-agent": agent})
    assert answer.status_code == 302
    assert not answer.cookies
    assert opened(code) == 1


@pytest.mark.parametrize(
    "headers",
    [
        {"user-agent": "WhatsApp/2.23.20.0 A"},
        {"user-agent": "TelegramBot (like TwitterBot)"},
        {"user-agent": "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)"},
        {"user-agent": "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"},
        {"user-agent": CHROME, "sec-purpose": "prefetch;prerender"},
        {"user-agent": CHROME, "sec-purpose": "prefetch"},
        {"user-agent": CHROME, "purpose": "prefetch"},
        {"user-agent": "Safari", "purpose": "preview"},
    ],
    ids=["whatsapp", "telegram", "facebook", "google", "prerender", "prefetch", "old", "safari"],
)
def test_programs_that_only_look_are_led_on_and_not_counted(code, client, headers) -> None:
    assert client.get(f"/q/{code.code}", headers=headers).status_code == 302
    assert opened(code) == 0


def test_asking_for_the_head_is_not_counted(code, client) -> None:
    assert client.head(f"/q/{code.code}").status_code == 302
    assert opened(code) == 0


@pytest.mark.parametrize("path", ["/q/{}", "/Q/{}"])
@pytest.mark.parametrize("change", [str.upper, str.lower, lambda one: f"{one[:4]}-{one[4:]}"])
def test_letters_of_either_case_lead_on(code, client, path, change) -> None:
    answer = client.get(path.format(change(code.code)), headers={"accept-language": "kk"})
    assert answer.url == f"/kk/support/word/from/{code.code}/"
    assert opened(code) == 1


def test_the_square_holds_an_address_in_capitals_that_leads_on(code, client, settings) -> None:
    settings.SITE_URL = "https://coalition.example"
    address = address_in_capitals(code.code)
    assert address == f"HTTPS://COALITION.EXAMPLE/Q/{code.code}"
    assert client.get(address.removeprefix("HTTPS://COALITION.EXAMPLE")).status_code == 302


def test_an_ended_code_still_counts_and_what_leads_nowhere_does_not(code, client, action) -> None:
    end_referral_code(access=stage_access(code), code=code)
    client.get(f"/q/{code.code}")
    assert opened(code) == 1
    action.is_public = False
    assert client.get(f"/q/{code.code}").status_code == 410
    assert opened(code) == 1


def stage_access(code):
    taken = seat(workspace=code.workspace, role="coordinator")
    return access_to(taken.person, code.workspace.uuid)


def test_the_day_is_that_of_the_site_and_days_are_apart(code) -> None:
    with time_machine.travel("2026-03-09 20:30Z", tick=False):  # after midnight in Almaty
        count_opening(code.uuid)
    with time_machine.travel("2026-03-10 18:59Z", tick=False):
        count_opening(code.uuid)
    with time_machine.travel("2026-03-10 19:00Z", tick=False):
        count_opening(code.uuid)
    found = dict(ReferralDay.objects.values_list("day", "opened"))
    assert found == {datetime.date(2026, 3, 10): 2, datetime.date(2026, 3, 11): 1}


def test_a_row_holds_no_moment_no_address_and_no_person() -> None:
    assert {one.name for one in ReferralDay._meta.get_fields()} == {"id", "code", "day", "opened"}


def test_following_a_code_costs_few_queries(code, client) -> None:
    client.get(f"/q/{code.code}")
    with CaptureQueriesContext(connection) as counted:
        client.get(f"/q/{code.code}")
    assert len(counted) == 3  # the printed code, the referral code, one more on its day


def test_a_database_that_cannot_write_keeps_nobody_from_the_page(code, client, monkeypatch, caplog) -> None:
    def fail(_target):
        raise DatabaseError("read only")

    leads_to, _opened = printed_codes._kinds["referral"]
    monkeypatch.setitem(printed_codes._kinds, "referral", (leads_to, fail))
    assert client.get(f"/q/{code.code}").status_code == 302
    assert "not counted" in caplog.text


def test_openings_do_not_make_public_pages_be_drawn_anew() -> None:
    assert ReferralDay._meta.db_table in QUIET_TABLES


@pytest.mark.django_db(transaction=True)
def test_openings_at_the_same_moment_are_all_counted(action) -> None:
    code = make(stage().access("contributor"))

    def count(_number):
        count_opening(code.uuid)
        connection.close()

    with ThreadPoolExecutor(max_workers=8) as threads:
        list(threads.map(count, range(40)))
    assert opened(code) == 40
    assert ReferralDay.objects.count() == 1
