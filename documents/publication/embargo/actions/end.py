"""Embargo accesses that end: taken back one by one, by outlet, or with the contact they belong to."""

from uuid import UUID

from django.db import transaction

from coalition.core.clock import now
from coalition.mail import outbox
from coalition.workspaces.rules import Access
from documents.contacts.models import Contact
from documents.drafts.permissions import may_offer_embargo, may_put_to_approval, require_that
from documents.publication.embargo.audit import feed_mail_key, keep_access, mail_key
from documents.publication.embargo.models import EmbargoAccess, EmbargoFeed
from documents.publication.models.publication import Publication


def revoke(*, access: Access, embargo: EmbargoAccess) -> EmbargoAccess:
    """Take an access back: its link opens nothing from this moment. Twice is one. Raises NotAllowed without
    the right or for another organisation's contact."""
    with transaction.atomic():
        rows = EmbargoAccess.objects.select_for_update(of=("self",)).select_related(
            "publication__round__draft"
        )
        locked = rows.get(pk=embargo.pk)
        own = locked.organisation_id == access.organisation.pk
        require_that(own and may_offer_embargo(access, locked.publication.round.draft))
        if locked.revoked_at is None:
            _end(locked)
            keep_access(access, locked, "embargo.revoked")
    return locked


def revoke_outlet(*, access: Access, publication: Publication, outlet: UUID) -> int:
    """Take back what the people of an outlet have of this publication, whoever brought them: who coordinates
    answers for the text and need not learn who they are. How many ended. Raises NotAllowed."""
    require_that(may_put_to_approval(access, publication.round.draft))
    people = list(Contact.objects.filter(outlet__uuid=outlet).values_list("uuid", flat=True))
    with transaction.atomic():
        rows = EmbargoAccess.objects.select_for_update(of=("self",)).select_related(
            "publication__round__draft__workspace"
        )
        ended = list(rows.filter(publication=publication, contact__in=people, revoked_at=None))
        for one in ended:
            _end(one)
            keep_access(access, one, "embargo.revoked")
    return len(ended)


def end_accesses_of(contact: UUID) -> None:
    """End every access of a contact, in the caller's transaction."""
    for one in EmbargoAccess.objects.select_for_update().filter(contact=contact, revoked_at=None):
        _end(one)


def end_feeds_of(contact: UUID) -> None:
    """End the calendar of a contact and the mail that would tell its address, in the caller's transaction."""
    EmbargoFeed.objects.filter(contact=contact, ended_at=None).update(ended_at=now())
    outbox.take_back(about=feed_mail_key(contact))


def _end(embargo: EmbargoAccess) -> None:
    embargo.revoked_at = now()
    embargo.save(update_fields=["revoked_at"])
    outbox.take_back(about=mail_key(embargo))
