"""An embargo offered to one person of an outlet: asked, agreed, read. Every use is asked anew and kept."""

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
from documents.contacts.actions import keep_contact
from documents.contacts.models import Contact
from documents.drafts.enums import EmbargoAct, EmbargoWay, Handling, PublicationState, TextKind
from documents.drafts.permissions import GUESTS, may_offer_embargo, may_serve_press, require_that
from documents.interchange.formats import Format, plain
from documents.interchange.one_document import make_document_file
from documents.publication.embargo.actions.schedule import end_feeds_of
from documents.publication.embargo.audit import feed_mail_key, keep_access, mail_key, write_link
from documents.publication.embargo.models import EmbargoAccess, EmbargoFeed, EmbargoUse
from documents.publication.embargo.queries import access_of_token, contacts_with
from documents.publication.models import Publication, PublicationText

HOUR = datetime.timedelta(hours=1)
MOST_AN_HOUR = 120  # uses of one link: what a person does is far below
_AUDITED = frozenset({EmbargoAct.AGREED, EmbargoAct.OPENED, EmbargoAct.DOWNLOADED, EmbargoAct.CALENDAR})


class NoSuchAccess(Exception):
    """Never made, taken back, put off: the same to everyone who comes with it."""


class TooManyUses(Exception):
    """So often within an hour that no person can have done it."""


def offer(*, access: Access, publication: Publication, contact: Contact) -> EmbargoAccess:
    """Ask a person of an outlet whether they agree. Their mail tells the moment and nothing of the text.

    Raises NotAllowed without the right or for another organisation's contact, Refused if the text is not
    scheduled, its mark lets nobody from outside read it, or the person was asked already.
    """
    with transaction.atomic():
        locked = _scheduled(publication)
        draft = locked.round.draft
        own = contact.organisation == access.organisation.uuid and contact.removed_at is None
        require_that(own and may_offer_embargo(access, draft))
        if GUESTS[Handling(draft.handling)] is None:
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
        keep_access(access, made, "embargo.offered")
        write_link(made, contact, token, agreed=False)
    return made


def record_agreement(*, access: Access, embargo: EmbargoAccess) -> EmbargoAccess:
    """Write down that the person agreed in a call, and mail them a link to the text; the one before opens
    nothing any more. Raises NotAllowed without the right or for another organisation's contact, and Refused
    if there is nothing to agree to or they had agreed."""
    with transaction.atomic():
        publication = _scheduled(embargo.publication)
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
        outbox.delete_waiting_mail(about=mail_key(locked))
        keep_access(access, locked, "embargo.agreed")
        write_link(locked, contact, token, agreed=True)
    return locked


def agree(*, token: str) -> EmbargoAccess:
    """The person presses that they agree. Twice is one. Raises NoSuchAccess, TooManyUses from the second time
    on; Refused once the text is public: there is nothing to agree to any more."""
    with transaction.atomic():
        _hold_publication(token)
        found = use_embargo(token=token, act=EmbargoAct.AGREED)
        if found.publication.state != PublicationState.SCHEDULED:
            raise Refused(_("The text is public already."))
        if found.agreed_at is None:
            found.agreed_at, found.agreed_way = now(), EmbargoWay.LINK
            found.save(update_fields=["agreed_at", "agreed_way"])
    return found


def use_embargo(*, token: str, act: EmbargoAct, language: str = "") -> EmbargoAccess:
    """Look whether the access counts now, and keep what is done with it.

    What tells of the text (`READ`, `DOWNLOADED`, `OPENED`) needs the agreement. Raises NoSuchAccess and
    TooManyUses, but not for the agreement itself: it comes once, and whoever was passed the link must not be
    able to hold it up by following it.
    """
    with transaction.atomic():
        found = access_of_token(token)
        if found is None:
            raise NoSuchAccess
        EmbargoAccess.objects.select_for_update().get(pk=found.pk)  # uses are counted one after another
        found = access_of_token(token)  # taken back, or put off, while we waited
        if found is None or (found.agreed_at is None and act not in {EmbargoAct.FOLLOWED, EmbargoAct.AGREED}):
            raise NoSuchAccess
        moment = now()
        agrees = act == EmbargoAct.AGREED and found.agreed_at is None
        if not agrees and found.uses.filter(at__gt=moment - HOUR).count() >= MOST_AN_HOUR:
            raise TooManyUses
        EmbargoUse.objects.create(access=found, act=act, language=language, at=moment)
        if act in _AUDITED:
            _record(found, act, language)
    return found


def _hold_publication(token: str) -> None:
    """Whoever agrees while it is lifted comes before, and is told, or after, and learns that it is public."""
    found = access_of_token(token)
    if found is not None:
        list(Publication.objects.select_for_update().filter(pk=found.publication_id).values_list("pk"))


def _scheduled(publication: Publication) -> Publication:
    rows = Publication.objects.select_for_update(of=("self",)).select_related("round__draft__workspace")
    locked = rows.get(pk=publication.pk)
    if locked.state != PublicationState.SCHEDULED:
        raise Refused(_("Nothing is under embargo here: choose the moment of publication first."))
    return locked


def _record(embargo: EmbargoAccess, act: EmbargoAct, language: str) -> None:
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
# Files that somebody of an outlet takes under embargo: the very words; the outlet in name and metadata.


FORMATS: Final = (Format.DOCX, Format.PDF, Format.PLAIN)

logger = logging.getLogger(__name__)


def file_name_for(embargo: EmbargoAccess, contact: Contact, text: PublicationText, form: Format) -> str:
    """`embargo_statement-work-needs-respect_kk_v3_qala-tv.docx`: the outlet is the last word of the name."""
    with translation.override("en"):
        kind = str(TextKind(embargo.publication.draft.kind).label)
    subject = f"{plain(kind)}-{plain(text.document['title'])}"[:60].strip("-")
    outlet = plain(contact.outlet.name)[:40] or "outlet"
    return f"embargo_{subject}_{text.language}_v{text.version.number}_{outlet}.{form.value}"


def make_embargo_file(
    embargo: EmbargoAccess, contact: Contact, text: PublicationText, form: Format
) -> bytes | None:
    """The bytes, or None if no program could make them; the log then knows why."""
    document = text.document
    try:
        return make_document_file(
            document,
            form,
            workspace=embargo.publication.draft.workspace,
            language=text.language,
            mark=_mark(embargo, text.language),
            holder=contact.outlet.name,
        )
    except (SandboxFailed, FileNotFoundError) as error:
        logger.warning("a file of %s could not be made: %s", embargo.uuid, type(error).__name__)
        return None


def _mark(embargo: EmbargoAccess, language: str) -> str:
    at = embargo.publication.scheduled_at
    with translation.override(language):
        return gettext("Under embargo until %(when)s") % {"when": moment_with_time_zone(at) if at else "—"}


# --- feed ---
# The calendar of embargoes of somebody of an outlet: its address leaves by mail to them, and no other way.
#
# Whoever holds a link to one text could otherwise make themselves an address that tells of the next ones
# too.


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
    outbox.queue_mail(
        key=f"{feed_mail_key(contact.uuid)}{made.token_hash[:16]}",
        template="documents/embargo_feed",
        language=contact.language,
        address=contact.address,
        context={
            "name": contact.name,
            "button_url": absolute_url(reverse("calendar_press", args=[token])),  # of a higher layer, by name
        },
    )
    return made
