"""Making an approved draft public: one moment, all languages, one record in the chain."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.enums import Listing
from coalition.accounts.models import Organisation
from coalition.accounts.naming import Viewer, viewer_for
from coalition.core.clock import now
from coalition.core.compensate import unless_done
from coalition.core.errors import Refused
from coalition.jobs import scheduler
from coalition.workspaces.queries import seats_in
from coalition.workspaces.rules import Access
from documents.approval.actions.open_round import REMINDER
from documents.approval.audit import concern, concern_deciders, keep
from documents.approval.matrix import Standing
from documents.approval.models.rounds import ApprovalRound, Asked, RoundText
from documents.approval.queries.boards import Board, board_of
from documents.approval.queries.rounds import approvers_of
from documents.canonical.form import Document
from documents.drafts.audit import By
from documents.drafts.enums import PointKind, PublicationState, RoundState
from documents.drafts.models.draft import Draft, DraftText
from documents.drafts.permissions import may_put_to_approval, require_that
from documents.editor.live.projection import follow_draft
from documents.files.models import StoredFile
from documents.history.actions.anonymise import forget_writers
from documents.history.actions.record import keep_moment
from documents.open_letters.actions.join import tell_joined
from documents.publication import chain, hooks
from documents.publication.embargo.audit import LIFT, tell_agreed
from documents.publication.hooks import PlannedText, PublicationPlan
from documents.publication.models.publication import ChainHead, Publication, PublicationName, PublicationText
from documents.publication.queries.publications import newest_public_of, planned_of
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
    draft = Draft.objects.select_related("workspace").get(pk=round_.draft_id)
    require_that(may_put_to_approval(access, draft))
    by = By(access.user, access.organisation, access.seat.role, access.workspace)
    return bring_out(
        by=by,
        round_=round_,
        allowed=lambda locked: may_put_to_approval(access, locked),
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
    """Publish on behalf of `by`, whose right the caller has asked; `allowed` asks again under the locks, and
    `ready` what else must hold then of the publication that was planned: its sentences refuse it.

    What was planned for this round (an embargo) becomes public as it is. Raises as `publish` does.
    """
    draft = Draft.objects.select_related("workspace").get(pk=round_.draft_id)
    viewer = viewer_for(by.user)
    follow_draft(draft)
    require_ready(board_of(_loaded(round_), viewer))  # before files are copied; again under the locks
    plan = _plan(round_)
    prepared = hooks.prepare_all(plan)
    with unless_done(lambda: hooks.discard_all(prepared)), transaction.atomic():
        publication = _publish_locked(by, round_, plan, Conditions(viewer, allowed, ready), correction_note)
        hooks.present_all(publication, prepared)
    return publication


@dataclass(frozen=True)
class Conditions:
    """What is asked again under the locks, and for whose eyes the answers are."""

    viewer: Viewer
    allowed: Callable[[Draft], bool]
    ready: Callable[[Publication | None], list[str]]


def obstacles(board: Board) -> list[str]:
    """Why the round cannot be published now, in words; empty if it can."""
    if board.round.state != RoundState.OPEN:
        return [str(_("This round is closed or published already."))]
    return board.matrix.obstacles


def require_ready(board: Board) -> None:
    """Raise NotReady with what is missing unless the round can be published now."""
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
    planned = planned_of(round_)
    return PublicationPlan(
        uuid=planned.uuid if planned else uuid7(),
        draft=draft,
        texts=texts,
        pictures=pictures,
        replaces=newest_public_of(draft),
    )


def _publish_locked(
    by: By, round_: ApprovalRound, plan: PublicationPlan, conditions: Conditions, correction_note: str
) -> Publication:
    """Lock chain, draft, round, organisations and texts, in this order everywhere; check again; write
    everything."""
    head = _lock_chain()
    draft = Draft.objects.select_for_update().get(pk=plan.draft.pk)
    require_that(conditions.allowed(draft))
    ApprovalRound.objects.select_for_update().get(pk=round_.pk)
    _lock_asked(round_)
    list(DraftText.objects.select_for_update().filter(draft=draft).order_by("pk").values_list("pk"))
    follow_draft(draft)  # what was written since: before this
    locked = _loaded(round_)
    board = board_of(locked, conditions.viewer)
    require_ready(board)
    plan = replace(plan, replaces=newest_public_of(draft))  # what became public or was withdrawn meanwhile
    if not _same(plan, board):
        raise NotReady([str(_("A newer version was put a moment ago. Look at the round again."))])
    if reasons := conditions.ready(planned_of(locked, lock=True)):
        raise NotReady(reasons)
    note = correction_note if plan.replaces else ""
    publication = _write(by, locked, plan, head, note, board.matrix.standing)
    for text in draft.texts.filter(language__in=[one.language for one in plan.texts]):
        keep_moment(text, PointKind.PUBLISHED)
    forget_writers(draft)
    locked.state, locked.closed_at = RoundState.PUBLISHED, publication.published_at
    locked.save(update_fields=["state", "closed_at"])
    scheduler.cancel(kind=REMINDER, key=str(locked.uuid))
    scheduler.cancel(kind=LIFT, key=str(publication.uuid))
    _tell_outlets(publication)
    _announce(by, locked, publication)
    return publication


def _tell_outlets(publication: Publication) -> None:
    """Who agreed to the embargo hears that it is over; who had the text before it was corrected, or joined it
    from outside, of that."""
    tell_agreed(publication, "embargo_lifted", once="public")
    if publication.replaces is not None:
        tell_agreed(publication.replaces, "taken_text_corrected", once=str(publication.uuid))
        tell_joined(publication)


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


def _write(
    by: By,
    round_: ApprovalRound,
    plan: PublicationPlan,
    head: ChainHead,
    correction_note: str,
    standing: Sequence[Standing],
) -> Publication:
    moment = now()
    documents = [
        {"language": text.language, "canon": text.version.canon, "hash": text.version.hash}
        for text in plan.texts
    ]
    beside = recorded_beside(round_, {one.language: one.document for one in plan.texts}, standing)
    names = list(_names(round_, plan.uuid, [str(one["hash"]) for one in documents], standing, beside))
    record = chain.build_record(
        publication=plan.uuid,
        number=head.number + 1,
        replaces=plan.replaces.uuid if plan.replaces else None,
        documents=documents,
        moments={"put_to_approval": round_.opened_at, "published": moment},
        commitments=[name.commitment for name in names],
        **beside.in_record,
        previous=head.hash,
    )
    publication, _new = Publication.objects.update_or_create(
        uuid=plan.uuid,
        defaults={
            "draft": round_.draft,
            "round": round_,
            "state": PublicationState.PUBLIC,
            "number": head.number + 1,
            "published_at": moment,
            "published_by": by.user,
            "organisation": by.organisation,
            "replaces": plan.replaces,
            "correction_note": correction_note,
            "record": record,
            "hash": chain.record_hash(record),
            "previous_hash": head.hash,
        },
    )
    if plan.replaces is not None:  # what was to be decided about it is
        Publication.objects.filter(pk=plan.replaces.pk).update(awaiting_since=None)
    _write_beneath(publication, plan, names)
    _go_on(head, publication)
    return publication


def _go_on(head: ChainHead, publication: Publication) -> None:
    """The chain ends with it now."""
    head.number, head.hash = head.number + 1, publication.hash
    head.save(update_fields=["number", "hash"])


def _write_beneath(publication: Publication, plan: PublicationPlan, names: list[PublicationName]) -> None:
    """Its texts, in the place of those that were planned, and who stands under them."""
    publication.texts.all().delete()
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


def _names(
    round_: ApprovalRound,
    publication: UUID,
    hashes: list[str],
    standing: Iterable[Standing],
    beside: Beside,
) -> Iterable[PublicationName]:
    """One name an organisation that stands under the text now, and none else."""
    rows = {row.organisation_id: row for row in round_.asked.select_related("organisation")}
    for one in standing:
        asked = rows[one.organisation.pk]
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
            approved_at=one.at,
            way=one.way,
            decisions=beside.decisions_of(one),
        )


def _announce(by: By, round_: ApprovalRound, publication: Publication) -> None:
    keep(
        round_,
        action="publication.published",
        kind="published",
        person=by.user,
        organisation=by.organisation,
        role=by.role,
        public=publication,
        publication=str(publication.uuid),
        publication_number=publication.number,
        hash=publication.hash,
    )
    approvers = [
        person
        for name in publication.names.select_related("organisation")
        for person in approvers_of(name.organisation, kind=round_.draft.kind)
    ]
    told: dict[str, Any] = {"public": publication, "actor": by.user, "organisation": by.organisation}
    concern(round_, approvers, kind="published", once=str(publication.uuid), **told)
    _tell_those_left_behind(round_, publication, told)
    told_already = {person.pk for person in approvers}
    others = [seat.person for seat in seats_in(round_.draft.workspace) if seat.person_id not in told_already]
    concern(round_, others, kind="published_here", once=str(publication.uuid), **told)


def _tell_those_left_behind(round_: ApprovalRound, publication: Publication, told: dict[str, Any]) -> None:
    """Who stands under what was corrected and not under the corrected words: its name stays there alone."""
    if publication.replaces is None:
        return
    under = publication.names.values("organisation")
    rows = publication.replaces.names.filter(taken_off_at=None).exclude(organisation__in=under)
    for name in rows.select_related("organisation"):
        concern_deciders(
            round_, name.organisation, kind="corrected_without", once=str(publication.uuid), **told
        )
