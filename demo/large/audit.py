"""Audit entries and activities of the large demo, written in bulk."""

import datetime
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from coalition.accounts.models import Organisation, User
from coalition.audit import log
from coalition.workspaces.models import Activity, Workspace

BATCH = 500


@dataclass(frozen=True, kw_only=True)
class RecordedAction:
    """One action to record. `readers`: the organisations whose people see the activity, None for everyone in
    the workspace."""

    action: str
    kind: str
    at: datetime.datetime
    author: tuple[User, Organisation, str]
    workspace: Workspace
    thing_kind: str
    thing: UUID
    audit_detail: dict[str, Any] = field(default_factory=dict)
    activity_detail: dict[str, Any] = field(default_factory=dict)
    readers: list[Organisation] | None = None
    needs_drafts: bool = True


def record_actions(done: list[RecordedAction]) -> None:
    """Write the audit entries and activities, oldest first."""
    ordered = sorted(done, key=lambda one: one.at)
    log.record_past_entries([_entry(one) for one in ordered])
    rows = Activity.objects.bulk_create([_activity(one) for one in ordered], batch_size=BATCH)
    admitted = Activity.restricted_to.through
    admitted.objects.bulk_create(
        admitted(activity_id=row.pk, organisation_id=organisation.pk)
        for row, one in zip(rows, ordered, strict=True)
        for organisation in one.readers or ()
    )


def _entry(one: RecordedAction) -> dict[str, Any]:
    person, organisation, role = one.author
    return {
        "at": one.at,
        "action": one.action,
        "actor": person,
        "organisation": organisation.uuid,
        "role": role,
        "target_kind": one.thing_kind,
        "target": one.thing,
        "workspace": one.workspace.uuid,
        "detail": one.audit_detail,
    }


def _activity(one: RecordedAction) -> Activity:
    person, organisation, _role = one.author
    return Activity(
        workspace=one.workspace,
        kind=one.kind,
        actor=person,
        organisation=organisation,
        subject_kind=one.thing_kind,
        subject=one.thing,
        detail=one.activity_detail,
        needs_drafts=one.needs_drafts,
        restricted=one.readers is not None,
        at=one.at,
    )
