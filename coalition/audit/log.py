"""Writing, labels and retention of the audit log."""

import datetime
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalition.audit.models import AuditEntry
from coalition.core.clock import now
from coalition.core.retention import anonymise_cutoff, delete_in_batches, empty_in_batches

if TYPE_CHECKING:
    from coalition.accounts.models import User

NOBODY = UUID(int=0)  # replaces the target of an old entry about a person


def record_audit(
    action: str,
    *,
    actor: "User | None",
    target: UUID,
    target_kind: str = "",
    organisation: UUID | None = None,
    workspace: UUID | None = None,
    role: str = "",
    **detail: Any,
) -> AuditEntry:
    """Write one entry in the caller's transaction. `detail` must not contain names to be withheld.

    `target_kind`: by default the first part of the action, such as `seat` of `seat.given`.
    """
    return AuditEntry.objects.create(
        at=now(),
        actor=actor,
        organisation=organisation,
        role=role,
        action=action,
        target_kind=target_kind or action.partition(".")[0],
        target=target,
        workspace=workspace,
        detail=detail,
    )


def record_past_entries(entries: Iterable[Mapping[str, Any]]) -> None:
    """Write many entries of earlier actions (fields of AuditEntry): only for the demo's invented history."""
    AuditEntry.objects.bulk_create([AuditEntry(**one) for one in entries], batch_size=500)


def audit_details(action: str, *, targets: Iterable[UUID]) -> list[dict[str, Any]]:
    """Return the details of all entries of this action on these targets. One query."""
    rows = AuditEntry.objects.filter(action=action, target__in=list(targets))
    return list(rows.values_list("detail", flat=True))


def erase_entries(*, actors: Iterable[UUID], workspaces: Iterable[UUID]) -> None:
    """Delete entries of the demo's invented people and workspaces."""
    people = list(actors)
    theirs = Q(actor__uuid__in=people) | Q(target__in=people) | Q(workspace__in=list(workspaces))
    AuditEntry.objects.filter(theirs).delete()


def delete_old_entries(action: str, *, before: datetime.datetime) -> int:
    """Delete entries of one action older than `before`: only for actions so frequent that the log would
    reveal more than accountability requires. Returns how many."""
    return delete_in_batches(AuditEntry.objects.filter(action=action, at__lt=before))


def anonymise_old_entries() -> int:
    """Erase people from entries older than `AUDIT_PERSON_MONTHS`; organisation and role stay.

    Returns how many lost their actor or target. People in the detail and people who are targets are
    erased with the actor.
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
    """Erase this person from all entries, when their account is deleted. Returns how many.

    Call it before the account is deleted, in the same transaction. Organisation, role and time stay.
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


type ActionLabel = str | Promise

_action_labels: dict[str, ActionLabel] = {
    "workspace.created": _("Workspace opened"),
    "workspace.described": _("Title or purpose changed"),
    "workspace.archived": _("Workspace archived"),
    "workspace.taken_back": _("Workspace taken back from the archive"),
    "organisation.joined": _("Organisation brought in"),
    "organisation.left": _("Organisation left"),
    "seat.given": _("Seat given"),
    "seat.changed": _("Seat changed"),
    "seat.taken": _("Seat taken away"),
    "freeze.asked": _("Freeze asked for"),
    "freeze.in_force": _("Organisation frozen"),
    "freeze.withdrawn": _("Freeze no longer asked for"),
    "freeze.thaw_asked": _("Thaw asked for"),
    "freeze.thawed": _("Organisation thawed"),
}


def register_actions(words: Mapping[str, ActionLabel]) -> None:
    """Register labels of the actions that a higher layer records."""
    _action_labels.update(words)


def action_label(action: str) -> str:
    """Return the label of the action in the active language; its code if none is registered."""
    return str(_action_labels.get(action, action))
