"""An appeal behind the real nginx: the page from its cache, posts through it, the counter young."""

import re
import time
from urllib.parse import urlencode

import pytest

from coalition.campaigns.appeals.flow import SUPPORT
from coalition.campaigns.models import Support
from home.frontend_cache import wait_for_bumps
from home.models import PagesVersion
from tests.campaigns.appeals.factories import open_appeal

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("no_pages")]
PAGE = "/en/support/for-a-law/"
OWN = "https://localhost"  # nginx says its name without the port of tests


def post(front, page: str, address: str, **headers: str):
    data = {
        "version": re.search(r'name="version" value="([^"]+)"', page)[1],
        "stamp": re.search(r'name="stamp" value="([^"]+)"', page)[1],
        "leave_empty": "",
        "address": address,
        "region": "KZ-75",
        "name": "",
    }
    return front.ask(
        PAGE,
        method="POST",
        body=urlencode(data).encode(),
        Content_Type="application/x-www-form-urlencoded",
        **headers,
    )


def test_the_page_is_kept_while_posts_go_through_and_move_no_number(site, front):
    version = open_appeal("kk", "en")
    wait_for_bumps()
    page = front.words(PAGE)
    front.words(PAGE)
    assert front.application.asked[PAGE] == 1
    answer, _body = post(front, page, "first@mail.example", Sec_Fetch_Site="same-origin")
    assert (answer.status, answer.headers["Set-Cookie"]) == (302, None)
    wait_for_bumps()
    number = PagesVersion.objects.get().number
    for one in range(5):
        given = {"Origin": OWN} if one % 2 else {"Sec_Fetch_Site": "same-origin"}
        assert post(front, page, f"a{one}@mail.example", **given)[0].status == 302
    wait_for_bumps()
    assert PagesVersion.objects.get().number == number
    asked = front.application.asked[PAGE]
    assert "<b>0</b>" in front.words(PAGE)
    row = Support.objects.get(version=version, address_print=Support.objects.first().address_print)
    link = SUPPORT.path(row)
    assert front.ask(link)[0].headers["Set-Cookie"] is None
    confirmed = front.ask(
        link,
        method="POST",
        body=urlencode({"act": "confirm"}).encode(),
        Content_Type="application/x-www-form-urlencoded",
        Origin=OWN,
    )[0]
    assert confirmed.status == 302
    deadline = time.monotonic() + 10
    while "<b>1</b>" not in front.words(PAGE):
        assert time.monotonic() < deadline, "the counter is older than ten seconds"
        time.sleep(0.25)
    assert front.application.asked[PAGE] - asked <= 4, "it comes from the cache meanwhile"


def test_a_carrier_may_send_more_than_other_forms_take(site, front):
    open_appeal("kk", "en")
    wait_for_bumps()
    page = front.words(PAGE)
    statuses = [
        post(front, page, f"a{one}@mail.example", Sec_Fetch_Site="same-origin")[0].status for one in range(80)
    ]
    assert set(statuses) == {302}
    other = [
        front.ask("/en/membership/", method="POST", body=b"", Content_Type="text/plain")[0].status
        for _one in range(40)
    ]
    assert 429 in other


def test_no_token_of_a_supporter_stands_in_the_log(site, front):
    open_appeal("kk", "en")
    token = "kR4nary-Token_0123456789abcdefghijklmnopqrst"
    front.ask(f"/en/support/link/{token}/")
    told = front.log("/en/support/link/***/")
    assert token not in told
