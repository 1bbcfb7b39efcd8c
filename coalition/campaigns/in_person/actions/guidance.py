"""What volunteers at every table of a workspace read."""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from coalition.audit import log
from coalition.campaigns.in_person.models import TableGuidance
from coalition.campaigns.in_person.permissions import may_write_guidance, require_that
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.localized_text import LocalizedText
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access


@dataclass(frozen=True)
class GuidanceContent:
    """The fields of `TableGuidance`."""

    legal_note: LocalizedText
    lawyer_name: str
    lawyer_role: str
    noted_on: datetime.date | None
    police_words: LocalizedText
    duty_telephone: str


def write_guidance(*, access: Access, content: GuidanceContent) -> TableGuidance:
    """Write the guidance of the workspace. Tables that are open show it at once.

    Raises NotAllowed; Refused for a note of a day to come.
    """
    require_that(may_write_guidance(access), _("Coordinators write what volunteers read."))
    if content.noted_on is not None and content.noted_on > localdate(now()):
        raise Refused(_("The note cannot be of a day to come."))
    with transaction.atomic():
        Workspace.objects.select_for_update().get(pk=access.workspace.pk)
        row = TableGuidance.objects.filter(workspace=access.workspace).first()
        row = row or TableGuidance(workspace=access.workspace)
        is_new = row.pk is None
        values = vars(content)
        changed = [name for name, value in values.items() if is_new or getattr(row, name) != value]
        for name in changed:
            setattr(row, name, values[name])
        if changed:
            row.changed_at = now()
            row.save()
            log.record_audit(
                "table.guidance_written",
                actor=access.user,
                organisation=access.organisation.uuid,
                role=access.role,
                target_kind="table",
                target=access.workspace.uuid,
                workspace=access.workspace.uuid,
                fields=changed,
            )
    return row
