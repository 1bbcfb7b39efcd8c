"""The secretariat says whom the coalition asks; an organisation says that its silence says nothing."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation, User
from coalition.accounts.rules import is_secretariat, represents
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.rules import NotAllowed
from documents.approval import topics
from documents.approval.models.approvers import AskingGroup, AskingRow, AskingSetting, SilenceDeclined
from documents.approval.models.rounds import Asked
from documents.drafts.enums import RoundState, Rule


@dataclass(frozen=True)
class Row:
    """What is said of one kind of text."""

    group: AskingGroup | None
    hours: int
    rule: Rule


def say_whom_to_ask(*, by: User, rows: Mapping[str, Row], allows_no_objection: bool) -> None:
    """Write the whole table. Raises NotAllowed for others than the secretariat; Refused where a row would
    let silence count and the coalition does not."""
    _check(by)
    if not allows_no_objection and any(row.rule == Rule.NO_OBJECTION for row in rows.values()):
        raise Refused(_("Silence counts for nothing here, so no kind of text can have that rule."))
    with transaction.atomic():
        AskingSetting.objects.update_or_create(pk=1, defaults={"allows_no_objection": allows_no_objection})
        for kind, row in rows.items():
            AskingRow.objects.update_or_create(
                kind=kind, defaults={"group": row.group, "hours": row.hours, "rule": row.rule}
            )
        _record(by, "asking.table_changed", by.uuid, allows_no_objection=allows_no_objection)


def keep_group(
    *, by: User, name: str, organisations: Collection[Organisation], group: AskingGroup | None = None
) -> AskingGroup:
    """Make a group of organisations, or change one. Raises NotAllowed, or Refused for a name that is taken
    and for a group without anybody."""
    _check(by)
    name = name.strip()
    if not organisations:
        raise Refused(_("Choose at least one organisation."))
    with transaction.atomic():
        taken = AskingGroup.objects.filter(name__iexact=name)
        if (taken.exclude(pk=group.pk) if group else taken).exists():
            raise Refused(_("There is a group of this name already."))
        kept = group or AskingGroup()
        kept.name = name
        kept.save()
        kept.organisations.set(organisations)
        chosen = sorted(str(one.uuid) for one in organisations)
        _record(by, "asking.group_changed", kept.uuid, organisations=chosen)
    return kept


def remove_group(*, by: User, group: AskingGroup) -> None:
    """Kinds of text that asked it ask every organisation of the workspace again."""
    _check(by)
    with transaction.atomic():
        _record(by, "asking.group_removed", group.uuid)
        group.delete()


def decline_silence(*, organisation: Organisation, person: User) -> None:
    """From now on, in open rounds and later ones, the organisation's silence is never counted.

    Raises NotAllowed for everyone but its representatives.
    """
    if not represents(person, organisation):
        raise NotAllowed
    with transaction.atomic():
        SilenceDeclined.objects.get_or_create(
            organisation=organisation, defaults={"person": person, "at": now()}
        )
        rows = _open_rows(organisation).filter(excluded_at=None)
        for asked in rows.select_for_update(of=("self",)):
            asked.excluded_at = now()
            asked.save(update_fields=["excluded_at"])
            topics.push(asked.round)
        log.record(
            "asking.silence_declined",
            actor=person,
            organisation=organisation.uuid,
            role="representative",
            target_kind="organisation",
            target=organisation.uuid,
        )


def _open_rows(organisation: Organisation) -> QuerySet[Asked]:
    return Asked.objects.filter(
        organisation=organisation, round__state=RoundState.OPEN, round__rule=Rule.NO_OBJECTION
    ).select_related("round")


def _check(by: User) -> None:
    if not is_secretariat(by):
        raise NotAllowed


def _record(by: User, action: str, target: UUID, **detail: Any) -> None:
    log.record(action, actor=by, role="secretariat", target_kind="asking", target=target, **detail)
