"""Writing what happened, and telling open pages."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db import transaction

from coalition import live_push
from coalition.accounts.models import Organisation, User
from coalition.core.clock import now
from coalition.workspaces.models import Activity, Presence, Workspace
from coalition.workspaces.queries import GONE_AFTER

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable


def record_activity(
    kind: str,
    *,
    workspace: Workspace,
    actor: User | None,
    organisation: Organisation | None,
    subject_kind: str = "",
    subject: UUID | None = None,
    needs_drafts: bool = True,
    restricted_to: "Iterable[Organisation] | None" = None,
    named_people: "Iterable[User] | None" = None,
    **detail: Any,
) -> Activity:
    """Write one activity in the caller's transaction; listeners are told its id after the commit.

    `restricted_to` and `named_people`: if given, only people of these organisations, and only these people,
    hear of it. `detail` holds no names of organisations: they are filled in for each reader.
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
    subjects: "Collection[UUID]",
    organisations: "Collection[Organisation] | None",
    people: "Collection[User] | None",
) -> None:
    """Let what was told of things before be heard by these only; None means no limit of that sort.

    In the caller's transaction, whenever the things themselves are restricted or opened.
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


def anonymise_activity_actors(*, subject: UUID, kinds: "Collection[str]") -> None:
    """Of these kinds, let what was told of a thing name the organisation and no person any more."""
    Activity.objects.filter(subject=subject, kind__in=kinds).update(actor=None)


def anonymise_activity_person(person: UUID) -> int:
    """What was told of this person (a seat given, a seat ended) names nobody; returns how often it did."""
    rows = [row for row in Activity.objects.exclude(detail={}) if str(person) in row.detail.values()]
    for row in rows:
        row.detail = {name: value for name, value in row.detail.items() if value != str(person)}
        row.save(update_fields=["detail"])
    return len(rows)


# --- presence ---
# Who is here now: pages say so every half a minute, and who has not for 75 seconds is gone.


def record_presence(user_id: int, workspace_uuid: str) -> None:
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
            live_push.push_topic(topic=f"here:{workspace.uuid}", last_id=int(moment.timestamp()))
