"""What appeals bring to the desk's first page: holds, old counts of official petitions, what closes soon."""

import datetime
from collections import Counter
from collections.abc import Iterable

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localdate, make_aware
from django.utils.translation import gettext as _, ngettext

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer
from coalition.campaigns.appeals.actions.holds import tally_of_hold
from coalition.campaigns.appeals.desk_queries import holds_to_show, open_appeals, votes_on_holds
from coalition.campaigns.appeals.enums import HoldState
from coalition.campaigns.appeals.models import Appeal, AppealVersion, Hold
from coalition.campaigns.appeals.versions import versions_with_texts
from coalition.core.clock import now
from coalition.roles import Right
from coalition.workspaces.dashboard import WaitingItem, only_if
from coalition.workspaces.queries import own_seats, workspaces_for

OLD_COUNT_DAYS = 7
SOON_DAYS = 7


def waiting_holds(user: User) -> QuerySet[Hold]:
    """Holds that are undecided, or on which somebody has voted, where the person has a seat."""
    seats = own_seats(user).values("workspace")
    rows = holds_to_show().filter(appeal__workspace__in=seats, appeal__personal_data_ended_at=None)
    return rows.filter(Q(state=HoldState.WAITING) | Q(decisions__isnull=False)).distinct()


def appeals_with_old_counts(user: User) -> QuerySet[Appeal]:
    """Open appeals whose official petition was last looked at more than `OLD_COUNT_DAYS` days ago."""
    before = localdate(now()) - datetime.timedelta(days=OLD_COUNT_DAYS)
    rows = open_appeals().filter(workspace__in=own_seats(user).values("workspace"))
    old = Q(official_as_of=None) | Q(official_as_of__lt=before)
    return rows.filter(old).exclude(official_number="", official_url="")


def appeals_closing_soon(user: User) -> QuerySet[Appeal]:
    """Open appeals that take nobody any more within `SOON_DAYS` days."""
    until = localdate(now()) + datetime.timedelta(days=SOON_DAYS)
    rows = open_appeals().filter(workspace__in=own_seats(user).values("workspace"))
    return rows.filter(Q(closes_on__lte=until) | Q(personal_data_until__lte=until))


@only_if(waiting_holds)
def holds_to_decide(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """Holds on which one of the person's organisations has not voted, one line an appeal: urgent where a
    second person is waited for."""
    rows = waiting_holds(user).filter(appeal__workspace__in=workspaces_for(user, Right.EDIT))
    votes = Prefetch("decisions", queryset=votes_on_holds())
    holds = list(rows.select_related("appeal").prefetch_related(votes))
    seats = own_seats(user).filter(workspace__archived_at=None)
    own: dict[int, set[int]] = {}
    for workspace, organisation in seats.values_list("workspace", "organisation"):
        own.setdefault(workspace, set()).add(organisation)
    begun: Counter[Appeal] = Counter()
    undecided: Counter[Appeal] = Counter()
    for hold in holds:
        tally = tally_of_hold(hold, hold.decisions.all())
        voted = {one.organisation for one in tally.open_votes}
        if not own.get(hold.appeal.workspace_id, set()) - voted:
            continue
        if voted:
            begun[hold.appeal] += 1
        elif hold.state == HoldState.WAITING:
            undecided[hold.appeal] += 1
    titles = _titles([*begun, *undecided])
    for appeal in {**begun, **undecided}:
        number = begun[appeal] or undecided[appeal]
        yield WaitingItem(
            icon="people",
            title=_("Held support: %(title)s") % {"title": titles[appeal.pk]},
            detail=_second_person(number) if begun[appeal] else _nobody_yet(number),
            url=reverse("campaigns:appeal_holds", args=[appeal.uuid]),
            action=_("Look at it"),
            urgent=bool(begun[appeal]),
        )


def _second_person(number: int) -> str:
    return ngettext(
        "%(count)s hold waits for a second person of another organisation.",
        "%(count)s holds wait for a second person of another organisation.",
        number,
    ) % {"count": number}


def _nobody_yet(number: int) -> str:
    return ngettext("%(count)s hold is not decided yet.", "%(count)s holds are not decided yet.", number) % {
        "count": number
    }


@only_if(appeals_with_old_counts)
def old_official_counts(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """Official petitions whose count is to be looked at again: two queries and those of the titles."""
    rows = list(appeals_with_old_counts(user).filter(workspace__in=workspaces_for(user, Right.PLAN)))
    titles = _titles(rows)
    for appeal in rows:
        as_of = appeal.official_as_of
        yield WaitingItem(
            icon="again",
            title=_("Count of the official petition: %(title)s") % {"title": titles[appeal.pk]},
            detail=_("Last typed in as of %(day)s.") % {"day": date_format(as_of, "DATE_FORMAT")}
            if as_of
            else _("Nobody has typed it in yet."),
            url=reverse("campaigns:appeal_official", args=[appeal.uuid]),
            action=_("Type it in"),
        )


@only_if(appeals_closing_soon)
def closing_soon(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """Appeals that close within a week, for those who can give them another day."""
    rows = list(appeals_closing_soon(user).filter(workspace__in=workspaces_for(user, Right.PUBLISH)))
    titles = _titles(rows)
    for appeal in rows:
        last = min(day for day in (appeal.closes_on, appeal.personal_data_until) if day is not None)
        yield WaitingItem(
            icon="clock",
            title=_("Closes soon: %(title)s") % {"title": titles[appeal.pk]},
            detail=_("It takes support until %(day)s.") % {"day": date_format(last, "DATE_FORMAT")},
            url=reverse("campaigns:appeal", args=[appeal.uuid]),
            action=_("Look at it"),
            due=make_aware(datetime.datetime.combine(last, datetime.time.max)),
        )


def _titles(appeals: Iterable[Appeal]) -> dict[int, str]:
    """Return the public title of the newest words by primary key of the appeal."""
    found = {appeal.pk: appeal.slug for appeal in appeals}
    newest: dict[int, AppealVersion] = {}
    for version in versions_with_texts(found):
        newest.setdefault(version.appeal_id, version)
    return found | {pk: version.publication.title for pk, version in newest.items()}
