"""Recording of activities and notification of open pages."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.db import transaction

from coalition import live_push
from coalition.accounts.models import Organisation, User
from coalition.core.clock import now
from coalition.workspaces.models import Activity, Notification, Presence, Workspace
from coalition.workspaces.queries import GONE_AFTER


def record_activity(
    kind: str,
    *,
    workspace: Workspace,
    actor: User | None,
    organisation: Organisation | None,
    subject_kind: str = "",
    subject: UUID | None = None,
    needs_drafts: bool = True,
    restricted_to: Iterable[Organisation] | None = None,
    named_people: Iterable[User] | None = None,
    **detail: Any,
) -> Activity:
    """Write one activity in the caller's transaction; listeners get its id after the commit.

    `restricted_to` and `named_people`: if given, only people of these organisations, and only these
    people, can see it. `detail` contains no names of organisations: they are filled in for each reader.
    """
    row = Activity.objects.create(
        workspace=workspace,
        kind=kind,
        actor=actor,
        organisation=organisation,
        subject_kind=subject_kind,
        subject=subject,
        detail=detail,
        needs_drafts=needs_drafts,
        restricted=restricted_to is not None,
        named_only=named_people is not None,
        at=now(),
    )
    if restricted_to is not None:
        row.restricted_to.set(restricted_to)
    if named_people is not None:
        row.named_people.set(named_people)
    live_push.push_topic(topic=f"workspace:{workspace.uuid}", last_id=row.pk)
    return row


def restrict_activity(
    *,
    subjects: Collection[UUID],
    organisations: Collection[Organisation] | None,
    people: Collection[User] | None,
) -> None:
    """Restrict earlier activities about these subjects to these readers; None means no limit.

    In the caller's transaction, whenever the subjects themselves are restricted or opened.
    """
    rows = Activity.objects.filter(subject__in=subjects)
    rows.update(restricted=organisations is not None, named_only=people is not None)
    pks = list(rows.values_list("pk", flat=True))
    admitted, named = Activity.restricted_to.through, Activity.named_people.through
    admitted.objects.filter(activity__in=pks).delete()
    named.objects.filter(activity__in=pks).delete()
    admitted.objects.bulk_create(
        admitted(activity_id=pk, organisation_id=one.pk) for pk in pks for one in organisations or ()
    )
    named.objects.bulk_create(named(activity_id=pk, user_id=one.pk) for pk in pks for one in people or ())


def anonymise_activity_actors(*, subject: UUID, kinds: Collection[str]) -> None:
    """Erase the actors of these kinds of activities about a subject; the organisation stays."""
    Activity.objects.filter(subject=subject, kind__in=kinds).update(actor=None)


def anonymise_person(person: UUID) -> int:
    """Erase this person from activities and notifications of others about them (a seat given, a seat
    ended). Returns how many."""
    found: list[Activity | Notification] = [*Activity.objects.exclude(detail={})]
    found += Notification.objects.exclude(detail={})
    rows = [row for row in found if str(person) in row.detail.values()]
    for row in rows:
        row.detail = {name: value for name, value in row.detail.items() if value != str(person)}
        row.save(update_fields=["detail"])
    return len(rows)


def record_presence(user_id: int, workspace_uuid: str) -> None:
    """Record that the person has the workspace open. Its viewers are notified of new arrivals.

    The caller has checked access.
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
            live_push.push_topic(topic=f"here:{workspace.uuid}", last_id=int(moment.timestamp()))
