"""By when official letters have to be answered."""

import datetime
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from coalition.campaigns.core.dates import working_day_after
from coalition.campaigns.letters.board.enums import AnswerKind
from coalition.campaigns.letters.board.models import DEFAULT_TERM_DAYS, AnswerTerm, OfficialLetter
from coalition.campaigns.letters.models import LetterAction


@dataclass(frozen=True)
class Term:
    """So many working days, and where that is from, in the words of whoever set it."""

    working_days: int
    source: str


def term_of(action: LetterAction) -> Term:
    """Return the term that was set for an action, else the default. Where nobody says by which law, the words
    of the default stand. No query if `answer_term` is loaded."""
    row: AnswerTerm | None = getattr(action, "answer_term", None)
    if row is None:
        return Term(DEFAULT_TERM_DAYS, default_source())
    return Term(row.working_days, row.source or default_source())


def default_source() -> str:
    """Return what is said of the default term, in the active language. No lawyer of ours has checked it."""
    return _(
        "check with a lawyer: perhaps article 76 of the Administrative Procedural and Process-Related Code"
    )


def due_day(letter: OfficialLetter, working_days: int) -> datetime.date:
    """Return the last day for an answer: counted from the day on which the letter came in, if an incoming
    number is recorded, else from the day on which it was sent. One query for a stored letter."""
    begins = letter.sent_on
    if letter.pk is not None:
        came_in = letter.answers.filter(kind=AnswerKind.INCOMING_NUMBER, withdrawn_at=None)
        first = came_in.order_by("on").values_list("on", flat=True).first()
        begins = first or begins
    return working_day_after(begins, working_days)


def site_day(moment: datetime.datetime) -> datetime.date:
    """Return the local date of the site at a moment."""
    return moment.astimezone(timezone.get_default_timezone()).date()
