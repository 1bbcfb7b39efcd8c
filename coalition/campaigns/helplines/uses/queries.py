"""Uses of helplines: the only place where lists of them come from."""

import datetime
from collections.abc import Collection

from django.db.models import Prefetch, Q, QuerySet

from coalition.accounts.models import Organisation, User
from coalition.accounts.queries import active_memberships
from coalition.campaigns.helplines.enums import EntryState
from coalition.campaigns.helplines.models import Helpline, HelplineEntry
from coalition.campaigns.helplines.uses.models import HelplineUse, HelplineUseQuerySet
from coalition.campaigns.helplines.uses.permissions import PLANNING_ROLES, READING_ROLES
from coalition.core.clock import now
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import own_seats


def uses_in(access: Access) -> HelplineUseQuerySet:
    """Every use of the workspace, those that are over too. That the person may read them, the caller asks."""
    return HelplineUse.objects.filter(workspace=access.workspace)


def uses_for(user: object) -> HelplineUseQuerySet:
    """Uses that the person may read: of workspaces in which they see drafts, and those about which an
    organisation of theirs is asked."""
    if not isinstance(user, User) or not user.is_active:
        return HelplineUse.objects.none()
    seats = own_seats(user).filter(role__in=READING_ROLES)
    asked = Q(helpline__organisation__in=_own_organisations(user), asked_at__isnull=False)
    return HelplineUse.objects.filter(Q(workspace__in=seats.values("workspace")) | asked)


def uses_asked_of(user: User) -> HelplineUseQuerySet:
    """Uses that are not over and about which an organisation of the person is asked, answered or not."""
    rows = HelplineUse.objects.not_over(now())
    return rows.filter(helpline__organisation__in=_own_organisations(user), asked_at__isnull=False)


def uses_waiting_for(user: User) -> HelplineUseQuerySet:
    """Those of them that wait for an answer."""
    moment = now()
    return HelplineUse.objects.waiting_for_answer(moment).filter(
        helpline__organisation__in=_own_organisations(user)
    )


def uses_planned_by(user: User) -> HelplineUseQuerySet:
    """Uses that are not over in workspaces in which the person may change them."""
    seats = own_seats(user).filter(role__in=PLANNING_ROLES, workspace__archived_at=None)
    return HelplineUse.objects.not_over(now()).filter(workspace__in=seats.values("workspace"))


def uses_seen_by_operators(
    helpline: Helpline, day: datetime.date, at: datetime.datetime
) -> HelplineUseQuerySet:
    """What names the line on this day, and what waits for an answer.

    Of what has a last day, every day until then; of what stays in use, like cards, the first day alone.
    """
    waiting = HelplineUse.objects.waiting_for_answer(at).values("pk")
    rows = HelplineUse.objects.not_over(at).filter(helpline=helpline)
    goes_on = Q(starts_at__date__lt=day, ends_on__gte=day)
    return rows.filter(Q(starts_at__date=day) | goes_on | Q(pk__in=waiting))


def uses_to_compare(lines: Collection[int], workspace: int | None) -> HelplineUseQuerySet:
    """Uses of these lines that are not over in one workspace (primary keys), to compare a draft with."""
    rows = HelplineUse.objects.not_over(now()).filter(helpline__in=lines, workspace=workspace)
    return rows.with_lines()


def lines_to_use() -> QuerySet[Helpline]:
    """Lines with a published entry, in the order of the public page, with `published_entries`."""
    published = HelplineEntry.objects.filter(state=EntryState.PUBLISHED)
    rows = Helpline.objects.filter(retired_at=None, pk__in=published.values("helpline"))
    return rows.select_related("organisation").prefetch_related(
        Prefetch("entries", queryset=published, to_attr="published_entries")
    )


def _own_organisations(user: User) -> QuerySet[Organisation]:
    return Organisation.objects.filter(pk__in=active_memberships(user).values("organisation"))
