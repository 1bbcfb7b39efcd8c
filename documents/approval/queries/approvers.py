"""The table of whom to ask: the only place where it comes from."""

from collections.abc import Collection

from django.db.models import QuerySet

from coalition.accounts.models import Organisation
from documents.approval.models.approvers import AskingGroup, AskingRow, AskingSetting, SilenceDeclined
from documents.drafts.enums import TextKind


def asking_table() -> list[AskingRow]:
    """One row a kind of text, as kept or as it is without anybody's saying: two queries at most."""
    kept = {row.kind: row for row in AskingRow.objects.select_related("group")}
    return [kept.get(kind) or AskingRow(kind=kind) for kind in TextKind.values]


def asking_for(kind: str) -> AskingRow | None:
    """The row for a kind of text, if the secretariat wrote one; its group's organisations in a query more."""
    rows = AskingRow.objects.select_related("group").prefetch_related("group__organisations")
    return rows.filter(kind=kind).first()


def asking_groups() -> QuerySet[AskingGroup]:
    return AskingGroup.objects.prefetch_related("organisations").order_by("name")


def allows_no_objection() -> bool:
    """Whether the coalition lets silence after notice stand beside approvals."""
    return AskingSetting.objects.filter(pk=1, allows_no_objection=True).exists()


def whose_silence_says_nothing(organisations: Collection[Organisation]) -> set[int]:
    rows = SilenceDeclined.objects.filter(organisation__in=organisations)
    return set(rows.values_list("organisation", flat=True))
