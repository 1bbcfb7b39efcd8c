"""Pictures to share: the number of the day, the code of an organisation, no name; drawn once."""

import io

import pytest
import time_machine
from django.core.cache import caches
from PIL import Image

from coalition.campaigns.counters import share
from coalition.campaigns.counters.columns import Count
from coalition.campaigns.models import CountOfDay
from coalition.campaigns.referrals.actions import end_referral_code
from tests.campaigns.counters.pretend_appeal import MOMENT
from tests.campaigns.referrals.actions_to_lead_to import pretend_action
from tests.campaigns.referrals.test_referral_codes import make
from tests.events.planning.builders import stage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def drawings(settings, tmp_path, monkeypatch):
    """An empty store, and what was drawn: template and words."""
    settings.CACHES = {
        **settings.CACHES,
        "pictures": {**settings.CACHES["pictures"], "LOCATION": str(tmp_path / "pictures")},
    }
    drawn = []
    draw = share.draw_template

    def note(template, words, **how):
        drawn.append((template.name, words))
        return draw(template, words, **how)

    monkeypatch.setattr(share, "draw_template", note)
    yield drawn
    caches["pictures"].clear()


def size_of(answer) -> tuple[int, int]:
    assert answer["Content-Type"] == "image/png"
    return Image.open(io.BytesIO(answer.content)).size


def test_sizes_are_those_that_chats_and_stories_want(appeal, client) -> None:
    assert size_of(client.get("/kk/support/word/share.png")) == share.CARD_SIZE == (1200, 630)
    assert size_of(client.get("/kk/support/word/story.png")) == (1080, 1920)


def test_a_picture_is_drawn_once_a_day_and_language_whatever_is_asked(appeal, client, drawings) -> None:
    with time_machine.travel("2026-03-03 06:00Z", tick=False):
        first = client.get("/kk/support/word/share.png")
        appeal.online = Count(1300, MOMENT)
        for query in ("", "?day=2026-03-03", "?day=2020-01-01", "?x=1"):
            assert client.get(f"/kk/support/word/share.png{query}").content == first.content
        assert len(drawings) == 1
        client.get("/ru/support/word/share.png")
        assert len(drawings) == 2
    with time_machine.travel("2026-03-04 06:00Z", tick=False):
        client.get("/kk/support/word/share.png")
    assert [words["number"].replace("\xa0", " ") for _template, words in drawings] == [
        "1 240",
        "1 240",
        "1 300",
    ]


def test_a_corrected_title_is_drawn_anew(appeal, client, drawings) -> None:
    client.get("/en/support/word/share.png")
    appeal.titles["en"] = "We need this law"
    client.get("/en/support/word/share.png")
    assert [words["title"] for _template, words in drawings] == ["We need a law", "We need this law"]


def test_another_machine_and_another_language_show_the_number_of_the_day(appeal, client, drawings) -> None:
    client.get("/kk/support/word/share.png")
    appeal.online = Count(1300, MOMENT)
    caches["pictures"].clear()  # a machine that has drawn nothing yet
    client.get("/kk/support/word/share.png")
    client.get("/ru/support/word/story.png")
    assert {words["number"].replace("\xa0", " ") for _template, words in drawings} == {"1 240"}


def test_the_number_of_a_day_is_one_row_and_yesterdays_goes(appeal, client) -> None:
    for moment, count in (("2026-03-03 06:00Z", 1240), ("2026-03-04 06:00Z", 1300)):
        with time_machine.travel(moment, tick=False):
            appeal.online = Count(count, MOMENT)
            client.get("/kk/support/word/share.png")
            client.get("/ru/support/word/share.png")
            assert list(CountOfDay.objects.values_list("day__day", "count")) == [(int(moment[8:10]), count)]


def test_without_a_number_there_is_the_title_alone(appeal, client, drawings) -> None:
    for count in (None, 0):
        appeal.online = Count(count, None)
        caches["pictures"].clear()
        CountOfDay.objects.all().delete()
        assert client.get("/en/support/word/share.png").status_code == 200
        assert drawings[-1][1]["number"] == ""


@time_machine.travel("2026-03-03 20:00Z", tick=False)  # after midnight in Almaty
def test_the_day_stands_in_the_picture_and_in_its_address(appeal, client, drawings) -> None:
    client.get("/en/support/word/share.png")
    assert drawings[0][1]["as_of"] == "As of Wednesday 4 March 2026"
    assert drawings[0][1]["number_words"] == "people support this online"
    assert share.share_picture_path("word") == "/en/support/word/share.png?day=2026-03-04"


def test_an_organisations_story_has_its_short_link_and_not_its_name(appeal, client, drawings) -> None:
    with pretend_action():
        here = stage()
        code = make(here.access("contributor"))
        assert client.get(f"/kk/support/word/from/{code.code.lower()}/story.png").status_code == 200
        client.get(f"/kk/support/word/from/{code.code}/story.png")
        assert len(drawings) == 1
        words = drawings[0][1]
        assert words["address"].endswith(f"/q/{code.code}")
        for name in (code.organisation.name_kk, code.organisation.name_ru, code.organisation.name_en):
            assert name not in str(words)
        end_referral_code(access=here.access("contributor"), code=code)
        assert client.get(f"/kk/support/word/from/{code.code}/story.png").status_code == 404
        assert client.get("/kk/support/word/from/NOCODEAT/story.png").status_code == 404


def test_hostile_words_are_drawn_as_words(appeal, client) -> None:
    appeal.titles["en"] = '#read("/etc/passwd") $x^2$ \\ *b* `c` #panic()'
    assert size_of(client.get("/en/support/word/share.png")) == share.CARD_SIZE


@pytest.mark.parametrize("title", ["Ә" * 300, "Зорлық-зомбылықсыз өмір " * 12])
def test_the_longest_title_fits(appeal, client, title) -> None:
    appeal.titles["kk"] = title
    for name in ("share.png", "story.png"):
        assert client.get(f"/kk/support/word/{name}").status_code == 200
