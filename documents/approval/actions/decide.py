"""Decisions of organisations: approve, ask for changes, abstain, object; attestations of translations."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery
from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Language, Organisation, User
from coalition.accounts.queries import active_memberships
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access, NotAllowed
from documents.approval.audit import notify_about_round, notify_coordinators, push_round, record_round_event
from documents.approval.models import (
    Approval,
    ApprovalRound,
    Asked,
    Attestation,
    PhoneCall,
    Reading,
    RoundText,
)
from documents.approval.queries.boards import Board, board_of
from documents.approval.queries.rounds import asked_of, languages_in_round, lock_round, open_round_of
from documents.drafts.live.projection import update_draft_texts
from documents.drafts.models import ApprovalRule, CellState, DecisionKind, Draft, RoundState, Version, Way
from documents.drafts.permissions import may_attest, require_that
from documents.drafts.queries import capacity_by, coordinators_of, people_involved_in, representatives


@dataclass(frozen=True)
class Decider:
    """A person who decides, their role in the organisation, and how it was recorded.

    Either has an account or is `named`. `counts_from`: the decision does not count before;
    `recorded_by`: who recorded it after the `call`.
    """

    user: User | None
    asked: Asked
    role: str
    way: Way = Way.MEMBERS_AREA
    named: str = ""
    counts_from: datetime.datetime | None = None
    recorded_by: User | None = None
    call: PhoneCall | None = None

    @property
    def organisation(self) -> Organisation:
        return self.asked.organisation


def lock_open(round_: ApprovalRound) -> ApprovalRound:
    """Return the round, locked. Raises Refused if it is no longer open for decisions."""
    locked = lock_round(round_)
    if locked.state != RoundState.OPEN or locked.draft.workspace.archived_at is not None:
        raise Refused(_("This round is closed: nothing can be put or decided in it any more."))
    return locked


def refuse_late_joining(round_: ApprovalRound) -> None:
    """Raise Refused if the text names those who joined by the deadline and it has passed; it binds approvals
    only. Call under the round's lock."""
    if round_.rule == ApprovalRule.JOINED and round_.deadline <= now():
        raise Refused(
            _(
                "The deadline for joining has passed: the text is published with those who joined by then. "
                "Coordinators can give more time."
            )
        )


def decider_of(round_: ApprovalRound, organisation: Organisation, person: User) -> Decider:
    """Return the decider. Raises NotAllowed if the person may not decide for the organisation now."""
    own = active_memberships(person).filter(organisation=OuterRef("organisation"))
    rows = asked_of(person).annotate(own_role=Subquery(own.values("role")[:1]))
    asked = rows.filter(round=round_, organisation=organisation).first()
    if asked is None:
        raise NotAllowed
    return Decider(user=person, asked=asked, role=capacity_by(asked.own_role))


def version_in_round(round_: ApprovalRound, language: str) -> Version:
    """Return the current version in the language. Raises Refused if it is not under approval."""
    text = RoundText.objects.filter(round=round_, language=language).select_related("version__text").first()
    if text is None:
        raise Refused(_("This language is not put to approval."))
    return text.version


def require_version_in_round(
    round_: ApprovalRound, language: str, digest: str, *, as_it_stands: bool = True
) -> Version:
    """Return the version under approval in the language. Raises Refused unless it is the one the person read
    and, if `as_it_stands`, matches the current text."""
    version = version_in_round(round_, language)
    if version.hash != digest:
        raise Refused(_("A newer version was put since you opened this page. Read it, then decide."))
    if as_it_stands and version.text.content_hash != digest:
        raise Refused(
            _(
                "The text was changed since this version was put, so it cannot be decided on. "
                "The coordinator has to put the new words first."
            )
        )
    return version


def decided_by(round_: ApprovalRound, organisation: Organisation) -> dict[int, Approval]:
    """Return the organisation's decisions in this round, without superseded ones, by version."""
    rows = Approval.objects.filter(round=round_, organisation=organisation, superseded_at=None)
    return {row.version_id: row for row in rows.select_related("person")}


def record_decision(
    decider: Decider,
    version: Version,
    decision: DecisionKind,
    before: dict[int, Approval],
    reason: str = "",
) -> Approval:
    """Write the decision; it supersedes the one in `before`, by version. Call under the round's lock."""
    moment = now()
    superseded = before.get(version.pk)
    if superseded is not None:
        superseded.superseded_at = moment
        superseded.save(update_fields=["superseded_at"])
    return Approval.objects.create(
        round=decider.asked.round,
        organisation=decider.organisation,
        version=version,
        language=version.language,
        canon=version.canon,
        hash=version.hash,
        decision=decision,
        reason=reason[:2000],
        way=decider.way,
        person=decider.user,
        capacity=decider.role,
        named=decider.named,
        counts_from=decider.counts_from,
        recorded_by=decider.recorded_by,
        call=decider.call,
        at=moment,
    )


def copy_decision(row: Approval, after: Version, **reason: Any) -> Approval:
    """Copy a decision to a version that counts as the same. `reason`: its `slip` or `filling`."""
    changed = {"version": after, "hash": after.hash, "canon": after.canon, **reason}
    copied = [one for one in Approval._meta.concrete_fields if one.name not in {"id", "uuid", *changed}]
    return Approval.objects.create(**{one.attname: getattr(row, one.attname) for one in copied}, **changed)


def copy_attestations(after: Mapping[int, Version]) -> None:
    """Copy the attestations of these versions (by primary key) to those that count as the same."""
    rows = Attestation.objects.filter(taken_back_at=None)
    rows = rows.filter(translation__in=list(after)) | rows.filter(source__in=list(after))
    for row in rows.select_related("translation", "source").distinct():
        translation = after.get(row.translation_id, row.translation)
        source = after.get(row.source_id, row.source)
        Attestation.objects.get_or_create(
            translation=translation,
            source=source,
            taken_back_at=None,
            defaults={
                "translation_hash": translation.hash,
                "source_hash": source.hash,
                "reviewer": row.reviewer,
                "organisation": row.organisation,
                "at": row.at,
                "kept_from": row,
            },
        )


DECISION_EVENTS: Mapping[str, tuple[str, str]] = {  # action of the audit entry, kind of the activity
    DecisionKind.APPROVED: ("approval.given", "approved"),
    DecisionKind.RELIES: ("approval.given", "approved"),
    DecisionKind.CHANGES_ASKED: ("approval.changes_asked", "changes_asked"),
    DecisionKind.ABSTAINS: ("approval.abstained", "abstained"),
    DecisionKind.OBJECTS: ("approval.objected", "objected"),
}


def announce_decision(decider: Decider, approvals: list[Approval]) -> None:
    """Write audit and activity for the decision of a person with an account. Notify the organisation's
    representatives at once if none of them made it. Other ways: `offline.record_offline_decision`."""
    round_, organisation = decider.asked.round, decider.organisation
    record_round_event(round_, decider, *DECISION_EVENTS[approvals[0].decision], texts=approvals)
    if decider.role != "representative":
        notify_about_round(
            round_,
            [one for one in representatives(organisation) if one != decider.user],
            kind="decided_for_you",
            once=str(approvals[0].uuid),
            by=decider,
            about=str(organisation.uuid),
        )


def notify_if_publishable(round_: ApprovalRound, board: Board | None = None) -> None:
    """Notify the coordinators once that the versions under approval can be published."""
    board = board or board_of(round_, None)
    if board.matrix.is_complete:
        once = ":".join([str(round_.uuid), *(str(text.version_id) for text in board.texts)])
        notify_coordinators(round_, kind="approvals_complete", once=once)


def notify_if_draft_is_publishable(draft: Draft) -> None:
    """Do the same for the draft's open round, if there is one."""
    round_ = open_round_of(draft)
    if round_ is not None:
        round_.draft = draft
        notify_if_publishable(round_)


def approve(
    *,
    round_: ApprovalRound,
    organisation: Organisation,
    hashes: Mapping[str, str],
    relies: Mapping[str, str] | None = None,
    person: User,
) -> list[Approval]:
    """Record that the organisation approves the versions with these hashes (language → hash).

    `relies`: languages it does not read, in which it relies on reviewers' attestations of the translation.
    The hashes are those of the page the person read: if a newer version was put or the text changed since,
    nothing is recorded. Languages already decided on stay as they are; if nothing is left to record, Refused
    names who did it. Raises NotAllowed for a person who may not decide for it, Refused where no attestation
    covers a language in `relies`, also after a binding deadline.
    """
    wanted = dict.fromkeys(hashes.items(), DecisionKind.APPROVED)
    wanted |= dict.fromkeys((relies or {}).items(), DecisionKind.RELIES)
    if not wanted:
        raise Refused(_("Choose at least one language to approve."))
    update_draft_texts(round_.draft)
    with transaction.atomic():
        locked = lock_open(round_)
        decider = decider_of(locked, organisation, person)
        refuse_late_joining(locked)
        approvals = _record_new_decisions(
            decider,
            {require_version_in_round(locked, *words): kind for words, kind in sorted(wanted.items())},
        )
        announce_decision(decider, approvals)
        board = board_of(locked, None)
        check_reliance(board, organisation, relies or {})
        notify_if_publishable(locked, board)
    return approvals


def ask_changes(
    *,
    round_: ApprovalRound,
    organisation: Organisation,
    language: str,
    digest: str,
    reason: str,
    person: User,
) -> Approval:
    """Record that the organisation asks for changes in one language; it replaces its earlier decision. Raises
    as `approve` does, and Refused without a reason."""
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say what should be changed: without a reason nobody can act on it."))
    update_draft_texts(round_.draft)
    with transaction.atomic():
        locked = lock_open(round_)
        decider = decider_of(locked, organisation, person)
        version = require_version_in_round(locked, language, digest)
        before = decided_by(locked, organisation)
        approval = record_decision(decider, version, DecisionKind.CHANGES_ASKED, before, reason=reason)
        announce_decision(decider, [approval])
        notify_about_round(
            locked,
            [*coordinators_of(locked.draft), *people_involved_in(locked.draft)],
            kind="changes_asked",
            once=str(approval.uuid),
            by=decider,
        )
    return approval


def note_reading(*, round_: ApprovalRound, organisation: Organisation, language: str, person: User) -> None:
    """Record the organisation's first reading of the current version. Right checked by caller: `asked_of`."""
    Reading.objects.bulk_create(
        (
            Reading(round=round_, organisation=organisation, version_id=version, person=person, at=now())
            for version in round_.texts.filter(language=language).values_list("version_id", flat=True)
        ),
        ignore_conflicts=True,
    )
    push_round(round_)


def _record_new_decisions(decider: Decider, wanted: Mapping[Version, DecisionKind]) -> list[Approval]:
    """Record the decisions not yet recorded. Raises Refused if there are none."""
    before = decided_by(decider.asked.round, decider.organisation)
    done = [
        known
        for version, kind in wanted.items()
        if (known := before.get(version.pk)) is not None
        and known.decision == kind
        and known.objected_at is None
        and known.way != Way.CARRIED_OVER
    ]
    recorded = {row.version_id for row in done}
    new = [(version, kind) for version, kind in wanted.items() if version.pk not in recorded]
    if not new:
        when = formats.date_format(timezone.localtime(done[0].at), "DATETIME_FORMAT")
        if done[0].person is None:
            raise Refused(_("Already approved for your organisation on %(when)s."), when=when)
        raise Refused(_("Already approved by %(name)s on %(when)s."), name=done[0].person.name, when=when)
    return [record_decision(decider, version, kind, before) for version, kind in new]


def check_reliance(board: Board, organisation: Organisation, relies: Mapping[str, str]) -> None:
    """Raise Refused if no attestation covers a language on which the organisation would rely."""
    for language in relies:
        cell = board.matrix.cells[organisation.pk, language]
        if cell.state != CellState.RELIES:
            raise Refused(
                _(
                    "Nobody answers that the text says the same in %(language)s as in a language that your "
                    "organisation approves. Approve it in %(language)s, or ask for a reviewer."
                ),
                language=Language(language).label,
            )


def abstain_or_object(
    *,
    round_: ApprovalRound,
    organisation: Organisation,
    kind: DecisionKind,
    hashes: Mapping[str, str],
    person: User,
    reason: str = "",
) -> list[Approval]:
    """Record that the organisation abstains or objects (`kind`) in every language.

    `hashes`: those displayed to it. Replaces its earlier decisions on these versions; it may change this
    while the round is open. An objection notifies the coordinators. Raises NotAllowed for a person who may
    not decide for it, Refused if newer versions were put meanwhile.
    """
    with transaction.atomic():
        locked = lock_open(round_)
        decider = decider_of(locked, organisation, person)
        if set(hashes) != set(languages_in_round(locked)):
            raise Refused(_("Languages were put since you opened this page. Read them, then decide."))
        versions = [
            require_version_in_round(locked, language, digest, as_it_stands=False)
            for language, digest in sorted(hashes.items())
        ]
        before = decided_by(locked, organisation)
        decisions = [record_decision(decider, version, kind, before, reason.strip()) for version in versions]
        announce_decision(decider, decisions)
        if kind == DecisionKind.OBJECTS:
            notify_coordinators(locked, kind="objected", once=str(decisions[0].uuid), by=decider)
        notify_if_publishable(locked)
    return decisions


abstain = partial(abstain_or_object, kind=DecisionKind.ABSTAINS)
object_to = partial(abstain_or_object, kind=DecisionKind.OBJECTS)
type LanguageAndHash = tuple[str, str]  # language, and hash of the text that was read


def attest(
    *, access: Access, round_: ApprovalRound, translation: LanguageAndHash, source: LanguageAndHash
) -> Attestation:
    """Record the person's attestation, for the organisation they act for, that both say the same.

    Bound to both hashes, which are those of the page that displayed both texts. Raises NotAllowed
    without the right; Refused if either was replaced or changed since, if the translation is the
    organisation's or the person's own, or if this pair is already attested.
    """
    update_draft_texts(round_.draft)
    with transaction.atomic():
        locked = lock_open(round_)
        require_that(may_attest(access, locked.draft))
        if translation[0] == source[0]:
            raise Refused(_("Choose another language to compare with."))
        translated = require_version_in_round(locked, *translation)
        original = require_version_in_round(locked, *source)
        # not of one's own or one's organisation's: a person may have seats of several organisations
        text = translated.text
        if access.organisation.pk in {translated.organisation_id, text.changed_for_id}:
            raise Refused(
                _(
                    "Your organisation wrote this translation or named it: somebody of another one answers "
                    "for it."
                )
            )
        if access.user.pk in {translated.created_by_id, text.changed_by_id}:
            raise Refused(
                _("You wrote this translation or named it, for another organisation: another person answers.")
            )
        if Attestation.objects.filter(translation=translated, source=original, taken_back_at=None).exists():
            raise Refused(_("Somebody answers for this translation already."))
        made = Attestation.objects.create(
            translation=translated,
            translation_hash=translated.hash,
            source=original,
            source_hash=original.hash,
            reviewer=access.user,
            organisation=access.organisation,
            at=now(),
        )
        texts = [translated, original]
        record_round_event(locked, access, "attestation.given", "attested", texts=texts)
        notify_if_publishable(locked)
    return made


def withdraw_attestation(*, access: Access, round_: ApprovalRound, attestation: Attestation) -> Attestation:
    """Withdraw the attestation: decisions that rely on it are open again. Raises NotAllowed for anyone but
    the organisation that gave it, Refused if it was already withdrawn."""
    with transaction.atomic():
        locked = lock_open(round_)
        row = Attestation.objects.select_for_update().get(pk=attestation.pk)
        require_that(
            may_attest(access, locked.draft) and row.organisation_id == access.organisation.pk,
            _("Only the organisation that answers for a translation takes that back."),
        )
        if row.taken_back_at is not None:
            raise Refused(_("This was taken back already."))
        row.taken_back_at = now()
        row.save(update_fields=["taken_back_at"])
        texts = [row.translation, row.source]
        record_round_event(locked, access, "attestation.taken_back", "attestation_taken_back", texts=texts)
    return row
