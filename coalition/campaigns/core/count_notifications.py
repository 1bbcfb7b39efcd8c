"""Notifications about counting by two: the second person is asked and reminded, both hear of a difference.

Each capability whose things are counted hands `COUNT_KINDS` to its `Capability` and registers its subject.
"""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import User
from coalition.campaigns.core.double_count import READ_BACK, CountEntry, has_two_organisations
from coalition.core.clock import now
from coalition.roles import RIGHTS, Right
from coalition.workspaces.models import Seat, Workspace
from coalition.workspaces.notifications.kinds import NotificationKind
from coalition.workspaces.notifications.notify import notify
from coalition.workspaces.queries import seats_in

SECOND: Final = "second_count"
REMINDER: Final = "count_reminder"
OVERDUE: Final = "count_overdue"
DIFFERENT: Final = "counts_differ"
MORNING: Final = 8  # o'clock in the site's time zone; nobody is reminded before
ROLES_THAT_COUNT: Final = [role for role, rights in RIGHTS.items() if Right.CREATE in rights]
ROLES_THAT_LEAD: Final = [role for role, rights in RIGHTS.items() if Right.MANAGE in rights]

COUNT_KINDS: Final = {
    SECOND: NotificationKind(
        sentence=_(
            "%(organisation)s counted “%(title)s”. Count it too, by %(deadline)s: it counts once two people"
            " agree."
        ),
        outline=_("A count waits for a second person."),
        icon="people",
        asks=True,
    ),
    REMINDER: NotificationKind(
        sentence=_("“%(title)s” still waits for a second person, until %(deadline)s. Count it today."),
        outline=_("A count still waits for a second person."),
        icon="clock",
        asks=True,
    ),
    OVERDUE: NotificationKind(
        sentence=_("Nobody counted “%(title)s” a second time within 72 hours. Its page says what to do."),
        outline=_("Something was not counted a second time within 72 hours."),
        icon="clock",
        asks=True,
    ),
    DIFFERENT: NotificationKind(
        sentence=_("The two counts of “%(title)s” differ. Look at both numbers and count again."),
        outline=_("Two counts differ."),
        icon="again",
        asks=True,
    ),
}


@dataclass(frozen=True)
class CountSubject:
    """What is counted, as the subject of a notification. `region`: "" if it is not known."""

    kind: str
    uuid: UUID
    workspace: Workspace
    region: str


def ask_second_person(subject: CountSubject, first: CountEntry) -> None:
    """Ask those who may give the second count. In the caller's transaction."""
    _notify_about(subject, SECOND, people_to_ask(subject, first), first, actor=first.person)


def notify_of_difference(subject: CountSubject, entries: Iterable[CountEntry], made: CountEntry) -> None:
    """Notify the other one of the two that their counts differ. `entries`: both; `made`: the later one. In
    the caller's transaction."""
    people = [one.person for one in entries if one.person is not None]
    _notify_about(subject, DIFFERENT, people, made, actor=made.person)


def remind_of_count(subject: CountSubject, first: CountEntry) -> None:
    """Remind those who may give the second count; after 72 hours notify the first person and the coordinators
    that nobody did. Once each. In the caller's transaction."""
    if now() <= first.at + READ_BACK:
        _notify_about(subject, REMINDER, people_to_ask(subject, first), first)
        return
    leaders = _people(seats_in(subject.workspace).filter(role__in=ROLES_THAT_LEAD))
    _notify_about(subject, OVERDUE, [*([first.person] if first.person else []), *leaders], first)


def reminder_cutoff() -> datetime.datetime | None:
    """Return the midnight before which a first count was given if one reminds of it now; None before the
    morning. For work that runs hourly: what was missed is sent at the next run."""
    moment = localtime(now())
    if moment.hour < MORNING:
        return None
    return moment.replace(hour=0, minute=0, second=0, microsecond=0)


def people_to_ask(subject: CountSubject, first: CountEntry) -> list[User]:
    """Return who is asked for the second count: people of other organisations in the region who may count,
    else those of any other organisation; where the region has one organisation, its other people, who hear it
    by telephone, else everyone. Three queries."""
    needs_two = has_two_organisations(subject.workspace, subject.region)
    rows = seats_in(subject.workspace).filter(role__in=ROLES_THAT_COUNT)
    seats = [seat for seat in rows if seat.person_id != first.person_id]
    others = [seat for seat in seats if seat.organisation_id != first.organisation_id]
    nearby = [seat for seat in others if subject.region in seat.organisation.regions]
    own = [seat for seat in seats if seat.organisation_id == first.organisation_id]
    return _people(nearby or (others if needs_two else own or others))


def _people(seats: Iterable[Seat]) -> list[User]:
    return list({seat.person_id: seat.person for seat in seats}.values())


def _notify_about(
    subject: CountSubject, kind: str, people: Iterable[User], entry: CountEntry, actor: User | None = None
) -> None:
    notify(
        people=people,
        kind=kind,
        workspace=subject.workspace,
        actor=actor,
        organisation=entry.organisation,
        subject_kind=subject.kind,
        subject=subject.uuid,
        once=f"{kind}:{entry.uuid}",
        deadline=(entry.at + READ_BACK).isoformat(),
    )
