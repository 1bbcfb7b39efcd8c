"""Five numbers side by side: each with its method and its day, never added up."""

import pytest
from django.template.loader import render_to_string
from lxml import html

from coalition.campaigns.counters.columns import Count
from coalition.campaigns.counters.enums import Column
from coalition.campaigns.counters.presenters import counter_views, share_of_goal
from home.frontend_cache import EXPIRES_HEADER, MarkPagesMiddleware
from tests.campaigns.counters.pretend_appeal import APPEAL, METHOD

NUMBERS = {"online": "1\u00a0240", "in_person": "", "postcards": "", "letters": "", "official": "8\u00a0315"}


def test_all_five_columns_stand_in_their_order_each_for_itself(appeal) -> None:
    views = counter_views(APPEAL)
    assert [one.column for one in views] == [one.value for one in Column]
    assert {one.column: one.number for one in views} == NUMBERS
    shown = render_to_string("components/counters.html", {"counters": views})
    assert "9\u00a0555" not in shown
    assert "9555" not in shown


def test_what_nobody_counts_yet_says_so_and_nought_is_nought(appeal) -> None:
    appeal.online = Count(0, None)
    shown = html.fragment_fromstring(
        render_to_string("components/counters.html", {"counters": counter_views(APPEAL)})
    )
    said = {
        one.get("data-column"): one.xpath("normalize-space(.//*[@data-number])")
        for one in shown.xpath("./div")
    }
    assert said["online"] == "0"
    assert said["letters"] == "Not yet"
    assert shown.xpath("count(.//details)") == 2
    assert METHOD in shown.text_content()


def test_a_moment_is_told_with_its_place_and_a_day_as_a_day(appeal) -> None:
    views = {one.column: one for one in counter_views(APPEAL)}
    assert views["online"].as_of_words == "As of Tuesday 3 March 2026, 11:00, Almaty (UTC+5)"
    assert views["official"].as_of_words == "As of Monday 2 March 2026"
    assert views["official"].as_of == "2026-03-02"
    assert "Almaty" not in views["official"].as_of_words
    assert views["online"].as_of == "2026-03-03T06:00:00+00:00"


@pytest.mark.parametrize(("online", "goal", "share"), [(1240, 5000, 24), (6000, 5000, 100), (3, None, None)])
def test_the_goal_is_that_of_the_online_column_alone(appeal, online, goal, share) -> None:
    appeal.online = Count(online, None)
    assert share_of_goal(counter_views(APPEAL), goal) == share


def test_the_json_tells_methods_and_is_kept_for_seconds(appeal, client, settings) -> None:
    settings.PAGES_KEPT = 60
    answer = client.get("/en/support/word/counters.json")
    assert answer["Content-Type"] == "application/json"
    told = answer.json()
    assert told["url"] == "http://testserver/en/support/word/"
    assert {one["column"]: one["number"] for one in told["columns"]} == NUMBERS
    assert told["columns"][0] == {
        "column": "online",
        "label": "Online",
        "count": 1240,
        "number": "1\u00a0240",
        "as_of": "2026-03-03T06:00:00+00:00",
        "as_of_words": "As of Tuesday 3 March 2026, 11:00, Almaty (UTC+5)",
        "method": METHOD,
    }
    assert not {"total", "sum"} & set(told)
    marked = MarkPagesMiddleware(lambda _request: answer)(answer.wsgi_request)
    assert int(marked[EXPIRES_HEADER]) <= 10


def test_the_json_speaks_the_language_of_its_address(appeal, client) -> None:
    told = client.get("/kk/support/word/counters.json").json()
    assert told["title"] == "Заң қажет"
    assert told["columns"][0]["number"] == "1\u00a0240"


@pytest.mark.parametrize("name", ["counters.json", "share.png", "story.png", "from/ABCD2345/story.png"])
def test_what_is_not_public_has_no_numbers_and_no_pictures(appeal, client, db, name) -> None:
    assert client.get(f"/en/support/other/{name}").status_code == 404
    appeal.is_public = False
    assert client.get(f"/en/support/word/{name}").status_code == 404
