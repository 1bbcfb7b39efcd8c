"""Open letters: coordinators open and moderate them; organisations from outside join and withdraw by mail."""

from typing import IO, Any
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _, override

from coalition.applicants.flow import Flow, delete_unproved, request_proof
from coalition.applicants.forms import owner_prints
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.retention import anonymise_cutoff, days_ago, empty_in_batches
from coalition.core.throttling import LINKS_A_DAY, refuse_flood
from coalition.mail import outbox
from coalition.mail.outbox import absolute_url
from coalition.workspaces.actions import activity
from coalition.workspaces.permissions import Access
from documents.approval.audit import notify_coordinators
from documents.drafts.models import Draft
from documents.drafts.permissions import may_manage_publication, require_that
from documents.open_letters.models import Joining, JoiningLogo, JoiningState, OpenLetter
from documents.open_letters.queries import joined_earlier, letter_of, may_join_again
from documents.publication.models import Publication

JOININGS = Flow(
    purpose="documents.joining",
    model=Joining,
    own_page="letter_link",
    mail_template="documents/joining_confirm",
    mail_context=lambda row: {"name": row.contact, "title": row.publication.title},
    related=("letter__draft__workspace", "publication", "logo"),
    prints=owner_prints,  # `info+a@` and `info+b@` of one domain may be two organisations
)
MOST_AN_HOUR = 200  # new joinings of one letter
NOT_JOINED_MESSAGE = _("This organisation does not stand under the text any more.")
CHANGED_MESSAGE = _("This text cannot be joined any more as it stands here. Open the page again.")


def _lock_joining(joining: Joining) -> Joining:
    """Lock the joining and, to serialise two links of one address, its letter."""
    letters = OpenLetter.objects.select_for_update(of=("self",)).select_related("draft__workspace")
    letter = letters.get(pk=joining.letter_id)
    row = JOININGS.locked(joining)
    row.letter = letter
    return row


def _lock_joined(joining: Joining, access: Access | None = None) -> Joining:
    """Lock a joining that counts. Raises Refused for others, NotAllowed without the right to moderate."""
    row = _lock_joining(joining)
    if access is not None:
        require_that(may_manage_publication(access, row.letter.draft))
    if row.state != JoiningState.JOINED:
        raise Refused(NOT_JOINED_MESSAGE)
    return row


def _audit_letter(access: Access | None, letter: OpenLetter, action: str, **detail: Any) -> None:
    """Write the audit entry. `access`: None for what is done by a link, where nobody is signed in."""
    log.record_audit(
        action,
        actor=access.user if access else None,
        organisation=access.organisation.uuid if access else None,
        role=access.role if access else "",
        target_kind="letter",
        target=letter.uuid,
        workspace=letter.draft.workspace.uuid,
        **detail,
    )


def _audit_joining(access: Access | None, row: Joining, action: str, **detail: Any) -> None:
    _audit_letter(access, row.letter, action, joining=str(row.uuid), **detail)


def upload_joining_logo(*, joining: Joining, content: IO[bytes], size: int, name: str) -> JoiningLogo:
    """Store a logo in place of the previous one; sending it permits displaying it beside the name.

    Where coordinators moderate names, they moderate the logo too. Raises Refused for an organisation that
    is not displayed, and with a reason for an invalid logo.
    """
    _require_logo_allowed(joining)  # before unpacking; checked again under the lock
    logo = JoiningLogo(added_at=now())
    with logo.upload(content, size=size, name=name):
        row = _lock_joining(joining)
        _require_logo_allowed(row)
        delete_joining_logo(row)
        logo.joining = row
        logo.save()
        row.logo_allowed = True
        row.save(update_fields=["logo_allowed"])
        _audit_joining(None, row, "letter.logo_sent")
        public = row.publication
        notify_coordinators(public.round, kind="letter_logo", once=str(logo.uuid), public=public)
    return logo


def remove_joining_logo(*, joining: Joining) -> Joining:
    """Withdraw the permission: delete the logo, keep the name. Idempotent.

    Raises Refused for an organisation that has not joined.
    """
    with transaction.atomic():
        row = _lock_joined(joining)
        delete_joining_logo(row)
        row.logo_allowed = False
        row.save(update_fields=["logo_allowed"])
        _audit_joining(None, row, "letter.logo_taken_away")
    return row


def delete_joining_logo(row: Joining) -> None:
    """Delete the logo of a joining; the bytes once the caller's transaction is committed."""
    if row.any_logo is not None:
        row.any_logo.delete_with_file()


def _require_logo_allowed(row: Joining) -> None:
    if row.state != JoiningState.JOINED:
        raise Refused(NOT_JOINED_MESSAGE)
    if not row.is_listed:
        raise Refused(_("A logo stands beside a name: your organisation is counted and not named."))


def open_letter(*, access: Access, draft: Draft, slug: str, looks_first: bool = True) -> OpenLetter:
    """Open the public text of a draft for joining, or reopen it.

    Its URL never changes. Raises NotAllowed without the right; Refused if nothing of the draft is
    public, or if it is open in the same way.
    """
    with transaction.atomic():
        locked = Draft.objects.select_for_update().select_related("workspace").get(pk=draft.pk)
        require_that(may_manage_publication(access, locked))
        if locked.publications.newest_public() is None:
            raise Refused(_("Only a text that is public can be joined."))
        letter = OpenLetter.objects.filter(draft=locked).first()
        if letter is None:
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
        rows = OpenLetter.objects.select_for_update(of=("self",)).select_related("draft__workspace")
        locked = rows.get(pk=letter.pk)
        require_that(may_manage_publication(access, locked.draft))
        if locked.closed_at is not None:
            raise Refused(_("It is closed already."))
        locked.closed_at = now()
        locked.save(update_fields=["closed_at"])
        _record_letter(access, locked, "letter.closed", "letter_closed")
    return locked


def approve_joining(*, access: Access, joining: Joining) -> Joining:
    """Admit a moderated organisation: its name is displayed and counted. Idempotent."""
    with transaction.atomic():
        row = _lock_joined(joining, access)
        if row.admitted_at is None:
            row.admitted_at = now()
            row.save(update_fields=["admitted_at"])
            _audit_joining(access, row, "letter.admitted")
    return row


def reject_joining(*, access: Access, joining: Joining) -> Joining:
    """Refuse the organisation: it is no signatory any more; erase its data, notify its contact."""
    with transaction.atomic():
        row = _lock_joined(joining, access)
        outbox.queue_mail(
            key=f"joining-refused:{row.uuid}",
            template="documents/joining_refused",
            language=row.language,
            address=row.address,
            context={"name": row.contact},
        )
        end_joining(row, JoiningState.REFUSED)
        _audit_joining(access, row, "letter.refused")
    return row


def admit_logo(*, access: Access, joining: Joining, logo: UUID) -> JoiningLogo:
    """Admit exactly this logo: it is displayed beside the name. Idempotent.

    Raises Refused if another one was sent since, or it was removed.
    """
    with transaction.atomic():
        row = _lock_joined(joining, access)
        found = _require_same_logo(row, logo)
        if found.admitted_at is None:
            found.admitted_at = now()
            found.save(update_fields=["admitted_at"])
            _audit_joining(access, row, "letter.logo_admitted")
    return found


def refuse_logo(*, access: Access, joining: Joining, logo: UUID) -> Joining:
    """Delete the logo, keep the name. Raises Refused as `admit_logo` does."""
    with transaction.atomic():
        row = _lock_joined(joining, access)
        _require_same_logo(row, logo)
        delete_joining_logo(row)
        _audit_joining(access, row, "letter.logo_refused")
    return row


def end_joining(row: Joining, state: JoiningState) -> None:
    """Remove the organisation and erase its data, its logo too. In the caller's transaction."""
    delete_joining_logo(row)
    row.logo_allowed = False
    row.state, row.ended_at = state, now()
    row.name = row.contact = row.position = row.address = row.address_print = ""
    row.save()


def _require_same_logo(row: Joining, logo: UUID) -> JoiningLogo:
    found = row.any_logo
    if found is None or found.uuid != logo:
        raise Refused(_("This logo is not there any more. Look at the page again."))
    return found


def _record_letter(access: Access, letter: OpenLetter, action: str, kind: str) -> None:
    publication = letter.draft.publications.newest_public()
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


def ask_to_join(
    *, letter: OpenLetter, publication: Publication, address: str, language: str, **fields: Any
) -> Joining | None:
    """Store the data (`fields` of Joining) and mail the confirmation link.

    Return None if the mailbox has already joined or got too many mails today; the requester sees the same
    answer. Raises Refused if the letter is closed or its text has changed, and TooManyRequests.
    """
    with transaction.atomic():
        locked = OpenLetter.objects.select_for_update(of=("self",)).select_related("draft").get(pk=letter.pk)
        _refuse_unless_open(locked, publication)
        rows = Joining.objects.filter(letter=locked)
        refuse_flood(rows, most=MOST_AN_HOUR)
        row = JOININGS.new(
            letter=locked,
            publication=publication,
            hashes={text.language: text.hash for text in publication.texts.all()},
            address=address,
            language=language,
            written_at=now(),
            **fields,
        )
        same = JOININGS.of_address(address, rows)
        same.update(address_print=row.address_print)  # older rows can have another hash of this mailbox
        same = rows.filter(address_print=row.address_print)
        if (
            same.filter(state=JoiningState.JOINED, publication=publication).exists()
            or same.filter(written_at__gt=days_ago(1)).count() >= LINKS_A_DAY
        ):
            return None
        row.save()
        request_proof(JOININGS, row)
    return row


def _refuse_unless_open(letter: OpenLetter, publication: Publication) -> None:
    """Refuse unless the letter takes names and this is its current text; while a decision about the
    text is pending, it takes none."""
    public = letter.draft.publications.newest_public()
    awaited = public is not None and public.awaiting_since is not None
    if letter.closed_at is not None or public != publication or awaited:
        raise Refused(CHANGED_MESSAGE)


def confirm_joining(*, joining: Joining) -> Joining:
    """Confirm the joining. Raises Refused if it is already confirmed or ended, its mailbox has
    joined this text by another link, the letter was closed, or the text was corrected meanwhile."""
    with transaction.atomic():
        row = _lock_joining(joining)
        if row.state != JoiningState.UNCONFIRMED:
            raise Refused(_("This link confirms nothing any more."))
        _refuse_unless_open(row.letter, row.publication)
        same = Joining.objects.filter(letter=row.letter, address_print=row.address_print)
        if same.filter(publication=row.publication, state=JoiningState.JOINED).exists():
            raise Refused(_("Somebody has joined with this e-mail address already. It counts once."))
        row.state, row.confirmed_at = JoiningState.JOINED, now()
        row.save(update_fields=["state", "confirmed_at"])
        _audit_joining(None, row, "letter.joined", hashes=row.hashes)
        public = row.publication
        notify_coordinators(public.round, kind="letter_joined", once=str(row.uuid), public=public)
    return row


def join_again(*, joining: Joining, publication: UUID) -> Joining:
    """Join the corrected text, the displayed publication, after an earlier one.

    Uses the original link, so that the moderated name is the same. Raises Refused if it has not joined, is
    already a signatory of this text, or the text has changed or is closed.
    """
    with transaction.atomic():
        row = _lock_joining(joining)
        public = row.letter.draft.publications.newest_public()
        if public is None or public.uuid != publication or not may_join_again(row, public):
            raise Refused(CHANGED_MESSAGE)
        _refuse_unless_open(row.letter, public)
        row.publication, row.confirmed_at = public, now()
        row.hashes = {text.language: text.hash for text in public.texts.all()}
        row.save(update_fields=["publication", "hashes", "confirmed_at"])
        _audit_joining(None, row, "letter.joined", hashes=row.hashes)
        once = f"{row.uuid}:{public.uuid}"
        notify_coordinators(public.round, kind="letter_joined", once=once, public=public)
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
            address=row.address,
            context=context,
        )


def withdraw_joining(*, joining: Joining) -> Joining:
    """Withdraw the organisation's name, at any time, and delete its data. Raises Refused if it has
    already ended."""
    with transaction.atomic():
        row = _lock_joining(joining)
        if row.state not in {JoiningState.UNCONFIRMED, JoiningState.JOINED}:
            raise Refused(NOT_JOINED_MESSAGE)
        end_joining(row, JoiningState.WITHDRAWN)
        _audit_joining(None, row, "letter.withdrawn", hashes=row.hashes)
    return row


def forget_joinings() -> int:
    """Delete unconfirmed joinings; erase personal data long after the end. Return the number of rows."""
    ended = Joining.objects.filter(ended_at__lt=anonymise_cutoff()).exclude(
        address="", contact="", position=""
    )
    return delete_unproved(Joining, state=JoiningState.UNCONFIRMED) + empty_in_batches(
        ended, address="", contact="", position=""
    )
