"""Taking back what is public: the pages go, a note stays, the chain stays whole."""

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
from documents.approval.audit import concern, keep
from documents.drafts.deciders import approvers_by_organisation
from documents.drafts.enums import PublicationState
from documents.drafts.models import Draft
from documents.drafts.permissions import may_withdraw, require_that
from documents.drafts.queries import coordinators_of
from documents.files.images import logo_of as drawn_anew
from documents.publication import hooks
from documents.publication.certificate import under, why_not
from documents.publication.embargo.audit import tell_agreed
from documents.publication.models import OrganisationLogo, Publication, PublicationName
from documents.publication.queries import SHOWN, logo_of
from documents.publication.verification.findings import FindingKind
from documents.publication.verification.models import TakenOff


def withdraw(*, access: Access, publication: Publication, note: str) -> Publication:
    """Withdraw a public publication; `note` says publicly why.

    Withdrawing a withdrawn publication takes its pages off the site again, if any came back; its note stays,
    and only such a repair is audited. Raises NotAllowed without the right, Refused without a note or if it
    was never public.
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
                _audit(access, locked, repaired=True)
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
        _end_check(locked)
        hooks.withdraw_all(locked)
        _announce(access, locked)
        tell_agreed(locked, "taken_text_withdrawn", once="withdrawn")
    return locked


def _end_check(publication: Publication) -> None:
    """Let the address answer 410 at once if the text was off the site while it was checked.

    Not if names differ: the sheet of a withdrawn text shows them, so it stays off until they are right.
    """
    row = TakenOff.objects.filter(publication=publication).first()
    if row is not None and all(one["kind"] != FindingKind.NAMES for one in row.findings):
        row.delete()


def _audit(access: Access, publication: Publication, **detail: Any) -> None:
    keep(
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


def _announce(access: Access, publication: Publication) -> None:
    round_ = publication.round
    _audit(access, publication)
    named = publication.names.values_list("organisation", flat=True)
    deciding = approvers_by_organisation(named, kind=round_.draft.kind)
    approvers = [person for people in deciding.values() for person in people]
    concern(
        round_,
        approvers,
        kind="withdrawn",
        once=str(publication.uuid),
        actor=access.user,
        organisation=access.organisation,
        public=publication,
    )


# --- remove name ---
# An organisation's name leaves a public text: at once, without a reason, everywhere we show it.


def take_name_off(*, publication: Publication, organisation: Organisation, person: User) -> Publication:
    """A representative takes the name of their organisation off a text, in every version that is or was
    public. Raises NotAllowed for everyone else, Refused if the name stands there no more.
    """
    if not represents(person, organisation):
        raise NotAllowed
    return let_go(publication=publication, organisation=organisation, person=person, role="representative")


def let_go(
    *, publication: Publication, organisation: Organisation, person: User | None, role: str
) -> Publication:
    """The same, where the caller has asked the right (an objection, an organisation that leaves).

    One transaction: the moment is written, our copy of the salt deleted, so that nobody can show from our
    data any more that the organisation was there; the commitment stays in the chain. If the rule of the text
    holds no more, it is marked *awaiting decision*. Pages, feeds, sheet and JSON are made from these rows at
    each request and kept by no cache of ours, so they follow with the commit. Raises Refused.
    """
    with transaction.atomic():
        Draft.objects.select_for_update().get(pk=publication.draft_id)  # as `publish` and `withdraw` do
        rows = _lock(publication, organisation)
        if not rows:
            raise Refused(_("The name of this organisation does not stand under this text any more."))
        moment = now()
        PublicationName.objects.filter(pk__in=[row.pk for row in rows]).update(taken_off_at=moment, salt="")
        for row in rows:
            _record_removal(row.publication, organisation, person, role)
            tell_agreed(row.publication, "names_changed", once=moment.isoformat())
        public = _public_one(rows)
        if public is not None:
            _ask_the_rule(public, organisation, person)
    publication.refresh_from_db()
    return publication


def _lock(publication: Publication, organisation: Organisation) -> list[PublicationName]:
    """The organisation's names under this text: also under what it corrected, or was corrected by."""
    publications = Publication.objects.select_for_update().filter(draft=publication.draft_id, state__in=SHOWN)
    pks = list(publications.order_by("pk").values_list("pk", flat=True))
    rows = PublicationName.objects.filter(publication__in=pks, organisation=organisation, taken_off_at=None)
    rows = rows.select_related("publication__round__draft__workspace", "publication__draft")
    return list(rows.order_by("publication__number"))


def _public_one(rows: list[PublicationName]) -> Publication | None:
    """The publication that is read now, if the name stood under it."""
    found = (row.publication for row in rows if row.publication.state == PublicationState.PUBLIC)
    return next((one for one in found if getattr(one, "replaced_by", None) is None), None)


def _ask_the_rule(publication: Publication, organisation: Organisation, person: User | None) -> None:
    """Mark the text if its rule holds no more; tell those who coordinate in either case."""
    stands = not why_not(under(publication.round, publication.names.all()))
    if not stands and publication.awaiting_since is None:
        publication.awaiting_since = now()
        publication.save(update_fields=["awaiting_since"])
    concern(
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
    """Who pressed, for the audit log alone: neither reason nor name is told anywhere else."""
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
# The logo of an organisation: shown while a representative permits it, taken back with one press.


def register() -> None:
    """Hear of organisations that are not named any more (from `AppConfig.ready()`)."""
    registry.register_organisation_listener(_keep_only_of_the_named)


def permit_logo(
    *, person: User, organisation: Organisation, content: IO[bytes], size: int, name: str
) -> OrganisationLogo:
    """A representative sends the logo, in place of the one before, and permits that everyone sees it.

    Raises NotAllowed for everyone else, Refused in words for what is no logo and for an organisation whose
    name is not told.
    """
    _may_have_one(person, organisation)  # before anything is unpacked; again under the lock
    clean = drawn_anew(content, size=size, name=name)
    logo = OrganisationLogo(
        sha256=hashlib.sha256(clean.content).hexdigest(),
        width=clean.width,
        height=clean.height,
        permitted_by=person,
        permitted_at=now(),
    )
    logo.file.save("logo.png", ContentFile(clean.content), save=False)  # files do not roll back: bytes first
    with undo_on_failure(lambda: logo.file.storage.delete(str(logo.file.name))), transaction.atomic():
        row = Organisation.objects.select_for_update().get(pk=organisation.pk)
        _may_have_one(person, row)
        forget_logo(row)
        logo.organisation = row
        logo.save()
        _record_logo("organisation.logo_permitted", row, person)
    return logo


@transaction.atomic
def take_logo_back(*, person: User, organisation: Organisation) -> None:
    """The permission is taken back: the logo is deleted, at once and everywhere. Twice is one.

    Raises NotAllowed for who does not represent the organisation.
    """
    if not represents(person, organisation):
        raise NotAllowed
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if forget_logo(row):
        _record_logo("organisation.logo_taken_back", row, person)


def forget_logo(organisation: Organisation) -> bool:
    """Delete the logo, its bytes once the caller's transaction is committed. Says whether there was one."""
    logo = logo_of(organisation)
    if logo is None:
        return False
    storage, name = logo.file.storage, str(logo.file.name)
    logo.delete()
    transaction.on_commit(lambda: storage.delete(name))
    return True


def _keep_only_of_the_named(organisation: Organisation) -> None:
    if organisation.listing != Listing.PUBLIC or organisation.left_at is not None:
        forget_logo(organisation)


def _may_have_one(person: User, organisation: Organisation) -> None:
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
