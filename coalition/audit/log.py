"""The only writer of the audit log."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q

from coalition.audit.models import AuditEntry
from coalition.core.clock import now
from coalition.core.retention import anonymise_cutoff, delete_in_batches, empty_in_batches

if TYPE_CHECKING:
    from coalition.accounts.models import User


NOBODY = UUID(int=0)  # the target of an old entry about a person


def record_audit(
    action: str,
    *,
    actor: "User | None",
    target_kind: str,
    target: UUID,
    organisation: UUID | None = None,
    workspace: UUID | None = None,
    role: str = "",
    **detail: Any,
) -> AuditEntry:
    """Write one entry in the caller's transaction. `detail` must hold no names that may be withheld."""
    return AuditEntry.objects.create(
        at=now(),
        actor=actor,
        organisation=organisation,
        role=role,
        action=action,
        target_kind=target_kind,
        target=target,
        workspace=workspace,
        detail=detail,
    )


@dataclass(frozen=True, kw_only=True)
class PastEntry:
    """One entry of something that was done before, with the fields of `record`."""

    at: datetime.datetime
    action: str
    actor: "User"
    target_kind: str
    target: UUID
    organisation: UUID
    workspace: UUID
    role: str
    detail: dict[str, Any] = field(default_factory=dict)


def record_past_entries(entries: Iterable[PastEntry]) -> None:
    """Write many entries of earlier moments at once: only for the demo, whose history is invented."""
    AuditEntry.objects.bulk_create([AuditEntry(**vars(one)) for one in entries], batch_size=500)


def audit_targets(action: str, *, actors: Iterable[UUID]) -> list[UUID]:
    """What these people did the action to."""
    rows = AuditEntry.objects.filter(action=action, actor__uuid__in=list(actors))
    return list(rows.values_list("target", flat=True))


def audit_details(action: str, *, targets: Iterable[UUID]) -> list[dict[str, Any]]:
    """The details of every entry of this action on these targets. One query."""
    rows = AuditEntry.objects.filter(action=action, target__in=list(targets))
    return list(rows.values_list("detail", flat=True))


def erase_entries(*, actors: Iterable[UUID], workspaces: Iterable[UUID]) -> None:
    """Delete entries: only for the demo, whose people and workspaces never were."""
    people = list(actors)
    theirs = Q(actor__uuid__in=people) | Q(target__in=people) | Q(workspace__in=list(workspaces))
    AuditEntry.objects.filter(theirs).delete()


def delete_old_entries(action: str, *, before: datetime.datetime) -> int:
    """Delete entries of one action that are older than `before`: only for what happens so often that the log
    would tell more than who answers for what. Returns how many."""
    return delete_in_batches(AuditEntry.objects.filter(action=action, at__lt=before))


def anonymise_old_entries() -> int:
    """Entries older than `AUDIT_PERSON_MONTHS` keep organisation and role, and name nobody.

    Returns how many lost their actor or their target. People mentioned in the detail, and those to whom
    something was done, go with the actor.
    """
    old = AuditEntry.objects.filter(at__lt=anonymise_cutoff())
    forgotten = empty_in_batches(old.filter(actor__isnull=False), actor=None)
    for entry in old.filter(detail__has_key="person"):
        del entry.detail["person"]
        entry.save(update_fields=["detail"])
    return forgotten + empty_in_batches(
        old.filter(target_kind="person").exclude(target=NOBODY), target=NOBODY
    )


def anonymise_audit_person(person: UUID) -> int:
    """No entry names this person any more, however young: for an account that goes. Returns how many did.

    Call it before the account is deleted, in the same transaction. Organisation, role and moment stay.
    """
    own = AuditEntry.objects.filter(actor__uuid=person)
    about = AuditEntry.objects.filter(target_kind="person", target=person)
    mentioned = [
        entry for entry in AuditEntry.objects.exclude(detail={}) if str(person) in entry.detail.values()
    ]
    found = {entry.pk for entry in [*own, *about, *mentioned]}
    for entry in mentioned:
        entry.detail = {name: value for name, value in entry.detail.items() if value != str(person)}
        entry.save(update_fields=["detail"])
    about.update(target=NOBODY)
    own.update(actor=None)
    return len(found)
