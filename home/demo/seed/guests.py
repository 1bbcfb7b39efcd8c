"""Guests of drafts: named people without a seat who read by a link, and what they said."""

from functools import partial

from coalition.accounts.enums import Language
from coalition.mail import outbox
from documents.drafts.enums import GuestAct, GuestPurpose
from documents.drafts.token_links import Guest
from documents.guests.actions import mail_key, make_guest_link, use_guest_link
from documents.guests.submissions import comment_by_link
from home.demo.load import Record
from home.demo.seed.history import History
from home.demo.seed.rooms import acting
from home.demo.seed.texts import Desk

DAYS = 30


def plan_guests(desk: Desk, history: History) -> None:
    """Add the draft's guests to the history."""
    for record in desk.record.get("guests", ()):
        tokens: list[str] = []
        history.add(record["days_ago"], partial(_make, desk, record, tokens))
        if comment := record.get("comment"):
            history.add(comment["days_ago"], partial(_comment, desk, comment, tokens))


def _make(desk: Desk, record: Record, tokens: list[str]) -> None:
    """Nobody is written to: the mail with the link is taken back."""
    link, token = make_guest_link(
        access=acting(desk.cast.people[record["by"]], desk.workspace),
        draft=desk.begun,
        guest=Guest(record["name"], record["email"], Language(record["language"])),
        purpose=GuestPurpose(record["purpose"]),
        days=DAYS,
        reason=record["reason"],
    )
    outbox.take_back(about=mail_key(link))
    tokens.append(token)


def _comment(desk: Desk, record: Record, tokens: list[str]) -> None:
    """Open the link, read, and write to the coordinators."""
    text = desk.begun.texts.select_related("draft").get(language=record["text"])
    for token in tokens:
        use_guest_link(token=token, act=GuestAct.FOLLOWED)
        use_guest_link(token=token, act=GuestAct.OPENED)
        use_guest_link(token=token, act=GuestAct.READ, language=record["text"])
        comment_by_link(token=token, text=text, body=record["words"], quote=record["quote"])
