"""How a person wants to be told."""

import datetime
from collections.abc import Collection

from django.db import transaction

from coalition.accounts.models import User
from coalition.workspaces.enums import MailMode
from coalition.workspaces.models import MutedWorkspace, NotificationSettings, Workspace
from coalition.workspaces.notifications.deliver import plan_mail
from coalition.workspaces.queries import workspaces_for


@transaction.atomic
def change(
    *,
    person: User,
    mail: MailMode,
    digest_hour: int,
    quiet: tuple[datetime.time, datetime.time] | None,
    urgent_passes: bool,
    muted: Collection[Workspace],
) -> NotificationSettings:
    """Keep the person's wishes. What waits to be mailed follows the new ones.

    `quiet`: from and until, on the wall of the person's zone. `muted`: workspaces about which the person is
    neither written to nor woken, of those they have a seat in.
    """
    begins, ends = quiet or (None, None)
    kept, _new = NotificationSettings.objects.update_or_create(
        person=person,
        defaults={
            "mail": mail,
            "digest_hour": digest_hour,
            "quiet_from": begins,
            "quiet_to": ends,
            "urgent_passes": urgent_passes,
        },
    )
    own = workspaces_for(person).filter(pk__in=[one.pk for one in muted])
    MutedWorkspace.objects.filter(person=person).exclude(workspace__in=own).delete()
    MutedWorkspace.objects.bulk_create(
        [MutedWorkspace(person=person, workspace=one) for one in own], ignore_conflicts=True
    )
    plan_mail(person)
    return kept
