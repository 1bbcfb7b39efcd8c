"""The running sums of supports: changes are written one by one, and added up every few seconds.

Whoever confirms writes a row of their own (`SupportChange`), so that nobody waits for a row that everybody
changes. What is shown is the sum of the totals and of the changes that no total holds yet: it is true at
every moment.
"""

import datetime
import logging
from collections import Counter
from collections.abc import Collection
from typing import Final
from uuid import UUID

from django.db import IntegrityError, connection, transaction
from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from coalition.audit import log
from coalition.audit.models import AuditEntry
from coalition.campaigns.appeals.enums import SupportState
from coalition.campaigns.appeals.models import Appeal, AppealVersion, Support, SupportChange, SupportTotal
from coalition.campaigns.core.suppression import full_tens
from coalition.workspaces.models import Workspace

BATCH_SIZE: Final = 2000  # changes in one transaction
DIFFERS: Final = "appeal.count_differs"  # in the audit log

type Key = tuple[int, str, str, int | None]  # version, region, language, referral code
_KEY: Final = ("version", "region", "language", "referral")

logger = logging.getLogger(__name__)


def change_of(row: Support, difference: int) -> SupportChange:
    """Return the unsaved change of the totals that this row makes."""
    return SupportChange(
        version_id=row.version_id,
        region=row.region,
        language=row.language,
        referral_id=row.referral_id,
        difference=difference,
    )


def count_of(version: AppealVersion) -> int:
    """How many support these words now. One query."""
    return _count_of_first(AppealVersion.objects.filter(pk=version.pk)) or 0


def count_of_appeal(appeal: UUID) -> int | None:
    """How many support the newest words of an appeal that was opened; None if there is none. One query."""
    rows = AppealVersion.objects.filter(appeal__uuid=appeal, appeal__opened_at__isnull=False)
    return _count_of_first(rows.order_by("-number"))


def _count_of_first(versions: QuerySet[AppealVersion]) -> int | None:
    totals = SupportTotal.objects.filter(version=OuterRef("pk")).order_by().values("version")
    changes = SupportChange.objects.filter(version=OuterRef("pk")).order_by().values("version")
    counted = versions.annotate(
        count=Coalesce(Subquery(totals.annotate(sum=Sum("count")).values("sum")), 0)
        + Coalesce(Subquery(changes.annotate(sum=Sum("difference")).values("sum")), 0)
    )
    found = counted.values_list("count", flat=True).first()
    return None if found is None else int(found)


def counts_by_region(version: AppealVersion) -> dict[str, int]:
    """How many support these words in each region, without what was not added up yet. One query."""
    rows = SupportTotal.objects.filter(version=version).order_by().values_list("region")
    return {region: count for region, count in rows.annotate(sum=Sum("count")) if count}


def counts_by_code(appeals: Collection[UUID]) -> dict[int, int]:
    """How many supports each referral code (primary key) brought to these appeals, without what was not added
    up yet. One query."""
    rows = SupportTotal.objects.filter(version__appeal__uuid__in=appeals, referral__isnull=False)
    counted = rows.order_by().values_list("referral").annotate(sum=Sum("count"))
    return {code: count for code, count in counted if code is not None}


def credited_by_region(workspace: Workspace) -> dict[tuple[int, str], int]:
    """How many supports the codes of an organisation brought in a region, over the workspace's appeals, in
    full tens: (primary key of the organisation, region code) → number. One query."""
    rows = SupportTotal.objects.filter(version__appeal__workspace=workspace, referral__isnull=False)
    counted = rows.order_by().values_list("referral__organisation", "region").annotate(sum=Sum("count"))
    return {
        (organisation, region): full_tens(number)
        for organisation, region, number in counted
        if organisation is not None and number > 0
    }


def add_up_changes() -> int:
    """Add what changed to the totals and delete the changes. Returns how many.

    Two workers may do it at once: each takes changes that the other has not locked.
    """
    added = 0
    while True:
        try:
            some = _add_up_some()
        except IntegrityError:  # another worker made the row of a total at this moment: it is there now
            some = _add_up_some()
        added += some
        if some < BATCH_SIZE:
            return added


def _add_up_some() -> int:
    skips = connection.features.has_select_for_update_skip_locked
    with transaction.atomic():
        rows = list(SupportChange.objects.select_for_update(skip_locked=skips).order_by("pk")[:BATCH_SIZE])
        sums: Counter[Key] = Counter()
        for row in rows:
            sums[row.version_id, row.region, row.language, row.referral_id] += row.difference
        # In one order, so that two workers never wait for each other in a circle.
        for key in sorted(sums, key=lambda one: (*one[:3], one[3] or 0)):
            _add(key, sums[key])
        SupportChange.objects.filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


def _add(key: Key, difference: int) -> None:
    version, region, language, referral = key
    same = SupportTotal.objects.filter(version=version, region=region, language=language, referral=referral)
    if not same.update(count=F("count") + difference):
        SupportTotal.objects.create(
            version_id=version,
            region=region,
            language=language,
            referral_id=referral,
            count=difference,
        )


def recount() -> int:
    """Compare the totals with the rows of who supports, as the work of a night. Returns how many differ.

    What differs stands in the audit log and the log of the server. Nothing is put right by itself: a
    difference is a fault, and whoever finds it has to see it. Appeals whose personal data have ended have no
    rows to compare.
    """
    differing = _differences()
    for (version, region, language, referral), difference in differing.items():
        appeal = Appeal.objects.select_related("workspace").get(versions=version)
        logger.error("the count of appeal %s differs from its rows by %d", appeal.uuid, difference)
        log.record_audit(
            DIFFERS,
            actor=None,
            target_kind="appeal",
            target=appeal.uuid,
            workspace=appeal.workspace.uuid,
            region=region,
            language=language,
            code=referral,
            difference=difference,
        )
    return len(differing)


def differences_found(since: datetime.datetime) -> int:
    """How many differences recounts found after this moment. One query."""
    return AuditEntry.objects.filter(action=DIFFERS, at__gt=since).count()


def _differences() -> dict[Key, int]:
    """By how much the sums are more than the rows, where they are not equal.

    One statement, so that all three are read at the same moment while others write.
    """
    versions = AppealVersion.objects.filter(appeal__personal_data_ended_at=None).order_by()
    mine = {"version__in": versions.values("pk")}
    totals = SupportTotal.objects.filter(**mine).order_by().values_list(*_KEY)
    changes = SupportChange.objects.filter(**mine).order_by().values_list(*_KEY)
    rows = Support.objects.filter(state=SupportState.COUNTED, **mine).order_by().values_list(*_KEY)
    parts = totals.annotate(sum=Sum("count")).union(
        changes.annotate(sum=Sum("difference")), rows.annotate(sum=-Count("pk")), all=True
    )
    found: Counter[Key] = Counter()
    for version, region, language, referral, number in parts.order_by():
        found[version, region, language, referral] += number
    return {key: value for key, value in found.items() if value}
