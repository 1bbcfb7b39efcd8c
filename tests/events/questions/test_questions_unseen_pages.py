"""Questions online: what is not taken and a withheld name are read by nobody; who may not presses nothing."""

import pytest
import time_machine
from django.urls import reverse
from django.utils.translation import override

from coalition.accounts.models import Language
from events.models import Question
from events.production.speakers.actions import add_speaker
from events.questions.actions import asker_token, merge_question, summarise
from events.questions.models import QuestionState
from tests.events.planning.builders import press_conference
from tests.events.questions.builders import asked, journalist, put, takes_questions
from tests.events.questions.pages import at, during, event, form_of, here, own_of, period, stage_of, words_of
from tests.factories import MembershipFactory

__all__ = ["during", "event", "here", "period"]  # fixtures

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
WAITING, TAKEN, NOW, _ANSWERED, NOT_TAKEN = QuestionState
SENT = {"words": "Неге бап өзгереді?", "language": "kk"}


LEAKS = ("Canarywait", "Canarynot", "Canaryname", "Canaryoutlet", "Canarysilent", "Canaryown")


def leaky(here, event, period) -> str:
    """Questions in every state with words that nobody outside may read; the address of the stage."""
    speaker = add_speaker(
        access=here.access(), event=event, name="Canarysilent", address="", writes_in=Language.EN
    )
    asked(period, "Canarywait", name="Canaryname", outlet="Canaryoutlet")
    put(here.access(), asked(period, "Canarynot", name="Canaryname"), NOT_TAKEN)
    for state in ((TAKEN, NOW), (TAKEN,)):
        question = asked(period, "Canaryown", name="Canaryname", outlet="Canaryoutlet", without_name=True)
        said = {"access": here.access(), "event": event, "uuid": question.uuid, "seen": 0}
        question = summarise(words="In short", language="en", speaker=speaker, **said)
        put(here.access(), question, *state)
    merged = asked(period, "Canarywait", name="Canaryname")
    merge_question(access=here.access(), event=event, uuid=merged.uuid, lead=question.uuid, seen=0)
    return stage_of(here, period)


def test_what_is_not_taken_and_a_withheld_name_stand_on_no_public_page_and_on_no_stage(
    client, client_of, here, event, period
) -> None:
    address = leaky(here, event, period)
    stranger = asked(period, "Mine")
    with time_machine.travel("2026-03-01 06:00Z"):
        _guest, token = journalist(here.access(), event)
    public = [form_of(event), reverse("public_event", args=[event.slug]), address]
    public += [own_of(asker_token(stranger.asker)), own_of(token)]
    for page in public:
        words = words_of(client.get(page))
        assert not [canary for canary in LEAKS if canary in words], page
    moderators = words_of(client_of(here.user()).get(at("questions_stage", event)))
    assert "In short" in moderators
    assert not [canary for canary in LEAKS if canary in moderators]
    assert "Canarywait" in words_of(client_of(here.user()).get(at("questions", event)))  # it could leak


@pytest.mark.parametrize("who", ["observer", "reviewer", "contributor", "outsider", "anonymous"])
def test_nobody_else_reads_or_presses(client, client_of, here, event, period, who) -> None:
    leaky(here, event, period)
    question = Question.objects.filter(state=WAITING, lead=None).get()
    if who == "outsider":
        client = client_of(MembershipFactory().person)
    elif who != "anonymous":
        client = client_of(here.user(who))
    names = ("questions", "questions_terms", "questions_close", "questions_move", "questions_stage")
    paths = [at(name, event) for name in (*names, "questions_stage_link")]
    paths += [at(name, event, question.uuid) for name in ("question", "question_decide", "question_merge")]
    paths += [event.get_absolute_url(), at("running_today", event)]
    for path in paths:
        for answer in (client.get(path), client.post(path, {"state": "taken", "revision": "0"})):
            assert not [canary for canary in LEAKS if canary in answer.content.decode(errors="replace")]
            assert path in paths[-2:] or answer.status_code != 200
    question.refresh_from_db()
    assert question.state == WAITING
    period.refresh_from_db()
    assert period.stopped_at is None


def test_a_question_of_another_event_is_not_there(client, client_of, here, event, period) -> None:
    with time_machine.travel("2026-02-20 06:00Z", tick=False):
        other = press_conference(here.access("coordinator"), title="Another one")
    browser, question = client_of(here.user()), asked(period, "Mine")
    assert browser.post(at("question_decide", other, question.uuid), {"state": "taken"}).status_code == 404
    theirs = takes_questions(here.access(), other)
    assert browser.get(at("question", other, question.uuid)).status_code == 404
    browser.post(at("question_decide", other, question.uuid), {"state": "taken", "revision": "0"})
    assert Question.objects.get().state == WAITING
    with time_machine.travel("2026-03-01 06:00Z"):
        _guest, token = journalist(here.access(), other)
    client.post(own_of(token), SENT)
    assert Question.objects.latest("pk").period == theirs  # a link asks at its own event alone
    assert client.get(own_of("x" * 43)).status_code == 404
    with override("en"):
        assert client.get(reverse("question_stage", args=["x" * 43])).status_code == 404
