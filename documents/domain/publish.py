"""Making an approved draft public: one moment, all languages, one record in the chain."""

import json
from collections.abc import Iterable
from typing import cast
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.clock import due
from coalition.clock.now import now
from coalition.partners.enums import Listing
from coalition.partners.models import Organisation
from coalition.partners.naming import Viewer, viewer_for
from coalition.refused import Refused
from coalition.workspaces.rules import Access
from documents import presenters
from documents.canonical.form import Document
from documents.domain import chain
from documents.domain.put_to_approval import REMINDER
from documents.domain.round_trail import keep, write_to
from documents.enums import DecisionKind, PublicationState, RoundState
from documents.models import (
    Approval,
    ApprovalRound,
    Asked,
    ChainHead,
    Draft,
    DraftText,
    Publication,
    PublicationName,
    PublicationText,
    RoundText,
    StoredFile,
)
from documents.presenters import PlannedText, PublicationPlan
from documents.queries.approvals import Board, approvers_of, board_of
from documents.queries.publications import newest_public_of, sheet_address
from documents.rules import may_put_to_approval, require_that


class NotReady(Refused):
    """The publication is refused; `reasons` are whole sentences, the first thing to settle first."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("%(reasons)s", reasons=" ".join(reasons))
        self.reasons = reasons


def publish(*, access: Access, round_: ApprovalRound) -> Publication:
    """Publish what the round's organisations approved, in all its languages at one moment.

    A later publication of the same draft replaces the public one before it (a correction). Raises
    NotAllowed without the right, NotReady with what is missing in words. An edit that comes in at the
    same time is either before (then this is refused) or after (then its words are not in it).
    """
    draft = Draft.objects.select_related("workspace").get(pk=round_.draft_id)
    require_that(may_put_to_approval(access, draft))
    viewer = viewer_for(access.user)
    _check(board_of(_loaded(round_), viewer))  # before files are copied; again under the locks
    plan = _plan(round_)
    prepared = presenters.prepare_all(plan)
    try:
        with transaction.atomic():
            publication = _publish_locked(access, round_, plan, viewer)
            presenters.present_all(publication, prepared)
    except BaseException:
        presenters.discard_all(prepared)
        raise
    return publication


def obstacles(board: Board) -> list[str]:
    """Why the round cannot be published now, in words; empty if it can."""
    if board.round.state != RoundState.OPEN:
        return [str(_("This round is closed or published already."))]
    return board.matrix.obstacles


def _check(board: Board) -> None:
    reasons = obstacles(board)
    if reasons or not board.matrix.is_complete:
        raise NotReady(reasons or [str(_("Nothing is put to approval here."))])


def _loaded(round_: ApprovalRound) -> ApprovalRound:
    return ApprovalRound.objects.select_related("draft__workspace").get(pk=round_.pk)


def _plan(round_: ApprovalRound) -> PublicationPlan:
    draft = round_.draft
    texts = tuple(
        PlannedText(text.language, text.version, cast("Document", json.loads(text.version.canonical)))
        for text in RoundText.objects.filter(round=round_).select_related("version").order_by("language")
    )
    ids = {one for text in texts for one in text.document["pictures"]}
    files = StoredFile.objects.filter(workspace=draft.workspace_id, uuid__in=ids)
    pictures = {str(file.uuid): file for file in files}
    for text in texts:
        for one, picture in text.document["pictures"].items():
            if one not in pictures or pictures[one].sha256 != picture["sha256"]:
                raise NotReady([str(_("A picture of the text is no longer among the workspace's files."))])
    return PublicationPlan(
        uuid=uuid7(), draft=draft, texts=texts, pictures=pictures, replaces=newest_public_of(draft)
    )


def _publish_locked(
    access: Access, round_: ApprovalRound, plan: PublicationPlan, viewer: Viewer
) -> Publication:
    """Lock chain, draft, round, organisations and texts, in this order everywhere; check again; write
    everything."""
    head = _lock_chain()
    draft = Draft.objects.select_for_update().get(pk=plan.draft.pk)
    require_that(may_put_to_approval(access, draft))
    ApprovalRound.objects.select_for_update().get(pk=round_.pk)
    _lock_asked(round_)
    list(DraftText.objects.select_for_update().filter(draft=draft).order_by("pk").values_list("pk"))
    locked = _loaded(round_)
    board = board_of(locked, viewer)
    _check(board)
    if not _same(plan, board):
        raise NotReady([str(_("A newer version was put a moment ago. Look at the round again."))])
    publication = _write(access, locked, plan, head)
    locked.state, locked.closed_at = RoundState.PUBLISHED, publication.published_at
    locked.save(update_fields=["state", "closed_at"])
    due.cancel(kind=REMINDER, key=str(locked.uuid))
    _announce(access, locked, publication)
    return publication


def _same(plan: PublicationPlan, board: Board) -> bool:
    return {text.version.pk for text in plan.texts} == {text.version_id for text in board.texts}


def _lock_chain() -> ChainHead:
    ChainHead.objects.get_or_create(pk=1)
    return ChainHead.objects.select_for_update().get(pk=1)


def _lock_asked(round_: ApprovalRound) -> None:
    """A freeze, or a name that is taken back, in the same instant is before or after, never missed.

    The weaker lock keeps those out and lets rows that refer to the organisations come in.
    """
    asked = Asked.objects.filter(round=round_).values("organisation")
    rows = Organisation.objects.select_for_update(no_key=True).filter(pk__in=asked)
    list(rows.order_by("pk").values_list("pk"))


def _write(access: Access, round_: ApprovalRound, plan: PublicationPlan, head: ChainHead) -> Publication:
    moment = now()
    documents = [
        {"language": text.language, "canon": text.version.canon, "hash": text.version.hash}
        for text in plan.texts
    ]
    names = list(_names(round_, plan.uuid, [str(one["hash"]) for one in documents]))
    record = chain.build_record(
        publication=plan.uuid,
        number=head.number + 1,
        replaces=plan.replaces.uuid if plan.replaces else None,
        documents=documents,
        moments={"put_to_approval": round_.opened_at, "published": moment},
        commitments=[name.commitment for name in names],
        previous=head.hash,
    )
    publication = Publication.objects.create(
        uuid=plan.uuid,
        draft=round_.draft,
        round=round_,
        state=PublicationState.PUBLIC,
        number=head.number + 1,
        published_at=moment,
        published_by=access.user,
        organisation=access.organisation,
        replaces=plan.replaces,
        record=record,
        hash=chain.record_hash(record),
        previous_hash=head.hash,
    )
    _write_beneath(publication, plan, names)
    head.number, head.hash = head.number + 1, publication.hash
    head.save(update_fields=["number", "hash"])
    return publication


def _write_beneath(publication: Publication, plan: PublicationPlan, names: list[PublicationName]) -> None:
    """Its texts, and who stands under them."""
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


def _names(round_: ApprovalRound, publication: UUID, hashes: list[str]) -> Iterable[PublicationName]:
    """One name an organisation asked, with the moment of its last approval of these words."""
    approvals = Approval.objects.filter(
        round=round_, superseded_at=None, decision=DecisionKind.APPROVED, hash__in=hashes
    )
    last = {one.organisation_id: one for one in approvals.order_by("at", "pk")}
    for asked in round_.asked.select_related("organisation"):
        salt = chain.new_salt()
        yield PublicationName(
            organisation=asked.organisation,
            listing=Listing.strictest(asked.organisation.listing, asked.listing),
            salt=salt,
            commitment=chain.commitment(
                salt=salt,
                organisation=asked.organisation.uuid,
                publication=publication,
                hashes=hashes,
            ),
            approved_at=last[asked.organisation_id].at,
            way=last[asked.organisation_id].way,
        )


def _announce(access: Access, round_: ApprovalRound, publication: Publication) -> None:
    keep(
        round_,
        action="publication.published",
        kind="published",
        person=access.user,
        organisation=access.organisation,
        role=access.seat.role,
        public=publication,
        publication=str(publication.uuid),
        publication_number=publication.number,
        hash=publication.hash,
    )
    for asked in round_.asked.select_related("organisation"):
        write_to(
            approvers_of(asked.organisation, kind=round_.draft.kind),
            template="published",
            about=str(publication.uuid),
            address=sheet_address(publication),
        )
