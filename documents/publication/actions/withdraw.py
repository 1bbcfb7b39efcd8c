"""Withdrawal of a publication: pages are removed, a note and the chain stay."""

import hashlib
from typing import IO, Any

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts import registry
from coalition.accounts.enums import Listing
from coalition.accounts.models import Organisation, User
from coalition.accounts.permissions import represents
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.compensate import undo_on_failure
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access, NotAllowed
from documents.approval.audit import notify_about_round, record_round_event
from documents.drafts.deciders import approvers_by_organisation
from documents.drafts.enums import PublicationState
from documents.drafts.models import Draft
from documents.drafts.permissions import may_withdraw, require_that
from documents.drafts.queries import coordinators_of
from documents.files.images import make_logo as drawn_anew
from documents.publication import hooks
from documents.publication.certificate import rule_violations, signatory_state
from documents.publication.embargo.audit import notify_agreed_contacts
from documents.publication.models import OrganisationLogo, Publication, PublicationName
from documents.publication.queries import SHOWN_STATES, logo_of
from documents.publication.verification.findings import FindingKind
from documents.publication.verification.models import TakenOff


def withdraw_publication(*, access: Access, publication: Publication, note: str) -> Publication:
    """Withdraw a public publication; `note` says publicly why.

    Withdrawing it again removes its pages from the site, if any reappeared; its note stays, and
    only such a repair is audited. Raises NotAllowed without the right, Refused without a note or if
    it was never public.
    """
    note = note.strip()[:1000]
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=publication.draft_id)
        require_that(may_withdraw(access, draft))
        locked = (
            Publication.objects.select_for_update(of=("self",))
            .select_related("round__draft__workspace")
            .get(pk=publication.pk)
        )
        if locked.state == PublicationState.WITHDRAWN:
            if hooks.withdraw_all(locked):
                _record_withdrawal(access, locked, repaired=True)
            return locked
        if not note:
            raise Refused(_("Say publicly why the text is withdrawn: the note stays in its place."))
        if PublicationState.WITHDRAWN not in PublicationState(locked.state).next_states:
            raise Refused(_("This publication is not public."))
        locked.state, locked.withdrawn_at = PublicationState.WITHDRAWN, now()
        locked.withdrawn_by, locked.withdrawal_note, locked.awaiting_since = access.user, note, None
        locked.save(
            update_fields=["state", "withdrawn_at", "withdrawn_by", "withdrawal_note", "awaiting_since"]
        )
        _end_verification(locked)
        hooks.withdraw_all(locked)
        _announce_withdrawal(access, locked)
        notify_agreed_contacts(locked, "taken_text_withdrawn", once="withdrawn")
    return locked


def _end_verification(publication: Publication) -> None:
    """Let the URL answer 410 at once if the text was off the site during verification.

    Not if names differ: the certificate of a withdrawn text displays them, so it stays off until
    they are correct.
    """
    row = TakenOff.objects.filter(publication=publication).first()
    if row is not None and all(one["kind"] != FindingKind.NAMES for one in row.findings):
        row.delete()


def _record_withdrawal(access: Access, publication: Publication, **detail: Any) -> None:
    record_round_event(
        publication.round,
        action="publication.withdrawn",
        kind="withdrawn",
        person=access.user,
        organisation=access.organisation,
        role=access.seat.role,
        public=publication,
        publication=str(publication.uuid),
        **detail,
    )


def _announce_withdrawal(access: Access, publication: Publication) -> None:
    round_ = publication.round
    _record_withdrawal(access, publication)
    named = publication.names.values_list("organisation", flat=True)
    deciding = approvers_by_organisation(named, kind=round_.draft.kind)
    approvers = [person for people in deciding.values() for person in people]
    notify_about_round(
        round_,
        approvers,
        kind="withdrawn",
        once=str(publication.uuid),
        actor=access.user,
        organisation=access.organisation,
        public=publication,
    )


# --- remove name ---
# Removal of an organisation's name from a public text: at once, without a reason, everywhere.


def remove_name(*, publication: Publication, organisation: Organisation, person: User) -> Publication:
    """Remove the organisation's name from a text, in every version that is or was public, on behalf
    of a representative. Raises NotAllowed for everyone else, Refused if the name is no longer
    there.
    """
    if not represents(person, organisation):
        raise NotAllowed
    return remove_name_unchecked(
        publication=publication, organisation=organisation, person=person, role="representative"
    )


def remove_name_unchecked(
    *, publication: Publication, organisation: Organisation, person: User | None, role: str
) -> Publication:
    """Remove the name where the caller has checked the right (an objection, an organisation
    leaving).

    One transaction: the moment is recorded and our copy of the salt deleted, so that our data no
    longer proves that the organisation was a signatory; the commitment stays in the chain. If the
    text's rule is no longer met, it is marked *awaiting decision*. Pages, feeds, certificate and
    JSON are rendered from these rows at each request without a cache of ours, so they follow with
    the commit. Raises Refused.
    """
    with transaction.atomic():
        # same lock order as `publish` and `withdraw`
        Draft.objects.select_for_update().get(pk=publication.draft_id)
        rows = _lock_names(publication, organisation)
        if not rows:
            raise Refused(_("The name of this organisation does not stand under this text any more."))
        moment = now()
        PublicationName.objects.filter(pk__in=[row.pk for row in rows]).update(taken_off_at=moment, salt="")
        for row in rows:
            _record_removal(row.publication, organisation, person, role)
            notify_agreed_contacts(row.publication, "names_changed", once=moment.isoformat())
        public = _current_publication(rows)
        if public is not None:
            _check_approval_rule(public, organisation, person)
    publication.refresh_from_db()
    return publication


def _lock_names(publication: Publication, organisation: Organisation) -> list[PublicationName]:
    """Return the organisation's names on this text, locked: also on its earlier and later
    corrections."""
    publications = Publication.objects.select_for_update().filter(
        draft=publication.draft_id, state__in=SHOWN_STATES
    )
    pks = list(publications.order_by("pk").values_list("pk", flat=True))
    rows = PublicationName.objects.filter(publication__in=pks, organisation=organisation, taken_off_at=None)
    rows = rows.select_related("publication__round__draft__workspace", "publication__draft")
    return list(rows.order_by("publication__number"))


def _current_publication(rows: list[PublicationName]) -> Publication | None:
    """Return the current publication, if the name was on it."""
    found = (row.publication for row in rows if row.publication.state == PublicationState.PUBLIC)
    return next((one for one in found if getattr(one, "replaced_by", None) is None), None)


def _check_approval_rule(publication: Publication, organisation: Organisation, person: User | None) -> None:
    """Mark the text if its rule is no longer met; notify coordinators in either case."""
    stands = not rule_violations(signatory_state(publication.round, publication.names.all()))
    if not stands and publication.awaiting_since is None:
        publication.awaiting_since = now()
        publication.save(update_fields=["awaiting_since"])
    notify_about_round(
        publication.round,
        coordinators_of(publication.round.draft),
        kind="name_taken_off" if stands else "awaiting_decision",
        once=f"{publication.uuid}:{organisation.uuid}",
        actor=person,
        organisation=organisation,
        public=publication,
    )


def _record_removal(
    publication: Publication, organisation: Organisation, person: User | None, role: str
) -> None:
    """Record the person in the audit log only: reason and name appear nowhere else."""
    log.record_audit(
        "publication.name_taken_off",
        actor=person,
        organisation=organisation.uuid,
        role=role,
        target_kind="publication",
        target=publication.uuid,
        workspace=publication.round.draft.workspace.uuid,
        publication_number=publication.number,
    )


# --- logo ---
# The logo of an organisation: displayed while a representative permits it, withdrawn with one
# click.


def register_logo_removal() -> None:
    """Listen for organisations that may no longer be named (from `AppConfig.ready()`)."""
    registry.register_organisation_listener(_delete_logo_unless_named)


def upload_organisation_logo(
    *, person: User, organisation: Organisation, content: IO[bytes], size: int, name: str
) -> OrganisationLogo:
    """Store a representative's logo, in place of the previous one, with permission to display it.

    Raises NotAllowed for everyone else, Refused with a reason for an invalid logo and for an
    organisation whose name is withheld.
    """
    _require_logo_allowed(person, organisation)  # before unpacking; checked again under the lock
    clean = drawn_anew(content, size=size, name=name)
    logo = OrganisationLogo(
        sha256=hashlib.sha256(clean.content).hexdigest(),
        width=clean.width,
        height=clean.height,
        permitted_by=person,
        permitted_at=now(),
    )
    # files do not roll back: write the bytes first
    logo.file.save("logo.png", ContentFile(clean.content), save=False)
    with undo_on_failure(lambda: logo.file.storage.delete(str(logo.file.name))), transaction.atomic():
        row = Organisation.objects.select_for_update().get(pk=organisation.pk)
        _require_logo_allowed(person, row)
        delete_organisation_logo(row)
        logo.organisation = row
        logo.save()
        _record_logo("organisation.logo_permitted", row, person)
    return logo


@transaction.atomic
def withdraw_organisation_logo(*, person: User, organisation: Organisation) -> None:
    """Withdraw the permission: delete the logo, at once and everywhere. Idempotent.

    Raises NotAllowed for anyone who does not represent the organisation.
    """
    if not represents(person, organisation):
        raise NotAllowed
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if delete_organisation_logo(row):
        _record_logo("organisation.logo_taken_back", row, person)


def delete_organisation_logo(organisation: Organisation) -> bool:
    """Delete the logo; its bytes once the caller's transaction is committed. Return whether there
    was one."""
    logo = logo_of(organisation)
    if logo is None:
        return False
    storage, name = logo.file.storage, str(logo.file.name)
    logo.delete()
    transaction.on_commit(lambda: storage.delete(name))
    return True


def _delete_logo_unless_named(organisation: Organisation) -> None:
    if organisation.listing != Listing.PUBLIC or organisation.left_at is not None:
        delete_organisation_logo(organisation)


def _require_logo_allowed(person: User, organisation: Organisation) -> None:
    if not represents(person, organisation):
        raise NotAllowed
    if organisation.listing != Listing.PUBLIC:
        raise Refused(_("A logo tells the name, and the name of your organisation is not told in public."))


def _record_logo(action: str, organisation: Organisation, person: User) -> None:
    log.record_audit(
        action,
        actor=person,
        target_kind="organisation",
        target=organisation.uuid,
        organisation=organisation.uuid,
    )
