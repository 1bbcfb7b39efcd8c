"""Publication of an approved draft: all languages at one moment, one record in the chain."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.enums import Listing
from coalition.accounts.models import Organisation, User
from coalition.accounts.naming import viewer_for
from coalition.core.clock import now
from coalition.core.compensate import undo_on_failure
from coalition.core.errors import Refused
from coalition.jobs import scheduler
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import seats_in
from documents.approval.actions.open_round import REMINDER_KIND
from documents.approval.audit import notify_about_round, notify_deciders, record_round_event
from documents.approval.models import ApprovalRound, Asked
from documents.approval.queries.boards import Board, board_of, publishing_obstacles
from documents.canonical.form import Document
from documents.drafts.audit import Actor
from documents.drafts.deciders import approvers_by_organisation
from documents.drafts.enums import PointKind, PublicationState, RoundState
from documents.drafts.live.projection import update_draft_texts
from documents.drafts.models import Draft, DraftText
from documents.drafts.permissions import may_submit_for_approval, may_withdraw, require_that
from documents.files.models import StoredFile
from documents.history.actions import anonymise_writers, record_moment
from documents.hooks import HOOKS
from documents.publication import hooks
from documents.publication import record as publication_record
from documents.publication.certificate import rule_violations, signatory_state
from documents.publication.embargo.audit import LIFT_KIND, notify_agreed_contacts
from documents.publication.hooks import PlannedText, PublicationPlan
from documents.publication.models import ChainHead, Publication, PublicationName, PublicationText, title_among
from documents.publication.queries import planned_and_public, planned_of
from documents.publication.record import RecordSupplements, record_supplements


class NotPublishable(Refused):
    """Raised when publishing is refused; `reasons` are sentences, the first to resolve first."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("%(reasons)s", reasons=" ".join(reasons))
        self.reasons = reasons


def publish_approved(*, access: Access, round_: ApprovalRound, correction_note: str = "") -> Publication:
    """Publish the approved versions of the round, in all languages at one moment, with the names of
    the current signatories: by the round's rule, evaluated under the locks.

    A later publication of the same draft replaces its public one (a correction); `correction_note`
    then says publicly what was corrected. Raises NotAllowed without the right, NotReady with what
    is missing in words. A concurrent edit comes either before (and this is refused) or after (and
    is not included).
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
    """Publish on behalf of `by`. `allowed`: whether they may, checked first and again under the
    locks; `ready`: further conditions on the planned publication, checked there: its sentences
    refuse it.

    A publication planned for this round (an embargo) becomes public as it is. Raises as `publish`
    does.
    """
    round_ = ApprovalRound.objects.select_related("draft__workspace").get(pk=round_.pk)
    require_that(allowed(round_.draft))
    update_draft_texts(round_.draft)
    plan = _build_plan(publishable_board(round_, by.user))  # before copying files; again under the locks
    prepared = hooks.prepare_all(plan)
    with undo_on_failure(lambda: hooks.discard_all(prepared)), transaction.atomic():
        publication = _publish_locked(by, plan, round_, PublishConditions(allowed, ready), correction_note)
        hooks.present_all(publication, prepared)
    return publication


@dataclass(frozen=True)
class PublishConditions:
    """The conditions checked again under the locks."""

    allowed: Callable[[Draft], bool]
    ready: Callable[[Publication | None], list[str]]


def publishable_board(round_: ApprovalRound, user: User) -> Board:
    """Return the round's board, without names, if it can be published now. Raise NotReady with what
    is missing, in words for this person; names are read only then."""
    board = board_of(round_, None)
    if publishing_obstacles(board) or not board.matrix.is_complete:
        require_publishable(board_of(round_, viewer_for(user)))
    return board


def require_publishable(board: Board) -> None:
    """Raise NotReady with what is missing unless the round can be published now."""
    reasons = publishing_obstacles(board)
    if reasons or not board.matrix.is_complete:
        raise NotPublishable(reasons or [str(_("Nothing is put to approval here."))])


def _build_plan(board: Board) -> PublicationPlan:
    draft = board.round.draft
    texts = tuple(
        PlannedText(text.language, text.version, cast("Document", json.loads(text.version.canonical)))
        for text in sorted(board.texts, key=lambda text: text.language)
    )
    ids = {one for text in texts for one in text.document["pictures"]}
    files = StoredFile.objects.filter(workspace=draft.workspace_id, uuid__in=ids)
    pictures = {str(file.uuid): file for file in files}
    for text in texts:
        for one, picture in text.document["pictures"].items():
            if one not in pictures or pictures[one].sha256 != picture["sha256"]:
                raise NotPublishable(
                    [str(_("A picture of the text is no longer among the workspace's files."))]
                )
    planned, public = planned_and_public(board.round)
    return PublicationPlan(
        uuid=planned.uuid if planned else uuid7(),
        draft=draft,
        texts=texts,
        pictures=pictures,
        replaces=public,
    )


def _publish_locked(
    by: Actor,
    plan: PublicationPlan,
    round_: ApprovalRound,
    conditions: PublishConditions,
    correction_note: str,
) -> Publication:
    """Lock chain, draft, round, organisations and texts, always in this order; check again; write
    everything."""
    head = _lock_chain()
    draft = Draft.objects.select_for_update().get(pk=plan.draft.pk)
    require_that(conditions.allowed(draft))
    locked = _lock_round(round_)
    _lock_asked_organisations(locked)
    texts = _lock_texts(draft)
    if update_draft_texts(draft):  # edits made before this moment come first
        texts = _lock_texts(draft)
    board = publishable_board(locked, by.user)
    planned, public = planned_and_public(locked)
    plan = replace(plan, replaces=public)  # published or withdrawn meanwhile
    if not _same_versions(plan, board):
        raise NotPublishable([str(_("A newer version was put a moment ago. Look at the round again."))])
    if planned is not None:
        planned = planned_of(locked, lock=True)
    if reasons := conditions.ready(planned):
        raise NotPublishable(reasons)
    publication = _store_publication(by, plan, board, head, planned, correction_note)
    for one in plan.texts:
        record_moment(texts[one.language], PointKind.PUBLISHED)
    anonymise_writers(draft)
    locked.state, locked.closed_at = RoundState.PUBLISHED, publication.published_at
    locked.save(update_fields=["state", "closed_at"])
    scheduler.cancel_all([(REMINDER_KIND, str(locked.uuid)), (LIFT_KIND, str(publication.uuid))])
    _notify_outlets(publication, was_planned=planned is not None)
    _announce_publication(
        by, publication, board, title_among({one.language: one.document for one in plan.texts})
    )
    return publication


def _lock_round(round_: ApprovalRound) -> ApprovalRound:
    rows = ApprovalRound.objects.select_for_update(of=("self",)).select_related("draft__workspace")
    return rows.get(pk=round_.pk)


def _lock_texts(draft: Draft) -> dict[str, DraftText]:
    """Return all texts of the draft, locked, by language."""
    rows = DraftText.objects.select_for_update().filter(draft=draft).order_by("pk")
    return {text.language: text for text in rows}


def _notify_outlets(publication: Publication, *, was_planned: bool) -> None:
    """Notify those who agreed to the embargo that it is over, and recipients and outside
    signatories of the earlier text of the correction."""
    if was_planned:  # otherwise there was no embargo to agree to
        notify_agreed_contacts(publication, "embargo_lifted", once="public")
    if publication.replaces is not None:
        notify_agreed_contacts(publication.replaces, "taken_text_corrected", once=str(publication.uuid))
        for follow in HOOKS.corrected:
            follow(publication)


def _same_versions(plan: PublicationPlan, board: Board) -> bool:
    return {text.version.pk for text in plan.texts} == {text.version_id for text in board.texts}


def _lock_chain() -> ChainHead:
    locked = ChainHead.objects.select_for_update()
    head = locked.filter(pk=1).first()
    if head is not None:
        return head
    ChainHead.objects.bulk_create([ChainHead(pk=1)], ignore_conflicts=True)  # the first publication of all
    return locked.get(pk=1)


def _lock_asked_organisations(round_: ApprovalRound) -> None:
    """Lock the organisations asked, to serialise with a concurrent freeze or withdrawal of a name.

    The weaker lock mode blocks those but still allows inserting rows that refer to the
    organisations.
    """
    asked = Asked.objects.filter(round=round_).values("organisation")
    rows = Organisation.objects.select_for_update(no_key=True).filter(pk__in=asked)
    list(rows.order_by("pk").values_list("pk"))


def _store_publication(
    by: Actor,
    plan: PublicationPlan,
    board: Board,
    head: ChainHead,
    planned: Publication | None,
    correction_note: str,
) -> Publication:
    moment, round_ = now(), board.round
    documents = [
        {"language": text.language, "canon": text.version.canon, "hash": text.version.hash}
        for text in plan.texts
    ]
    beside = record_supplements(
        round_, {one.language: one.document for one in plan.texts}, board.matrix.standing
    )
    names = list(_publication_names(board, plan.uuid, [str(one["hash"]) for one in documents], beside))
    record = publication_record.build_record(
        publication=plan.uuid,
        number=head.number + 1,
        replaces=plan.replaces.uuid if plan.replaces else None,
        documents=documents,
        moments={"put_to_approval": round_.opened_at, "published": moment},
        commitments=[name.commitment for name in names],
        **beside.in_record,
        correction_note=correction_note if plan.replaces else "",
        previous=head.hash,
    )
    values = {
        "draft": round_.draft,
        "round": round_,
        "state": PublicationState.PUBLIC,
        "number": head.number + 1,
        "published_at": moment,
        "published_by": by.user,
        "organisation": by.organisation,
        "replaces": plan.replaces,
        "correction_note": correction_note if plan.replaces else "",
        "record": record,
        "hash": publication_record.record_hash(record),
        "previous_hash": head.hash,
    }
    publication = _publication_row(plan.uuid, values, planned)
    if plan.replaces is not None:  # nothing about it is left to decide
        Publication.objects.filter(pk=plan.replaces.pk).update(awaiting_since=None)
    _store_texts_and_names(publication, plan, names)
    _advance_chain(head, publication)
    return publication


def _publication_row(uuid: UUID, values: dict[str, Any], planned: Publication | None) -> Publication:
    """Return the row with these values: the planned one, whose texts are deleted, or a new one."""
    if planned is None or planned.uuid != uuid:
        return Publication.objects.create(uuid=uuid, **values)
    for name, value in values.items():
        setattr(planned, name, value)
    planned.save(update_fields=list(values))
    planned.texts.all().delete()
    return planned


def _advance_chain(head: ChainHead, publication: Publication) -> None:
    """Make it the end of the chain."""
    head.number, head.hash = head.number + 1, publication.hash
    head.save(update_fields=["number", "hash"])


def _store_texts_and_names(
    publication: Publication, plan: PublicationPlan, names: list[PublicationName]
) -> None:
    """Write its texts and its signatories."""
    PublicationText.objects.bulk_create(
        PublicationText(
            publication=publication,
            language=text.language,
            version=text.version,
            canon=text.version.canon,
            hash=text.version.hash,
        )
        for text in plan.texts
    )
    for name in names:
        name.publication = publication
    PublicationName.objects.bulk_create(names)


def _publication_names(
    board: Board, publication: UUID, hashes: list[str], beside: RecordSupplements
) -> Iterable[PublicationName]:
    """Yield one name per current signatory."""
    rows = {row.organisation_id: row for row in board.asked}
    for one in board.matrix.standing:
        asked = rows[one.organisation.pk]
        salt = publication_record.new_salt()
        yield PublicationName(
            organisation=asked.organisation,
            listing=Listing.strictest(asked.organisation.listing, asked.listing),
            salt=salt,
            commitment=publication_record.commitment(
                salt=salt,
                organisation=asked.organisation.uuid,
                publication=publication,
                hashes=hashes,
            ),
            approved_at=one.at,
            way=one.way,
            decisions=beside.decisions_of(one),
        )


def _announce_publication(by: Actor, publication: Publication, board: Board, title: str) -> None:
    round_ = board.round
    record_round_event(
        round_,
        action="publication.published",
        kind="published",
        person=by.user,
        organisation=by.organisation,
        role=by.role,
        public=publication,
        title=title,
        publication=str(publication.uuid),
        publication_number=publication.number,
        hash=publication.hash,
    )
    named = [one.organisation.pk for one in board.matrix.standing]
    deciding = approvers_by_organisation(named, kind=round_.draft.kind)
    approvers = {person.pk: person for people in deciding.values() for person in people}
    told: dict[str, Any] = {"public": publication, "actor": by.user, "organisation": by.organisation}
    notify_about_round(round_, approvers.values(), kind="published", once=str(publication.uuid), **told)
    _notify_dropped_signatories(round_, publication, told)
    others = [seat.person for seat in seats_in(round_.draft.workspace) if seat.person_id not in approvers]
    notify_about_round(round_, others, kind="published_here", once=str(publication.uuid), **told)


def _notify_dropped_signatories(
    round_: ApprovalRound, publication: Publication, told: dict[str, Any]
) -> None:
    """Notify signatories of the corrected text that are not signatories of the new one: their name
    stays on the earlier text only."""
    if publication.replaces is None:
        return
    under = publication.names.values("organisation")
    rows = publication.replaces.names.filter(taken_off_at=None).exclude(organisation__in=under)
    left = [name.organisation for name in rows.select_related("organisation")]
    notify_deciders(round_, left, kind="corrected_without", once=str(publication.uuid), **told)


# --- reaffirm ---
# Confirmation of a public text whose approval rule is no longer met. The alternatives are
# `withdraw` and a correction (`publish`).


def reaffirm_publication(*, access: Access, publication: Publication) -> Publication:
    """Confirm the text as it is. Raises NotAllowed without the right, and Refused with the
    sentences of the rule if it is not met, or if no decision is pending."""
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=publication.draft_id)
        require_that(may_withdraw(access, draft))
        rows = Publication.objects.select_for_update(of=("self",)).select_related("round__draft__workspace")
        locked = rows.get(pk=publication.pk)
        if locked.awaiting_since is None or locked.state != PublicationState.PUBLIC:
            raise Refused(_("Nothing is to be decided about this text."))
        if reasons := rule_violations(signatory_state(locked.round, locked.names.all())):
            raise Refused("%(reasons)s", reasons=" ".join(reasons))
        locked.awaiting_since = None
        locked.save(update_fields=["awaiting_since"])
        record_round_event(
            locked.round,
            action="publication.let_stand",
            kind="let_stand",
            person=access.user,
            organisation=access.organisation,
            role=access.seat.role,
            public=locked,
            publication=str(locked.uuid),
        )
    return locked
