"""Which publications are verified now, and which are off the site."""

import datetime
import math
from collections.abc import Collection
from typing import Final

from django.db.models import F, Q, QuerySet

from documents.publication.models import Publication
from documents.publication.verification.findings import Finding, from_json
from documents.publication.verification.models import PublicationCheck, TakenOff

BATCH: Final = 50  # publications that are loaded and compared at once
RECENT: Final = datetime.timedelta(days=7)
RUNS_FOR_ALL: Final = 20  # hourly runs in which every publication has its turn: within a day, with room


def published_ever() -> QuerySet[Publication]:
    """Publications with a place in the chain, whatever their state says."""
    return Publication.objects.filter(number__isnull=False)


def due_for_check(moment: datetime.datetime) -> list[int]:
    """Primary keys in the order in which they are verified in this hour's run. Three queries.

    First those that became public or were withdrawn in the last days, those with an open finding and those
    off the site; then those that were verified longest ago, so many that all have their turn within a day.
    """
    published = published_ever()
    hot = (
        Q(published_at__gte=moment - RECENT)
        | Q(withdrawn_at__gte=moment - RECENT)
        | Q(last_check__finding_count__gt=0)
        | Q(taken_off__isnull=False)
    )
    first = list(published.filter(hot).order_by("pk").values_list("pk", flat=True))
    share = max(BATCH, math.ceil(published.count() / RUNS_FOR_ALL))
    rest = published.exclude(pk__in=published.filter(hot).values("pk"))
    oldest = rest.order_by(F("last_check__checked_at").asc(nulls_first=True), "pk")
    return [*first, *oldest.values_list("pk", flat=True)[:share]]


def taken_off_among(publications: Collection[int]) -> frozenset[int]:
    """Those of these publications (primary keys) that are off the site."""
    rows = TakenOff.objects.filter(publication__in=publications)
    return frozenset(rows.values_list("publication", flat=True))


def open_findings(publication: Publication) -> list[Finding]:
    """What the last verification of a publication found."""
    stored = (
        PublicationCheck.objects.filter(publication=publication).values_list("findings", flat=True).first()
    )
    return from_json(publication.pk, stored or [])


def taken_off_since(publication: Publication) -> datetime.datetime | None:
    """Since when a publication is off the site while it is checked; None if it is not."""
    return TakenOff.objects.filter(publication=publication).values_list("since", flat=True).first()
