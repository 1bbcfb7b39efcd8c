"""Questions to an event: when, whose, how many; moderating them, alone and at the same time; forgetting."""

import pytest
import time_machine
from django.db import connection

from coalition.accounts.models import Language
from coalition.core import throttling
from coalition.core.errors import Refused
from coalition.workspaces.permissions import NotAllowed
from events.core.actions.plan import cancel_event
from events.core.permissions import StaleRevision
from events.models import Asker, Question
from events.press.registration.actions import withdraw_press_guest
from events.production.speakers.actions import add_speaker, answer_as_speaker
from events.questions import actions as questions_actions
from events.questions.actions import (
    ask_next_question,
    asking_closed_reason,
    decide_question,
    forget_questions,
    last_questions_id,
    may_subscribe_to_questions,
    merge_question,
    open_to_questions,
    questions_closed_reason,
    step_question,
    stop_questions,
    summarise,
    unmerge_question,
    withdraw_own_question,
)
from events.questions.models import AskedBy, QuestionState
from tests.events.planning.builders import press_conference, stage
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

pytestmark = pytest.mark.django_db
WAITING, TAKEN, NOW, ANSWERED, NOT_TAKEN = QuestionState


@pytest.fixture(autouse=True)
def _during():
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


def state(question: Question) -> str:
    return Question.objects.get(pk=question.pk).state


def taken(period) -> list[str]:
    rows = Question.objects.filter(period=period, state=TAKEN, lead=None).order_by("position")
    return [one.words for one in rows]


@pytest.mark.parametrize(("moment", "why"), [(BEFORE, "early"), (DURING, ""), (AFTER, "over")])
def test_without_other_words_it_opens_an_hour_before_and_closes_with_the_end(period, moment, why) -> None:
    with time_machine.travel(moment):
        assert questions_closed_reason(period) == why
        if why:
            with pytest.raises(Refused, match="cannot be asked now"):
                asked(period)
            assert not Question.objects.exists()


def test_it_stays_closed_where_it_is_stopped_or_cancelled_and_opens_again(here, event, period) -> None:
    stop_questions(access=here.access(), event=event)
    with pytest.raises(Refused, match="cannot be asked now"):
        asked(period)
    takes_questions(here.access(), event)
    assert asked(period).state == WAITING
    cancel_event(access=here.access(), event=event)
    with pytest.raises(Refused, match="cannot be asked now"):
        asked(period)
    assert questions_closed_reason(Question.objects.get().period) == "cancelled"
    with pytest.raises(Refused):
        takes_questions(here.access(), event)
    with pytest.raises(Refused):
        put(here.access(), Question.objects.get(), TAKEN)


def test_a_period_that_ends_before_it_begins_is_refused(here, event) -> None:
    terms = {"asked_by": AskedBy.PRESS, "opens_at": event.ends_at, "closes_at": event.starts_at}
    with pytest.raises(Refused):
        open_to_questions(access=here.access(), event=event, **terms)
    assert not hasattr(event, "question_period")


def test_press_only_means_who_has_a_place_at_this_event(here, event) -> None:
    with time_machine.travel("2026-03-01 06:00Z"):
        guest, _token = journalist(here.access(), event)
        other = press_conference(here.access("coordinator"), title="Another one")
        stranger, _token = journalist(here.access(), other, "Stranger")
    period = takes_questions(here.access(), event, AskedBy.PRESS)
    for door in ({}, {"guest": stranger}):
        with pytest.raises(Refused, match="cannot be asked now"):
            asked(period, **door)
        assert asking_closed_reason(period, door.get("guest")) == "press"
    first, second = asked(period, guest=guest), asked(period, guest=guest)
    assert first.asker_id == second.asker_id
    withdraw_press_guest(guest=guest)
    with pytest.raises(Refused, match="cannot be asked now"):
        asked(period, guest=guest)


def test_floods_end_at_a_link_and_at_the_event(here, period, monkeypatch) -> None:
    first = asked(period)
    for _more in range(4):
        asked(period, asker=first.asker)
    with pytest.raises(Refused, match="Five questions"):
        asked(period, asker=first.asker)
    put(here.access(), first, TAKEN)
    asked(period, asker=first.asker)
    monkeypatch.setattr(throttling, "MOST_AN_HOUR", 6)
    with pytest.raises(throttling.TooManyRequests):
        asked(period)
    assert Question.objects.count() == 6


@pytest.mark.parametrize("words", ["", "  \n ", "x" * 501])
def test_a_question_has_words_and_not_too_many(period, words) -> None:
    with pytest.raises(Refused):
        asked(period, words)


def test_without_a_name_none_is_kept(period) -> None:
    question = asked(period, name="Aru", outlet="Aru TV", without_name=True)
    assert (question.name, question.outlet) == ("", "")
    question = asked(period, name="Aru", outlet="Aru TV")
    assert (question.name, question.outlet) == ("Aru", "Aru TV")


def test_everything_of_a_person_is_sealed_and_a_journalist_is_not_found_from_their_question(
    here, event, period
) -> None:
    with time_machine.travel("2026-03-01 06:00Z"):
        guest, _token = journalist(here.access(), event)
    asked(period, "Sealedwords", name="Sealedname", outlet="Sealedoutlet", guest=guest)
    with connection.cursor() as cursor:
        for table in ("events_question", "events_asker"):
            cursor.execute(f"SELECT * FROM {table}")
            kept = repr(cursor.fetchall())
            for word in ("Sealed", guest.uuid.hex, str(guest.uuid), guest.token_hash):
                assert word not in kept


def test_only_who_agreed_to_be_named_can_be_asked_for(here, event, period) -> None:
    silent, named = (
        add_speaker(
            access=here.access(),
            event=event,
            name=name,
            address="",
            writes_in=Language.EN,
        )
        for name in ("Silent", "Named")
    )
    answer_as_speaker(speaker=named, **AGREES)
    assert asked(period, speaker=named).speaker == named
    assert asked(period, speaker=silent).speaker is None


def test_the_way_of_a_question_and_undo(here, period) -> None:
    question = asked(period)
    for to in (TAKEN, NOW, ANSWERED, TAKEN, NOT_TAKEN, WAITING, NOT_TAKEN, WAITING):
        question = put(here.access(), question, to)
        assert state(question) == to
    with pytest.raises(StaleRevision):
        put(here.access(), question, NOW)  # nobody took it


def test_the_order_is_by_hand(here, event, period) -> None:
    one, two, three = (put(here.access(), asked(period, words), TAKEN) for words in ("1", "2", "3"))
    step_question(access=here.access(), event=event, uuid=three.uuid, down=False)
    assert taken(period) == ["1", "3", "2"]
    step_question(access=here.access(), event=event, uuid=one.uuid, down=False)  # at the edge
    step_question(access=here.access(), event=event, uuid=one.uuid, down=True)
    assert taken(period) == ["3", "1", "2"]
    put(here.access(), two, NOT_TAKEN)
    with pytest.raises(Refused):
        step_question(access=here.access(), event=event, uuid=two.uuid, down=True)


def test_one_is_asked_at_a_time_and_the_next_follows(here, event, period) -> None:
    one, two, three = (put(here.access(), asked(period, words), TAKEN) for words in ("1", "2", "3"))
    one = put(here.access(), one, NOW)
    ask_next_question(access=here.access(), event=event, uuid=one.uuid, seen=one.revision)
    assert [state(row) for row in (one, two, three)] == [ANSWERED, NOW, TAKEN]
    put(here.access(), three, NOW, on_stage=two.uuid)
    assert [state(row) for row in (two, three)] == [TAKEN, NOW]
    put(here.access(), Question.objects.get(pk=three.pk), TAKEN)
    assert taken(period) == ["3", "2"]


def test_two_moderators_do_not_overwrite_each_other(here, event, period) -> None:
    coordinator, editor = here.access("coordinator"), here.access()
    question = asked(period)
    put(coordinator, question, NOT_TAKEN)
    with pytest.raises(StaleRevision, match="Not taken"):
        put(editor, question, TAKEN)  # as they saw it before
    put(editor, question, NOT_TAKEN)  # the same wish is no quarrel
    assert state(question) == NOT_TAKEN

    one, two = (put(editor, asked(period, words), TAKEN) for words in ("1", "2"))
    put(coordinator, one, NOW)
    with pytest.raises(Refused, match="another question on the stage"):
        put(editor, two, NOW)
    assert [state(row) for row in (one, two)] == [NOW, TAKEN]
    for access in (coordinator, editor):  # both press "answered, the next one" at the same time
        ask_next_question(access=access, event=event, uuid=one.uuid, seen=one.revision + 1)
    assert [state(row) for row in (one, two)] == [ANSWERED, NOW]

    seen = Question.objects.get(pk=two.pk).revision
    said = {"event": event, "uuid": two.uuid, "seen": seen}
    summarise(access=coordinator, words="Theirs", language="en", **said)
    with pytest.raises(StaleRevision):
        summarise(access=editor, words="Mine", language="en", **said)
    assert Question.objects.get(pk=two.pk).summary == "Theirs"


def test_a_summary_stands_beside_the_own_words(here, event, period) -> None:
    question = asked(period, "Their own words")
    said = {"access": here.access(), "event": event, "uuid": question.uuid}
    row = summarise(words=" In  short ", language="ru", seen=0, **said)
    assert (row.words, row.summary, row.summary_language) == ("Their own words", "In short", "ru")
    row = summarise(words="", language="ru", seen=1, **said)
    assert (row.summary, row.summary_language) == ("", "")
    with pytest.raises(Refused):
        summarise(words="x" * 301, language="ru", seen=2, **said)


def test_one_question_stands_for_others_until_they_are_parted(here, event, period) -> None:
    first, second, third = (asked(period, words) for words in ("1", "2", "3"))
    said = {"access": here.access(), "event": event}
    merge_question(uuid=first.uuid, lead=second.uuid, seen=0, **said)
    merge_question(uuid=second.uuid, lead=third.uuid, seen=0, **said)
    third.refresh_from_db()
    assert set(third.others.all()) == {first, second}
    with pytest.raises(Refused):
        merge_question(uuid=third.uuid, lead=third.uuid, seen=third.revision, **said)
    with pytest.raises(Refused):
        put(here.access(), first, TAKEN)
    unmerge_question(uuid=first.uuid, **said)
    assert set(third.others.all()) == {second}
    withdraw_own_question(asker=third.asker, uuid=third.uuid)
    assert {one.words for one in Question.objects.filter(lead=None)} == {"1", "2"}
    answered = put(here.access(), Question.objects.get(pk=first.pk), TAKEN, NOW, ANSWERED)
    with pytest.raises(Refused):
        merge_question(uuid=second.uuid, lead=answered.uuid, seen=1, **said)


def test_ones_own_question_goes_before_it_is_asked(here, period) -> None:
    question, other = asked(period), asked(period)
    withdraw_own_question(asker=other.asker, uuid=question.uuid)  # not theirs
    assert Question.objects.count() == 2
    put(here.access(), question, TAKEN, NOW)
    with pytest.raises(Refused):
        withdraw_own_question(asker=question.asker, uuid=question.uuid)
    withdraw_own_question(asker=other.asker, uuid=other.uuid)
    assert Question.objects.count() == 1


@pytest.mark.parametrize("who", ["observer", "reviewer", "contributor"])
def test_nobody_else_moderates(here, event, period, who) -> None:
    question, access = asked(period), here.access(who)
    said = {"access": access, "event": event}
    tries = [
        lambda: takes_questions(access, event),
        lambda: stop_questions(**said),
        lambda: questions_actions.make_stage_link(**said),
        lambda: questions_actions.revoke_stage_link(**said),
        lambda: decide_question(uuid=question.uuid, state=TAKEN, seen=0, **said),
        lambda: ask_next_question(uuid=question.uuid, seen=0, **said),
        lambda: step_question(uuid=question.uuid, down=True, **said),
        lambda: merge_question(uuid=question.uuid, lead=question.uuid, seen=0, **said),
        lambda: unmerge_question(uuid=question.uuid, **said),
        lambda: summarise(uuid=question.uuid, words="x", language="en", seen=0, **said),
    ]
    for attempt in tries:
        with pytest.raises(NotAllowed):
            attempt()
    assert state(question) == WAITING
    assert not may_subscribe_to_questions(here.user(who).pk, str(event.uuid))


def test_who_moderates_hears_of_what_is_new(here, event, period) -> None:
    person, topic = here.user().pk, str(event.uuid)
    assert may_subscribe_to_questions(person, topic)
    before = last_questions_id(person, topic)
    asked(period)
    assert last_questions_id(person, topic) == before + 1
    assert not may_subscribe_to_questions(person, "nothing")


def test_questions_are_forgotten_ninety_days_after_the_event(here, event, period) -> None:
    asked(period)
    with time_machine.travel("2026-05-31 06:00Z"):
        forget_questions()
        assert Question.objects.exists()
    with time_machine.travel("2026-06-03 06:00Z"):
        forget_questions()
        assert not Question.objects.exists()
        assert not Asker.objects.exists()
