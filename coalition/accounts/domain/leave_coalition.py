"""An organisation leaves the coalition: its people's access ends, its record stays."""

from django.db import transaction
from django.utils.translation import gettext as _

from coalition.accounts import changes
from coalition.accounts.access import access_changed
from coalition.accounts.domain.sessions import recheck_sessions
from coalition.accounts.enums import OfficeKind
from coalition.accounts.models import Invitation, Mandate, Membership, Office, Organisation, User
from coalition.accounts.queries import active_offices
from coalition.accounts.rules import NotAllowed, represents
from coalition.audit import log as audit
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.mail import outbox
from coalition.mail.links import absolute


@transaction.atomic
def end_organisation(*, by: User, organisation: Organisation) -> Organisation:
    """Memberships, mandates, offices for it and open invitations end with it, in one moment.

    What it approved, accepted and answered stays on record. Raises NotAllowed but for a representative,
    Refused if it has left. Higher layers end what lies there (`access_changed`).
    """
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if row.left_at is not None:
        raise Refused(_("This organisation has left the coalition."))
    if not represents(by, row):
        raise NotAllowed
    moment = now()
    members = Membership.objects.filter(organisation=row, ended_at=None)
    people = list(User.objects.filter(memberships__in=members).distinct())
    Mandate.objects.filter(membership__in=members, revoked_at=None).update(revoked_at=moment)
    Office.objects.filter(organisation=row, ended_at=None).update(ended_at=moment)
    Invitation.objects.filter(organisation=row, accepted_at=None, revoked_at=None).update(revoked_at=moment)
    row.left_at = moment
    row.save(update_fields=["left_at"])
    Membership.objects.filter(organisation=row, ended_at=None).update(ended_at=moment)
    audit.record(
        "organisation.left_coalition",
        actor=by,
        target_kind="organisation",
        target=row.uuid,
        organisation=row.uuid,
        role="representative",
    )
    changes.tell(row)
    access_changed(people)
    recheck_sessions(people)
    _tell_secretariat(row)
    return row


def _tell_secretariat(organisation: Organisation) -> None:
    """A mail that names nobody: the list of organisations tells which."""
    for office in active_offices().filter(kind=OfficeKind.SECRETARIAT).select_related("person"):
        outbox.queue(
            key=f"left-coalition:{organisation.uuid}:{office.person.uuid}",
            template="partners/left_coalition",
            language=office.person.language,
            person=office.person.uuid,
            context={
                "name": office.person.get_short_name(),
                "code": organisation.code,
                "button_url": absolute("/workspaces/secretariat/workspaces/"),
            },
        )
