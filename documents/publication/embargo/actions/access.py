"""An embargo offered to one person of an outlet: asked, agreed, read. Every use is asked anew and kept."""

import datetime
import secrets

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.tokens import hash_token
from coalition.mail import outbox
from coalition.workspaces.rules import Access
from documents.contacts.models import Contact
from documents.drafts.enums import EmbargoAct, EmbargoWay, Handling, PublicationState
from documents.drafts.permissions import GUESTS, may_offer_embargo, require_that
from documents.publication.embargo.audit import keep_access, mail_key, write_link
from documents.publication.embargo.models import EmbargoAccess, EmbargoUse
from documents.publication.embargo.queries import access_of_token, contacts_with
from documents.publication.models.publication import Publication

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
        outbox.take_back(about=mail_key(locked))
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
    log.record(
        f"embargo.{act.value}",
        actor=None,
        target_kind="publication",
        target=embargo.publication.uuid,
        workspace=embargo.publication.draft.workspace.uuid,
        embargo=str(embargo.uuid),
        language=language,
    )
