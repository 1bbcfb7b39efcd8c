"""Publish, withdraw and correct."""

import secrets
from collections.abc import Callable, Iterable, Mapping
from typing import IO, Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts import registry
from coalition.accounts.models import Listing, Organisation, User
from coalition.accounts.naming import Viewer, viewer_for
from coalition.accounts.permissions import represents
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused, undo_on_failure
from coalition.jobs import scheduler
from coalition.workspaces.permissions import Access, NotAllowed
from coalition.workspaces.queries import seats_in
from documents.approval import audit as approval_audit
from documents.approval.models import ApprovalRound, Asked
from documents.approval.queries.boards import Board, board_of, publishing_obstacles
from documents.approval.queries.rounds import lock_round
from documents.canonical.form import Document
from documents.drafts.audit import Actor, OnBehalf
from documents.drafts.live.projection import update_draft_texts
from documents.drafts.models import SHOWN_STATES, Draft, DraftText, PublicationState, RoundState, Version
from documents.drafts.permissions import may_manage_publication, may_submit_for_approval, require_that
from documents.drafts.queries import approvers_by_organisation
from documents.files.models import StoredFile
from documents.files.withheld import WithheldContent
from documents.hooks import HOOKS
from documents.publication import hooks, record as publication_record
from documents.publication.certificate import rule_violations
from documents.publication.embargo.audit import LIFT_KIND, notify_agreed_contacts
from documents.publication.models import (
    ChainHead,
    OrganisationLogo,
    Publication,
    PublicationName,
    PublicationText,
    TakenOff,
    title_among,
)
from documents.publication.queries import locked_publications, logo_of, planned_of
from documents.publication.verification.findings import FindingKind


class NotPublishable(Refused):
    """Raised when publishing is refused; `reasons` are sentences, the first to resolve first."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("%(reasons)s", reasons=" ".join(reasons))
        self.reasons = reasons


def publish_approved(*, access: Access, round_: ApprovalRound, correction_note: str = "") -> Publication:
    """Publish the approved versions of the round, in all languages at one moment, with the names of the
    current signatories: by the round's rule, evaluated under the locks.

    A later publication of the same draft replaces its public one (a correction); `correction_note` then says
    publicly what was corrected. Raises NotAllowed without the right, NotPublishable with what is missing in
    words. A concurrent edit comes either before (and this is refused) or after (and is not included).
    """
    by = Actor(access.user, access.organisation, access.seat.role, access.workspace)
    return publish_on_behalf(
        by=by,
        round_=round_,
        allowed=lambda draft: may_submit_for_approval(access, draft),
        correction_note=correction_note.strip()[:1000],
    )


def publish_on_behalf(
    *,
    by: Actor,
    round_: ApprovalRound,
    allowed: Callable[[Draft], bool],
    ready: Callable[[Publication | None], list[str]] = lambda _planned: [],
    correction_note: str = "",
) -> Publication:
    """Publish on behalf of `by`. `allowed`: whether they may, checked first and again under the locks;
    `ready`: further conditions on the planned publication, checked there: its sentences refuse it.

    A publication planned for this round (an embargo) becomes public as it is. Raises as `publish_approved`
    does.
    """
    round_ = ApprovalRound.objects.select_related("draft__workspace").get(pk=round_.pk)
    require_that(allowed(round_.draft))
    update_draft_texts(round_.draft)
    board = publishable_board(round_, by.user)  # before copying files; again under the locks
    versions = sorted((text.version for text in board.texts), key=lambda version: version.language)
    prepared = hooks.prepare_all(_pictures_of(versions, round_.draft))
    with undo_on_failure(lambda: hooks.discard_all(prepared)), transaction.atomic():
        publication = _publish_locked(by, round_, versions, allowed, ready, correction_note)
        hooks.present_all(publication, prepared)
    return publication


def obstacles_to_publishing(round_: ApprovalRound, viewer: Viewer) -> list[str]:
    """Return what is missing before the round can be published, in words for this person."""
    return publishing_obstacles(board_of(round_, viewer))


def publishable_board(round_: ApprovalRound, user: User) -> Board:
    """Return the round's board, without names, if it can be published now. Raise NotPublishable with what
    is missing, in words for this person; names are read only then."""
    board = board_of(round_, None)
    if publishing_obstacles(board) or not board.matrix.is_complete:
        reasons = obstacles_to_publishing(round_, viewer_for(user))
        raise NotPublishable(reasons or [str(_("Nothing is put to approval here."))])
    return board


def _pictures_of(versions: Iterable[Version], draft: Draft) -> list[StoredFile]:
    shown = [picture for version in versions for picture in version.document["pictures"].items()]
    files = StoredFile.objects.filter(workspace=draft.workspace_id, uuid__in={one for one, _picture in shown})
    pictures = {str(file.uuid): file for file in files}
    for one, picture in shown:
        if one not in pictures or pictures[one].sha256 != picture["sha256"]:
            raise NotPublishable([str(_("A picture of the text is no longer among the workspace's files."))])
    withheld = WithheldContent()
    if any(withheld.hashes_in(version.document) for version in versions):
        reason = _(
            "A picture of the text is not available for the site in this language now. "
            "Take it out or ask who added it."
        )
        raise NotPublishable([str(reason)])
    return list(pictures.values())


def _publish_locked(
    by: Actor,
    round_: ApprovalRound,
    versions: list[Version],
    allowed: Callable[[Draft], bool],
    ready: Callable[[Publication | None], list[str]],
    correction_note: str,
) -> Publication:
    """Lock chain, draft, round, organisations and texts, always in this order; check again; write
    everything."""
    head = _lock_chain()
    draft = Draft.objects.select_for_update().get(pk=round_.draft_id)
    require_that(allowed(draft))
    locked = lock_round(round_)
    # Serialise with a concurrent freeze or withdrawal of a name. The weaker lock mode blocks those but
    # still allows inserting rows that refer to the organisations.
    asked = Asked.objects.filter(round=locked).values("organisation")
    organisations = Organisation.objects.select_for_update(no_key=True).filter(pk__in=asked)
    list(organisations.order_by("pk").values_list("pk"))
    texts = _lock_texts(draft)
    if update_draft_texts(draft):  # edits made before this moment come first
        texts = _lock_texts(draft)
    board = publishable_board(locked, by.user)
    if {version.pk for version in versions} != {text.version_id for text in board.texts}:
        raise NotPublishable([str(_("A newer version was put a moment ago. Look at the round again."))])
    planned, replaced = planned_of(locked, lock=True), draft.publications.newest_public()
    if reasons := ready(planned):
        raise NotPublishable(reasons)
    documents = {version.language: version.document for version in versions}
    publication = planned or Publication()
    publication.draft, publication.round, publication.replaces = locked.draft, locked, replaced
    publication.correction_note = correction_note if replaced else ""
    _store_publication(by, publication, board, documents, head)
    if planned is not None:
        publication.texts.all().delete()
    store_texts(publication, versions)
    for follow in HOOKS.published:
        follow(draft, [texts[language] for language in documents])
    locked.state, locked.closed_at = RoundState.PUBLISHED, publication.published_at
    locked.save(update_fields=["state", "closed_at"])
    scheduler.cancel_all(
        [(approval_audit.REMINDER_KIND, str(locked.uuid)), (LIFT_KIND, str(publication.uuid))]
    )
    if planned is not None:  # otherwise there was no embargo to agree to
        notify_agreed_contacts(publication, "embargo_lifted", once="public")
    if replaced is not None:
        notify_agreed_contacts(replaced, "taken_text_corrected", once=str(publication.uuid))
        for follow_correction in HOOKS.corrected:
            follow_correction(publication)
    _announce_publication(by, publication, board, title_among(documents))
    return publication


def _lock_texts(draft: Draft) -> dict[str, DraftText]:
    """Return all texts of the draft, locked, by language."""
    rows = DraftText.objects.select_for_update().filter(draft=draft).order_by("pk")
    return {text.language: text for text in rows}


def _lock_chain() -> ChainHead:
    locked = ChainHead.objects.select_for_update()
    head = locked.filter(pk=1).first()
    if head is not None:
        return head
    ChainHead.objects.bulk_create([ChainHead(pk=1)], ignore_conflicts=True)  # the first publication of all
    return locked.get(pk=1)


def _store_publication(
    by: Actor, publication: Publication, board: Board, documents: Mapping[str, Document], head: ChainHead
) -> None:
    """Write its record with the names of the signatories, and append it to the chain."""
    moment, round_, standing = now(), board.round, board.matrix.standing
    listed = [
        {"language": text.language, "canon": text.version.canon, "hash": text.version.hash}
        for text in sorted(board.texts, key=lambda text: text.language)
    ]
    lists, sources = publication_record.record_supplements(round_, documents, standing)
    rows = {row.organisation_id: row for row in board.asked}
    names = []
    for one in standing:
        asked, salt = rows[one.organisation.pk], secrets.token_hex(publication_record.SALT_BYTES)
        commitment = publication_record.commitment(
            salt=salt,
            organisation=asked.organisation.uuid,
            publication=publication.uuid,
            hashes=[str(text["hash"]) for text in listed],
        )
        names.append(
            PublicationName(
                publication=publication,
                organisation=asked.organisation,
                listing=Listing.strictest(asked.organisation.listing, asked.listing),
                salt=salt,
                commitment=commitment,
                approved_at=one.at,
                way=one.way,
                decisions=publication_record.decisions_for_name(one, sources),
            )
        )
    publication.state, publication.number = PublicationState.PUBLIC, head.number + 1
    publication.published_at, publication.published_by = moment, by.user
    publication.organisation = by.organisation
    publication.record = publication_record.build_record(
        publication=publication.uuid,
        number=publication.number,
        replaces=publication.replaces.uuid if publication.replaces else None,
        documents=listed,
        moments={"put_to_approval": round_.opened_at, "published": moment},
        commitments=[one.commitment for one in names],
        correction_note=publication.correction_note,
        previous=head.hash,
        **lists,
    )
    publication.hash = publication_record.text_hash(publication.record)
    publication.previous_hash = head.hash
    publication.save()
    if publication.replaces is not None:  # nothing about it is left to decide
        Publication.objects.filter(pk=publication.replaces.pk).update(awaiting_since=None)
    PublicationName.objects.bulk_create(names)
    head.number, head.hash = publication.number, publication.hash
    head.save(update_fields=["number", "hash"])


def store_texts(publication: Publication, versions: Iterable[Version]) -> None:
    """Write the exact versions that are public, or scheduled: outlets read only these."""
    PublicationText.objects.bulk_create(
        PublicationText(
            publication=publication, language=one.language, version=one, canon=one.canon, hash=one.hash
        )
        for one in versions
    )


def _announce_publication(by: Actor, publication: Publication, board: Board, title: str) -> None:
    round_ = board.round
    approval_audit.record_round_event(
        round_,
        by,
        "publication.published",
        "published",
        public=publication,
        title=title,
        publication=str(publication.uuid),
        publication_number=publication.number,
        hash=publication.hash,
    )
    named = [one.organisation.pk for one in board.matrix.standing]
    deciding = approvers_by_organisation(named, kind=round_.draft.kind)
    approvers = {person.pk: person for people in deciding.values() for person in people}
    about: dict[str, Any] = {"once": str(publication.uuid), "public": publication, "by": by}
    approval_audit.notify_about_round(round_, approvers.values(), kind="published", **about)
    if publication.replaces is not None:  # the name of who is dropped stays on the earlier text only
        under = publication.names.values("organisation")
        rows = publication.replaces.names.filter(taken_off_at=None).exclude(organisation__in=under)
        dropped = [name.organisation for name in rows.select_related("organisation")]
        approval_audit.notify_deciders(round_, dropped, kind="corrected_without", **about)
    others = [seat.person for seat in seats_in(round_.draft.workspace) if seat.person_id not in approvers]
    approval_audit.notify_about_round(round_, others, kind="published_here", **about)


def reaffirm_publication(*, access: Access, publication: Publication) -> Publication:
    """Confirm a public text after names were removed, instead of withdrawing or correcting it.

    Raises NotAllowed without the right, and Refused with the sentences of the rule if it is not met, or if no
    decision is pending.
    """
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=publication.draft_id)
        require_that(may_manage_publication(access, draft))
        locked = locked_publications().get(pk=publication.pk)
        if locked.awaiting_since is None or locked.state != PublicationState.PUBLIC:
            raise Refused(_("Nothing is to be decided about this text."))
        if reasons := rule_violations(locked):
            raise Refused("%(reasons)s", reasons=" ".join(reasons))
        locked.awaiting_since = None
        locked.save(update_fields=["awaiting_since"])
        approval_audit.record_round_event(
            locked.round,
            access,
            "publication.let_stand",
            "let_stand",
            public=locked,
            publication=str(locked.uuid),
        )
    return locked


def withdraw_publication(*, access: Access, publication: Publication, note: str) -> Publication:
    """Withdraw a public publication; `note` says publicly why.

    Withdrawing it again removes its pages from the site, if any reappeared; its note stays, and only such a
    repair is audited. Raises NotAllowed without the right, Refused without a note or if it was never public.
    """
    note = note.strip()[:1000]
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=publication.draft_id)
        require_that(may_manage_publication(access, draft))
        locked = locked_publications().get(pk=publication.pk)
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
        # The URL answers 410 at once if the text was off the site during verification. Not if names
        # differ: the certificate of a withdrawn text displays them, so it stays off until they are correct.
        off = TakenOff.objects.filter(publication=locked).first()
        if off is not None and all(one["kind"] != FindingKind.NAMES for one in off.findings):
            off.delete()
        hooks.withdraw_all(locked)
        _record_withdrawal(access, locked)
        named = locked.names.values_list("organisation", flat=True)
        deciding = approvers_by_organisation(named, kind=locked.round.draft.kind)
        approval_audit.notify_about_round(
            locked.round,
            [person for people in deciding.values() for person in people],
            kind="withdrawn",
            once=str(locked.uuid),
            by=access,
            public=locked,
        )
        notify_agreed_contacts(locked, "taken_text_withdrawn", once="withdrawn")
    return locked


def _record_withdrawal(access: Access, publication: Publication, **detail: Any) -> None:
    detail |= {"public": publication, "publication": str(publication.uuid)}
    approval_audit.record_round_event(
        publication.round, access, "publication.withdrawn", "withdrawn", **detail
    )


def remove_name(*, publication: Publication, organisation: Organisation, person: User) -> Publication:
    """Remove the organisation's name on behalf of a representative: `remove_name_unchecked`. Raises
    NotAllowed for everyone else, Refused if the name is no longer there."""
    if not represents(person, organisation):
        raise NotAllowed
    return remove_name_unchecked(publication=publication, organisation=organisation, person=person)


def remove_name_unchecked(
    *, publication: Publication, organisation: Organisation, person: User
) -> Publication:
    """Remove the name from a text, in every version that is or was public, where the caller has checked the
    right: an objection is open to alternates too.

    The moment is recorded and our copy of the salt deleted, so that our data no longer proves that the
    organisation was a signatory; the commitment stays in the chain. If the text's rule is no longer met, it
    is marked *awaiting decision*. Raises Refused if the name is no longer there.
    """
    with transaction.atomic():
        # same lock order as `publish_on_behalf` and `withdraw_publication`
        Draft.objects.select_for_update().get(pk=publication.draft_id)
        # on this text, and on its earlier and later corrections
        publications = Publication.objects.select_for_update().filter(
            draft=publication.draft_id, state__in=SHOWN_STATES
        )
        names = PublicationName.objects.filter(
            publication__in=list(publications.order_by("pk").values_list("pk", flat=True)),
            organisation=organisation,
            taken_off_at=None,
        ).select_related("publication__round__draft__workspace", "publication__draft")
        rows = list(names.order_by("publication__number"))
        if not rows:
            raise Refused(_("The name of this organisation does not stand under this text any more."))
        moment = now()
        PublicationName.objects.filter(pk__in=[row.pk for row in rows]).update(taken_off_at=moment, salt="")
        for row in rows:
            # the audit log only: reason and name appear nowhere else
            log.record_audit(
                "publication.name_taken_off",
                actor=person,
                organisation=organisation.uuid,
                role="representative",
                target_kind="publication",
                target=row.publication.uuid,
                workspace=row.publication.round.draft.workspace.uuid,
                publication_number=row.publication.number,
            )
            notify_agreed_contacts(row.publication, "names_changed", once=moment.isoformat())
        for row in rows:  # the current publication, if the name was on it
            public = row.publication
            if public.state == PublicationState.PUBLIC and getattr(public, "replaced_by", None) is None:
                _check_approval_rule(public, organisation, person)
                break
    publication.refresh_from_db()
    return publication


def _check_approval_rule(publication: Publication, organisation: Organisation, person: User) -> None:
    """Mark the text if its rule is no longer met; notify coordinators in either case."""
    stands = not rule_violations(publication)
    if not stands and publication.awaiting_since is None:
        publication.awaiting_since = now()
        publication.save(update_fields=["awaiting_since"])
    approval_audit.notify_coordinators(
        publication.round,
        kind="name_taken_off" if stands else "awaiting_decision",
        once=f"{publication.uuid}:{organisation.uuid}",
        by=OnBehalf(person, organisation),
        public=publication,
    )


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
    logo = OrganisationLogo(permitted_by=person, permitted_at=now())
    with logo.upload(content, size=size, name=name):
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
    """Delete the logo; its bytes once the caller's transaction is committed. Return whether there was one."""
    logo = logo_of(organisation)
    if logo is not None:
        logo.delete_with_file()
    return logo is not None


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
