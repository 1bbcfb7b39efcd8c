"""Audit entries of the ledger of cards."""

from typing import Any

from coalition.audit import log
from coalition.campaigns.postcards.models import Batch
from coalition.workspaces.permissions import Access


def record_ledger_action(access: Access, batch: Batch, action: str, **detail: Any) -> None:
    """Write the audit entry in the caller's transaction. `detail` holds numbers and kinds; never a count
    that is not settled, since coordinators read the log and may be the second to count."""
    log.record_audit(
        action,
        actor=access.user,
        organisation=access.organisation.uuid,
        role=access.role,
        target_kind="postcard_batch",
        target=batch.uuid,
        workspace=access.workspace.uuid,
        number=batch.number,
        **detail,
    )
