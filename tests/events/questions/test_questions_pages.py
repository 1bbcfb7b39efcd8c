"""Questions online as pages: the public form, one's own link, the desk, the stage; what nobody may read."""

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coalition.accounts.models import Language
from events.core.actions.plan import cancel_event
from events.core.enums import Visibility
from events.models import Event, Question
from events.production.speakers.actions import add_speaker, answer_as_speaker
from events.questions import views as questions_views
from events.questions.actions import (
    asker_token,
    make_stage_link,
    merge_question,
    revoke_stage_link,
    stop_questions,
    summarise,
)
from events.questions.models import AskedBy, QuestionState
from tests.events.questions.builders import (
    AFTER,
    AGREES,
    BEFORE,
    DURING,
    asked,
    journalist,
    put,
    takes_questions,
)
from tests.events.questions.pages import at, during, event, form_of, here, own_of, period, stage_of, words_of

__all__ = ["during", "event", "here", "period"]  # fixtures

pytestmark = pytest.mark.django_db
WAITING, TAKEN, NOW, ANSWERED, NOT_TAKEN = QuestionState
SENT = {"words": "Неге бап өзгереді?", "language": "kk", "name": "Гүлнар Ізбасар", "outlet": "Тобыл апталығы"}


def test_somebody_asks_and_reads_by_their_link_what_becomes_of_it(client, here, event, period) -> None:
    assert form_of(event) in words_of(client.get(reverse("public_event", args=[event.slug])))
    answer = client.post(form_of(event), SENT)
    assert answer.status_code == 302
    question = Question.objects.get()
    assert (question.words, question.name, question.language) == (SENT["words"], SENT["name"], "kk")
    address = answer["Location"].partition("?")[0]
    page = client.get(answer["Location"])
    assert "with the moderators" in words_of(page)
    assert page["X-Robots-Tag"] == "noindex"
    assert "no-store" in page["Cache-Control"]
    told = {
        TAKEN: "will be asked",
        NOW: "asked now",
        ANSWERED: "was answered",
    }
    assert "It waits" in words_of(client.get(address))
    for state, words in told.items():
        question = put(here.access(), question, state)
        assert words in words_of(client.get(address))
    assert client.post(address, SENT | {"words": "Another one"}).status_code == 302
    assert len({one.asker_id for one in Question.objects.all()}) == 1
    other = Question.objects.latest("pk")
    put(here.access(), other, NOT_TAKEN)
    assert "was not taken" in words_of(client.get(address))
    client.post(address, {"act": "take_back", "question": other.uuid})
    assert not Question.objects.filter(pk=other.pk).exists()
    refused = client.post(address, {"act": "take_back", "question": question.uuid})
    assert refused.status_code == 409
    assert "asked already" in words_of(refused)


def test_who_was_merged_reads_what_becomes_of_the_other(client, here, event, period) -> None:
    question, lead = asked(period), asked(period)
    merge_question(access=here.access(), event=event, uuid=question.uuid, lead=lead.uuid, seen=0)
    put(here.access(), lead, TAKEN, NOW, ANSWERED)
    page = words_of(client.get(own_of(asker_token(question.asker))))
    assert "was answered" in page
    assert "together with others" in page


def test_a_journalist_asks_by_the_link_of_the_registration(client, here, event) -> None:
    with time_machine.travel("2026-03-01 06:00Z"):
        _guest, token = journalist(here.access(), event, "Aigerim")
    takes_questions(here.access(), event, AskedBy.PRESS)
    public = words_of(client.get(reverse("public_event", args=[event.slug])))
    assert "/questions/" not in public
    assert "by the link in the mail" in words_of(client.get(form_of(event)))
    refused = client.post(form_of(event), SENT)
    assert refused.status_code == 409
    assert SENT["words"] in words_of(refused)
    link = words_of(client.get(reverse("press_registration_link", args=[token])))
    assert f"/questions/ask/{token}/" in link
    page = words_of(client.get(own_of(token)))
    assert 'value="Aigerim"' in page
    assert client.post(own_of(token), SENT | {"without_name": "on"}).status_code == 302
    assert Question.objects.get().name == ""
    assert SENT["words"] in words_of(client.get(own_of(token)))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("words", ""),
        ("words", "x" * 501),
        ("words", "bell\x07"),
        ("words", "turned \u202e round"),
        ("language", "de"),
        ("speaker", "b8f4d3c2-0000-4000-8000-000000000000"),
        ("name", "A\r\nBcc: all@other.example"),
        ("outlet", "see https://spam.example"),
    ],
)
def test_bad_input_is_said_at_its_field_and_nothing_is_lost(
    client, here, event, period, field, value
) -> None:
    speaker = add_speaker(access=here.access(), event=event, name="Saule", address="", writes_in=Language.EN)
    answer_as_speaker(speaker=speaker, **AGREES)
    answer = client.post(form_of(event), SENT | {field: value})
    assert answer.status_code == 422
    assert "field--error" in words_of(answer)
    kept = "name" if field != "name" else "outlet"
    assert SENT[kept] in words_of(answer)
    assert not Question.objects.exists()


def test_one_hall_may_ask_often_and_a_flood_is_told(client, event, period, monkeypatch) -> None:
    monkeypatch.setattr(questions_views.AskView, "most_from_one_place", 2)
    for _twice in range(2):
        assert client.post(form_of(event), SENT).status_code == 302
    answer = client.post(form_of(event), SENT)
    assert answer.status_code == 429
    assert SENT["words"] in words_of(answer)
    assert Question.objects.count() == 2


@pytest.mark.parametrize("how", ["early", "over", "closed", "cancelled"])
def test_outside_its_time_it_is_told_and_nothing_is_lost(client, here, event, period, how) -> None:
    if how == "closed":
        stop_questions(access=here.access(), event=event)
    elif how == "cancelled":
        cancel_event(access=here.access(), event=event)
    words = {"early": "Questions open", "cancelled": "is cancelled"}.get(how, "Thank you to everyone")
    with time_machine.travel({"early": BEFORE, "over": AFTER}.get(how, DURING)):
        page = words_of(client.get(form_of(event)))
        assert words in page
        assert 'name="words"' not in page
        answer = client.post(form_of(event), SENT)
        assert "/questions/" not in words_of(client.get(reverse("public_event", args=[event.slug])))
    assert answer.status_code == 409
    assert words in words_of(answer)
    assert SENT["words"] in words_of(answer)
    assert not Question.objects.exists()


def test_a_moderator_takes_orders_and_answers_by_pressing(client_of, here, event, period) -> None:
    client = client_of(here.user())
    one, two = asked(period, "First?"), asked(period, "Second?")
    page = words_of(client.get(at("questions", event)))
    assert page.index("First?") < page.index("Second?")
    for question in (one, two):
        sent = {"state": "taken", "revision": "0"}
        assert client.post(at("question_decide", event, question.uuid), sent).status_code == 302
    client.post(at("questions_move", event), {"up": two.uuid})
    page = words_of(client.get(at("questions", event)))
    assert page.index("Second?") < page.index("First?")
    stale = client.post(
        at("question_decide", event, two.uuid), {"state": "not_taken", "revision": "0"}, follow=True
    )
    assert "Somebody else changed" in words_of(stale)
    sent = {"state": "now", "revision": "1", "back": "stage"}
    answer = client.post(at("question_decide", event, two.uuid), sent, follow=True)
    assert answer.request["PATH_INFO"] == at("questions_stage", event)
    client.post(at("question_decide", event, two.uuid), {"next": "1", "revision": "2"})
    assert [Question.objects.get(pk=row.pk).state for row in (one, two)] == [NOW, ANSWERED]


def test_a_summary_that_somebody_else_wrote_meanwhile_is_shown_beside_mine(
    client_of, here, event, period
) -> None:
    client = client_of(here.user())
    question = asked(period, "Their own words")
    address = at("question", event, question.uuid)
    assert "Their own words" in words_of(client.get(address))
    summarise(
        access=here.access("coordinator"),
        event=event,
        uuid=question.uuid,
        words="Theirs",
        language="en",
        seen=0,
    )
    sent = {"words": "Mine", "language": "en", "speaker": "", "revision": "0"}
    page = client.post(address, sent)
    assert page.status_code == 422
    assert "Theirs" in words_of(page)
    assert "Mine" in words_of(page)
    assert client.post(address, sent | {"revision": "1"}).status_code == 302
    page = words_of(client.get(at("questions", event)))
    assert "Summary by the moderator" in page
    assert "Their own words" in page


def test_merging_by_the_page_and_parting_again(client_of, here, event, period) -> None:
    client = client_of(here.user())
    one, two = asked(period, "First?"), asked(period, "Second?")
    assert str(two.uuid) in words_of(client.get(at("question", event, one.uuid)))
    client.post(at("question_merge", event, one.uuid), {"lead": two.uuid, "revision": "0"})
    assert "Stands for 1 other question" in words_of(client.get(at("questions", event)))
    client.post(at("question_merge", event, one.uuid), {})
    assert Question.objects.filter(lead=None).count() == 2


def test_terms_are_said_on_a_page_and_it_closes(client_of, here, event) -> None:
    client = client_of(here.user())
    assert client.get(at("questions", event))["Location"] == at("questions_terms", event)
    assert client.post(at("questions_terms", event), {"asked_by": "nobody"}).status_code == 422
    sent = {"asked_by": "everyone", "opens_on": "2026-03-03"}
    assert client.post(at("questions_terms", event), sent).status_code == 422
    sent |= {"opens_at": "09:00", "closes_on": "2026-03-03", "closes_at": "08:00"}
    refused = client.post(at("questions_terms", event), sent)
    assert refused.status_code == 422
    assert "09:00" in words_of(refused)
    assert client.post(at("questions_terms", event), sent | {"closes_at": "13:00"}).status_code == 302
    page = words_of(client.get(at("questions", event)))
    assert form_of(event) in page
    client.post(at("questions_close", event))
    assert "Questions are closed" in words_of(client.get(at("questions", event)))
    area = words_of(client.get(event.get_absolute_url()))
    assert at("questions", event) in area


def test_the_stage_is_read_by_a_link_until_it_is_taken_back(client, here, event, period) -> None:
    address = stage_of(here, period)
    speaker = add_speaker(
        access=here.access(), event=event, name="Secretname", address="", writes_in=Language.EN
    )
    answer_as_speaker(speaker=speaker, **AGREES)
    put(here.access(), asked(period, "First?", name="Aru", speaker=speaker), TAKEN, NOW)
    put(here.access(), asked(period, "Second?"), TAKEN)
    page = client.get(address)
    words = words_of(page)
    assert page["X-Robots-Tag"] == "noindex"
    assert words.index("First?") < words.index("Second?")
    assert "Saule in words" in words
    assert "Aru" in words
    assert "Secretname" not in words
    assert "<button" not in words.partition("<template")[0]
    assert client.post(address).status_code == 405
    mark = words.partition("?seen=")[2].partition('"')[0]
    assert client.get(address, {"seen": mark}).status_code == 204
    put(here.access(), asked(period, "Third?"), TAKEN)
    assert client.get(address, {"seen": mark}).status_code == 200
    with time_machine.travel("2026-03-03 09:01Z"):  # two hours after the end
        assert client.get(address).status_code == 404
    make_stage_link(access=here.access(), event=event)
    assert client.get(address).status_code == 404  # another one is made
    address = stage_of(here, period)
    assert client.get(address).status_code == 200
    revoke_stage_link(access=here.access(), event=event)
    assert client.get(address).status_code == 404


def test_what_is_not_public_any_more_is_closed_on_every_way(client, here, event, period) -> None:
    question = asked(period)
    ways = [form_of(event), own_of(asker_token(question.asker)), stage_of(here, period)]
    assert [client.get(way).status_code for way in ways] == [200, 200, 200]
    Event.objects.filter(pk=event.pk).update(visibility=Visibility.COALITION)
    assert [client.get(way).status_code for way in ways] == [404, 404, 404]


def test_a_cancelled_event_says_so_on_the_stage(client, here, event, period) -> None:
    address = stage_of(here, period)
    put(here.access(), asked(period, "First?"), TAKEN)
    cancel_event(access=here.access(), event=event)
    page = words_of(client.get(address))
    assert "is cancelled" in page
    assert "First?" not in page


def test_pages_cost_the_same_for_one_as_for_three(client, client_of, here, event, period) -> None:
    desk, address, counts = client_of(here.user()), stage_of(here, period), []
    first = asked(period, "0")
    own = own_of(asker_token(first.asker))
    put(here.access(), first, TAKEN)
    pages = [
        (desk, at("questions", event)),
        (desk, at("questions_stage", event)),
        (client, address),
        (client, own),
    ]
    for more in (0, 2):
        for number in range(more):
            put(here.access(), asked(period, f"more {number}", asker=first.asker), TAKEN)
            asked(period, f"waits {number}", asker=first.asker)
        for browser, page in pages:
            browser.get(page)
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(page).status_code == 200
            counts.append(len(queries))
    assert counts[:4] == counts[4:]


def test_the_day_of_the_running_order_hints_at_it(client_of, here, event) -> None:
    client = client_of(here.user())
    page = words_of(client.get(at("running_today", event)))
    assert at("questions", event) in page
    assert "Not open" in page
    asked(takes_questions(here.access(), event))
    assert "1 question waits" in words_of(client.get(at("running_today", event)))
