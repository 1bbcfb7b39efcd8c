"""Counting visitors: phones that add up, links and days, what is refused, the desk, corrections, table."""

import datetime
import json
from uuid import uuid4

import pytest
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.timezone import localdate

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import TooManyRequests
from coalition.workspaces.permissions import NotAllowed
from documents.drafts.models import Handling
from events.core.actions.plan import cancel_event
from events.exhibitions.school_groups.actions import (
    confirm_group_address,
    open_to_groups,
    request_group_visit,
)
from events.exhibitions.visitors import actions as visitors_actions
from events.exhibitions.visitors.actions import (
    Tap,
    correct_count,
    count_as_member,
    count_by_link,
    count_link_token,
    make_count_link,
    revoke_count_link,
)
from events.exhibitions.visitors.models import TapResult, VisitorGroup, visitors_of
from events.models import CountLink, SchoolGroup, VisitorTick
from tests.events.planning.builders import announced, exhibition, stage
from tests.events.volunteers.builders import shift
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db
OPEN_DAY = "2026-03-12 10:30Z"  # 15:30 in Almaty
ADULTS, CHILDREN = VisitorGroup.ADULTS, VisitorGroup.CHILDREN


@pytest.fixture(autouse=True)
def _before():
    cache.clear()
    with time_machine.travel(OPEN_DAY, tick=False):
        yield


@pytest.fixture
def client():
    """A phone without an account, in English."""
    return Client(headers={"accept-language": "en"})


@pytest.fixture
def here():
    return stage()


@pytest.fixture
def event(here):
    with time_machine.travel("2026-03-01 06:00Z", tick=False):
        return exhibition(here.access("coordinator"))


@pytest.fixture
def link(here, event):
    return make_count_link(access=here.access(), event=event, name="Entrance")


def at(name: str, event, *more: object) -> str:
    return reverse(f"events:{name}", args=[event.uuid, *more])


def page_of(link, name: str = "counting") -> str:
    return reverse(name, args=[count_link_token(link)])


def tap(number: int = 1, group: VisitorGroup = ADULTS, **more: object) -> Tap:
    return Tap(**{"mark": uuid4(), "group": group, "number": number, "at": now(), **more})


def sent(*taps: dict[str, object], clock: int = 0) -> dict[str, object]:
    return {"data": json.dumps({"clock": clock, "taps": taps}), "content_type": "application/json"}


def pressed(number: int = 1, group: str = "adults", at: int = 0) -> dict[str, object]:
    return {"mark": str(uuid4()), "group": group, "number": number, "at": at}


def test_two_phones_add_up_and_what_is_sent_twice_counts_once(client, client_of, here, event, link) -> None:
    first, second = [pressed(5), pressed(1)], [pressed(1, "children")]
    for _twice in range(2):
        answer = client.post(page_of(link, "counting_taps"), **sent(*first))
        assert [one["said"] for one in answer.json()["answers"]] == ["yes", "yes"]
    member = client_of(here.user("reviewer"))
    answer = member.post(at("visitors_taps", event), **sent(*second))
    assert answer.json()["numbers"] == {"adults": 6, "children": 1, "press": 0}
    assert visitors_of(event) == 7


def test_without_script_each_press_counts_once(client, event, link) -> None:
    page = client.get(page_of(link))
    assert page["Cache-Control"] == "no-store, private"
    assert page["X-Robots-Tag"] == "noindex"
    mark = page.context["mark"]
    for _twice in range(2):
        assert client.post(page_of(link), {"mark": mark, "tap": "adults:5"}).status_code == 302
    assert visitors_of(event) == 5
    assert ">5</output>" in client.get(page_of(link)).content.decode()
    for wrong in ("adults", "adults:x", "nobody:1", ""):
        assert client.post(page_of(link), {"mark": str(uuid4()), "tap": wrong}).status_code == 422
    for number in (7, 1000, 0, -5):
        client.post(page_of(link), {"mark": str(uuid4()), "tap": f"adults:{number}"})
    assert visitors_of(event) == 5


def test_a_slip_is_taken_back_from_the_last_hour_and_nobody_falls_below_nobody(here, event) -> None:
    access = here.access()
    assert count_as_member(access=access, event=event, taps=[tap(-1)]) == [TapResult.NOTHING]
    count_as_member(access=access, event=event, taps=[tap()])
    with time_machine.travel("2026-03-12 11:05Z"):  # the next hour
        said = count_as_member(access=access, event=event, taps=[tap(-1), tap(-1)])
    assert said == [TapResult.YES, TapResult.NOTHING]
    assert set(VisitorTick.objects.values_list("hour", "number")) == {(15, 1), (15, -1)}


def test_a_phone_without_connection_tells_later_when_it_was(client, event, link) -> None:
    hours = 60 * 60 * 1000
    with time_machine.travel("2026-03-12 15:30Z", tick=False):
        taps = [
            pressed(5, at=0),
            pressed(1, at=5 * hours),
            pressed(1, at=9 * hours),
            pressed(1, at=-60 * hours),
        ]
        answer = client.post(page_of(link, "counting_taps"), **sent(*taps, clock=5 * hours))
    assert [one["said"] for one in answer.json()["answers"]] == ["yes", "yes", "yes", "not_then"]
    found = VisitorTick.objects.values_list("on", "hour", "number")
    day = datetime.date(2026, 3, 12)
    assert set(found) == {(day, 15, 5), (day, 20, 1)}  # the future is brought back to now


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{}", b'{"clock": 0, "taps": [{}]}', b'{"clock": "x", "taps": []}']
)
def test_what_cannot_be_read_is_refused_in_words(client, link, body) -> None:
    answer = client.post(page_of(link, "counting_taps"), body, content_type="application/json")
    assert answer.status_code == 422
    assert "Load it anew" in answer.json()["why"]


@pytest.mark.parametrize(
    ("moment", "closed"),
    [
        ("2026-03-06 10:00Z", True),  # before
        ("2026-03-07 13:30Z", False),  # the opening
        ("2026-04-30 18:59Z", False),  # the last minute in Almaty
        ("2026-04-30 19:01Z", True),
    ],
)
def test_a_link_counts_on_the_days_of_the_event(client, event, link, moment, closed) -> None:
    with time_machine.travel(moment, tick=False):
        assert ("on the days of the event" in client.get(page_of(link)).content.decode()) is closed
        answer = client.post(page_of(link), {"mark": str(uuid4()), "tap": "adults:1"})
    assert answer.status_code == (409 if closed else 302)
    assert visitors_of(event) == (0 if closed else 1)


def test_a_link_that_is_taken_back_or_of_an_event_for_few_is_not_there(
    client, client_of, here, event, link
) -> None:
    editor = client_of(here.user())
    assert page_of(link) in editor.get(at("visitors_links", event)).content.decode()
    count_by_link(link=link, taps=[tap(5)])
    event.handling = Handling.WORKSPACE
    event.save()
    assert client.get(page_of(link), follow=True).status_code == 404
    with pytest.raises(Refused, match="marks"):
        make_count_link(access=here.access(), event=event)
    event.handling = Handling.PUBLIC
    event.save()
    assert editor.post(at("visitors_link_end", event, link.uuid)).status_code == 302
    assert client.get(page_of(link), follow=True).status_code == 404
    assert client.post(page_of(link, "counting_taps"), **sent(pressed())).status_code == 410
    with pytest.raises(Refused, match="no more"):
        count_by_link(link=link, taps=[tap()])
    assert visitors_of(event) == 5  # what was counted stays


def test_a_cancelled_event_and_one_that_is_no_exhibition_count_nobody(
    client, client_of, here, event, link
) -> None:
    other = announced(here.access("coordinator"), starts="2026-03-12 11:00")
    assert client_of(here.user()).get(at("visitors", other)).status_code == 404
    with pytest.raises(Refused, match="exhibitions"):
        count_as_member(access=here.access(), event=other, taps=[tap()])
    with pytest.raises(Refused, match="exhibitions"):
        make_count_link(access=here.access(), event=other)
    assert client_of(here.user()).post(at("visitors_link_end", other, link.uuid)).status_code == 404
    cancel_event(access=here.access("coordinator"), event=event)
    assert "cancelled" in client.get(page_of(link)).content.decode()
    assert client.post(page_of(link, "counting_taps"), **sent(pressed())).status_code == 422
    assert not VisitorTick.objects.exists()


def test_more_taps_than_people_is_refused(monkeypatch, client, event, link) -> None:
    monkeypatch.setattr(visitors_actions, "MOST_AN_HOUR", 3)
    count_by_link(link=link, taps=[tap(), tap(), tap()])
    with pytest.raises(TooManyRequests):
        count_by_link(link=link, taps=[tap()])
    assert client.post(page_of(link, "counting_taps"), **sent(pressed())).status_code == 429
    monkeypatch.setattr(visitors_actions, "MOST_TOGETHER", 1)
    monkeypatch.setattr(visitors_actions, "MOST_AN_HOUR", 99)
    with pytest.raises(Refused, match="at once"):
        count_by_link(link=link, taps=[tap(), tap()])


def test_links_are_few_and_their_names_are_one_line(client_of, here, event) -> None:
    client = client_of(here.user())
    for wrong in ("A\nB", "A\u202eB", "see https://spam.example"):
        assert client.post(at("visitors_links", event), {"name": wrong}).status_code == 422
    for _each in range(20):
        make_count_link(access=here.access(), event=event)
    assert "20 links" in client.post(at("visitors_links", event), {"name": "One more"}).content.decode()
    assert CountLink.objects.count() == 20


def test_a_number_is_put_right_with_the_reason_and_who(client_of, here, event) -> None:
    count_as_member(access=here.access("contributor"), event=event, taps=[tap(5), tap(5), tap(1, CHILDREN)])
    client = client_of(here.user())
    said = {"on": "2026-03-12", "hour": "15", "group": "adults", "people": "8", "why": "=Two of the team"}
    assert client.post(at("visitors_correct", event), said | {"why": ""}).status_code == 422
    assert client.post(at("visitors_correct", event), said | {"on": "2026-06-01"}).status_code == 422
    assert client.post(at("visitors_correct", event), said | {"on": "2026-03-13"}).status_code == 422
    for _twice in range(2):
        assert client.post(at("visitors_correct", event), said).status_code == 302
    assert visitors_of(event) == 9
    page = client.get(at("visitors", event)).content.decode()
    assert "=Two of the team" in page
    assert here.user().name in page
    assert "15:00–16:00: 9 people" in page
    lines = client.get(at("visitors_table", event)).content.decode("utf-8-sig").splitlines()
    assert lines[1:] == ['"2026-03-12","15:00","16:00","8","1","0","9","\'=Two of the team"']


def test_the_desk_shows_who_else_came_and_helped_that_day(client_of, here, event) -> None:
    with time_machine.travel("2026-03-01 06:00Z", tick=False):
        visits = open_to_groups(
            access=here.access(), event=event, slot_minutes=45, per_slot=1, most_pupils=25
        )
        given = {"phone": "+7 701", "grade": "9 Б", "language": "kk", "begins": datetime.time(11)}
        request_group_visit(
            visits=visits,
            school="№ 7 мектеп",
            contact="Aru",
            address="a@school.example",
            pupils=20,
            on=datetime.date(2026, 3, 12),
            **given,
        )
        confirm_group_address(group=SchoolGroup.objects.get())
        shift(here.access(), event, on="2026-03-12")
    page = client_of(here.user()).get(at("visitors", event)).content.decode()
    assert "№ 7 мектеп" in page
    assert "Stand in the hall" in page
    assert "№ 7" not in client_of(here.user()).get(f"{at('visitors', event)}?on=2026-03-13").content.decode()
    assert "№ 7" not in client_of(here.user("reviewer")).get(at("visitors", event)).content.decode()


def test_the_numbers_stand_in_what_is_written_afterwards(client_of, here, event) -> None:
    count_as_member(access=here.access(), event=event, taps=[tap(5)])
    page = client_of(here.user()).get(at("afterwards", event)).content.decode()
    assert "5 people were counted" in page
    assert 'name="came" value="5"' in page
    assert "5 people" in client_of(here.user()).get(event.get_absolute_url()).content.decode()


def test_pages_and_taps_cost_the_same_for_one_as_for_three(client_of, here, event, link) -> None:
    client, counts = client_of(here.user()), []
    for taps in ([tap()], [tap(5), tap(1, CHILDREN, at=now() - datetime.timedelta(hours=25))]):
        with CaptureQueriesContext(connection) as counting:
            count_by_link(link=link, taps=taps)
        cost = len(counting)
        correct_count(
            access=here.access(),
            event=event,
            on=localdate(now()),
            hour=len(counts),
            group=ADULTS,
            people=2,
            why=f"Because {len(counts)}",
        )
        client.get(at("visitors", event))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(at("visitors", event)).status_code == 200
        counts.append((cost, len(queries)))
        make_count_link(access=here.access(), event=event)
    assert counts[0] == counts[1]


@pytest.mark.parametrize("who", ["observer", "outsider", "anonymous"])
def test_who_does_not_prepare_the_event_neither_counts_nor_reads(
    client, client_of, here, event, link, who
) -> None:
    correct_count(
        access=here.access(),
        event=event,
        on=localdate(now()),
        hour=9,
        group=ADULTS,
        people=4,
        why="Canarywhy",
    )
    if who == "outsider":
        client = client_of(MembershipFactory().person)
    elif who == "observer":
        client = client_of(here.user(who))
    names = (
        "visitors",
        "visitors_count",
        "visitors_taps",
        "visitors_table",
        "visitors_correct",
        "visitors_links",
    )
    for path in [*(at(name, event) for name in names), at("visitors_link_end", event, link.uuid)]:
        for answer in (
            client.get(path),
            client.post(path, {"tap": "adults:1", "mark": str(uuid4()), "name": "X"}),
        ):
            told = answer.content.decode(errors="replace")
            assert answer.status_code in {302, 403, 404, 405}
            assert "Canarywhy" not in told
            assert count_link_token(link) not in told
    assert "Canarywhy" not in client.get(page_of(link)).content.decode()
    assert visitors_of(event) == 4
    if who == "observer":
        with pytest.raises(NotAllowed):
            count_as_member(access=here.access(who), event=event, taps=[tap()])


@pytest.mark.parametrize("who", ["reviewer", "contributor"])
def test_who_only_counts_corrects_nothing_and_passes_no_link_on(client_of, here, event, link, who) -> None:
    client, access = client_of(here.user(who)), here.access(who)
    assert client.get(at("visitors_count", event)).status_code == 200
    assert client.get(at("visitors_links", event)).status_code == 403
    assert client.get(at("visitors_correct", event)).status_code == 403
    with pytest.raises(NotAllowed):
        correct_count(
            access=access, event=event, on=localdate(now()), hour=9, group=ADULTS, people=4, why="Why"
        )
    with pytest.raises(NotAllowed):
        make_count_link(access=access, event=event)
    with pytest.raises(NotAllowed):
        revoke_count_link(access=access, link=link)
