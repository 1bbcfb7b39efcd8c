"""Who hears of counts: those who may give the second one, and both when they differ."""

import datetime
from collections.abc import Collection, Mapping
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.core.double_count import READ_BACK, CountState, has_two_organisations
from coalition.campaigns.in_person.counting.enums import TALLY_KIND
from coalition.campaigns.in_person.counting.models import Tally, TallyCount
from coalition.campaigns.in_person.counting.queries import (
    coordinators_to_ask,
    current_counts,
    people_to_ask,
    tallies_for,
    with_counts,
)
from coalition.campaigns.in_person.counting.titles import tally_title
from coalition.core.clock import now
from coalition.workspaces.notifications.kinds import NotificationKind, SubjectDescription, register_subject
from coalition.workspaces.notifications.notify import notify

SECOND: Final = "in_person_second_count"
REMINDER: Final = "in_person_count_reminder"
OVERDUE: Final = "in_person_count_overdue"
DIFFERENT: Final = "in_person_counts_differ"
MORNING: Final = 8  # o'clock in the site's time zone; nobody is reminded before

KINDS: Final = {
    SECOND: NotificationKind(
        sentence=_(
            "%(organisation)s counted “%(title)s”. Count it too, by %(deadline)s: it counts once two people"
            " agree."
        ),
        outline=_("Something that was counted in person waits for a second person."),
        icon="people",
        asks=True,
    ),
    REMINDER: NotificationKind(
        sentence=_("“%(title)s” still waits for a second person, until %(deadline)s. Count it today."),
        outline=_("Something that was counted in person still waits for a second person."),
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


def register_tally_subjects() -> None:
    """Say who may see a tally in their inbox, and what it is called."""
    register_subject(TALLY_KIND, visible=tallies_for, describe=_described, address=address_of)


def address_of(tally: UUID) -> str:
    """Return the path of the page on which it is counted."""
    return reverse("campaigns:count", args=[tally])


def ask_second_person(tally: Tally, first: TallyCount) -> None:
    """Ask those who may give the second count. In the caller's transaction."""
    needs_two = has_two_organisations(tally.workspace, tally.region)
    notify(
        people=people_to_ask(tally, first, needs_two=needs_two),
        kind=SECOND,
        workspace=tally.workspace,
        actor=first.person,
        organisation=first.organisation,
        subject_kind=TALLY_KIND,
        subject=tally.uuid,
        once=f"{SECOND}:{first.uuid}",
        deadline=(first.at + READ_BACK).isoformat(),
    )


def tell_of_difference(tally: Tally, made: TallyCount) -> None:
    """Tell the other one of the two that their counts differ. In the caller's transaction."""
    people = [one.person for one in tally.counts.filter(replaced_at=None).select_related("person")]
    notify(
        people=[person for person in people if person is not None],
        kind=DIFFERENT,
        workspace=tally.workspace,
        actor=made.person,
        organisation=made.organisation,
        subject_kind=TALLY_KIND,
        subject=tally.uuid,
        once=f"{DIFFERENT}:{made.uuid}",
    )


def remind_of_counts() -> None:
    """Remind those who may give the second count on the next morning, and say after 72 hours that nobody did:
    once each. Run hourly; what was missed is sent at the next run."""
    moment = now()
    if localtime(moment).hour < MORNING:
        return
    today = localtime(moment).date()
    waiting = TallyCount.objects.filter(tally=OuterRef("pk"), replaced_at=None, at__lt=_midnight(moment))
    rows = Tally.objects.filter(Exists(waiting), state=CountState.WAITING, workspace__archived_at=None)
    for tally in with_counts(rows):
        (first,) = current_counts(tally)
        if localtime(first.at).date() < today:
            with transaction.atomic():
                _remind(tally, first, is_overdue=moment > first.at + READ_BACK)


def _midnight(moment: datetime.datetime) -> datetime.datetime:
    return localtime(moment).replace(hour=0, minute=0, second=0, microsecond=0)


def _remind(tally: Tally, first: TallyCount, *, is_overdue: bool) -> None:
    needs_two = has_two_organisations(tally.workspace, tally.region)
    kind, people = REMINDER, people_to_ask(tally, first, needs_two=needs_two)
    if is_overdue:
        counter = [first.person] if first.person is not None else []
        kind, people = OVERDUE, [*counter, *coordinators_to_ask(tally.workspace)]
    notify(
        people=people,
        kind=kind,
        workspace=tally.workspace,
        actor=None,
        organisation=first.organisation,
        subject_kind=TALLY_KIND,
        subject=tally.uuid,
        once=f"{kind}:{first.uuid}",
        deadline=(first.at + READ_BACK).isoformat(),
    )


def _described(uuids: Collection[UUID]) -> Mapping[UUID, SubjectDescription]:
    rows = with_counts(Tally.objects.filter(uuid__in=list(uuids)))
    return {row.uuid: SubjectDescription(tally_title(row), address_of(row.uuid)) for row in rows}
