"""Who is here now: pages say so every half a minute, and who has not for 75 seconds is gone."""

from uuid import UUID

from django.db import transaction

from coalition import live
from coalition.core.clock import now
from coalition.workspaces.models import Presence, Workspace
from coalition.workspaces.queries import GONE_AFTER


def beat(user_id: int, workspace_uuid: str) -> None:
    """The person has the workspace open. Those who look at it are told when somebody comes.

    The caller has looked whether the person may be there.
    """
    moment = now()
    with transaction.atomic():
        workspace = Workspace.objects.get(uuid=UUID(workspace_uuid))
        present = Presence.objects.filter(workspace=workspace)
        present.filter(seen_at__lt=moment - GONE_AFTER).delete()
        _row, came = present.update_or_create(
            person_id=user_id, defaults={"seen_at": moment, "workspace": workspace}
        )
        if came:
            live.push(topic=f"here:{workspace.uuid}", last_id=int(moment.timestamp()))
