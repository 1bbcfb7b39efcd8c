"""Freezing an organisation, e.g. after a detention or the loss of a phone.

Any two coordinators of workspaces in which it takes part, or the secretariat alone, freeze it at
once; thawing takes any two of these people.
"""

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from coalition.accounts.actions.people import end_sessions
from coalition.accounts.models import Freeze, Organisation, User
from coalition.accounts.registry import notify_access_changed
from coalition.audit.log import record_audit
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.mail.links import absolute_url
from coalition.mail.outbox import queue_mail
from coalition.workspaces.actions import activity
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import NotAllowed, is_secretariat, may_freeze, represented_organisation
from coalition.workspaces.queries import coordinators_with


@transaction.atomic
def request_freeze(*, by: User, organisation: Organisation, reason: str) -> Freeze:
    """Request a freeze. In force at once from the secretariat, else when a second coordinator confirms.

    Raises Refused if the organisation is frozen or a freeze is requested already.
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
    _notify_other_deciders(freeze, by)
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
    freeze = _lock_freeze(by, freeze)
    if not freeze.in_force:
        raise Refused(_("This organisation is not frozen."))
    if freeze.thaw_asked_by_id is None:
        freeze.thaw_asked_by = by
        freeze.save(update_fields=["thaw_asked_by"])
        _record_freeze_audit("freeze.thaw_asked", freeze, by)
    return freeze


@transaction.atomic
def confirm_thaw(*, by: User, freeze: Freeze) -> Freeze:
    """End the freeze, as the second person; the organisation's people may sign in again."""
    freeze = _lock_freeze(by, freeze)
    if not freeze.in_force:
        raise Refused(_("This organisation is not frozen."))
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


def _people_of(organisation: Organisation) -> list[User]:
    return list(User.objects.filter(memberships__organisation=organisation, memberships__ended_at=None))


def _notify_other_deciders(freeze: Freeze, by: User) -> None:
    """Queue a mail to everyone who may confirm. It contains no names: mails are read on phones."""
    for person in coordinators_with(freeze.organisation).exclude(pk=by.pk):
        queue_mail(
            key=f"freeze-asked:{freeze.uuid}:{person.uuid}",
            template="workspaces/freeze_asked",
            language=person.language,
            person=person.uuid,
            context={
                "name": person.name,
                "button_url": absolute_url(reverse("workspaces:freeze", args=[freeze.uuid])),
            },
        )


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
