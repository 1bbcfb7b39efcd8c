"""Creation of workspaces, participation of organisations, freezes.

Any two coordinators of workspaces in which it takes part, or the secretariat alone, freeze it at
once; thawing takes any two of these people.
"""

import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from coalition import live_push
from coalition.accounts.actions.memberships import end_sessions
from coalition.accounts.models import Freeze, Organisation, User
from coalition.accounts.naming import may_see_name, viewer_for
from coalition.accounts.permissions import is_secretariat
from coalition.accounts.queries import active_memberships
from coalition.accounts.registry import notify_access_changed
from coalition.audit.log import record_audit
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.mail.outbox import absolute_url, queue_mail
from coalition.roles import Right, SeatRole
from coalition.workspaces.actions import activity
from coalition.workspaces.actions.seats import require_coordinator, sync_grants
from coalition.workspaces.models import Participation, Seat, Workspace
from coalition.workspaces.permissions import Access, NotAllowed, may_freeze, represented_organisation, require
from coalition.workspaces.queries import coordinators_with, seats_in


@transaction.atomic
def create_workspace(
    *, by: User, title: str, coordinator: User, organisation: Organisation, purpose: str = ""
) -> Workspace:
    """Create a workspace with its first organisation and coordinator, named by the secretariat.

    Raises NotAllowed, or Refused if the coordinator is no member of the organisation.
    """
    if not is_secretariat(by):
        raise NotAllowed
    if not active_memberships(coordinator).filter(organisation=organisation).exists():
        raise Refused(_("The coordinator must be a member of the organisation."))
    workspace = Workspace.objects.create(title=title, purpose=purpose, created_by=by)
    Participation.objects.create(workspace=workspace, organisation=organisation)
    seat = Seat.objects.create(
        workspace=workspace,
        person=coordinator,
        organisation=organisation,
        role=SeatRole.COORDINATOR,
        given_by=by,
    )
    sync_grants(workspace)
    record_audit(
        "workspace.created",
        actor=by,
        target=workspace.uuid,
        organisation=organisation.uuid,
        workspace=workspace.uuid,
        coordinator_seat=str(seat.uuid),
    )
    activity.record_activity(
        "workspace_created",
        workspace=workspace,
        actor=by,
        organisation=None,
        needs_drafts=False,
    )
    live_push.recheck_sockets(user_ids=[coordinator.pk], reason="seat")
    return workspace


@transaction.atomic
def describe_workspace(*, access: Access, title: str, purpose: str) -> Workspace:
    """Change title and purpose. Nothing is written if both are unchanged."""
    require(access, Right.MANAGE)
    workspace = Workspace.objects.select_for_update().get(pk=access.workspace.pk)
    if (workspace.title, workspace.purpose) == (title, purpose):
        return workspace
    workspace.title, workspace.purpose = title, purpose
    workspace.save(update_fields=["title", "purpose"])
    _record_change(access, workspace, "workspace.described", "workspace_described")
    return workspace


@transaction.atomic
def archive_workspace(*, access: Access) -> Workspace:
    """Make the workspace read-only from now on. Idempotent."""
    return _set_archived(access, now(), "workspace.archived", "workspace_archived")


@transaction.atomic
def restore_workspace(*, access: Access) -> Workspace:
    """Restore a workspace (undo `archive_workspace`)."""
    return _set_archived(access, None, "workspace.taken_back", "workspace_taken_back")


def _set_archived(access: Access, at: datetime.datetime | None, action: str, kind: str) -> Workspace:
    if Right.MANAGE not in access.rights:  # not `require`, which blocks archived workspaces
        raise NotAllowed
    workspace = Workspace.objects.select_for_update().get(pk=access.workspace.pk)
    if (workspace.archived_at is None) != (at is None):
        workspace.archived_at = at
        workspace.save(update_fields=["archived_at"])
        _record_change(access, workspace, action, kind)
        here = seats_in(workspace).values_list("person", flat=True)
        live_push.recheck_sockets(user_ids=sorted(set(here)), reason="archive")  # write access has changed
    return workspace


def _record_change(access: Access, workspace: Workspace, action: str, kind: str) -> None:
    record_audit(
        action,
        actor=access.user,
        target=workspace.uuid,
        organisation=access.organisation.uuid,
        workspace=workspace.uuid,
        role=access.role,
    )
    activity.record_activity(
        kind, workspace=workspace, actor=access.user, organisation=access.organisation, needs_drafts=False
    )


@transaction.atomic
def add_organisation(*, access: Access, organisation: Organisation) -> Participation:
    """Add an organisation, as a coordinator. Everyone with a seat here then sees its name, so the
    coordinator must be allowed to see it."""
    require(access, Right.MANAGE)
    if not may_see_name(viewer_for(access.user), organisation):
        raise NotAllowed
    return _create_participation(
        access.workspace, organisation, by=access.user, acting_for=access.organisation
    )


@transaction.atomic
def add_organisation_as_secretariat(
    *, by: User, workspace: Workspace, organisation: Organisation
) -> Participation:
    """Add any organisation to any workspace, as the secretariat, without access to its content."""
    if not is_secretariat(by):
        raise NotAllowed
    return _create_participation(workspace, organisation, by=by, acting_for=None)


@transaction.atomic
def end_participation(*, access: Access, organisation: Organisation) -> Participation:
    """End the organisation's participation and seats; its approvals remain. Raises Refused if the
    workspace would be left without a coordinator."""
    if Right.MANAGE not in access.rights:
        raise NotAllowed
    workspace = Workspace.objects.select_for_update().get(pk=access.workspace.pk)
    held = Participation.objects.select_related("workspace", "organisation")
    participation = held.filter(workspace=workspace, organisation=organisation, ended_at=None).first()
    if participation is None:
        raise Refused(_("This organisation does not take part here."))
    seats = Seat.objects.filter(workspace=workspace, organisation=organisation, ended_at=None)
    require_coordinator(workspace, without=[seat.pk for seat in seats])
    people = [seat.person_id for seat in seats]
    participation.ended_at = now()
    participation.save(update_fields=["ended_at"])
    seats.update(ended_at=participation.ended_at)
    sync_grants(workspace)
    _record_participation("left", participation, by=access.user, acting_for=access.organisation)
    live_push.recheck_sockets(user_ids=people, reason="seat")
    return participation


@transaction.atomic
def end_all_participations(*, by: User, organisation: Organisation) -> list[Participation]:
    """End all participations of an organisation that leaves the coalition. The caller checks rights.

    A workspace may be left without a coordinator: the secretariat appoints one. Seats end with the
    memberships (`actions.seats.sync_seats`).
    """
    rows = Participation.objects.filter(organisation=organisation, ended_at=None).select_related(
        "workspace", "organisation"
    )
    ended = list(rows.select_for_update(of=("self",)).order_by("workspace_id"))
    for participation in ended:
        participation.ended_at = now()
        participation.save(update_fields=["ended_at"])
        _record_participation("left", participation, by=by, acting_for=organisation)
    return ended


def _create_participation(
    workspace: Workspace, organisation: Organisation, *, by: User, acting_for: Organisation | None
) -> Participation:
    Workspace.objects.select_for_update().get(pk=workspace.pk)
    if organisation.left_at:
        raise Refused(_("This organisation has left the coalition."))
    participation, created = Participation.objects.get_or_create(
        workspace=workspace, organisation=organisation, ended_at=None
    )
    if created:
        _record_participation("joined", participation, by=by, acting_for=acting_for)
    return participation


def _record_participation(
    what: str, participation: Participation, *, by: User, acting_for: Organisation | None
) -> None:
    """Record that the organisation has joined or left (`what`)."""
    record_audit(
        f"organisation.{what}",
        actor=by,
        target=participation.organisation.uuid,
        organisation=acting_for.uuid if acting_for else None,
        workspace=participation.workspace.uuid,
    )
    activity.record_activity(
        f"organisation_{what}",
        workspace=participation.workspace,
        actor=by,
        organisation=acting_for,
        needs_drafts=False,
        about=str(participation.organisation.uuid),
    )


@transaction.atomic
def request_freeze(*, by: User, organisation: Organisation, reason: str) -> Freeze:
    """Request a freeze. In force at once from the secretariat, else when a second coordinator confirms.

    Everyone who may confirm gets a mail. Raises Refused if the organisation is frozen or a freeze is
    requested already.
    """
    organisation = _lock_organisation(by, organisation)
    if Freeze.objects.filter(organisation=organisation, thawed_at=None).exists():
        raise Refused(_("A freeze of this organisation is asked for or in force already."))
    freeze = Freeze.objects.create(
        organisation=organisation,
        reason=reason,
        asked_by=by,
        asked_for=represented_organisation(by, organisation),
    )
    _record_freeze_audit("freeze.asked", freeze, by)
    if is_secretariat(by):
        return _activate_freeze(freeze, by)
    for person in coordinators_with(organisation).exclude(pk=by.pk):
        queue_mail(  # it contains no names: mails are read on phones
            key=f"freeze-asked:{freeze.uuid}:{person.uuid}",
            template="workspaces/freeze_asked",
            language=person.language,
            person=person.uuid,
            context={
                "name": person.name,
                "button_url": absolute_url(reverse("workspaces:freeze", args=[freeze.uuid])),
            },
        )
    return freeze


@transaction.atomic
def confirm_freeze(*, by: User, freeze: Freeze) -> Freeze:
    """Confirm as a second person: the freeze is in force. Idempotent."""
    freeze = _lock_freeze(by, freeze)
    if freeze.in_force:
        return freeze
    if freeze.thawed_at or freeze.asked_by_id == by.pk:
        raise NotAllowed(_("A second person has to confirm the freeze."))
    return _activate_freeze(freeze, by)


@transaction.atomic
def withdraw_freeze_request(*, by: User, freeze: Freeze) -> Freeze:
    """Withdraw the person's own request before it is confirmed."""
    freeze = _lock_freeze(by, freeze)
    if freeze.frozen_at or freeze.asked_by_id != by.pk:
        raise NotAllowed
    freeze.thawed_at, freeze.thawed_by = now(), by
    freeze.save(update_fields=["thawed_at", "thawed_by"])
    _record_freeze_audit("freeze.withdrawn", freeze, by)
    return freeze


@transaction.atomic
def request_thaw(*, by: User, freeze: Freeze) -> Freeze:
    """Request a thaw, as the first of two people."""
    freeze = _lock_freeze_in_force(by, freeze)
    if freeze.thaw_asked_by_id is None:
        freeze.thaw_asked_by = by
        freeze.save(update_fields=["thaw_asked_by"])
        _record_freeze_audit("freeze.thaw_asked", freeze, by)
    return freeze


@transaction.atomic
def confirm_thaw(*, by: User, freeze: Freeze) -> Freeze:
    """End the freeze, as the second person; the organisation's people may sign in again."""
    freeze = _lock_freeze_in_force(by, freeze)
    if freeze.thaw_asked_by_id is None or freeze.thaw_asked_by_id == by.pk:
        raise NotAllowed(_("Thawing takes two people: another one has to ask for it or confirm it."))
    freeze.thawed_at, freeze.thawed_by = now(), by
    freeze.save(update_fields=["thawed_at", "thawed_by"])
    _record_freeze_audit("freeze.thawed", freeze, by)
    notify_access_changed(_people_of(freeze.organisation))
    _record_freeze_activity("organisation_thawed", freeze)
    return freeze


def _activate_freeze(freeze: Freeze, by: User) -> Freeze:
    freeze.frozen_at, freeze.confirmed_by = now(), by
    freeze.save(update_fields=["frozen_at", "confirmed_by"])
    people = _people_of(freeze.organisation)
    _record_freeze_audit("freeze.in_force", freeze, by)
    _record_freeze_activity("organisation_frozen", freeze)
    notify_access_changed(people)
    end_sessions(people, reason="frozen")
    return freeze


def _lock_organisation(by: User, organisation: Organisation) -> Organisation:
    """Lock and return the organisation's row. Raises NotAllowed unless the person may freeze it."""
    if not may_freeze(by, organisation):
        raise NotAllowed
    return Organisation.objects.select_for_update().get(pk=organisation.pk)


def _lock_freeze(by: User, freeze: Freeze) -> Freeze:
    organisation = _lock_organisation(by, freeze.organisation)
    return Freeze.objects.select_related("organisation").get(pk=freeze.pk, organisation=organisation)


def _lock_freeze_in_force(by: User, freeze: Freeze) -> Freeze:
    freeze = _lock_freeze(by, freeze)
    if not freeze.in_force:
        raise Refused(_("This organisation is not frozen."))
    return freeze


def _people_of(organisation: Organisation) -> list[User]:
    return list(User.objects.filter(memberships__organisation=organisation, memberships__ended_at=None))


def _record_freeze_audit(action: str, freeze: Freeze, by: User) -> None:
    """Record in the audit log of every affected workspace, and once for the coalition.

    With the organisation represented: without it, its name could not be withheld from readers of the
    log who may not see it.
    """
    voice = represented_organisation(by, freeze.organisation)
    for workspace in [None, *_workspaces_of(freeze.organisation)]:
        record_audit(
            action,
            actor=by,
            target_kind="organisation",
            target=freeze.organisation.uuid,
            organisation=voice.uuid if voice else None,
            workspace=workspace.uuid if workspace else None,
            freeze=str(freeze.uuid),
        )


def _record_freeze_activity(kind: str, freeze: Freeze) -> None:
    """Write the activity without the actor, who may act under pressure: only the audit log has it."""
    for workspace in _workspaces_of(freeze.organisation):
        activity.record_activity(
            kind,
            workspace=workspace,
            actor=None,
            organisation=None,
            needs_drafts=False,
            about=str(freeze.organisation.uuid),
        )


def _workspaces_of(organisation: Organisation) -> list[Workspace]:
    return list(
        Workspace.objects.filter(
            participations__organisation=organisation, participations__ended_at=None, archived_at=None
        )
    )
