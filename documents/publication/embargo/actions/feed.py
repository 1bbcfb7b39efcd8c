"""The calendar of embargoes of somebody of an outlet: its address leaves by mail to them, and no other way.

Whoever holds a link to one text could otherwise make themselves an address that tells of the next ones too.
"""

import datetime
import secrets

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.tokens import hash_token
from coalition.mail import outbox
from coalition.mail.links import absolute
from coalition.workspaces.rules import Access
from documents.contacts.actions import keep_contact
from documents.contacts.models import Contact
from documents.drafts.enums import EmbargoAct
from documents.drafts.permissions import may_offer_embargo, may_serve_press, require_that
from documents.publication.embargo.actions.access import NoSuchAccess, use_embargo
from documents.publication.embargo.actions.end import end_feeds_of
from documents.publication.embargo.audit import feed_mail_key
from documents.publication.embargo.models import EmbargoAccess, EmbargoFeed

PAUSE = datetime.timedelta(minutes=10)  # between two mails to one person
NOTED_EVERY = datetime.timedelta(hours=1)


def ask_for_feed(*, token: str) -> EmbargoFeed:
    """Whoever agreed to an embargo asks for their calendar; its address is mailed to whom the access is for.

    Raises NoSuchAccess and TooManyUses as `use_embargo` does, Refused if a mail left a moment ago.
    """
    with transaction.atomic():
        embargo = use_embargo(token=token, act=EmbargoAct.CALENDAR)
        contact = _hold(embargo)
        if contact is None:
            raise NoSuchAccess
        return _send(contact, embargo.organisation)


def send_feed(*, access: Access, embargo: EmbargoAccess) -> EmbargoFeed:
    """Send a person the address of their calendar; the one before ends. Raises NotAllowed for who does not
    own the contact, Refused if the contact was removed or a mail left a moment ago."""
    with transaction.atomic():
        contact = _hold(embargo)
        if contact is None:
            raise Refused(_("This contact was removed."))
        owns = contact.organisation == access.organisation.uuid
        require_that(owns and may_offer_embargo(access, embargo.publication.draft))
        made = _send(contact, access.organisation)
        keep_contact(access, contact, "contact.feed_sent")
    return made


def end_feed(*, access: Access, contact: Contact) -> None:
    """End the calendar of a person: its address is from now on like one that never was. Twice is one. Raises
    NotAllowed for who does not own the contact."""
    require_that(may_serve_press(access) and contact.organisation == access.organisation.uuid)
    with transaction.atomic():
        locked = Contact.objects.select_for_update().get(pk=contact.pk)
        end_feeds_of(locked.uuid)
        keep_contact(access, locked, "contact.feed_ended")


def note_use(feed: EmbargoFeed) -> None:
    """Keep when the calendar was last asked for, at most once an hour."""
    moment = now()
    if feed.last_used_at is None or feed.last_used_at < moment - NOTED_EVERY:
        EmbargoFeed.objects.filter(pk=feed.pk).update(last_used_at=moment)


def _hold(embargo: EmbargoAccess) -> Contact | None:
    """Lock the person of an access; None if they were removed."""
    rows = Contact.objects.select_for_update(of=("self",)).select_related("outlet")
    return rows.filter(uuid=embargo.contact, removed_at=None).first()


def _send(contact: Contact, organisation: Organisation) -> EmbargoFeed:
    moment = now()
    feeds = EmbargoFeed.objects.filter(contact=contact.uuid, ended_at=None)
    if feeds.filter(made_at__gt=moment - PAUSE).exists():
        raise Refused(_("The address was sent a few minutes ago: it is in the mailbox."))
    end_feeds_of(contact.uuid)
    token = secrets.token_urlsafe(32)
    made = EmbargoFeed.objects.create(
        contact=contact.uuid, organisation=organisation, token_hash=hash_token(token), made_at=moment
    )
    outbox.queue(
        key=f"{feed_mail_key(contact.uuid)}{made.token_hash[:16]}",
        template="documents/embargo_feed",
        language=contact.language,
        address=contact.address,
        context={
            "name": contact.name,
            "button_url": absolute(reverse("calendar_press", args=[token])),  # of a higher layer, by name
        },
    )
    return made
