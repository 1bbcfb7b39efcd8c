"""How long addresses for corrections are kept, and who sent notices and recorded answers."""

import datetime
from typing import Final

from django.db.models import Max, OuterRef, Q, QuerySet, Subquery

from coalition.applicants.flow import DAYS_UNPROVED, delete_unproved
from coalition.audit.models import AuditEntry
from coalition.campaigns.media_package.enums import AddressState
from coalition.campaigns.media_package.models import CorrectionAddress, ItemNotice, MediaPackage, NoticeAnswer
from coalition.core.retention import (
    RetentionRule,
    anonymise_cutoff,
    days_ago,
    delete_in_batches,
    empty_in_batches,
)

DAYS_AFTER_CLOSING: Final = 365


def forget_addresses() -> int:
    """Delete addresses that nobody confirmed, and all of packages closed for a year. Returns how many."""
    cutoff = days_ago(DAYS_AFTER_CLOSING)
    closed = CorrectionAddress.objects.filter(package__in=_closed_before(cutoff).values("pk"))
    return delete_unproved(CorrectionAddress, state=AddressState.UNPROVED) + delete_in_batches(closed)


def forget_people() -> int:
    """Forget who sent a notice and who recorded an answer. Returns how many rows."""
    cutoff = anonymise_cutoff()
    sent = ItemNotice.objects.filter(sent_at__lt=cutoff, sent_by__isnull=False)
    answered = NoticeAnswer.objects.filter(answered_at__lt=cutoff, answered_by__isnull=False)
    return empty_in_batches(sent, sent_by=None) + empty_in_batches(answered, answered_by=None)


def _closed_before(cutoff: datetime.datetime) -> QuerySet[MediaPackage]:
    """Packages whose page was closed before, and those of workspaces archived before. The page has no time of
    closing: the audit log has it."""
    entries = AuditEntry.objects.filter(action="media_package.unpublished", target=OuterRef("uuid"))
    last = entries.order_by().values("target").annotate(last=Max("at")).values("last")
    archived = Q(workspace__archived_at__lt=cutoff)
    rows = MediaPackage.objects.annotate(closed_at=Subquery(last))
    return rows.filter(Q(published_at=None, closed_at__lt=cutoff) | archived)


ADDRESSES_RULE = RetentionRule(
    name="campaigns.forget_correction_addresses",
    of="campaigns.CorrectionAddress: who left an address for corrections",
    until=f"unproved {DAYS_UNPROVED} days; {DAYS_AFTER_CLOSING} days after the package closed; on request",
    forget=forget_addresses,
)
PEOPLE_RULE = RetentionRule(
    name="campaigns.forget_notice_people",
    of="campaigns.ItemNotice.sent_by, campaigns.NoticeAnswer.answered_by",
    until="AUDIT_PERSON_MONTHS",
    forget=forget_people,
)
