"""Bodies: added, changed, archived and brought back."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.campaigns.core.days import site_today
from coalition.campaigns.core.records import record_action
from coalition.campaigns.recipients.models import Body
from coalition.campaigns.recipients.permissions import may_change_recipients
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from documents.drafts.permissions import require_that

BODY_FIELDS = ("kind", "name", "email", "address", "source", "as_of")


def add_body(*, access: Access, **fields: Any) -> Body:
    """Add a body. `fields`: values of `BODY_FIELDS`, of a valid form. Raises NotAllowed, and Refused for a
    day to come."""
    _require_right(access)
    _check_day(fields)
    with transaction.atomic():
        body = Body.objects.create(workspace=access.workspace, **fields)
        record_recipients(access, "body.added", body)
    return body


def change_body(*, access: Access, body: Body, **fields: Any) -> Body:
    """Change some of `BODY_FIELDS`. Source and day of a list that was imported come from the import. Raises
    NotAllowed, and Refused for a day to come."""
    _require_right(access)
    _check_day(fields)
    with transaction.atomic():
        locked = lock_body(access, body)
        if locked.revision:
            fields = {name: value for name, value in fields.items() if name not in {"source", "as_of"}}
        changed = sorted(name for name, value in fields.items() if getattr(locked, name) != value)
        for name in changed:
            setattr(locked, name, fields[name])
        if changed:
            locked.save(update_fields=changed)
            record_recipients(access, "body.changed", locked, fields=changed)
    return locked


def archive_body(*, access: Access, body: Body) -> None:
    """Offer a body and its people nowhere any more. Twice is one. Raises NotAllowed."""
    with transaction.atomic():
        locked = lock_body(access, body)
        if locked.archived_at is None:
            locked.archived_at = now()
            locked.save(update_fields=["archived_at"])
            record_recipients(access, "body.archived", locked)


def restore_body(*, access: Access, body: Body) -> None:
    """Offer it again. Twice is one. Raises NotAllowed."""
    with transaction.atomic():
        locked = lock_body(access, body)
        if locked.archived_at is not None:
            locked.archived_at = None
            locked.save(update_fields=["archived_at"])
            record_recipients(access, "body.restored", locked)


def lock_body(access: Access, body: Body) -> Body:
    """Return the body, locked until the transaction ends. Raises NotAllowed, DoesNotExist."""
    _require_right(access)
    return Body.objects.select_for_update().get(pk=body.pk, workspace=access.workspace)


def record_recipients(access: Access, action: str, body: Body, **detail: Any) -> None:
    """Write the audit entry in the caller's transaction."""
    record_action(access, action, target=body.uuid, target_kind="body", workspace=access.workspace, **detail)


def _require_right(access: Access) -> None:
    require_that(may_change_recipients(access), _("Those who plan events change recipients."))


def _check_day(fields: dict[str, Any]) -> None:
    day = fields.get("as_of")
    if day is not None and day > site_today():
        raise Refused(_("This day is still to come."))
