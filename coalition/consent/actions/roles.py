"""Representatives appoint caseworkers and lawyers, and hand records over."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Membership, Organisation, User
from coalition.audit import log
from coalition.consent.actions.records import notify_items, record_consent_audit
from coalition.consent.enums import ConsentRoleKind
from coalition.consent.models import ConsentRecord, ConsentRole
from coalition.consent.notifications import mail_about_role
from coalition.consent.permissions import (
    is_caseworker,
    may_be_given_role,
    may_hand_over,
    may_manage_roles,
    require_that,
)
from coalition.core.clock import now
from coalition.core.errors import Refused


def give_consent_role(
    *, by: User, organisation: Organisation, person: User, kind: ConsentRoleKind
) -> ConsentRole:
    """Appoint a member of the organisation. Raises NotAllowed for anybody but its representatives; Refused
    for a person of another organisation, and for one who has the role."""
    require_that(may_manage_roles(by, organisation))
    if not may_be_given_role(person, organisation):
        raise Refused(_("Only people of your organisation can have this role."))
    try:
        with transaction.atomic():
            role = ConsentRole.objects.create(
                organisation=organisation, person=person, kind=kind, given_at=now(), given_by=by
            )
            _record("consent_role.given", by, role)
    except IntegrityError as error:
        raise Refused(_("This person has the role already.")) from error
    return role


def end_consent_role(*, by: User, role: ConsentRole) -> None:
    """End a role at once. Nothing of a caseworker's records is shown until they are handed over. The person
    gets a mail."""
    require_that(may_manage_roles(by, role.organisation))
    with transaction.atomic():
        locked = ConsentRole.objects.select_for_update(of=("self",)).select_related("person").get(pk=role.pk)
        if locked.ended_at is None:
            _end(locked, by)
            if locked.kind == ConsentRoleKind.CASEWORKER:
                mail_about_role(locked.person, key=f"role:{locked.uuid}", what="role_ended")


def follow_access(people: Iterable[User]) -> None:
    """End roles of people who left the organisation for good: who comes back has to be appointed again.

    Called in the transaction that changed people's access.
    """
    persons = [person.pk for person in people]
    open_membership = Membership.objects.filter(
        person=OuterRef("person"), organisation=OuterRef("organisation"), ended_at=None
    )
    rows = ConsentRole.objects.filter(~Exists(open_membership), person__in=persons, ended_at=None)
    for role in rows.select_related("organisation"):
        _end(role, None)
    for consent in ConsentRecord.objects.filter(caseworker__in=persons, withdrawn_at=None):
        notify_items(consent)


def _end(role: ConsentRole, by: User | None) -> None:
    role.ended_at = now()
    role.save(update_fields=["ended_at"])
    for consent in ConsentRecord.objects.filter(caseworker=role.person_id, organisation=role.organisation_id):
        notify_items(consent)
    _record("consent_role.ended", by, role)


def hand_over_record(*, by: User, consent: ConsentRecord, to: User, contact: str) -> None:
    """Give a record to another caseworker of the same centre: by its caseworker, or by a representative once
    the caseworker has left or lost the role. The former one gets a mail. `contact`: how to reach the new one.

    Raises NotAllowed for anybody else; Refused if the other person is no caseworker there.
    """
    with transaction.atomic():
        rows = ConsentRecord.objects.select_for_update(of=("self",)).select_related(
            "organisation", "caseworker"
        )
        locked = rows.get(pk=consent.pk)
        require_that(may_hand_over(by, locked))
        if not is_caseworker(to, locked.organisation):
            raise Refused(_("Choose a caseworker of the same centre."))
        if to == locked.caseworker:
            raise Refused(_("This person is the record's caseworker already."))
        if locked.caseworker is not None:
            key = f"{locked.uuid}:handed:{now():%Y%m%d%H%M%S}"
            mail_about_role(locked.caseworker, key=key, what="handed_over")
        locked.caseworker, locked.contact = to, contact
        locked.save(update_fields=["caseworker", "contact"])
        notify_items(locked)
        record_consent_audit("consent.handed_over", by, locked)


def _record(action: str, by: User | None, role: ConsentRole) -> None:
    log.record_audit(
        action, actor=by, organisation=role.organisation.uuid, target=role.uuid, kind=str(role.kind)
    )
