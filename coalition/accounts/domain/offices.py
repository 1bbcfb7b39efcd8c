"""Offices that serve the whole coalition: secretariat, newsroom, press officer."""

from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext as _

from coalition.accounts.access import access_changed
from coalition.accounts.domain.sessions import recheck_sessions
from coalition.accounts.enums import OfficeKind
from coalition.accounts.models import Office, Organisation, User
from coalition.accounts.rules import NotAllowed, belongs_to, may_give_office
from coalition.audit import log as audit
from coalition.core.clock import now
from coalition.core.errors import Refused

NEWSROOM_GROUP = "Newsroom"  # its rights in Wagtail are given by the public site


@transaction.atomic
def give_office(
    *, by: User | None, person: User, kind: str, organisation: Organisation | None = None
) -> Office:
    """Give an office; giving it twice changes nothing. `by` None: the server's shell, for the first one.

    A press officer serves an organisation he or she belongs to. Raises NotAllowed and Refused.
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
    _record("office.given", by, office)
    access_changed([person])
    recheck_sessions([person])
    return office


@transaction.atomic
def end_office(*, by: User, office: Office) -> Office:
    """Take an office away. The secretariat keeps at least one person. Raises NotAllowed and Refused."""
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
    _record("office.ended", by, office)
    access_changed([office.person])
    recheck_sessions([office.person])
    return office


def _record(action: str, by: User | None, office: Office) -> None:
    audit.record(
        action,
        actor=by,
        target_kind="person",
        target=office.person.uuid,
        organisation=office.organisation.uuid if office.organisation else None,
        role=office.kind,
    )
