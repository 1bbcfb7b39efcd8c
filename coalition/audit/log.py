"""The only writer of the audit log."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from coalition.audit.models import AuditEntry
from coalition.clock.now import now

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


def record(
    action: str,
    *,
    actor: "AbstractBaseUser | None",
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
