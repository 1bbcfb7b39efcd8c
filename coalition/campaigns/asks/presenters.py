"""What the pages of asks show."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from django.utils.translation import gettext as _, ngettext

from coalition.campaigns.appeals.desk_presenters import appeal_rows
from coalition.campaigns.appeals.models import Appeal
from coalition.campaigns.asks.enums import AskStatus
from coalition.campaigns.asks.models import Ask, AskStep
from coalition.campaigns.asks.permissions import may_manage_asks
from coalition.campaigns.asks.queries import asks_of, status_of
from coalition.campaigns.core.sections import Summary
from coalition.workspaces.permissions import Access

# By status: kind and icon of its badge.
BADGES: Final = {
    AskStatus.PROPOSED: ("note", "mail"),
    AskStatus.TAKEN_UP: ("wait", "talk"),
    AskStatus.DRAFT_LAW: ("wait", "file"),
    AskStatus.PARTLY_ADOPTED: ("yes", "minus"),
    AskStatus.ADOPTED: ("yes", "check"),
    AskStatus.REFUSED: ("no", "stop"),
}


@dataclass(frozen=True)
class StatusBadge:
    """A status in words, with how it looks."""

    label: str
    kind: str
    icon: str


def status_badge(status: AskStatus | str) -> StatusBadge:
    found = AskStatus(status)
    return StatusBadge(str(found.label), *BADGES[found])


@dataclass(frozen=True)
class AskRow:
    """An ask in the list of the desk."""

    ask: Ask
    words: str
    words_language: str
    clause: str
    badge: StatusBadge
    last: AskStep
    is_first: bool = False
    is_last: bool = False


@dataclass(frozen=True)
class AskGroup:
    """Asks of one appeal. `title`: of the appeal, "" for asks without one."""

    title: str
    rows: list[AskRow]


def ask_row(ask: Ask, *, is_first: bool = False, is_last: bool = False) -> AskRow:
    """Return the row of an ask with its steps."""
    return AskRow(
        ask,
        str(ask.words),
        ask.words.language_shown(),
        str(ask.clause),
        status_badge(status_of(ask)),
        list(ask.steps.all())[-1],
        is_first,
        is_last,
    )


def ask_groups(asks: Sequence[Ask], appeals: Sequence[Appeal]) -> list[AskGroup]:
    """Return the asks by their appeals, those without one last. Four queries."""
    groups = []
    titles = {row.appeal.pk: str(row.title) for row in appeal_rows(appeals)}
    for key in [*titles, None]:
        found = [ask for ask in asks if ask.appeal_id == key]
        rows = [ask_row(ask, is_first=ask is found[0], is_last=ask is found[-1]) for ask in found]
        if rows:
            groups.append(AskGroup(titles.get(key, "") if key is not None else "", rows))
    return groups


def host_of(url: str) -> str:
    """Return the name of the site of an address, which tells readers where a link leads."""
    return (urlsplit(url).hostname or "").removeprefix("www.")


def asks_summary(access: Access) -> Summary:
    """The section on the page "Campaign". Two queries."""
    asks = list(asks_of(access.workspace))
    if not asks:
        step = _("Write what is demanded, clause by clause.") if may_manage_asks(access) else ""
        return Summary(_("No ask is here yet."), step)
    counts = Counter(status_of(ask) for ask in asks)
    words = ngettext("%(count)d ask", "%(count)d asks", len(asks)) % {"count": len(asks)}
    parts = [f"{status.label}: {counts[status]}" for status in AskStatus if counts[status]]
    return Summary(f"{words}. {', '.join(parts)}.")
