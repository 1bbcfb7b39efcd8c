"""What the platform counts by itself: public facts alone, so that every reader reads the same.

All sources are one query, a union: a page costs as much with one source as with fifteen.
"""

import datetime
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, TruncDate
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Listing
from coalition.campaigns.appeals.models import SupportTotal
from coalition.campaigns.asks.enums import AskStatus
from coalition.campaigns.asks.models import AskStep
from coalition.campaigns.core.days import site_today
from coalition.campaigns.impact.enums import CountedItem, Rung
from coalition.campaigns.impact.models import Grant, GrantItem
from coalition.campaigns.in_person.counting.models import Tally
from coalition.campaigns.letters.board.models import OfficialLetter
from coalition.campaigns.letters.models import LetterDay
from coalition.campaigns.media_package.models import MediaItem, TakenFile
from coalition.campaigns.postcards.ledger.enums import MoveKind
from coalition.campaigns.postcards.ledger.models import CardMove
from coalition.core.clock import now
from coalition.workspaces.models import Workspace
from documents.drafts.models import PublicationState
from documents.publication.models import Publication, PublicationName
from events.core.queries import public_events
from events.exhibitions.visitors.models import VisitorTick
from events.press.coverage.models import Coverage, CoverageState, Proof

type Source = Callable[[Workspace], QuerySet[Any]]


@dataclass(frozen=True)
class Computed:
    """A figure that is counted here. `rows(workspace)`: what is counted; `organisation`, `day`, `item`: paths
    of a row to who did it, to the local day, and to the UUID of the `kind` that a grant pays; `value`: what
    is added up. `day` None: it is known as it stands now, and not since when. `ended`: path to the day since
    which it is not so any more."""

    code: str
    rung: Rung
    label: str | Promise
    method: str | Promise
    kind: CountedItem
    rows: Source
    value: Any
    item: str = "uuid"
    organisation: Any = "organisation"
    day: Any = None
    ended: str = ""
    of_people: bool = False


@dataclass(frozen=True)
class ComputedValue:
    """What one organisation (None: none) reached. `as_of`: of the newest counted row, if it has a day."""

    code: str
    organisation: int | None
    value: int
    as_of: datetime.date | None


def _local_day(path: str) -> TruncDate:
    return TruncDate(path, tzinfo=timezone.get_default_timezone())


def _publications(workspace: Workspace) -> QuerySet[Any]:
    """With the moment of the first publication of the text (`first_at`), and who published it if its name
    stands in public under this text (`public_organisation`)."""
    of_the_text = Publication.objects.filter(draft=OuterRef("draft"), published_at__isnull=False)
    names = PublicationName.objects.filter(
        publication=OuterRef("pk"),
        organisation=OuterRef("organisation"),
        listing=Listing.PUBLIC,
        taken_off_at=None,
    )
    return Publication.objects.filter(
        draft__workspace=workspace, state=PublicationState.PUBLIC, replaced_by=None
    ).annotate(
        first_at=Subquery(of_the_text.order_by("published_at").values("published_at")[:1]),
        public_organisation=Case(When(Exists(names), then=F("organisation"))),
    )


def _events(workspace: Workspace) -> QuerySet[Any]:
    return public_events().filter(workspace=workspace, cancelled_at=None, ends_at__lt=now())


def _media_items(workspace: Workspace) -> QuerySet[Any]:
    return MediaItem.objects.filter(
        package__workspace=workspace,
        package__published_at__isnull=False,
        removed_at=None,
        renditions__released_at__isnull=False,
    )


def _official_letters(workspace: Workspace) -> QuerySet[Any]:
    return OfficialLetter.objects.filter(
        action__workspace=workspace, action__opened_at__isnull=False, withdrawn_at=None
    )


def _cards(kind: MoveKind) -> Source:
    def rows(workspace: Workspace) -> QuerySet[Any]:
        return CardMove.objects.filter(
            batch__design__workspace=workspace,
            batch__design__published_at__isnull=False,
            kind=kind,
            reverses=None,
            reversed_by=None,
        )

    return rows


def _coverage(proof: Proof | None = None) -> Source:
    def rows(workspace: Workspace) -> QuerySet[Any]:
        found = Coverage.objects.filter(workspace=workspace, state=CoverageState.COUNTED, removed_at=None)
        return found if proof is None else found.filter(proof=proof)

    return rows


def _visitors(workspace: Workspace) -> QuerySet[Any]:
    return VisitorTick.objects.filter(event__in=public_events().filter(workspace=workspace).order_by())


def _taken_files(workspace: Workspace) -> QuerySet[Any]:
    return TakenFile.objects.filter(
        link__package__workspace=workspace, link__package__published_at__isnull=False
    )


def _supports(workspace: Workspace) -> QuerySet[Any]:
    return SupportTotal.objects.filter(
        version__appeal__workspace=workspace, version__appeal__opened_at__isnull=False
    )


def _tallies(workspace: Workspace) -> QuerySet[Any]:
    return Tally.objects.filter(workspace=workspace, settled_at__isnull=False, dropped_at=None)


def _letters(workspace: Workspace) -> QuerySet[Any]:
    return LetterDay.objects.filter(action__workspace=workspace, action__opened_at__isnull=False)


def _asks(*statuses: AskStatus) -> Source:
    later = AskStep.objects.filter(ask=OuterRef("ask"), pk__gt=OuterRef("pk"), undone_at=None)

    def rows(workspace: Workspace) -> QuerySet[Any]:
        found = AskStep.objects.filter(
            ask__workspace=workspace,
            ask__removed_at=None,
            ask__appeal__opened_at__isnull=False,
            undone_at=None,
            status__in=statuses,
        )
        return found.annotate(ended_on=Subquery(later.order_by("on").values("on")[:1]))

    return rows


COMPUTED: Final[tuple[Computed, ...]] = (
    Computed(
        "publications",
        Rung.OUTPUT,
        _("Published texts"),
        _("Texts that organisations approved and that are public now; a corrected text counts once."),
        CountedItem.PUBLICATION,
        _publications,
        Count("pk"),
        item="draft__uuid",
        organisation="public_organisation",
        day=_local_day("first_at"),
    ),
    Computed(
        "events",
        Rung.OUTPUT,
        _("Public events that took place"),
        _("Events that everybody was invited to, without those that were cancelled."),
        CountedItem.EVENT,
        _events,
        Count("pk"),
        day="ends_on",
    ),
    Computed(
        "media_items",
        Rung.OUTPUT,
        _("Items of media packages"),
        _("Items with a file that outlets can take."),
        CountedItem.MEDIA_ITEM,
        _media_items,
        Count("pk", distinct=True),
        organisation="package__organisation",
        day=_local_day("renditions__released_at"),
    ),
    Computed(
        "official_letters",
        Rung.OUTPUT,
        _("Official letters of organisations"),
        _("Letters with an outgoing number, entered by those who sent them."),
        CountedItem.LETTERS,
        _official_letters,
        Count("pk"),
        item="action__uuid",
        day="sent_on",
    ),
    Computed(
        "cards_printed",
        Rung.OUTPUT,
        _("Postcards printed"),
        _("From the ledger of the cards."),
        CountedItem.POSTCARDS,
        _cards(MoveKind.PRINTED),
        Sum("quantity"),
        item="batch__design__uuid",
        day="day",
    ),
    Computed(
        "coverage",
        Rung.REACH,
        _("Publications and airings in the media"),
        _("Entries that the press desk looked at; the same link counts once."),
        CountedItem.COVERAGE,
        _coverage(),
        Count("pk"),
        day="on",
    ),
    Computed(
        "reach_measured",
        Rung.REACH,
        _("People reached, as outlets measured it"),
        _("Sum of what outlets measured. One person may be in several numbers."),
        CountedItem.COVERAGE,
        _coverage(Proof.MEASURED),
        Sum("reach"),
        day="on",
    ),
    Computed(
        "reach_counter",
        Rung.REACH,
        _("Views on public counters"),
        _("Sum of what public counters showed. One person may be in several numbers."),
        CountedItem.COVERAGE,
        _coverage(Proof.COUNTER),
        Sum("reach"),
        day="on",
    ),
    Computed(
        "visitors",
        Rung.REACH,
        _("Visitors of exhibitions"),
        _("Counted at the entrance, with corrections."),
        CountedItem.EVENT,
        _visitors,
        Sum("number"),
        item="event__uuid",
        organisation="event__organisation",
        day="on",
    ),
    Computed(
        "files_taken",
        Rung.REACH,
        _("Files that outlets took"),
        _("Files of media packages taken by the link of an outlet, each once for each outlet."),
        CountedItem.MEDIA_ITEM,
        _taken_files,
        Count("pk"),
        item="rendition__item__uuid",
        organisation="link__package__organisation",
        day="day",
    ),
    Computed(
        "supports",
        Rung.ACTION,
        _("People who support an appeal online"),
        _("Confirmed by mail, each mailbox once, since the appeal was opened. In full tens."),
        CountedItem.APPEAL,
        _supports,
        Sum("count"),
        item="version__appeal__uuid",
        organisation="referral__organisation",
        of_people=True,
    ),
    Computed(
        "in_person",
        Rung.ACTION,
        _("People who support an appeal in person"),
        _("On paper and at tables, counted by two people of two organisations. In full tens."),
        CountedItem.APPEAL,
        _tallies,
        Sum("count"),
        item="version__appeal__uuid",
        day=_local_day("settled_at"),
        of_people=True,
    ),
    Computed(
        "letters",
        Rung.ACTION,
        _("Letters that people say they sent"),
        _("Declared by those who wrote them. In full tens."),
        CountedItem.LETTERS,
        _letters,
        Sum("count"),
        item="action__uuid",
        organisation="referral__organisation",
        day="day",
        of_people=True,
    ),
    Computed(
        "cards_delivered",
        Rung.ACTION,
        _("Postcards delivered"),
        _("Filled in, counted by two people and handed over against a receipt. In full tens."),
        CountedItem.POSTCARDS,
        _cards(MoveKind.DELIVERED),
        Sum("quantity"),
        item="batch__design__uuid",
        organisation="batch__organisation",
        day="day",
        of_people=True,
    ),
    Computed(
        "asks_moved",
        Rung.CHANGE,
        _("Demands taken up or in a draft law"),
        _("Each with its evidence on the page of the asks."),
        CountedItem.ASK,
        _asks(AskStatus.TAKEN_UP, AskStatus.DRAFT_LAW),
        Count("pk"),
        item="ask__uuid",
        organisation="ask__organisation",
        day="on",
        ended="ended_on",
    ),
    Computed(
        "asks_adopted",
        Rung.CHANGE,
        _("Demands adopted, in full or in part"),
        _("Each with its evidence on the page of the asks."),
        CountedItem.ASK,
        _asks(AskStatus.ADOPTED, AskStatus.PARTLY_ADOPTED),
        Count("pk"),
        item="ask__uuid",
        organisation="ask__organisation",
        day="on",
        ended="ended_on",
    ),
)
BY_CODE: Final[Mapping[str, Computed]] = {one.code: one for one in COMPUTED}


def computed_values(
    workspace: Workspace,
    *,
    grant: Grant | None = None,
    since: datetime.date | None = None,
    until: datetime.date | None = None,
) -> Iterator[ComputedValue]:
    """Return what is counted, by figure and organisation. One query.

    `since`, `until`: only what is of these days. What has no day of its own counts only where neither leaves
    anything out: from the beginning until today.
    """
    is_whole = since is None and (until is None or until >= site_today())
    parts = [
        _part(one, workspace, grant, since, until) for one in COMPUTED if one.day is not None or is_whole
    ]
    rows = parts[0].union(*parts[1:], all=True).order_by()
    for code, organisation, value, as_of in rows:
        if value:
            yield ComputedValue(code, organisation, value, as_of)


def _part(
    one: Computed,
    workspace: Workspace,
    grant: Grant | None,
    since: datetime.date | None,
    until: datetime.date | None,
) -> QuerySet[Any]:
    rows = one.rows(workspace).order_by()
    if grant is not None:
        paid = GrantItem.objects.filter(grant=grant, kind=one.kind).order_by()
        rows = rows.filter(**{f"{one.item}__in": paid.values("item")})
    if one.ended:
        rows = rows.filter(Q(**{f"{one.ended}__gt": until or site_today()}) | Q(**{one.ended: None}))
    day: Any = Value(site_today(), DateField())
    if one.day is not None:
        rows = rows.annotate(of_day=F(one.day) if isinstance(one.day, str) else one.day)
        rows = rows.filter(of_day__gte=since) if since is not None else rows
        rows = rows.filter(of_day__lte=until) if until is not None else rows
        day = Max("of_day")
    rows = rows.annotate(
        code=Value(one.code, CharField()), of=Cast(F(one.organisation), IntegerField())
    ).values("code", "of")
    return rows.annotate(
        total=Cast(Coalesce(one.value, 0), BigIntegerField()), newest=Cast(day, DateField())
    ).values_list("code", "of", "total", "newest")
