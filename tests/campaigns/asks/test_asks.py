"""Asks and their steps: what may be written, and what may follow what."""

import datetime

import pytest

from coalition.audit.models import AuditEntry
from coalition.campaigns.asks.actions.manage import add_ask, change_ask, move_ask, remove_ask, restore_ask
from coalition.campaigns.asks.actions.steps import StepRefused, record_step, undo_step
from coalition.campaigns.asks.enums import NEXT, AskStatus
from coalition.campaigns.asks.queries import asks_of, public_asks, status_of
from coalition.campaigns.core.days import site_today
from coalition.campaigns.models import Ask, AskStep
from coalition.core.clock import freeze_clock_at, now
from coalition.core.errors import Refused
from coalition.roles import SeatRole
from coalition.workspaces.permissions import NotAllowed
from tests.campaigns.appeals.factories import open_appeal
from tests.campaigns.asks.conftest import CLAUSE, EVIDENCE, WORDS

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


def numbers(desk) -> list[int]:
    return [ask.number for ask in asks_of(desk.made.workspace)]


def status(desk, ask: Ask) -> AskStatus:
    return status_of(asks_of(desk.made.workspace).get(pk=ask.pk))


def test_an_ask_begins_as_proposed_and_is_numbered(desk) -> None:
    first, second = desk.ask(), desk.ask(appeal=None, clause={})
    assert (first.number, second.number) == (1, 2)
    assert status(desk, first) == AskStatus.PROPOSED
    remove_ask(access=desk.access, ask=second)
    assert desk.ask().number == 3, "a number is never used again"
    assert numbers(desk) == [1, 3]


def test_it_goes_from_proposed_to_adopted(desk) -> None:
    ask = desk.ask(proposed_on=site_today() - 3 * DAY)
    for status_now in (AskStatus.TAKEN_UP, AskStatus.DRAFT_LAW, AskStatus.ADOPTED):
        desk.step(ask, status_now)
        assert status(desk, ask) == status_now


def test_a_refused_one_is_taken_up_again_and_an_adopted_one_corrected(desk) -> None:
    ask = desk.ask()
    for one in (AskStatus.REFUSED, AskStatus.TAKEN_UP, AskStatus.ADOPTED, AskStatus.PARTLY_ADOPTED):
        desk.step(ask, one)
    assert status(desk, ask) == AskStatus.PARTLY_ADOPTED
    assert ask.steps.count() == 5


def test_nothing_becomes_proposed_again_and_a_refused_one_is_not_adopted_at_once() -> None:
    assert all(AskStatus.PROPOSED not in following for following in NEXT.values())
    assert AskStatus.ADOPTED not in NEXT[AskStatus.REFUSED]
    assert set(NEXT) == set(AskStatus)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"evidence_url": ""}, "evidence_url"),
        ({"on": site_today() + 2 * DAY}, "on"),
        ({"on": site_today() - 10 * DAY}, "on"),
        ({"status": AskStatus.PROPOSED}, "status"),
    ],
)
def test_a_step_needs_evidence_a_day_in_its_order_and_a_status_that_follows(desk, given, field) -> None:
    ask = desk.ask(proposed_on=site_today() - 5 * DAY)
    with pytest.raises(StepRefused) as refusal:
        desk.step(ask, **given)
    assert refusal.value.field == field
    assert AskStep.objects.count() == 1


def test_a_file_is_evidence_too_and_only_one_of_this_workspace(desk) -> None:
    file = desk.file()
    ask = desk.ask()
    step = desk.step(ask, evidence_url="", evidence_file=file)
    assert step.evidence_file == file
    file.workspace_id += 1
    with pytest.raises(Refused, match="cannot be used here"):
        desk.step(ask, AskStatus.DRAFT_LAW, evidence_file=file)


@pytest.mark.parametrize("given", [{"restricted": True}, {"handling": "red"}])
def test_a_file_of_a_few_people_is_no_evidence(desk, given) -> None:
    file = desk.file()
    for name, value in given.items():
        setattr(file, name, value)
    file.save()
    with pytest.raises(Refused, match="Only some people"):
        desk.step(desk.ask(), evidence_file=file)


def test_the_last_step_is_undone_on_its_day_only(desk) -> None:
    ask = desk.ask()
    desk.step(ask, AskStatus.TAKEN_UP)
    wrong = desk.step(ask, AskStatus.ADOPTED)
    undo_step(access=desk.access, ask=ask)
    wrong.refresh_from_db()
    assert wrong.undone_at is not None
    assert status(desk, ask) == AskStatus.TAKEN_UP
    with freeze_clock_at(now() + DAY), pytest.raises(Refused, match="on the day"):
        undo_step(access=desk.access, ask=ask)
    undo_step(access=desk.access, ask=ask)
    with pytest.raises(Refused):
        undo_step(access=desk.access, ask=ask)
    assert status(desk, ask) == AskStatus.PROPOSED


def test_words_stay_once_it_went_further_and_a_missing_language_is_added(desk) -> None:
    ask = desk.ask(words={"en": "Raise the penalty"}, clause={})
    fields = {"access": desk.access, "ask": ask, "appeal": desk.appeal, "publication": None}
    change_ask(**fields, words={"en": "Raise the penalty for this"}, clause={})
    desk.step(ask)
    for words, clause in (({"en": "Another"}, {}), ({"kk": "Тек қазақша"}, {})):
        with pytest.raises(Refused, match="its words stay"):
            change_ask(**fields, words=words, clause=clause)
    changed = change_ask(
        **fields, words={"en": "Raise the penalty for this", "kk": "Күшейтілсін"}, clause=CLAUSE
    )
    assert dict(changed.words) == {"kk": "Күшейтілсін", "en": "Raise the penalty for this"}
    assert dict(changed.clause) == CLAUSE
    undo_step(access=desk.access, ask=ask)
    change_ask(**fields, words={"en": "Another"}, clause={})


def test_it_is_moved_among_those_of_its_appeal(desk) -> None:
    first, _other, third = desk.ask(), desk.ask(appeal=None), desk.ask()
    move_ask(access=desk.access, ask=third, up=True)
    assert numbers(desk) == [3, 2, 1]
    for up, ask in ((True, third), (False, first)):
        move_ask(access=desk.access, ask=ask, up=up)
    assert numbers(desk) == [3, 2, 1]
    move_ask(access=desk.access, ask=third, up=False)
    assert numbers(desk) == [1, 2, 3]


def test_a_removed_one_is_on_no_list_and_comes_back_with_its_steps(desk) -> None:
    ask = desk.ask()
    desk.step(ask)
    for _time in range(2):
        remove_ask(access=desk.access, ask=ask)
    assert numbers(desk) == []
    assert public_asks(desk.appeal) == []
    with pytest.raises(Refused, match="was removed"):
        desk.step(ask, AskStatus.DRAFT_LAW)
    restore_ask(access=desk.access, ask=ask)
    assert status(desk, ask) == AskStatus.TAKEN_UP


@pytest.mark.parametrize(
    ("given", "why"),
    [({"words": {"en": " "}}, "Say what is demanded"), ({"proposed_on": site_today() + 2 * DAY}, "to come")],
)
def test_an_ask_has_words_and_no_day_to_come(desk, given, why) -> None:
    with pytest.raises(Refused, match=why):
        desk.ask(**given)


def test_an_appeal_of_another_workspace_is_refused(desk) -> None:
    elsewhere = open_appeal("en", slug="elsewhere").appeal
    with pytest.raises(Refused, match="another workspace"):
        desk.ask(appeal=elsewhere)
    ask = desk.ask()
    with pytest.raises(Refused, match="another workspace"):
        change_ask(
            access=desk.access, ask=ask, words=WORDS, clause=CLAUSE, appeal=elsewhere, publication=None
        )


@pytest.mark.parametrize("role", [SeatRole.REVIEWER, SeatRole.EDITOR])
def test_who_does_not_publish_writes_nothing(desk, role) -> None:
    ask, access = desk.ask(), desk.other(role)
    today = site_today()
    for act in (
        lambda: add_ask(access=access, words=WORDS, proposed_on=today),
        lambda: change_ask(access=access, ask=ask, words=WORDS, clause={}, appeal=None, publication=None),
        lambda: move_ask(access=access, ask=ask, up=True),
        lambda: remove_ask(access=access, ask=ask),
        lambda: restore_ask(access=access, ask=ask),
        lambda: undo_step(access=access, ask=ask),
        lambda: record_step(
            access=access, ask=ask, status=AskStatus.ADOPTED, on=today, evidence_url=EVIDENCE
        ),
    ):
        with pytest.raises(NotAllowed):
            act()
    assert (Ask.objects.get().appeal, AskStep.objects.count()) == (desk.appeal, 1)


def test_each_act_is_in_the_log(desk) -> None:
    ask = desk.ask()
    desk.step(ask)
    undo_step(access=desk.access, ask=ask)
    rows = AuditEntry.objects.filter(target=ask.uuid).order_by("pk")
    assert list(rows.values_list("action", flat=True)) == [
        "ask.added",
        "ask.step_recorded",
        "ask.step_undone",
    ]
