"""Queries for publications due for verification, and those off the site."""

import datetime
import math
from collections.abc import Collection
from typing import Final

from django.db.models import F, Q, QuerySet

from documents.publication.models import Publication
from documents.publication.verification.findings import Finding, findings_from_json
from documents.publication.verification.models import PublicationCheck, TakenOff

BATCH_SIZE: Final = 50  # publications loaded and compared at once
RECENT: Final = datetime.timedelta(days=7)
RUNS_FOR_ALL: Final = 20  # hourly runs that cover every publication: within a day, with a margin


def published_ever() -> QuerySet[Publication]:
    """Return publications with a position in the chain, whatever their state."""
    return Publication.objects.filter(number__isnull=False)


def due_for_check(moment: datetime.datetime) -> list[int]:
    """Return primary keys in the order of verification in this hour's run. Three queries.

    First those published or withdrawn in the last days, those with an open finding and those off
    the site; then those verified longest ago, as many as needed to cover all within a day.
    """
    published = published_ever()
    hot = (
        Q(published_at__gte=moment - RECENT)
        | Q(withdrawn_at__gte=moment - RECENT)
        | Q(last_check__finding_count__gt=0)
        | Q(taken_off__isnull=False)
    )
    first = list(published.filter(hot).order_by("pk").values_list("pk", flat=True))
    share = max(BATCH_SIZE, math.ceil(published.count() / RUNS_FOR_ALL))
    rest = published.exclude(pk__in=published.filter(hot).values("pk"))
    oldest = rest.order_by(F("last_check__checked_at").asc(nulls_first=True), "pk")
    return [*first, *oldest.values_list("pk", flat=True)[:share]]


def offline_among(publications: Collection[int]) -> frozenset[int]:
    """Return those of these publications (primary keys) that are off the site."""
    rows = TakenOff.objects.filter(publication__in=publications)
    return frozenset(rows.values_list("publication", flat=True))


def open_findings(publication: Publication) -> list[Finding]:
    """Return the findings of a publication's last verification."""
    stored = (
        PublicationCheck.objects.filter(publication=publication).values_list("findings", flat=True).first()
    )
    return findings_from_json(publication.pk, stored or [])


def offline_since(publication: Publication) -> datetime.datetime | None:
    """Return since when a publication is off the site during verification; None if it is not."""
    return TakenOff.objects.filter(publication=publication).values_list("since", flat=True).first()
