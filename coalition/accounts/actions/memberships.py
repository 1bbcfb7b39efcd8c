"""Memberships and their end; a person's language and time zone."""

import datetime
from collections.abc import Iterable
from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from coalition import live_push
from coalition.accounts.models import (
    Language,
    Mandate,
    Membership,
    MembershipRole,
    Office,
    OfficeKind,
    Organisation,
    User,
)
from coalition.accounts.permissions import (
    NotAllowed,
    belongs_to,
    may_end_membership,
    may_give_office,
    represents,
)
from coalition.accounts.queries import active_offices, has_access, representatives_of
from coalition.accounts.registry import notify_access_changed
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.mail import outbox
from coalition.mail.outbox import absolute_url


def set_language(*, person: User, language: str) -> User:
    """Set the language of pages and mails. Raises ValueError for a language that is not offered."""
    person.language = Language(language)
    person.save(update_fields=["language"])
    return person


@transaction.atomic
def change_person_details(*, person: User, name: str, language: str, time_zone: str, phone: str = "") -> User:
    """Change the person's own details; the address is changed elsewhere, since it must be verified."""
    person.name, person.language, person.time_zone = name.strip(), Language(language), time_zone
    person.phone = phone.strip()
    person.save(update_fields=["name", "language", "time_zone", "phone"])
    log.record_audit("person.changed", actor=person, target=person.uuid)
    return person


def mail_secretariat(*, about: str, template: str, address: str, **context: str) -> None:
    """Queue a mail to each person of the secretariat. `about`: beginning of its key; `address`: the path that
    its button opens."""
    for office in active_offices().filter(kind=OfficeKind.SECRETARIAT).select_related("person"):
        person = office.person
        outbox.queue_mail(
            key=f"{about}:{person.uuid}",
            template=template,
            language=person.language,
            person=person.uuid,
            context={"name": person.get_short_name(), "button_url": absolute_url(address), **context},
        )


@transaction.atomic
def end_sessions(people: Iterable[User], *, reason: str = "signed out") -> None:
    """End every session of these people at once: pages at the next request, sockets within a second.

    Sessions include the person's `session_round` in their hash. Therefore a session that made no
    request yet, and so is in no list, ends too.
    """
    users = {person.pk: person for person in people}
    if not users:
        return
    keys = list(UserSession.objects.filter(user__in=users).values_list("session_key", flat=True))
    Session.objects.filter(session_key__in=keys).delete()
    UserSession.objects.filter(session_key__in=keys).delete()
    User.objects.filter(pk__in=users).update(session_round=F("session_round") + 1)
    live_push.recheck_sockets(user_ids=list(users), reason=reason)


def sign_out_everywhere(*, person: User) -> None:
    """Sign the person out on every device, including this one."""
    with transaction.atomic():
        log.record_audit("person.signed_out_everywhere", actor=person, target=person.uuid)
        end_sessions([person])


def recheck_sessions(people: Iterable[User]) -> None:
    """End the sessions of people who lost access; recheck the others after rights were reduced."""
    people = list(people)
    gone = [person for person in people if not has_access(person)]
    end_sessions(gone, reason="no longer a member")
    live_push.recheck_sockets(
        user_ids=[person.pk for person in people if person not in gone], reason="rights changed"
    )


def recheck_deleted_session(sender: object, *, instance: Session, **_rest: Any) -> None:
    """Recheck open sockets of a session that was deleted, by sign-out or from another browser's list.
    A signal on the row, since Django and allauth end sessions in several ways.

    Expired sessions have no open sockets, and many are deleted together.
    """
    owner = instance.get_decoded().get(SESSION_KEY) if instance.expire_date > now() else None
    if owner is not None:
        live_push.recheck_sockets(user_ids=[int(owner)], reason="session ended")


@transaction.atomic
def end_membership(*, by: User, membership: Membership) -> Membership:
    """End it now, with the person's mandates and press office for this organisation.

    The person's approvals remain the organisation's. Raises NotAllowed, and Refused for the last
    representative. Idempotent.
    """
    if not may_end_membership(by, membership):
        raise NotAllowed
    membership = _lock_membership(membership)
    if membership.ended_at:
        return membership
    _require_other_representative(membership)
    moment = now()
    membership.ended_at = moment
    membership.save(update_fields=["ended_at"])
    membership.mandates.filter(revoked_at=None).update(revoked_at=moment)
    offices = Office.objects.filter(person=membership.person, organisation=membership.organisation)
    offices.filter(ended_at=None).update(ended_at=moment)
    _record_membership_audit("membership.ended", by, membership)
    notify_access_changed([membership.person])
    recheck_sessions([membership.person])
    return membership


@transaction.atomic
def change_role(*, by: User, membership: Membership, role: str) -> Membership:
    """Change a member's role (representative, alternate, member). Raises NotAllowed and Refused."""
    if not represents(by, membership.organisation):
        raise NotAllowed
    membership = _lock_membership(membership)
    if membership.ended_at:
        raise Refused(_("This person does not belong to the organisation any more."))
    if membership.role == role:
        return membership
    if role != MembershipRole.REPRESENTATIVE:
        _require_other_representative(membership)
    membership.role = MembershipRole(role)
    membership.save(update_fields=["role"])
    _record_membership_audit("membership.role_changed", by, membership)
    notify_access_changed([membership.person])
    recheck_sessions([membership.person])
    return membership


def _lock_membership(membership: Membership) -> Membership:
    """Return the row after locking its organisation: two representatives cannot leave concurrently."""
    Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    return Membership.objects.select_related("person", "organisation").get(pk=membership.pk)


def _require_other_representative(membership: Membership) -> None:
    if membership.role != MembershipRole.REPRESENTATIVE:
        return
    if not representatives_of(membership.organisation).exclude(pk=membership.pk).exists():
        raise Refused(
            _("An organisation keeps at least one representative. Make another member one first, then go on.")
        )


def _record_membership_audit(action: str, by: User, membership: Membership) -> None:
    log.record_audit(
        action,
        actor=by,
        target=membership.uuid,
        organisation=membership.organisation.uuid,
        role=membership.role,
    )


@transaction.atomic
def give_mandate(
    *,
    by: User,
    membership: Membership,
    subject: str,
    valid_from: datetime.datetime,
    valid_until: datetime.datetime,
) -> Mandate:
    """Let a member approve between two moments (aware), on one kind of text or all (`subject` empty).

    Their sessions are rechecked, since a mandate needs a second factor. Raises NotAllowed and Refused.
    """
    if not represents(by, membership.organisation):
        raise NotAllowed
    membership = Membership.objects.select_for_update().select_related("person").get(pk=membership.pk)
    if membership.ended_at:
        raise Refused(_("This person does not belong to the organisation any more."))
    if valid_until <= valid_from:
        raise Refused(_("The mandate ends before it begins. Choose a later last day."))
    if valid_until <= now():
        raise Refused(_("The mandate would already be over. Choose a later last day."))
    mandate = Mandate.objects.create(
        membership=membership, subject=subject, valid_from=valid_from, valid_until=valid_until, given_by=by
    )
    _record_mandate_audit("mandate.given", by, mandate)
    recheck_sessions([membership.person])
    return mandate


@transaction.atomic
def revoke_mandate(*, by: User, mandate: Mandate) -> Mandate:
    """Revoke the mandate now. Approvals given under it remain. Raises NotAllowed."""
    mandate = (
        Mandate.objects.select_for_update(of=("self",))
        .select_related("membership__organisation", "membership__person")
        .get(pk=mandate.pk)
    )
    if not represents(by, mandate.membership.organisation):
        raise NotAllowed
    if mandate.revoked_at is None:
        mandate.revoked_at = now()
        mandate.save(update_fields=["revoked_at"])
        _record_mandate_audit("mandate.revoked", by, mandate)
        recheck_sessions([mandate.membership.person])
    return mandate


def _record_mandate_audit(action: str, by: User, mandate: Mandate) -> None:
    log.record_audit(
        action,
        actor=by,
        target=mandate.uuid,
        organisation=mandate.membership.organisation.uuid,
        subject=mandate.subject,
        until=mandate.valid_until.isoformat(),
    )


NEWSROOM_GROUP = "Newsroom"  # its Wagtail permissions are granted by the public site


@transaction.atomic
def give_office(
    *, by: User | None, person: User, kind: str, organisation: Organisation | None = None
) -> Office:
    """Give an office. Idempotent. `by` None: from the server's shell, for the first one.

    A press officer must belong to the organisation. Raises NotAllowed and Refused.
    """
    if by is not None and not may_give_office(by, kind, organisation):
        raise NotAllowed
    person = User.objects.select_for_update().get(pk=person.pk)
    if kind == OfficeKind.PRESS_OFFICER and (organisation is None or not belongs_to(person, organisation)):
        raise Refused(_("A press officer belongs to the organisation. Invite this person into it first."))
    office = Office.objects.filter(person=person, kind=kind, ended_at=None).first()
    if office is not None:
        return office
    office = Office.objects.create(
        person=person, kind=kind, organisation=organisation if kind == OfficeKind.PRESS_OFFICER else None
    )
    if kind == OfficeKind.NEWSROOM:
        person.groups.add(Group.objects.get_or_create(name=NEWSROOM_GROUP)[0])
    _record_office_audit("office.given", by, office)
    notify_access_changed([person])
    recheck_sessions([person])
    return office


@transaction.atomic
def end_office(*, by: User, office: Office) -> Office:
    """End an office. The secretariat keeps at least one person. Raises NotAllowed and Refused."""
    list(Office.objects.select_for_update().filter(kind=office.kind, ended_at=None))
    office = Office.objects.select_related("person", "organisation").get(pk=office.pk)
    if not may_give_office(by, office.kind, office.organisation):
        raise NotAllowed
    if office.ended_at:
        return office
    others = Office.objects.filter(kind=office.kind, ended_at=None).exclude(pk=office.pk)
    if office.kind == OfficeKind.SECRETARIAT and not others.exists():
        raise Refused(_("The secretariat keeps at least one person. Give someone else the office first."))
    office.ended_at = now()
    office.save(update_fields=["ended_at"])
    if office.kind == OfficeKind.NEWSROOM:
        office.person.groups.remove(*Group.objects.filter(name=NEWSROOM_GROUP))
    _record_office_audit("office.ended", by, office)
    notify_access_changed([office.person])
    recheck_sessions([office.person])
    return office


def _record_office_audit(action: str, by: User | None, office: Office) -> None:
    log.record_audit(
        action,
        actor=by,
        target_kind="person",
        target=office.person.uuid,
        organisation=office.organisation.uuid if office.organisation else None,
        role=office.kind,
    )
