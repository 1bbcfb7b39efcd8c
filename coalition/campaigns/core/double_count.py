"""Counting by two people: of sheets, tables and cards. Pure but for the abstract model.

Nothing is counted in public until two people gave the same number. Where at least two organisations of the
workspace are in the region they belong to two organisations. Elsewhere the second person hears the papers
read out by telephone, within `READ_BACK` of the first count, and the result says so. Neither is shown the
other's number before both have counted. While the two differ each may count again; once they agree nobody
changes it, and a third count is refused.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from django.conf import settings
from django.db import models
from django.utils.translation import gettext, gettext_lazy as _, pgettext_lazy
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from coalition.core.errors import Refused
from coalition.workspaces.models import Workspace
from coalition.workspaces.queries import frozen_in, participants

READ_BACK: Final = datetime.timedelta(hours=72)  # after the first count
MOST_COUNTED: Final = 100_000  # more in one count is a typing error


class CountMethod(models.TextChoices):
    AT_HAND = "at_hand", pgettext_lazy("way of counting", "With the papers in hand")
    BY_TELEPHONE = "by_telephone", pgettext_lazy("way of counting", "Read back by telephone")


class CountState(models.TextChoices):
    NOT_COUNTED = "not_counted", pgettext_lazy("state of a count", "Not counted")
    WAITING = "waiting", pgettext_lazy("state of a count", "Waiting for a second person")
    DIFFERENT = "different", pgettext_lazy("state of a count", "The two counts differ")
    SETTLED = "settled", pgettext_lazy("state of a count", "Counted by two")


class CountEntry(models.Model):
    """One person's count. `replaced_at`: when the same person counted again or took it back; only entries
    without it are current, two at most."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    count = models.PositiveIntegerField(_("number"))
    method = models.CharField(_("how"), max_length=12, choices=CountMethod, default=CountMethod.AT_HAND)
    at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["id"]

    def __str__(self) -> str:
        return f"count of {self.count}"


class Entry(Protocol):
    """What `count_result` reads of a `CountEntry`."""

    organisation_id: int
    person_id: int | None
    count: int
    method: str
    at: datetime.datetime
    replaced_at: datetime.datetime | None


@dataclass(frozen=True)
class CountResult:
    """Where a count stands. `count`: only once it is settled. `by_telephone`: the second person heard it read
    out. `read_back_until`: until when a waiting count can be confirmed by telephone."""

    state: CountState
    count: int | None = None
    by_telephone: bool = False
    read_back_until: datetime.datetime | None = None


def count_result(entries: Sequence[Entry]) -> CountResult:
    """Return where the count of these entries stands, in the order in which they were made."""
    current = [entry for entry in entries if entry.replaced_at is None]
    if not current:
        return CountResult(CountState.NOT_COUNTED)
    if len(current) == 1:
        return CountResult(CountState.WAITING, read_back_until=current[0].at + READ_BACK)
    by_telephone = any(entry.method == CountMethod.BY_TELEPHONE for entry in current)
    numbers = {entry.count for entry in current}
    if len(numbers) > 1:
        return CountResult(CountState.DIFFERENT, by_telephone=by_telephone)
    return CountResult(CountState.SETTLED, count=numbers.pop(), by_telephone=by_telephone)


def method_with_telephone(method: str, *, by_telephone: int, counts: int) -> str:
    """Return the words of a method for the public; where counts were read out by telephone, with how many of
    all."""
    if not by_telephone:
        return method
    words = gettext("Counts by telephone: %(telephone)s of %(all)s.")
    return f"{method} {words % {'telephone': by_telephone, 'all': counts}}"


def check_new_count(
    entries: Sequence[Entry],
    *,
    person: int,
    organisation: int,
    count: int,
    method: str,
    needs_two_organisations: bool,
    at: datetime.datetime,
) -> None:
    """Raise Refused, in words, if this person (primary key) cannot give this count now.

    `needs_two_organisations`: see `has_two_organisations`. A person who has a current entry replaces it.
    """
    if not 0 <= count <= MOST_COUNTED:
        raise Refused(_("A count lies between 0 and %(most)s."), most=MOST_COUNTED)
    if count_result(entries).state == CountState.SETTLED:
        raise Refused(_("Two people have counted this, and they agree. It cannot be changed."))
    others = [entry for entry in entries if entry.replaced_at is None and entry.person_id != person]
    if len(others) > 1:
        raise Refused(_("Two people are counting this already. They settle the difference."))
    if not others:
        if method == CountMethod.BY_TELEPHONE:
            raise Refused(_("The first person counts with the papers in hand."))
        return
    _check_second(others[0], organisation, method, at, needs_two_organisations=needs_two_organisations)


def _check_second(
    first: Entry, organisation: int, method: str, at: datetime.datetime, *, needs_two_organisations: bool
) -> None:
    if method == CountMethod.BY_TELEPHONE:
        if needs_two_organisations:
            raise Refused(_("Another organisation is in this region: its people count with the papers."))
        if first.method == CountMethod.BY_TELEPHONE:
            raise Refused(_("One of the two counts with the papers in hand."))
        if at > first.at + READ_BACK:
            raise Refused(_("The first count is older than 72 hours. Take it back and count again."))
    elif first.organisation_id == organisation:
        if needs_two_organisations:
            raise Refused(_("The first count is of your organisation. Somebody of another one counts now."))
        # Who counted with the papers may count them again after the second person heard them by telephone.
        if first.method == CountMethod.AT_HAND:
            raise Refused(_("Your organisation has counted. A second person counts by telephone."))


def has_two_organisations(workspace: Workspace, region: str) -> bool:
    """Whether two organisations or more that take part, not frozen, work in this region; in any region where
    it is not known (""). Two queries."""
    taking_part = participants(workspace).exclude(pk__in=frozen_in(workspace))
    if not region:
        return taking_part.count() >= 2
    return sum(region in regions for regions in taking_part.values_list("regions", flat=True)) >= 2
