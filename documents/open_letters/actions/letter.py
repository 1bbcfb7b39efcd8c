"""Coordinators open a public text for joining from outside, look at who joins, and close it."""

from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.mail import outbox
from coalition.workspaces.domain import activity
from coalition.workspaces.rules import Access
from documents.drafts.models import Draft
from documents.drafts.permissions import may_lead_letter, require_that
from documents.open_letters.actions.logos import forget_logo
from documents.open_letters.enums import JoiningState
from documents.open_letters.models import Joining, JoiningLogo, OpenLetter
from documents.open_letters.queries import logo_of_joining
from documents.publication.queries.publications import newest_public_of


def open_letter(*, access: Access, draft: Draft, slug: str, looks_first: bool = True) -> OpenLetter:
    """Open the public text of a draft for joining, or open it again.

    The address stays what it was at first. Raises NotAllowed without the right; Refused if nothing of the
    draft is public, or if another letter has the address.
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
        _keep(access, letter, "letter.opened", "letter_opened")
    return letter


def close_letter(*, access: Access, letter: OpenLetter) -> OpenLetter:
    """Take no more names. Who joined stays, and can still withdraw."""
    with transaction.atomic():
        locked = _locked(access, letter)
        if locked.closed_at is not None:
            raise Refused(_("It is closed already."))
        locked.closed_at = now()
        locked.save(update_fields=["closed_at"])
        _keep(access, locked, "letter.closed", "letter_closed")
    return locked


def admit(*, access: Access, joining: Joining) -> Joining:
    """A coordinator has looked: the organisation appears and is counted. Doing it again changes nothing."""
    with transaction.atomic():
        row = _row(access, joining)
        if row.admitted_at is None:
            row.admitted_at = now()
            row.save(update_fields=["admitted_at"])
            _record(access, row, "letter.admitted")
    return row


def refuse(*, access: Access, joining: Joining) -> Joining:
    """The organisation does not stand under the text any more; what it wrote is deleted, its contact told."""
    with transaction.atomic():
        row = _row(access, joining)
        outbox.queue(
            key=f"joining-refused:{row.uuid}",
            template="documents/joining_refused",
            language=row.language,
            address=row.email,
            context={"name": row.contact},
        )
        end(row, JoiningState.REFUSED)
        _record(access, row, "letter.refused")
    return row


def admit_logo(*, access: Access, joining: Joining, logo: UUID) -> JoiningLogo:
    """A coordinator has looked at this very logo: it is shown beside the name. Twice is one.

    Raises Refused if another one was sent since, or it was taken away.
    """
    with transaction.atomic():
        row = _row(access, joining)
        found = _logo(row, logo)
        if found.admitted_at is None:
            found.admitted_at = now()
            found.save(update_fields=["admitted_at"])
            _record(access, row, "letter.logo_admitted")
    return found


def refuse_logo(*, access: Access, joining: Joining, logo: UUID) -> Joining:
    """The logo is deleted; the name stays. Raises Refused as `admit_logo` does."""
    with transaction.atomic():
        row = _row(access, joining)
        _logo(row, logo)
        forget_logo(row)
        _record(access, row, "letter.logo_refused")
    return row


def end(row: Joining, state: JoiningState) -> None:
    """Take the organisation off and forget who it was, its logo too. In the caller's transaction."""
    forget_logo(row)
    row.logo_allowed = False
    row.state, row.ended_at = state, now()
    row.name = row.contact = row.position = row.email = row.address_print = ""
    row.save()


def _locked(access: Access, letter: OpenLetter) -> OpenLetter:
    row = OpenLetter.objects.select_for_update(of=("self",)).select_related("draft__workspace")
    locked = row.get(pk=letter.pk)
    require_that(may_lead_letter(access, locked.draft))
    return locked


def _row(access: Access, joining: Joining) -> Joining:
    rows = Joining.objects.select_for_update(of=("self",)).select_related("letter__draft__workspace")
    row = rows.get(pk=joining.pk)
    require_that(may_lead_letter(access, row.letter.draft))
    if row.state != JoiningState.JOINED:
        raise Refused(_("This organisation does not stand under the text any more."))
    return row


def _logo(row: Joining, logo: UUID) -> JoiningLogo:
    found = logo_of_joining(row)
    if found is None or found.uuid != logo:
        raise Refused(_("This logo is not there any more. Look at the page again."))
    return found


def _keep(access: Access, letter: OpenLetter, action: str, kind: str) -> None:
    publication = newest_public_of(letter.draft)
    _log(access, letter, action)
    if publication is not None:
        activity.note(
            kind,
            workspace=letter.draft.workspace,
            actor=access.user,
            organisation=access.organisation,
            subject_kind="publication",
            subject=publication.uuid,
            needs_drafts=False,
            title=publication.title,
        )


def _record(access: Access, row: Joining, action: str) -> None:
    _log(access, row.letter, action, joining=str(row.uuid))


def _log(access: Access, letter: OpenLetter, action: str, **detail: Any) -> None:
    log.record(
        action,
        actor=access.user,
        organisation=access.organisation.uuid,
        role=access.role,
        target_kind="letter",
        target=letter.uuid,
        workspace=letter.draft.workspace.uuid,
        **detail,
    )
