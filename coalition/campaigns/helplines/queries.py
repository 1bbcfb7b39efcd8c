"""Helplines and their entries: the only place where they come from."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils import timezone

from coalition.accounts.models import User
from coalition.accounts.queries import active_memberships, organisations_represented_by
from coalition.campaigns.helplines.enums import EntryState
from coalition.campaigns.helplines.health import (
    HIDE_AFTER_DAYS,
    WARN_AFTER_DAYS,
    HelplineProblem,
    days_since_check,
    is_public,
    problem_of,
    public_entries,
)
from coalition.campaigns.helplines.models import Helpline, HelplineCheck, HelplineEntry
from coalition.core.clock import now

OPEN_STATES = (EntryState.DRAFT, EntryState.PROPOSED, EntryState.REJECTED)
VISIBLE_STATES = (EntryState.PROPOSED, EntryState.PUBLISHED, EntryState.REPLACED)  # to every member


def today() -> datetime.date:
    """Return the coalition's day."""
    return timezone.localdate(now())


def public_helplines(
    region: str = "",
    language: str = "",
    *,
    at: datetime.datetime | None = None,
    among: Iterable[HelplineEntry] | None = None,
) -> list[HelplineEntry]:
    """Return what the public sees, each entry with its line and organisation. One query.

    `region` (ISO 3166-2): lines of that region and of the whole country; `language`: a code of those spoken.
    Empty: all. `at`: the moment, now if None. `among`: what this function returned before; no query then.
    """
    rows = HelplineEntry.objects.filter(public_entries(at or now()))
    rows = rows.select_related("helpline__organisation").order_by("helpline__position", "helpline_id")
    return [
        row
        for row in (rows if among is None else among)
        if (not region or not row.regions or region in row.regions)
        and (not language or language in row.languages)
    ]


def reads_helplines(user: object) -> bool:
    """Whether the person may read the register: every member of an organisation."""
    return isinstance(user, User) and user.is_active and active_memberships(user).exists()


def helplines_for(user: object) -> QuerySet[Helpline]:
    """Return, for members, the lines of their organisations and those that were proposed or published.

    What another organisation has only drafted is nobody else's.
    """
    if not isinstance(user, User) or not reads_helplines(user):
        return Helpline.objects.none()
    own = active_memberships(user).values("organisation")
    visible = HelplineEntry.objects.filter(helpline=OuterRef("pk"), state__in=VISIBLE_STATES)
    return Helpline.objects.filter(Q(organisation__in=own) | Exists(visible))


@dataclass(frozen=True)
class HelplineState:
    """A line with its published entry, the entry in work, and how it stands at a moment."""

    helpline: Helpline
    published: HelplineEntry | None
    in_work: HelplineEntry | None
    problem: HelplineProblem | None
    is_public: bool
    days_since_check: int | None
    days_of_licence: int | None

    @property
    def entry(self) -> HelplineEntry | None:
        """Return the entry that names the line: the published one, else the one in work."""
        return self.published or self.in_work

    def visible_to(self, organisations: frozenset[int]) -> "HelplineState":
        """Return it for somebody of these organisations: others read what is in work once it is proposed."""
        is_visible = self.in_work is None or self.in_work.state == EntryState.PROPOSED
        is_own = self.helpline.organisation_id in organisations
        return self if is_visible or is_own else replace(self, in_work=None)

    @property
    def days_until_hidden(self) -> int | None:
        """Return for how many days the public page will still show it; None if it does not."""
        if not self.is_public or self.days_since_check is None:
            return None
        return HIDE_AFTER_DAYS - self.days_since_check

    @property
    def is_overdue(self) -> bool:
        return self.days_since_check is None or self.days_since_check > WARN_AFTER_DAYS


def helpline_states(
    helplines: QuerySet[Helpline] | None = None, *, at: datetime.datetime | None = None
) -> list[HelplineState]:
    """Return how lines stand, all of them if None is given, in the order of the public page. Two queries."""
    moment = at or now()
    shown = HelplineEntry.objects.filter(state__in=[EntryState.PUBLISHED, *OPEN_STATES])
    rows = Helpline.objects.all() if helplines is None else helplines
    rows = rows.select_related("organisation").prefetch_related(
        Prefetch("entries", queryset=shown.select_related("written_for"), to_attr="shown_entries")
    )
    return [_state_of(row, row.shown_entries, moment) for row in rows]


def _state_of(helpline: Helpline, entries: Iterable[HelplineEntry], at: datetime.datetime) -> HelplineState:
    found = list(entries)
    published = next((one for one in found if one.state == EntryState.PUBLISHED), None)
    in_work = next((one for one in found if one.state in OPEN_STATES), None)
    day = timezone.localdate(at)
    until = published.licence_until if published else None
    return HelplineState(
        helpline=helpline,
        published=published,
        in_work=in_work,
        problem=problem_of(helpline, published, at),
        is_public=is_public(helpline, published, at),
        days_since_check=days_since_check(helpline, day),
        days_of_licence=(until - day).days if until else None,
    )


def checks_of(helpline: Helpline) -> QuerySet[HelplineCheck]:
    """Return who called when, newest first."""
    return helpline.checks.select_related("person", "organisation")


def earlier_entries(helpline: Helpline) -> QuerySet[HelplineEntry]:
    """Return entries that were published before, newest first."""
    rows = helpline.entries.filter(state=EntryState.REPLACED)
    return rows.select_related("written_by", "written_for", "reviewed_by", "reviewed_for")


def entries_to_review(user: User) -> QuerySet[HelplineEntry]:
    """Return proposed entries that the person may review: of lines of organisations they do not belong to,
    written by somebody else, while they represent an organisation."""
    own = active_memberships(user).values("organisation")
    rows = HelplineEntry.objects.filter(state=EntryState.PROPOSED, helpline__retired_at=None)
    rows = rows.exclude(Q(helpline__organisation__in=own) | Q(written_for__in=own))
    rows = rows.exclude(written_by=user)
    return rows.filter(Exists(organisations_represented_by(user)))


def entries_sent_back(user: User) -> QuerySet[HelplineEntry]:
    """Return entries of the person's organisations that reviewers sent back."""
    own = active_memberships(user).values("organisation")
    return HelplineEntry.objects.filter(state=EntryState.REJECTED, helpline__organisation__in=own)


def helplines_to_reinstate(user: User) -> QuerySet[Helpline]:
    """Return hidden lines that the person may show again, once their organisations have called since."""
    own = active_memberships(user).values("organisation")
    rows = Helpline.objects.filter(suspended_at__isnull=False, retired_at=None)
    rows = rows.filter(entries__state=EntryState.PUBLISHED, checked_on__gte=TruncDate("suspended_at"))
    rows = rows.exclude(organisation__in=own)
    return rows.filter(Exists(organisations_represented_by(user)))


def helplines_to_check(user: User) -> QuerySet[Helpline]:
    """Return published lines of the person's organisations whose check is overdue."""
    own = active_memberships(user).values("organisation")
    return overdue_helplines().filter(organisation__in=own)


def overdue_helplines() -> QuerySet[Helpline]:
    """Return lines in use that nobody has called for more than `WARN_AFTER_DAYS`. Not for showing."""
    last = today() - datetime.timedelta(days=WARN_AFTER_DAYS)
    rows = Helpline.objects.filter(entries__state=EntryState.PUBLISHED, retired_at=None)
    return rows.filter(Q(checked_on=None) | Q(checked_on__lt=last)).order_by("pk")
