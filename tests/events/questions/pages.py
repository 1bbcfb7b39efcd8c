"""Pages of questions online: an event that takes them now, and where its pages are."""

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from django.utils.translation import override

from events.questions.actions import make_stage_link, stage_token
from tests.events.planning.builders import press_conference, stage
from tests.events.questions.builders import DURING, takes_questions
from tests.recording import recorded


@pytest.fixture(autouse=True)
def during():
    cache.clear()
    with time_machine.travel(DURING, tick=False):
        yield


@pytest.fixture
def here():
    return stage()


@pytest.fixture
def event(here):
    with time_machine.travel("2026-02-20 06:00Z", tick=False):
        return press_conference(here.access("coordinator"))


@pytest.fixture
def period(here, event):
    return takes_questions(here.access(), event)


def at(name: str, event, *more: object) -> str:
    return reverse(f"events:{name}", args=[event.uuid, *more])


def form_of(event) -> str:
    with override("en"):
        return reverse("event_questions", args=[event.slug])


def own_of(token: str) -> str:
    with override("en"):
        return reverse("own_questions", args=[token])


@recorded
def stage_of(here, period) -> str:
    make_stage_link(access=here.access(), event=period.event)
    period.refresh_from_db()
    with override("en"):
        return reverse("question_stage", args=[stage_token(period)])


def words_of(answer) -> str:
    return answer.content.decode()
