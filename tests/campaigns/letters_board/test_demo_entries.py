"""What the demo records on the board of its letter action, and nothing where there is no such action."""

import datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest

from coalition.campaigns.letters.board.queries import agreed_targets, overdue_letters
from coalition.campaigns.models import Answer, LetterAction, OfficialLetter, Stance
from coalition.core.clock import now
from coalition.roles import SeatRole
from demo.load import load
from demo.seed.history import History
from demo.seed.letter_board import plan_answers

pytestmark = pytest.mark.django_db


def run(people: dict[str, object]) -> None:
    history = History()
    plan_answers(load(), SimpleNamespace(people=people), history)
    history.run()


def test_without_the_action_nothing_is_recorded():
    run({})
    assert not OfficialLetter.objects.exists()


def test_the_demos_board_is_filled(desk):
    record = load().letter_board[0]
    opened = now() - datetime.timedelta(days=10)
    LetterAction.objects.update(slug=record["action"], opened_at=opened)
    for _number in range(5):
        desk.target()
    emails = {one["by"] for part in ("letters", "answers", "stances") for one in record[part]}
    people = {email: desk.seated(SeatRole.COORDINATOR).user for email in emails}
    run(people)
    assert OfficialLetter.objects.count() == len(record["letters"])
    assert Answer.objects.count() == len(record["answers"])
    assert Stance.objects.count() == len(record["stances"])
    assert len(agreed_targets(LetterAction.objects.get())) == 2
    assert overdue_letters(next(iter(people.values()))).count() == 2
    assert Answer.objects.filter(letter=None).count() == 1  # the meeting
    assert Answer.objects.latest("on").on <= now().astimezone(ZoneInfo("Asia/Almaty")).date()
