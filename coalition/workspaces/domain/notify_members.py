"""Telling members of organisations of a thing that belongs to no workspace, or to one in which they have no
seat: in a workspace of theirs, since a notification stands in one; who has a seat nowhere gets the mail."""

from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from coalition.accounts.models import Membership, Organisation, User
from coalition.workspaces.domain.notify import notify
from coalition.workspaces.models import Notification, Seat, Workspace
from coalition.workspaces.notifications import mails
from coalition.workspaces.queries import active_seats


def notify_members(
    *,
    members: Iterable[Membership],
    kind: str,
    actor: User | None,
    organisation: Organisation | None,
    subject_kind: str,
    subject: UUID,
    once: str,
    workspace: Workspace | None = None,
    **detail: Any,
) -> None:
    """Tell these members of something, in the caller's transaction; `person` of each is loaded.

    Each is told in `workspace` if they have a seat there, else in one in which they sit for the organisation
    of the membership, else in any; never in an archived one. Who has a seat nowhere is mailed at once, unless
    they want no mail. `actor` is not told. The rest as in `notify`, but that drafts need not be read. The
    subject has to be visible to members without a seat.

    Raises LookupError for a kind or a kind of subject that nobody has registered.
    """
    told = [one for one in members if one.person != actor]
    people = {one.person_id: one.person for one in told}
    places = _workspaces_of(told, workspace)
    for place, group in places.items():
        notify(
            people=[people[pk] for pk in group],
            kind=kind,
            workspace=place,
            actor=actor,
            organisation=organisation,
            subject_kind=subject_kind,
            subject=subject,
            needs_drafts=False,
            once=once,
            **detail,
        )
    seated = {pk for group in places.values() for pk in group}
    row = Notification(kind=kind, subject_kind=subject_kind, subject=subject, detail=detail)
    mails.write_without_inbox([people[pk] for pk in people.keys() - seated], row, once=once)


def _workspaces_of(
    members: Collection[Membership], preferred: Workspace | None
) -> dict[Workspace, list[int]]:
    """Return in which workspace each person (primary key) is told; who has a seat nowhere is in none."""
    memberships = {(one.person_id, one.organisation_id) for one in members}
    people = {one.person_id for one in members}
    seats = active_seats().filter(person__in=people, workspace__archived_at=None).select_related("workspace")

    def rank(seat: Seat) -> tuple[bool, bool, int]:
        return (
            preferred is None or seat.workspace_id != preferred.pk,
            (seat.person_id, seat.organisation_id) not in memberships,
            seat.pk,
        )

    best: dict[int, Workspace] = {}
    for seat in sorted(seats, key=rank):
        best.setdefault(seat.person_id, seat.workspace)
    found: dict[Workspace, list[int]] = {}
    for pk, workspace in best.items():
        found.setdefault(workspace, []).append(pk)
    return found
