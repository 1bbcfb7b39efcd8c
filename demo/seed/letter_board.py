"""What came back on the demo's letters: official letters, answers, and who agrees. All of it is invented."""

import datetime
from functools import partial

from coalition.campaigns.letters.board.actions import (
    AnswerContent,
    LetterContent,
    Recipient,
    StanceContent,
    record_answer,
    record_letter,
    record_stance,
)
from coalition.campaigns.letters.board.enums import AnswerKind
from coalition.campaigns.models import LetterAction, OfficialLetter, Target
from demo.load import Demo, Record
from demo.seed.accounts import Accounts
from demo.seed.history import History
from demo.seed.workspaces import access_of


def plan_answers(demo: Demo, accounts: Accounts, history: History) -> None:
    """Plan what was recorded on the board of each letter action; nothing where the action is missing."""
    for record in demo.letter_board:
        for kind, act in (("letters", _letter), ("answers", _answer), ("stances", _stance)):
            for one in record[kind]:
                on = history.day(one["days_ago"]).date()
                step = partial(act, record["action"], one, accounts, on)
                history.add(min(one["days_ago"], one["recorded_days_ago"]), step)


def _find(slug: str, number: int) -> tuple[LetterAction, Recipient] | None:
    """Return the action and its recipient of this number, from 1; 0 is the first body as a whole."""
    action = LetterAction.objects.select_related("workspace").filter(slug=slug).first()
    if action is None:
        return None
    if not number:
        return action, Recipient(action.bodies.order_by("pk")[0])
    targets = Target.objects.filter(body__letter_actions=action).select_related("body").order_by("pk")
    target = targets[(number - 1) % targets.count()]
    return action, Recipient(target.body, target)


def _letter(slug: str, record: Record, accounts: Accounts, on: datetime.date) -> None:
    if found := _find(slug, record["recipient"]):
        action, recipient = found
        record_letter(
            access=access_of(accounts.people[record["by"]], action.workspace),
            action=action,
            recipient=recipient,
            content=LetterContent(record["number"], on),
        )


def _answer(slug: str, record: Record, accounts: Accounts, on: datetime.date) -> None:
    if found := _find(slug, record["recipient"]):
        action, recipient = found
        letters = OfficialLetter.objects.filter(action=action, outgoing_number=record.get("letter", ""))
        content = AnswerContent(
            kind=AnswerKind(record["kind"]),
            on=on,
            incoming_number=record.get("incoming_number", ""),
            letter=letters.filter(body=recipient.body, target=recipient.target).first(),
            words=record.get("words", {}),
        )
        record_answer(
            access=access_of(accounts.people[record["by"]], action.workspace),
            action=action,
            recipient=recipient,
            content=content,
            publish=record["published"],
        )


def _stance(slug: str, record: Record, accounts: Accounts, on: datetime.date) -> None:
    found = _find(slug, record["recipient"])
    if found is not None and (target := found[1].target) is not None:
        record_stance(
            access=access_of(accounts.people[record["by"]], found[0].workspace),
            action=found[0],
            target=target,
            content=StanceContent(record["agrees"], on, record["words"], record.get("url", "")),
            publish=record["published"],
        )
