"""A letter action as pages of the site show it: its title, its number and where people write."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _, override

from coalition.campaigns.core.days import site_today
from coalition.campaigns.counters.columns import ColumnCount, Count
from coalition.campaigns.counters.enums import Column
from coalition.campaigns.counters.presenters import CounterView, counter_view
from coalition.campaigns.letters.models import LetterAction
from coalition.campaigns.letters.presenters import write_path
from coalition.campaigns.letters.queries import closed_reason, opened_actions
from coalition.campaigns.letters.refusals import CLOSED_WORDS
from coalition.core.clock import now

METHOD: Final = _("Declared by those who wrote; not checked.")
_HIDDEN: Final = frozenset({"withdrawn", "checked"})  # reasons for which the title is not public


@dataclass(frozen=True)
class LettersView:
    """An opened letter action in the active language. `counter`: how many letters were declared, with the
    method; `closed_words`: why nobody can write now, "" while people can; `board_url`: who answered."""

    title: str
    url: str
    counter: CounterView
    closed_words: str
    board_url: str


def shown_actions(rows: Iterable[LetterAction]) -> list[LetterAction]:
    """Return those of `opened_actions` whose title everybody may read today."""
    today = site_today()
    return [one for one in rows if closed_reason(one, today) not in _HIDDEN]


def letters_view(action: LetterAction) -> LettersView | None:
    """Return what everybody reads of an action of `opened_actions`, None if it is not public. One query."""
    closed = closed_reason(action, site_today())
    if closed in _HIDDEN:
        return None
    declared = action.days.aggregate(letters=Sum("count"))["letters"] or 0
    return LettersView(
        title=action.publication.title,
        url=write_path(action.slug),
        counter=counter_view(ColumnCount(Column.LETTERS, str(METHOD), Count(declared, now()))),
        closed_words=str(CLOSED_WORDS.get(closed, "")),
        board_url=reverse("write_board", args=[action.slug]),
    )


def letters_to_choose(language: str) -> list[tuple[str, str]]:
    """Return UUID and title of the letter actions that an editor can put on a page, newest first."""
    with override(language):
        rows = shown_actions(opened_actions().order_by("-pk"))
        return [(str(one.uuid), one.publication.title) for one in rows]
