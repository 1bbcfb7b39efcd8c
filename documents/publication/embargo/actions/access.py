"""Embargo access of one person of an outlet: offered, agreed, read. Each use is checked and
recorded."""

import datetime
import logging
import secrets
from typing import Final

from django.db import transaction
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.tokens import hash_token
from coalition.jobs.date_formats import moment_with_time_zone
from coalition.mail import outbox
from coalition.mail.links import absolute_url
from coalition.sandbox.run import SandboxFailed
from coalition.workspaces.permissions import Access
from documents.contacts.actions import record_contact_audit
from documents.contacts.models import Contact
from documents.drafts.enums import EmbargoAct, EmbargoWay, Handling, PublicationState, TextKind
from documents.drafts.permissions import (
    GUEST_LINK_REQUIREMENTS,
    may_offer_embargo,
    may_serve_press,
    require_that,
)
from documents.interchange.formats import FileFormat, latin_slug
from documents.interchange.presenters import make_document_file
from documents.publication.embargo.actions.schedule import end_feeds_of
from documents.publication.embargo.audit import (
    embargo_mail_key,
    feed_mail_key,
    mail_embargo_link,
    record_embargo_audit,
)
from documents.publication.embargo.models import EmbargoAccess, EmbargoFeed, EmbargoUse
from documents.publication.embargo.queries import access_of_token, contacts_with
from documents.publication.models import Publication, PublicationText

HOUR = datetime.timedelta(hours=1)
MOST_AN_HOUR = 120  # uses of one link per hour: a person makes far fewer
_AUDITED = frozenset({EmbargoAct.AGREED, EmbargoAct.OPENED, EmbargoAct.DOWNLOADED, EmbargoAct.CALENDAR})


class NoSuchAccess(Exception):
    """Raised for an access that never existed, was revoked or cancelled, without distinction."""


class TooManyUses(Exception):
    """Raised for more uses within an hour than a person can make."""


def offer_embargo(*, access: Access, publication: Publication, contact: Contact) -> EmbargoAccess:
    """Ask a person of an outlet whether they agree. The mail contains the moment and none of the
    text.

    Raises NotAllowed without the right or for another organisation's contact, Refused if the text
    is not scheduled, its handling mark excludes outsiders, or the person was already asked.
    """
    with transaction.atomic():
        locked = _require_scheduled(publication)
        draft = locked.round.draft
        own = contact.organisation == access.organisation.uuid and contact.removed_at is None
        require_that(own and may_offer_embargo(access, draft))
        if GUEST_LINK_REQUIREMENTS[Handling(draft.handling)] is None:
            raise Refused(_("The handling mark of this text lets nobody from outside read it."))
        if EmbargoAccess.objects.filter(publication=locked, contact=contact.uuid, revoked_at=None).exists():
            raise Refused(_("This person has been asked already."))
        token = secrets.token_urlsafe(32)
        made = EmbargoAccess.objects.create(
            publication=locked,
            contact=contact.uuid,
            token_hash=hash_token(token),
            asked_at=now(),
            asked_by=access.user,
            organisation=access.organisation,
        )
        record_embargo_audit(access, made, "embargo.offered")
        mail_embargo_link(made, contact, token, agreed=False)
    return made


def record_agreement(*, access: Access, embargo: EmbargoAccess) -> EmbargoAccess:
    """Record that the person agreed in a call, and mail them a link to the text; the previous link
    becomes invalid. Raises NotAllowed without the right or for another organisation's contact, and
    Refused if there is nothing to agree to or they had agreed."""
    with transaction.atomic():
        publication = _require_scheduled(embargo.publication)
        own = embargo.organisation_id == access.organisation.pk
        require_that(own and may_offer_embargo(access, publication.round.draft))
        locked = EmbargoAccess.objects.select_for_update().get(pk=embargo.pk)
        if locked.revoked_at is not None or locked.agreed_at is not None:
            raise Refused(_("This person has agreed already, or the access was taken back."))
        contact = contacts_with([locked.contact]).get(locked.contact)
        if contact is None or contact.removed_at is not None:
            raise Refused(_("This contact was removed."))
        token = secrets.token_urlsafe(32)
        locked.token_hash, locked.agreed_at, locked.agreed_way = hash_token(token), now(), EmbargoWay.CALL
        locked.recorded_by = access.user
        locked.save()
        locked.publication = publication
        outbox.delete_waiting_mail(about=embargo_mail_key(locked))
        record_embargo_audit(access, locked, "embargo.agreed")
        mail_embargo_link(locked, contact, token, agreed=True)
    return locked


def agree_to_embargo(*, token: str) -> EmbargoAccess:
    """Record the person's agreement. Idempotent. Raises NoSuchAccess, TooManyUses from the second
    time on; Refused once the text is public: there is nothing to agree to any more."""
    with transaction.atomic():
        _lock_publication_of_token(token)
        found = use_embargo(token=token, act=EmbargoAct.AGREED)
        if found.publication.state != PublicationState.SCHEDULED:
            raise Refused(_("The text is public already."))
        if found.agreed_at is None:
            found.agreed_at, found.agreed_way = now(), EmbargoWay.LINK
            found.save(update_fields=["agreed_at", "agreed_way"])
    return found


def use_embargo(*, token: str, act: EmbargoAct, language: str = "") -> EmbargoAccess:
    """Check that the access is valid now, and record its use.

    What discloses the text (`READ`, `DOWNLOADED`, `OPENED`) needs the agreement. Raises
    NoSuchAccess and TooManyUses, but not for the agreement itself: there is only one, and somebody
    to whom the link was forwarded must not be able to block it.
    """
    with transaction.atomic():
        found = access_of_token(token)
        if found is None:
            raise NoSuchAccess
        EmbargoAccess.objects.select_for_update().get(pk=found.pk)  # serialises the counting of uses
        found = access_of_token(token)  # revoked or cancelled while waiting for the lock
        if found is None or (found.agreed_at is None and act not in {EmbargoAct.FOLLOWED, EmbargoAct.AGREED}):
            raise NoSuchAccess
        moment = now()
        agrees = act == EmbargoAct.AGREED and found.agreed_at is None
        if not agrees and found.uses.filter(at__gt=moment - HOUR).count() >= MOST_AN_HOUR:
            raise TooManyUses
        EmbargoUse.objects.create(access=found, act=act, language=language, at=moment)
        if act in _AUDITED:
            _audit_access_use(found, act, language)
    return found


def _lock_publication_of_token(token: str) -> None:
    """Lock the publication, to serialise an agreement with the lift: it comes before and is
    notified, or after and finds the text public."""
    found = access_of_token(token)
    if found is not None:
        list(Publication.objects.select_for_update().filter(pk=found.publication_id).values_list("pk"))


def _require_scheduled(publication: Publication) -> Publication:
    rows = Publication.objects.select_for_update(of=("self",)).select_related("round__draft__workspace")
    locked = rows.get(pk=publication.pk)
    if locked.state != PublicationState.SCHEDULED:
        raise Refused(_("Nothing is under embargo here: choose the moment of publication first."))
    return locked


def _audit_access_use(embargo: EmbargoAccess, act: EmbargoAct, language: str) -> None:
    log.record_audit(
        f"embargo.{act.value}",
        actor=None,
        target_kind="publication",
        target=embargo.publication.uuid,
        workspace=embargo.publication.draft.workspace.uuid,
        embargo=str(embargo.uuid),
        language=language,
    )


# --- files ---
# Files downloaded under embargo: the exact text; the outlet in file name and metadata.


EMBARGO_FORMATS: Final = (FileFormat.DOCX, FileFormat.PDF, FileFormat.PLAIN)

logger = logging.getLogger(__name__)


def file_name_for(embargo: EmbargoAccess, contact: Contact, text: PublicationText, form: FileFormat) -> str:
    """Return e.g. `embargo_statement-work-needs-respect_kk_v3_qala-tv.docx`: the outlet is the last
    part of the name."""
    with translation.override("en"):
        kind = str(TextKind(embargo.publication.draft.kind).label)
    subject = f"{latin_slug(kind)}-{latin_slug(text.document['title'])}"[:60].strip("-")
    outlet = latin_slug(contact.outlet.name)[:40] or "outlet"
    return f"embargo_{subject}_{text.language}_v{text.version.number}_{outlet}.{form.value}"


def make_embargo_file(
    embargo: EmbargoAccess, contact: Contact, text: PublicationText, form: FileFormat
) -> bytes | None:
    """Return the bytes, or None if conversion failed; the log then has the reason."""
    document = text.document
    try:
        return make_document_file(
            document,
            form,
            workspace=embargo.publication.draft.workspace,
            language=text.language,
            mark=_embargo_notice(embargo, text.language),
            holder=contact.outlet.name,
        )
    except (SandboxFailed, FileNotFoundError) as error:
        logger.warning("a file of %s could not be made: %s", embargo.uuid, type(error).__name__)
        return None


def _embargo_notice(embargo: EmbargoAccess, language: str) -> str:
    at = embargo.publication.scheduled_at
    with translation.override(language):
        return gettext("Under embargo until %(when)s") % {"when": moment_with_time_zone(at) if at else "—"}


# --- feed ---
# A media contact's embargo calendar: its URL is only ever mailed to that contact.
#
# Otherwise the holder of a link to one text could create a URL that discloses the next ones too.


FEED_MAIL_PAUSE = datetime.timedelta(minutes=10)  # minimum interval between two mails to one person
FEED_USE_INTERVAL = datetime.timedelta(hours=1)


def request_feed(*, token: str) -> EmbargoFeed:
    """Mail the calendar's URL to the contact of an access, at the request of whoever agreed to the
    embargo.

    Raises NoSuchAccess and TooManyUses as `use_embargo` does, Refused if a mail was sent a moment
    ago.
    """
    with transaction.atomic():
        embargo = use_embargo(token=token, act=EmbargoAct.CALENDAR)
        contact = _lock_contact(embargo)
        if contact is None:
            raise NoSuchAccess
        return _create_and_mail_feed(contact, embargo.organisation)


def send_feed(*, access: Access, embargo: EmbargoAccess) -> EmbargoFeed:
    """Send a person the URL of their calendar and invalidate the previous one. Raises NotAllowed
    for anyone who does not own the contact, Refused if the contact was removed or a mail was sent a
    moment ago."""
    with transaction.atomic():
        contact = _lock_contact(embargo)
        if contact is None:
            raise Refused(_("This contact was removed."))
        owns = contact.organisation == access.organisation.uuid
        require_that(owns and may_offer_embargo(access, embargo.publication.draft))
        made = _create_and_mail_feed(contact, access.organisation)
        record_contact_audit(access, contact, "contact.feed_sent")
    return made


def end_feed(*, access: Access, contact: Contact) -> None:
    """End a person's calendar: its URL then answers like one that never existed. Idempotent. Raises
    NotAllowed for anyone who does not own the contact."""
    require_that(may_serve_press(access) and contact.organisation == access.organisation.uuid)
    with transaction.atomic():
        locked = Contact.objects.select_for_update().get(pk=contact.pk)
        end_feeds_of(locked.uuid)
        record_contact_audit(access, locked, "contact.feed_ended")


def record_embargo_feed_use(feed: EmbargoFeed) -> None:
    """Record the calendar's last request, at most once an hour."""
    moment = now()
    if feed.last_used_at is None or feed.last_used_at < moment - FEED_USE_INTERVAL:
        EmbargoFeed.objects.filter(pk=feed.pk).update(last_used_at=moment)


def _lock_contact(embargo: EmbargoAccess) -> Contact | None:
    """Lock and return the contact of an access; None if they were removed."""
    rows = Contact.objects.select_for_update(of=("self",)).select_related("outlet")
    return rows.filter(uuid=embargo.contact, removed_at=None).first()


def _create_and_mail_feed(contact: Contact, organisation: Organisation) -> EmbargoFeed:
    moment = now()
    feeds = EmbargoFeed.objects.filter(contact=contact.uuid, ended_at=None)
    if feeds.filter(made_at__gt=moment - FEED_MAIL_PAUSE).exists():
        raise Refused(_("The address was sent a few minutes ago: it is in the mailbox."))
    end_feeds_of(contact.uuid)
    token = secrets.token_urlsafe(32)
    made = EmbargoFeed.objects.create(
        contact=contact.uuid, organisation=organisation, token_hash=hash_token(token), made_at=moment
    )
    outbox.queue_mail(
        key=f"{feed_mail_key(contact.uuid)}{made.token_hash[:16]}",
        template="documents/embargo_feed",
        language=contact.language,
        address=contact.address,
        context={
            "name": contact.name,
            # in a higher layer, referenced by name
            "button_url": absolute_url(reverse("calendar_press", args=[token])),
        },
    )
    return made
