"""Making an approved draft public: one moment, all languages, one record in the chain."""

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
from documents.approval.actions.open_round import REMINDER
from documents.approval.audit import concern, concern_deciders, keep
from documents.approval.models import ApprovalRound, Asked
from documents.approval.queries.boards import Board, board_of, obstacles
from documents.canonical.form import Document
from documents.drafts.audit import By
from documents.drafts.deciders import approvers_by_organisation
from documents.drafts.enums import PointKind, PublicationState, RoundState
from documents.drafts.live.projection import follow_draft
from documents.drafts.models import Draft, DraftText
from documents.drafts.permissions import may_put_to_approval, may_withdraw, require_that
from documents.files.models import StoredFile
from documents.history.actions import forget_writers, keep_moment
from documents.hooks import HOOKS
from documents.publication import hooks
from documents.publication import record as publication_record
from documents.publication.certificate import under, why_not
from documents.publication.embargo.audit import LIFT, tell_agreed
from documents.publication.hooks import PlannedText, PublicationPlan
from documents.publication.models import ChainHead, Publication, PublicationName, PublicationText, title_among
from documents.publication.queries import planned_and_public, planned_of
from documents.publication.record import Beside, recorded_beside


class NotReady(Refused):
    """The publication is refused; `reasons` are whole sentences, the first thing to settle first."""

    def __init__(self, reasons: list[str]) -> None:
        super().__init__("%(reasons)s", reasons=" ".join(reasons))
        self.reasons = reasons


def publish(*, access: Access, round_: ApprovalRound, correction_note: str = "") -> Publication:
    """Publish what the round's organisations approved, in all its languages at one moment, with the names of
    those who stand under these words now: by the round's rule, and counted under the locks.

    A later publication of the same draft replaces the public one before it (a correction);
    `correction_note` then says publicly what was corrected. Raises NotAllowed without the right, NotReady
    with what is missing in words. An edit that comes in at the same time is either before (then this is
    refused) or after (then its words are not in it).
    """
    by = By(access.user, access.organisation, access.seat.role, access.workspace)
    return bring_out(
        by=by,
        round_=round_,
        allowed=lambda draft: may_put_to_approval(access, draft),
        correction_note=correction_note.strip()[:1000],
    )


def bring_out(
    *,
    by: By,
    round_: ApprovalRound,
    allowed: Callable[[Draft], bool],
    ready: Callable[[Publication | None], list[str]] = lambda _planned: [],
    correction_note: str = "",
) -> Publication:
    """Publish on behalf of `by`. `allowed` says whether they may, first and again under the locks; `ready`
    what else must hold there of the publication that was planned: its sentences refuse it.

    What was planned for this round (an embargo) becomes public as it is. Raises as `publish` does.
    """
    round_ = ApprovalRound.objects.select_related("draft__workspace").get(pk=round_.pk)
    require_that(allowed(round_.draft))
    follow_draft(round_.draft)
    plan = _plan(ready_board(round_, by.user))  # before files are copied; again under the locks
    prepared = hooks.prepare_all(plan)
    with undo_on_failure(lambda: hooks.discard_all(prepared)), transaction.atomic():
        publication = _publish_locked(by, plan, round_, Conditions(allowed, ready), correction_note)
        hooks.present_all(publication, prepared)
    return publication


@dataclass(frozen=True)
class Conditions:
    """What is asked again under the locks."""

    allowed: Callable[[Draft], bool]
    ready: Callable[[Publication | None], list[str]]


def ready_board(round_: ApprovalRound, user: User) -> Board:
    """Return the round's board, without names, if it can be published now. Raise NotReady with what is
    missing, in words for this person: only then are names read."""
    board = board_of(round_, None)
    if obstacles(board) or not board.matrix.is_complete:
        require_ready(board_of(round_, viewer_for(user)))
    return board


def require_ready(board: Board) -> None:
    """Raise NotReady with what is missing unless the round can be published now."""
    reasons = obstacles(board)
    if reasons or not board.matrix.is_complete:
        raise NotReady(reasons or [str(_("Nothing is put to approval here."))])


def _plan(board: Board) -> PublicationPlan:
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
                raise NotReady([str(_("A picture of the text is no longer among the workspace's files."))])
    planned, public = planned_and_public(board.round)
    return PublicationPlan(
        uuid=planned.uuid if planned else uuid7(),
        draft=draft,
        texts=texts,
        pictures=pictures,
        replaces=public,
    )


def _publish_locked(
    by: By, plan: PublicationPlan, round_: ApprovalRound, conditions: Conditions, correction_note: str
) -> Publication:
    """Lock chain, draft, round, organisations and texts, in this order everywhere; check again; write
    everything."""
    head = _lock_chain()
    draft = Draft.objects.select_for_update().get(pk=plan.draft.pk)
    require_that(conditions.allowed(draft))
    locked = _lock_round(round_)
    _lock_asked(locked)
    texts = _lock_texts(draft)
    if follow_draft(draft):  # what was written since: before this
        texts = _lock_texts(draft)
    board = ready_board(locked, by.user)
    planned, public = planned_and_public(locked)
    plan = replace(plan, replaces=public)  # what became public or was withdrawn meanwhile
    if not _same(plan, board):
        raise NotReady([str(_("A newer version was put a moment ago. Look at the round again."))])
    if planned is not None:
        planned = planned_of(locked, lock=True)
    if reasons := conditions.ready(planned):
        raise NotReady(reasons)
    publication = _write(by, plan, board, head, planned, correction_note)
    for one in plan.texts:
        keep_moment(texts[one.language], PointKind.PUBLISHED)
    forget_writers(draft)
    locked.state, locked.closed_at = RoundState.PUBLISHED, publication.published_at
    locked.save(update_fields=["state", "closed_at"])
    scheduler.cancel_all([(REMINDER, str(locked.uuid)), (LIFT, str(publication.uuid))])
    _tell_outlets(publication, was_planned=planned is not None)
    _announce(by, publication, board, title_among({one.language: one.document for one in plan.texts}))
    return publication


def _lock_round(round_: ApprovalRound) -> ApprovalRound:
    rows = ApprovalRound.objects.select_for_update(of=("self",)).select_related("draft__workspace")
    return rows.get(pk=round_.pk)


def _lock_texts(draft: Draft) -> dict[str, DraftText]:
    """All texts of the draft, locked, by language."""
    rows = DraftText.objects.select_for_update().filter(draft=draft).order_by("pk")
    return {text.language: text for text in rows}


def _tell_outlets(publication: Publication, *, was_planned: bool) -> None:
    """Who agreed to the embargo hears that it is over; who had the text before it was corrected, or joined it
    from outside, of that."""
    if was_planned:  # else there was no embargo to agree to
        tell_agreed(publication, "embargo_lifted", once="public")
    if publication.replaces is not None:
        tell_agreed(publication.replaces, "taken_text_corrected", once=str(publication.uuid))
        for follow in HOOKS.corrected:
            follow(publication)


def _same(plan: PublicationPlan, board: Board) -> bool:
    return {text.version.pk for text in plan.texts} == {text.version_id for text in board.texts}


def _lock_chain() -> ChainHead:
    locked = ChainHead.objects.select_for_update()
    head = locked.filter(pk=1).first()
    if head is not None:
        return head
    ChainHead.objects.bulk_create([ChainHead(pk=1)], ignore_conflicts=True)  # the first one of all
    return locked.get(pk=1)


def _lock_asked(round_: ApprovalRound) -> None:
    """A freeze, or a name that is taken back, in the same instant is before or after, never missed.

    The weaker lock keeps those out and lets rows that refer to the organisations come in.
    """
    asked = Asked.objects.filter(round=round_).values("organisation")
    rows = Organisation.objects.select_for_update(no_key=True).filter(pk__in=asked)
    list(rows.order_by("pk").values_list("pk"))


def _write(
    by: By,
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
    beside = recorded_beside(
        round_, {one.language: one.document for one in plan.texts}, board.matrix.standing
    )
    names = list(_names(board, plan.uuid, [str(one["hash"]) for one in documents], beside))
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
    publication = _written(plan.uuid, values, planned)
    if plan.replaces is not None:  # what was to be decided about it is
        Publication.objects.filter(pk=plan.replaces.pk).update(awaiting_since=None)
    _write_beneath(publication, plan, names)
    _go_on(head, publication)
    return publication


def _written(uuid: UUID, values: dict[str, Any], planned: Publication | None) -> Publication:
    """The row with these values: the planned one, whose texts go, or a new one."""
    if planned is None or planned.uuid != uuid:
        return Publication.objects.create(uuid=uuid, **values)
    for name, value in values.items():
        setattr(planned, name, value)
    planned.save(update_fields=list(values))
    planned.texts.all().delete()
    return planned


def _go_on(head: ChainHead, publication: Publication) -> None:
    """The chain ends with it now."""
    head.number, head.hash = head.number + 1, publication.hash
    head.save(update_fields=["number", "hash"])


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


def _names(board: Board, publication: UUID, hashes: list[str], beside: Beside) -> Iterable[PublicationName]:
    """One name an organisation that stands under the text now, and none else."""
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


def _announce(by: By, publication: Publication, board: Board, title: str) -> None:
    round_ = board.round
    keep(
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
    concern(round_, approvers.values(), kind="published", once=str(publication.uuid), **told)
    _tell_those_left_behind(round_, publication, told)
    others = [seat.person for seat in seats_in(round_.draft.workspace) if seat.person_id not in approvers]
    concern(round_, others, kind="published_here", once=str(publication.uuid), **told)


def _tell_those_left_behind(round_: ApprovalRound, publication: Publication, told: dict[str, Any]) -> None:
    """Who stands under what was corrected and not under the corrected words: its name stays there alone."""
    if publication.replaces is None:
        return
    under = publication.names.values("organisation")
    rows = publication.replaces.names.filter(taken_off_at=None).exclude(organisation__in=under)
    left = [name.organisation for name in rows.select_related("organisation")]
    concern_deciders(round_, left, kind="corrected_without", once=str(publication.uuid), **told)


# --- reaffirm ---
# What is decided about a public text whose rule held no more: here, that it stands. The other answers are
# `withdraw` and a correction (`publish`).


def let_stand(*, access: Access, publication: Publication) -> Publication:
    """Decide that the text stands as it is. Raises NotAllowed without the right, and Refused with the
    sentences of the rule if it does not hold, or if nothing waits for a decision."""
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=publication.draft_id)
        require_that(may_withdraw(access, draft))
        rows = Publication.objects.select_for_update(of=("self",)).select_related("round__draft__workspace")
        locked = rows.get(pk=publication.pk)
        if locked.awaiting_since is None or locked.state != PublicationState.PUBLIC:
            raise Refused(_("Nothing is to be decided about this text."))
        if reasons := why_not(under(locked.round, locked.names.all())):
            raise Refused("%(reasons)s", reasons=" ".join(reasons))
        locked.awaiting_since = None
        locked.save(update_fields=["awaiting_since"])
        keep(
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
