"""The checklist of a text finds numbers of the register, and says what is wrong with them."""

import datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coalition.campaigns.helplines.enums import Availability
from coalition.campaigns.helplines.uses.actions import answer_staffing
from coalition.campaigns.helplines.uses.draft_check import NAME
from coalition.campaigns.helplines.uses.enums import Staffed, UseFlag, UseKind
from coalition.campaigns.models import HelplineEntry
from coalition.core.clock import now
from documents.checklist.check import check_text
from documents.checklist.rules import RuleLevel
from documents.drafts.models import TextKind
from tests.campaigns.helplines.uses.builders import CHAT, NUMBER, line, member_of, publish_entry, use
from tests.documents.conftest import room_of_everyone

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _monday_morning():
    with time_machine.travel("2026-03-02 05:00Z", tick=False):
        yield


@pytest.fixture
def here():
    return room_of_everyone()


def found(here, *paragraphs, kind=TextKind.STATEMENT, link=None):
    """What the rule says of a Kazakh text with these paragraphs, as sentences."""
    draft = here.draft(kind=kind)
    text = draft.texts.get(language="kk")
    given = {}
    if link:
        marks = [{"type": "link", "attrs": {"href": link}}]
        run = {"type": "text", "text": "Жазыңыз", "marks": marks}
        given["body"] = {"type": "doc", "content": [{"type": "paragraph", "content": [run]}]}
    text = here.write(text, "editor", *paragraphs, **given)
    findings = [one for one in check_text(text, here.user("editor")) if one.rule.name == NAME]
    assert all(
        one.rule.level is RuleLevel.SHOULD for one in findings
    )  # warns, and keeps nothing from approval
    return [one.message for one in findings]


def confirmed(here, helpline):
    made = use(here.access("editor"), helpline, kind=UseKind.ARTICLE)
    answer_staffing(person=member_of(helpline.organisation), use=made, answer=Staffed.YES)
    return made


@pytest.mark.parametrize(
    "words",
    [
        "Сенім телефоны: 150.",
        "150 нөміріне қоңырау шалыңыз.",
        "Телефон доверия 150 (круглосуточно).",
        "Call 150 or write.",
    ],
)
def test_a_number_without_a_confirmed_use_is_found(here, words):
    line()
    assert found(here, words) == ["150 (Trust line): No use of it is planned here and confirmed as staffed."]


@pytest.mark.parametrize(
    "words", ["150 адам келді.", "1500 сенім телефоны", "123-бап", "№150 бұйрық телефоны"]
)
def test_other_numbers_are_left_alone(here, words):
    line()
    assert found(here, words) == []


def test_a_confirmed_use_of_the_workspace_satisfies(here):
    helpline = line()
    confirmed(here, helpline)
    assert found(here, "Сенім телефоны: 150.") == []


def test_a_use_of_another_workspace_or_of_another_number_does_not(here):
    helpline = line()
    confirmed(room_of_everyone(), helpline)
    chat_alone = use(here.access("editor"), helpline, channels=["telegram:senim_chat"])
    answer_staffing(person=member_of(helpline.organisation), use=chat_alone, answer=Staffed.YES)
    assert len(found(here, "Сенім телефоны: 150.")) == 1
    assert found(here, "Telegram: @senim_chat") == []


@pytest.mark.parametrize("link", ["tel:150", "https://t.me/senim_chat"])
def test_links_are_found(here, link):
    line()
    assert len(found(here, link=link)) == 1


def test_a_long_number_is_found_however_it_is_written(here):
    line(channels=[{"kind": "phone", "value": "+7 727 250 00 00", "note": {}}])
    assert len(found(here, "Бізге 8 (727) 250-00-00 арқылы жетіңіз.")) == 1


@pytest.mark.parametrize(
    ("change", "flag"),
    [
        ({"retired_at": datetime.datetime(2026, 3, 1, tzinfo=datetime.UTC)}, UseFlag.RETIRED),
        ({"checked_on": datetime.date(2026, 1, 15)}, UseFlag.OVERDUE),
        ({"checked_on": datetime.date(2025, 10, 1)}, UseFlag.HIDDEN),
        (
            {
                "availability": Availability.CLOSED,
                "available_until": datetime.datetime(2026, 3, 2, 8, tzinfo=datetime.UTC),
            },
            UseFlag.CLOSED,
        ),
    ],
)
def test_what_is_wrong_with_the_line_is_said_though_the_use_is_confirmed(here, change, flag):
    helpline = line()
    confirmed(here, helpline)
    type(helpline).objects.filter(pk=helpline.pk).update(**change)
    assert found(here, "Сенім телефоны: 150.") == [f"150 (Trust line): {flag.label}"]


def test_a_number_that_the_line_had_before_is_said_to_be_changed(here):
    helpline = line()
    publish_entry(helpline, channels=[{**NUMBER, "value": "1500"}, CHAT])
    assert found(here, "Сенім телефоны: 150.") == [f"150 (Trust line): {UseFlag.CHANGED.label}"]


def test_a_number_that_moved_to_another_line_is_that_lines(here):
    old = line()
    type(old).objects.filter(pk=old.pk).update(retired_at=now())
    confirmed(here, line(name={"en": "New line"}))
    line(name={"en": "Newest line"}, channels=[CHAT])
    assert found(here, "Сенім телефоны: 150.") == []


def test_minutes_need_no_confirmed_use(here):
    line()
    assert found(here, "Сенім телефоны: 150.", kind=TextKind.MINUTES) == []


def test_texts_without_anything_like_a_number_ask_nothing(here):
    line()
    draft = here.draft()
    text = here.write(draft.texts.get(language="kk"), "editor", "Біз заң сұраймыз.")
    with CaptureQueriesContext(connection) as queries:
        check_text(text, here.user("editor"))
    assert not [one for one in queries if "campaigns_" in one["sql"]]


def test_three_lines_cost_as_many_queries_as_one(here):
    counts = []
    for number in ("150", "111", "1414"):
        line(channels=[{**NUMBER, "value": number}])
        words = " ".join(f"Сенім телефоны: {one['value']}." for one in _numbers())
        text = here.write(here.draft().texts.get(language="kk"), "editor", words)
        with CaptureQueriesContext(connection) as queries:
            findings = check_text(text, here.user("editor"))
        counts.append(len([one for one in queries if "campaigns_" in one["sql"]]))
    assert len([one for one in findings if one.rule.name == NAME]) == 3
    assert counts[0] == counts[2]


def _numbers():
    return [one for entry in HelplineEntry.objects.all() for one in entry.channels]
