"""The audit entries of tables."""

from typing import Any

from coalition.audit import log
from coalition.campaigns.in_person.models import Table
from coalition.workspaces.permissions import Access


def record_table_action(access: Access | None, table: Table, action: str, **detail: Any) -> None:
    """Write the audit entry in the caller's transaction. `access`: None for what a volunteer did by the link,
    who is nobody by name. `detail` holds numbers and names of fields only."""
    log.record_audit(
        action,
        actor=access.user if access is not None else None,
        organisation=access.organisation.uuid if access is not None else table.organisation.uuid,
        role=access.role if access is not None else "",
        target_kind="table",
        target=table.uuid,
        workspace=table.workspace.uuid,
        **detail,
    )
