"""What of the ledger waits on the desk's first page: counts, and packets that are overdue."""

import datetime
from collections.abc import Iterable

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer
from coalition.campaigns.core.days import site_today
from coalition.campaigns.core.double_count import READ_BACK, has_two_organisations
from coalition.campaigns.postcards.ledger.models import CardCount, CardPacket, CardTally
from coalition.campaigns.postcards.ledger.notifications import address_of, batch_title
from coalition.campaigns.postcards.models import Batch
from coalition.roles import Right
from coalition.workspaces.dashboard import WaitingItem, only_if
from coalition.workspaces.models import Workspace
from coalition.workspaces.queries import open_workspaces_for, own_seats, workspaces_for


def tallies_waiting(user: User) -> QuerySet[CardTally]:
    """Open counts of open batches, in workspaces where the person has a seat, that wait for the person:
    counted by one other person, or by the person and another one who differ."""
    current = CardCount.objects.filter(tally=OuterRef("pk"), replaced_at=None)
    rows = CardTally.objects.filter(
        settled_at=None,
        batch__closed_at=None,
        batch__design__workspace__in=own_seats(user).values("workspace"),
    )
    counted = Count("entries", filter=Q(entries__replaced_at=None))
    own = Exists(current.filter(person=user))
    return rows.annotate(counted=counted).filter(Q(~own, counted=1) | Q(own, counted=2))


def packets_late(user: User) -> QuerySet[CardPacket]:
    """Packets whose day has passed, in workspaces where the person has a seat, of open batches."""
    return CardPacket.objects.filter(
        closed_at=None,
        due_on__lt=site_today(),
        batch__closed_at=None,
        batch__design__workspace__in=own_seats(user).values("workspace"),
    )


@only_if(tallies_waiting)
def counts_waiting(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """Counts for which a second person is waited for, and differences to settle, one line a batch. Those of
    one's own organisation alone only where no other one is in the region. Urgent: nobody is kept waiting
    overnight. Two queries more for each region in which one's own organisation has counted."""
    open_ones = open_workspaces_for(user).filter(pk__in=workspaces_for(user, Right.CREATE))
    own = dict[int, set[int]]()
    for workspace, organisation in own_seats(user).values_list("workspace", "organisation"):
        own.setdefault(workspace, set()).add(organisation)
    rows = tallies_waiting(user).filter(batch__design__workspace__in=open_ones)
    needs_two = dict[tuple[Workspace, str], bool]()
    counts = CardCount.objects.filter(tally=OuterRef("pk"), replaced_at=None)
    found = rows.annotate(
        differs=Exists(counts.filter(person=user)),
        first=counts.values("organisation")[:1],
        first_at=counts.values("at")[:1],
    )
    for tally in found.select_related("batch__design__workspace"):
        place = tally.batch.design.workspace, tally.batch.region
        if not tally.differs and not own.get(place[0].pk, set()) - {tally.first}:
            if place not in needs_two:
                needs_two[place] = has_two_organisations(*place)
            if needs_two[place]:
                continue
        yield _count_item(tally.batch, None if tally.differs else tally.first_at)


def _count_item(batch: Batch, counted_at: datetime.datetime | None) -> WaitingItem:
    """Return the line of a batch; `counted_at`: when the only count was given, None where two differ."""
    url = address_of(batch.uuid)
    if counted_at is None:
        return WaitingItem(
            icon="again",
            title=batch_title(batch),
            detail=_("Your count and that of the other person differ."),
            url=url,
            action=_("Settle it"),
            urgent=True,
        )
    return WaitingItem(
        icon="check",
        title=_("Cards of batch %(number)s wait for a second count")
        % {"number": f"{batch.design.slug} {batch.number}"},
        detail=_("One person has counted. Count them without asking for the number."),
        url=url,
        action=_("Count"),
        due=counted_at + READ_BACK,
        urgent=True,
    )


@only_if(packets_late)
def packets_overdue(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """Overdue packets that the person can take back, one line a design."""
    open_ones = open_workspaces_for(user)
    plans = Q(batch__design__workspace__in=workspaces_for(user, Right.PLAN))
    seats = own_seats(user).filter(workspace=OuterRef("batch__design__workspace"))
    is_own = Exists(seats.filter(organisation=OuterRef("batch__organisation")))
    creates = Q(batch__design__workspace__in=workspaces_for(user, Right.CREATE))
    rows = packets_late(user).filter(batch__design__workspace__in=open_ones)
    found = rows.filter(plans | (creates & Q(is_own))).order_by()
    by_design = found.values_list("batch__design__uuid", "batch__design__slug").annotate(late=Count("pk"))
    for design, slug, late in by_design.order_by(F("late").desc(), "batch__design__slug"):
        words = ngettext(
            "%(count)s packet of cards is overdue", "%(count)s packets of cards are overdue", late
        )
        yield WaitingItem(
            icon="clock",
            title=words % {"count": late},
            detail=slug,
            url=f"{reverse('campaigns:card_hand', args=[design])}#out",
            action=_("Take them back"),
        )
