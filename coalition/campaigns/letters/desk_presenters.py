"""What the desk shows of letter actions."""

import datetime
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _, ngettext

from coalition.campaigns.core.days import site_today
from coalition.campaigns.core.sections import Summary
from coalition.campaigns.letters.models import LetterAction, LetterStage, Way
from coalition.campaigns.letters.queries import DeclaredLetters, letter_actions_for
from coalition.campaigns.recipients.models import Target
from coalition.core.localized_text import content_languages
from coalition.workspaces.permissions import Access

MOST_DAYS = 60  # in the table of days


def letters_summary(access: Access) -> Summary:
    """Return the section's line on the page "Campaign". Two queries."""
    rows = list(letter_actions_for(access.user, access.workspace).prefetch_related(None))
    if not rows:
        return Summary(
            _("Nobody is asked to write yet."),
            next_step=_("Publish a letter to a deputy, then prepare the page where people write."),
        )
    today = site_today()
    stages = Counter(row.stage_on(today) for row in rows)
    number = stages[LetterStage.OPEN]
    text = ngettext("%(count)s letter action is open", "%(count)s letter actions are open", number)
    others = [
        _("%(count)s prepared") % {"count": stages[LetterStage.PREPARED]},
        _("%(count)s closed") % {"count": stages[LetterStage.CLOSED]},
    ]
    is_old = any(row.stage_on(today) == LetterStage.OPEN and row.service_is_old_on(today) for row in rows)
    return Summary(f"{text % {'count': number}}, {', '.join(others)}.", needs_attention=is_old)


@dataclass(frozen=True)
class ActionRow:
    """One letter action in the list of a workspace."""

    action: LetterAction
    title: str
    stage: LetterStage
    needs_check: bool


def action_rows(actions: Iterable[LetterAction]) -> list[ActionRow]:
    """Return the actions with their titles. No query after `letter_actions_for`."""
    today = site_today()
    return [
        ActionRow(row, row.publication.title, row.stage_on(today), row.service_is_old_on(today))
        for row in actions
    ]


@dataclass(frozen=True)
class NumberRow:
    """A row of a table of numbers. `percent`: of the largest, for a bar."""

    label: str
    count: int
    percent: int


def _bars(rows: Iterable[tuple[str, int]]) -> list[NumberRow]:
    found = list(rows)
    largest = max((count for _label, count in found), default=0) or 1
    return [NumberRow(label, count, round(100 * count / largest)) for label, count in found]


def way_rows(declared: DeclaredLetters) -> list[NumberRow]:
    """Return how many letters left in each way."""
    return _bars((str(way.label), declared.ways.get(way.value, 0)) for way in Way)


def language_rows(declared: DeclaredLetters) -> list[NumberRow]:
    """Return in which languages people wrote, in the order of the site's languages."""
    return _bars((name, declared.languages.get(code, 0)) for code, name in content_languages())


def day_rows(declared: DeclaredLetters) -> list[NumberRow]:
    """Return the last `MOST_DAYS` days with letters, the newest first."""
    rows: list[tuple[datetime.date, int]] = [*declared.days.items()][:MOST_DAYS]
    return _bars((date_format(day, "j E Y"), count) for day, count in rows)


@dataclass(frozen=True)
class TargetRow:
    """A recipient with the letters that were declared to them."""

    name: str
    about: str
    count: int
    is_gone: bool


def target_rows(targets: Sequence[Target], declared: DeclaredLetters) -> list[TargetRow]:
    """Return the recipients, those with the most letters first, then as they are in their bodies."""
    rows = sorted(targets, key=lambda one: -declared.targets.get(one.pk, 0))
    return [
        TargetRow(
            name=str(one.name),
            about=", ".join(filter(None, (str(one.position), str(one.committee)))),
            count=declared.targets.get(one.pk, 0),
            is_gone=one.gone_on is not None or one.body.archived_at is not None,
        )
        for one in rows
    ]
