"""How long what belongs to a table is stored."""

from django.db.models import Q
from django.utils.timezone import localdate

from coalition.campaigns.in_person.actions.codes import CODE_KEPT
from coalition.campaigns.in_person.models import Table, TableCode
from coalition.core.clock import now
from coalition.core.retention import (
    RetentionRule,
    anonymise_cutoff,
    days_ago,
    delete_in_batches,
    empty_in_batches,
)

PERMISSION_DAYS = 365  # after the table's day


def forget_codes() -> int:
    """Delete single-use codes that expired more than a day ago. Returns how many."""
    return delete_in_batches(TableCode.objects.filter(expires_at__lt=now() - CODE_KEPT))


def forget_permissions() -> int:
    """Empty who allowed old tables and how, and who prepared them. Numbers stay. Returns how many rows."""
    is_empty = Q(permission_by="", permission_words="", permission_file=None)
    old = Table.objects.filter(day__lt=localdate(days_ago(PERMISSION_DAYS))).exclude(is_empty)
    prepared = Table.objects.filter(created_at__lt=anonymise_cutoff(), created_by__isnull=False)
    emptied = empty_in_batches(old, permission_by="", permission_words="", permission_file=None)
    return emptied + empty_in_batches(prepared, created_by=None)


RULES = (
    RetentionRule(
        "campaigns.forget_table_codes",
        of="campaigns.TableCode: single-use codes, by hash",
        until="a day after they expire; only the number of used ones stays",
        forget=forget_codes,
    ),
    RetentionRule(
        "campaigns.forget_table_permissions",
        of="campaigns.Table: who owns the place, the permission, who prepared the table",
        until=f"{PERMISSION_DAYS} days after its day; who prepared it as long as persons in the audit log",
        forget=forget_permissions,
    ),
)
