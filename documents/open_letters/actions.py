"""The joining of a link, and its audit entries."""

import datetime
import hashlib
import secrets
from dataclasses import dataclass
from typing import IO, Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from coalition.accounts.enums import Language
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.compensate import undo_on_failure
from coalition.core.errors import Refused
from coalition.core.retention import anonymise_cutoff, days_ago, delete_in_batches, empty_in_batches
from coalition.core.throttling import fingerprint
from coalition.core.tokens import hash_token
from coalition.mail import outbox
from coalition.mail.links import absolute_url
from coalition.workspaces.actions import activity
from coalition.workspaces.permissions import Access
from documents.approval.audit import notify_about_round
from documents.drafts.models import Draft
from documents.drafts.permissions import require_that
from documents.drafts.queries import coordinators_of
from documents.files.images import make_logo
from documents.open_letters.enums import JoiningState
from documents.open_letters.models import Joining, JoiningLogo, OpenLetter
from documents.open_letters.permissions import may_lead_letter
from documents.open_letters.queries import (
    joined_earlier,
    joining_of_token,
    letter_of,
    logo_of_joining,
    may_join_again,
)
from documents.publication.models import Publication
from documents.publication.queries import newest_public_of


class NoSuchJoining(Refused):
    """Raised for a link that never existed or whose joining was erased, without distinction."""

    def __init__(self) -> None:
        super().__init__(_("There is nothing behind this link."))


def require_joining(token: str) -> Joining:
    """Return the joining, without a lock. Raises NoSuchJoining."""
    found = joining_of_token(hash_token(token))
    if found is None:
        raise NoSuchJoining
    return found


def lock_joining(token: str) -> Joining:
    """Return the joining, with its letter locked to serialise two links of one address. Raises
    NoSuchJoining."""
    found = require_joining(token)
    OpenLetter.objects.select_for_update(of=("self",)).get(pk=found.letter_id)
    rows = Joining.objects.select_for_update(of=("self",))
    rows = rows.select_related("letter__draft__workspace", "publication__round__draft__workspace")
    return rows.get(pk=found.pk)


def audit_joining(row: Joining, action: str, **detail: Any) -> None:
    """Write the audit entry, without a person: nobody is signed in."""
    log.record_audit(
        action,
        actor=None,
        target_kind="letter",
        target=row.letter.uuid,
        workspace=row.letter.draft.workspace.uuid,
        joining=str(row.uuid),
        **detail,
    )


# --- logos ---
# The logo of an organisation that joined an open letter: uploaded and removed by its link,
# displayed only with its permission.


def upload_joining_logo(*, token: str, content: IO[bytes], size: int, name: str) -> JoiningLogo:
    """Store a logo in place of the previous one; sending it permits displaying it beside the name.

    Where coordinators moderate names, they moderate the logo too. Raises Refused for a link without
    a joining whose name is displayed, and with a reason for an invalid logo.
    """
    _require_logo_allowed(require_joining(token))  # before unpacking; checked again under the lock
    clean = make_logo(content, size=size, name=name)
    logo = JoiningLogo(
        sha256=hashlib.sha256(clean.content).hexdigest(),
        width=clean.width,
        height=clean.height,
        added_at=now(),
    )
    # files do not roll back: write the bytes first
    logo.file.save("logo.png", ContentFile(clean.content), save=False)
    with undo_on_failure(lambda: logo.file.storage.delete(str(logo.file.name))), transaction.atomic():
        row = lock_joining(token)
        _require_logo_allowed(row)
        delete_joining_logo(row)
        logo.joining = row
        logo.save()
        row.logo_allowed = True
        row.save(update_fields=["logo_allowed"])
        audit_joining(row, "letter.logo_sent")
        _notify_coordinators_of_logo(row, logo)
    return logo


def remove_joining_logo(*, token: str) -> Joining:
    """Withdraw the permission: delete the logo, keep the name. Idempotent.

    Raises Refused for a link by which nobody has joined.
    """
    with transaction.atomic():
        row = lock_joining(token)
        if row.state != JoiningState.JOINED:
            raise Refused(_("This organisation does not stand under the text any more."))
        delete_joining_logo(row)
        row.logo_allowed = False
        row.save(update_fields=["logo_allowed"])
        audit_joining(row, "letter.logo_taken_away")
    return row


def delete_joining_logo(row: Joining) -> None:
    """Delete the logo of a joining; the bytes once the caller's transaction is committed."""
    logo = logo_of_joining(row)
    if logo is not None:
        storage, name = logo.file.storage, str(logo.file.name)
        logo.delete()
        transaction.on_commit(lambda: storage.delete(name))


def _require_logo_allowed(row: Joining) -> None:
    if row.state != JoiningState.JOINED:
        raise Refused(_("This organisation does not stand under the text any more."))
    if not row.is_listed:
        raise Refused(_("A logo stands beside a name: your organisation is counted and not named."))


def _notify_coordinators_of_logo(row: Joining, logo: JoiningLogo) -> None:
    round_ = row.publication.round
    notify_about_round(
        round_,
        coordinators_of(round_.draft),
        kind="letter_logo",
        once=str(logo.uuid),
        public=row.publication,
    )


# --- letter ---
# Coordinators open a public text for joining from outside, moderate joinings, and close it.


def open_letter(*, access: Access, draft: Draft, slug: str, looks_first: bool = True) -> OpenLetter:
    """Open the public text of a draft for joining, or reopen it.

    Its URL never changes. Raises NotAllowed without the right; Refused if nothing of the draft is
    public, or if another letter has the slug.
    """
    with transaction.atomic():
        locked = Draft.objects.select_for_update().select_related("workspace").get(pk=draft.pk)
        require_that(may_lead_letter(access, locked))
        if newest_public_of(locked) is None:
            raise Refused(_("Only a text that is public can be joined."))
        letter = OpenLetter.objects.filter(draft=locked).first()
        if letter is None:
            if OpenLetter.objects.filter(slug=slug).exists():
                raise Refused(_("Another letter has this address. Choose another one."))
            letter = OpenLetter(draft=locked, slug=slug)
        elif letter.closed_at is None and letter.looks_first == looks_first:
            raise Refused(_("It can be joined already."))
        letter.looks_first, letter.closed_at = looks_first, None
        letter.opened_by, letter.organisation, letter.opened_at = access.user, access.organisation, now()
        letter.save()
        _record_letter(access, letter, "letter.opened", "letter_opened")
    return letter


def close_letter(*, access: Access, letter: OpenLetter) -> OpenLetter:
    """Close the letter for new names. Those that joined stay, and can still withdraw."""
    with transaction.atomic():
        locked = _lock_letter(access, letter)
        if locked.closed_at is not None:
            raise Refused(_("It is closed already."))
        locked.closed_at = now()
        locked.save(update_fields=["closed_at"])
        _record_letter(access, locked, "letter.closed", "letter_closed")
    return locked


def approve_joining(*, access: Access, joining: Joining) -> Joining:
    """Admit a moderated organisation: its name is displayed and counted. Idempotent."""
    with transaction.atomic():
        row = _lock_active_joining(access, joining)
        if row.admitted_at is None:
            row.admitted_at = now()
            row.save(update_fields=["admitted_at"])
            _audit_letter_joining(access, row, "letter.admitted")
    return row


def reject_joining(*, access: Access, joining: Joining) -> Joining:
    """Refuse the organisation: it is no signatory any more; erase its data, notify its contact."""
    with transaction.atomic():
        row = _lock_active_joining(access, joining)
        outbox.queue_mail(
            key=f"joining-refused:{row.uuid}",
            template="documents/joining_refused",
            language=row.language,
            address=row.email,
            context={"name": row.contact},
        )
        end_joining(row, JoiningState.REFUSED)
        _audit_letter_joining(access, row, "letter.refused")
    return row


def admit_logo(*, access: Access, joining: Joining, logo: UUID) -> JoiningLogo:
    """Admit exactly this logo: it is displayed beside the name. Idempotent.

    Raises Refused if another one was sent since, or it was removed.
    """
    with transaction.atomic():
        row = _lock_active_joining(access, joining)
        found = _require_same_logo(row, logo)
        if found.admitted_at is None:
            found.admitted_at = now()
            found.save(update_fields=["admitted_at"])
            _audit_letter_joining(access, row, "letter.logo_admitted")
    return found


def refuse_logo(*, access: Access, joining: Joining, logo: UUID) -> Joining:
    """Delete the logo, keep the name. Raises Refused as `admit_logo` does."""
    with transaction.atomic():
        row = _lock_active_joining(access, joining)
        _require_same_logo(row, logo)
        delete_joining_logo(row)
        _audit_letter_joining(access, row, "letter.logo_refused")
    return row


def end_joining(row: Joining, state: JoiningState) -> None:
    """Remove the organisation and erase its data, its logo too. In the caller's transaction."""
    delete_joining_logo(row)
    row.logo_allowed = False
    row.state, row.ended_at = state, now()
    row.name = row.contact = row.position = row.email = row.address_print = ""
    row.save()


def _lock_letter(access: Access, letter: OpenLetter) -> OpenLetter:
    row = OpenLetter.objects.select_for_update(of=("self",)).select_related("draft__workspace")
    locked = row.get(pk=letter.pk)
    require_that(may_lead_letter(access, locked.draft))
    return locked


def _lock_active_joining(access: Access, joining: Joining) -> Joining:
    rows = Joining.objects.select_for_update(of=("self",)).select_related("letter__draft__workspace")
    row = rows.get(pk=joining.pk)
    require_that(may_lead_letter(access, row.letter.draft))
    if row.state != JoiningState.JOINED:
        raise Refused(_("This organisation does not stand under the text any more."))
    return row


def _require_same_logo(row: Joining, logo: UUID) -> JoiningLogo:
    found = logo_of_joining(row)
    if found is None or found.uuid != logo:
        raise Refused(_("This logo is not there any more. Look at the page again."))
    return found


def _record_letter(access: Access, letter: OpenLetter, action: str, kind: str) -> None:
    publication = newest_public_of(letter.draft)
    _audit_letter(access, letter, action)
    if publication is not None:
        activity.record_activity(
            kind,
            workspace=letter.draft.workspace,
            actor=access.user,
            organisation=access.organisation,
            subject_kind="publication",
            subject=publication.uuid,
            needs_drafts=False,
            title=publication.title,
        )


def _audit_letter_joining(access: Access, row: Joining, action: str) -> None:
    _audit_letter(access, row.letter, action, joining=str(row.uuid))


def _audit_letter(access: Access, letter: OpenLetter, action: str, **detail: Any) -> None:
    log.record_audit(
        action,
        actor=access.user,
        organisation=access.organisation.uuid,
        role=access.role,
        target_kind="letter",
        target=letter.uuid,
        workspace=letter.draft.workspace.uuid,
        **detail,
    )


# --- join ---
# An organisation from outside joins an open letter: an authorised person confirms by mail, or
# withdraws.


CONFIRMATION_DAYS = 7  # days until an unconfirmed joining is deleted
HOUR = datetime.timedelta(hours=1)
MOST_AN_HOUR = 200  # per letter: more requests are abuse
MAX_PER_ADDRESS = 3  # a day


@dataclass(frozen=True)
class Joiner:
    """An organisation's own data: authorised person, and what may be displayed."""

    name: str
    contact: str
    position: str
    email: str
    is_listed: bool
    logo_allowed: bool
    language: Language


class TooManyJoinings(Refused):
    """Raised when there are too many requests for a person to read."""


def ask_to_join(*, letter: OpenLetter, publication: Publication, joiner: Joiner) -> Joining | None:
    """Store the data and mail the confirmation link. Return None if the address has already joined
    or got too many mails today; the requester sees the same answer. Raises Refused if the letter is
    closed or its text has changed, and TooMany."""
    moment, address_print = now(), fingerprint(joiner.email)
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        locked = OpenLetter.objects.select_for_update(of=("self",)).select_related("draft").get(pk=letter.pk)
        _refuse_unless_open(locked, publication)
        rows = Joining.objects.filter(letter=locked)
        if rows.filter(asked_at__gt=moment - HOUR).count() >= MOST_AN_HOUR:
            raise TooManyJoinings(
                _("So many have asked within an hour that we cannot take more. Try again later.")
            )
        same = rows.filter(address_print=address_print)
        day = moment - datetime.timedelta(days=1)
        if (
            same.filter(state=JoiningState.JOINED, publication=publication).exists()
            or same.filter(asked_at__gt=day).count() >= MAX_PER_ADDRESS
        ):
            return None
        return _create_joining(locked, publication, joiner, token)


def _refuse_unless_open(letter: OpenLetter, publication: Publication) -> None:
    """Refuse unless the letter takes names and this is its current text; while a decision about the
    text is pending, it takes none."""
    public = newest_public_of(letter.draft)
    awaited = public is not None and public.awaiting_since is not None
    if letter.closed_at is not None or public != publication or awaited:
        raise Refused(_("This text cannot be joined any more as it stands here. Open the page again."))


def _create_joining(letter: OpenLetter, publication: Publication, joiner: Joiner, token: str) -> Joining:
    row = Joining.objects.create(
        letter=letter,
        publication=publication,
        hashes={text.language: text.hash for text in publication.texts.all()},
        name=joiner.name.strip(),
        contact=joiner.contact.strip(),
        position=joiner.position.strip(),
        email=joiner.email.strip().lower(),
        address_print=fingerprint(joiner.email),
        language=joiner.language,
        is_listed=joiner.is_listed,
        logo_allowed=joiner.logo_allowed,
        token_hash=hash_token(token),
        asked_at=now(),
    )
    with override(joiner.language):
        link = absolute_url(reverse("letter_link", args=[token]))
    outbox.queue_mail(
        key=f"joining:{row.uuid}",
        template="documents/joining_confirm",
        language=joiner.language,
        address=row.email,
        context={"name": row.contact, "title": publication.title, "button_url": link},
    )
    return row


def confirm_joining(*, token: str) -> Joining:
    """Confirm the joining. Raises NoSuchJoining, and Refused if it is already confirmed or ended,
    its address has joined this text by another link, the letter was closed, or the text was
    corrected meanwhile."""
    with transaction.atomic():
        row = lock_joining(token)
        if row.state != JoiningState.UNCONFIRMED:
            raise Refused(_("This link confirms nothing any more."))
        _refuse_unless_open(row.letter, row.publication)
        same = Joining.objects.filter(letter=row.letter, address_print=row.address_print)
        if same.filter(publication=row.publication, state=JoiningState.JOINED).exists():
            raise Refused(_("Somebody has joined with this e-mail address already. It counts once."))
        row.state, row.confirmed_at = JoiningState.JOINED, now()
        row.save(update_fields=["state", "confirmed_at"])
        audit_joining(row, "letter.joined", hashes=row.hashes)
        round_ = row.publication.round
        notify_about_round(
            round_,
            coordinators_of(round_.draft),
            kind="letter_joined",
            once=str(row.uuid),
            public=row.publication,
        )
    return row


def join_again(*, token: str, publication: UUID) -> Joining:
    """Join the corrected text, the displayed publication, after an earlier one.

    Uses the original link, so that the moderated name is the same. Raises NoSuchJoining, and
    Refused if it has not joined, is already a signatory of this text, or the text has changed or is
    closed.
    """
    with transaction.atomic():
        row = lock_joining(token)
        public = newest_public_of(row.letter.draft)
        if public is None or public.uuid != publication or not may_join_again(row, public):
            raise Refused(_("This text cannot be joined any more as it stands here. Open the page again."))
        _refuse_unless_open(row.letter, public)
        row.publication, row.confirmed_at = public, now()
        row.hashes = {text.language: text.hash for text in public.texts.all()}
        row.save(update_fields=["publication", "hashes", "confirmed_at"])
        audit_joining(row, "letter.joined", hashes=row.hashes)
        round_ = public.round
        notify_about_round(
            round_,
            coordinators_of(round_.draft),
            kind="letter_joined",
            once=f"{row.uuid}:{public.uuid}",
            public=public,
        )
    return row


def notify_joined_organisations(publication: Publication) -> None:
    """Notify all outside signatories of the text that this corrects that their name stayed there.
    In the caller's transaction."""
    if publication.replaces_id is None:
        return
    letter = letter_of(publication.draft)
    if letter is None:
        return
    for row in joined_earlier(letter, publication):
        with override(row.language):
            context = {
                "name": row.contact,
                "title": publication.title,
                "is_open": letter.closed_at is None,
                "button_url": absolute_url(reverse("open_letter", args=[letter.slug])),
            }
        outbox.queue_mail(
            key=f"joining-corrected:{row.uuid}:{publication.uuid}",
            template="documents/joining_corrected",
            language=row.language,
            address=row.email,
            context=context,
        )


def withdraw_joining(*, token: str) -> Joining:
    """Withdraw the organisation's name, at any time, and delete its data.

    Raises NoSuchJoining, and Refused if it has already ended.
    """
    with transaction.atomic():
        row = lock_joining(token)
        if row.state not in {JoiningState.UNCONFIRMED, JoiningState.JOINED}:
            raise Refused(_("This organisation does not stand under the text any more."))
        end_joining(row, JoiningState.WITHDRAWN)
        audit_joining(row, "letter.withdrawn", hashes=row.hashes)
    return row


def forget_joinings() -> int:
    """Delete unconfirmed joinings; erase personal data long after the end. Return the number of
    rows."""
    rows = Joining.objects.filter(state=JoiningState.UNCONFIRMED)
    ended = Joining.objects.filter(ended_at__lt=anonymise_cutoff()).exclude(email="", contact="", position="")
    return delete_in_batches(rows.filter(asked_at__lt=days_ago(CONFIRMATION_DAYS))) + empty_in_batches(
        ended, email="", contact="", position=""
    )
