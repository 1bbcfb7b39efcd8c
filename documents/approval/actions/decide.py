"""Shared steps of every decision: round lock, decider, version, record, notifications."""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.accounts.models import Organisation, User
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access, NotAllowed
from documents.approval import topics
from documents.approval.audit import notify_about_round, record_round_event
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
from documents.approval.queries.rounds import asked_with_capacity, languages_in_round, open_round_of
from documents.drafts.deciders import representatives
from documents.drafts.enums import ApprovalRule, CellState, DecisionKind, RoundState, Way
from documents.drafts.live.projection import update_draft_texts
from documents.drafts.models import Draft, Version
from documents.drafts.permissions import may_attest, require_that
from documents.drafts.queries import coordinators_of, people_involved_in


@dataclass(frozen=True)
class Decider:
    """A person who decides, their capacity for the organisation, and how it was recorded.

    Either has an account or is `named`. `counts_from`: the decision does not count before;
    `recorded_by`: who recorded it after the `call`.
    """

    person: User | None
    asked: Asked
    capacity: str
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
    locked = (
        ApprovalRound.objects.select_for_update(of=("self",))
        .select_related("draft__workspace")
        .get(pk=round_.pk)
    )
    if locked.state != RoundState.OPEN or locked.draft.workspace.archived_at is not None:
        raise Refused(_("This round is closed: nothing can be put or decided in it any more."))
    return locked


class JoiningOver(Refused):
    """Raised when the joining deadline has passed and only those who joined by it are named."""


def refuse_late_joining(round_: ApprovalRound) -> None:
    """Raise JoiningOver if the text names those who joined by the deadline and it has passed.

    Call under the round's lock. Asking for changes, abstaining and objecting are always possible;
    so is approving where all organisations asked must, or where silence counts.
    """
    if round_.rule == ApprovalRule.JOINED and round_.deadline <= now():
        raise JoiningOver(
            _(
                "The deadline for joining has passed: the text is published with those who joined by then. "
                "Coordinators can give more time."
            )
        )


def decider_of(round_: ApprovalRound, organisation: Organisation, person: User) -> Decider:
    """Return the decider. Raises NotAllowed if the person may not decide for the organisation
    now."""
    found = asked_with_capacity(person, round_, organisation)
    if found is None:
        raise NotAllowed
    asked, capacity = found
    return Decider(person=person, asked=asked, capacity=capacity)


def require_version_in_round(
    round_: ApprovalRound, language: str, digest: str, *, as_it_stands: bool = True
) -> Version:
    """Return the version under approval in the language, if it is the one the person read.

    `as_it_stands`: it must also match the current text. Raises Refused otherwise, with what to do.
    """
    text = RoundText.objects.filter(round=round_, language=language).select_related("version__text").first()
    if text is None:
        raise Refused(_("This language is not put to approval."))
    if text.version.hash != digest:
        raise Refused(_("A newer version was put since you opened this page. Read it, then decide."))
    if as_it_stands and text.version.text.content_hash != digest:
        raise Refused(
            _(
                "The text was changed since this version was put, so it cannot be decided on. "
                "The coordinator has to put the new words first."
            )
        )
    return text.version


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
    """Write the decision. The round's lock serialises concurrent decisions; a database constraint
    guards them."""
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
        person=decider.person,
        capacity=decider.capacity,
        named=decider.named,
        counts_from=decider.counts_from,
        recorded_by=decider.recorded_by,
        call=decider.call,
        at=moment,
    )


def announce_decision(decider: Decider, action: str, kind: str, approvals: list[Approval]) -> None:
    """Write audit and activity for the decision of a person with an account. Notify the
    organisation's representatives at once if none of them made it. For other ways see
    `decide_otherwise`."""
    round_, person = decider.asked.round, decider.person
    assert person is not None  # noqa: S101  tells the type checker
    record_round_event(
        round_,
        action=action,
        kind=kind,
        person=person,
        organisation=decider.organisation,
        role=decider.capacity,
        languages=[one.language for one in approvals],
        hashes=[one.hash for one in approvals],
    )
    if decider.capacity != "representative":
        others = [one for one in representatives(decider.organisation) if one.pk != person.pk]
        notify_about_round(
            round_,
            others,
            kind="decided_for_you",
            once=str(approvals[0].uuid),
            actor=person,
            organisation=decider.organisation,
            about=str(decider.organisation.uuid),
        )


def notify_if_publishable(round_: ApprovalRound, board: Board | None = None) -> None:
    """Notify the coordinators once that the versions under approval can be published."""
    board = board or board_of(round_, None)
    if board.matrix.is_complete:
        put = ":".join([str(round_.uuid), *(str(text.version_id) for text in board.texts)])
        notify_about_round(round_, coordinators_of(round_.draft), kind="approvals_complete", once=put)


def tell_if_draft_is_complete(draft: Draft) -> None:
    """The same for the open round of the draft, if there is one: something it waited for has come."""
    round_ = open_round_of(draft)
    if round_ is not None:
        round_.draft = draft
        notify_if_publishable(round_)


# --- approve ---
# An organisation approves the text, or asks for changes with a reason.


def approve(
    *,
    round_: ApprovalRound,
    organisation: Organisation,
    hashes: Mapping[str, str],
    relies: Mapping[str, str] | None = None,
    person: User,
) -> list[Approval]:
    """Record that the organisation approves the versions with these hashes (language → hash).

    `relies`: languages it does not read, in which it relies on reviewers' attestations of the
    translation. The hashes are those of the page the person read: if a newer version was put or the
    text changed since, nothing is recorded. Languages already decided on stay as they are; if
    nothing is left to record, Refused names who did it. Raises NotAllowed for a person who may not
    decide for it, Refused where no attestation covers a language in `relies`, JoiningOver after a
    binding deadline.
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
        given = _record_new_decisions(
            decider,
            {require_version_in_round(locked, *words): kind for words, kind in sorted(wanted.items())},
        )
        announce_decision(decider, "approval.given", "approved", given)
        board = board_of(locked, None)
        check_reliance(board, organisation, relies or {})
        notify_if_publishable(locked, board)
    return given


def ask_changes(
    *,
    round_: ApprovalRound,
    organisation: Organisation,
    language: str,
    digest: str,
    reason: str,
    person: User,
) -> Approval:
    """Record that the organisation asks for changes in one language, with its reason.

    Replaces its earlier decision on this version. Raises as `approve` does, and Refused without a
    reason.
    """
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
        announce_decision(decider, "approval.changes_asked", "changes_asked", [approval])
        notify_about_round(
            locked,
            [*coordinators_of(locked.draft), *people_involved_in(locked.draft)],
            kind="changes_asked",
            once=str(approval.uuid),
            actor=person,
            organisation=organisation,
        )
    return approval


def note_reading(*, round_: ApprovalRound, organisation: Organisation, language: str, person: User) -> None:
    """Record the first time the organisation opens the current version in a language.

    Checks no right: the caller has found the round through `asked_of`.
    """
    Reading.objects.bulk_create(
        (
            Reading(round=round_, organisation=organisation, version_id=version, person=person, at=now())
            for version in round_.texts.filter(language=language).values_list("version_id", flat=True)
        ),
        ignore_conflicts=True,
    )
    topics.push_round(round_)


def _record_new_decisions(decider: Decider, wanted: Mapping[Version, DecisionKind]) -> list[Approval]:
    """Record the decisions not yet recorded. Raises Refused if there are none."""
    before = decided_by(decider.asked.round, decider.organisation)
    new, done = [], []
    for version, kind in wanted.items():
        known = before.get(version.pk)
        if known is not None and _is_same_decision(known, kind):
            done.append(known)
        else:
            new.append((version, kind))
    if not new:
        raise Refused(_already_decided_message(done[0]), **_who_and_when(done[0]))
    return [record_decision(decider, version, kind, before) for version, kind in new]


def _is_same_decision(known: Approval, kind: DecisionKind) -> bool:
    """Whether this decision already exists, by somebody who decides for the organisation."""
    return known.decision == kind and known.objected_at is None and known.way != Way.CARRIED_OVER


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


def _already_decided_message(approval: Approval) -> str | Promise:
    if approval.person is None:
        return _("Already approved for your organisation on %(when)s.")
    return _("Already approved by %(name)s on %(when)s.")


def _who_and_when(approval: Approval) -> dict[str, str]:
    when = formats.date_format(timezone.localtime(approval.at), "DATETIME_FORMAT")
    return {"name": approval.person.name if approval.person else "", "when": when}


# --- abstain ---
# An organisation abstains or objects. No reason is required.


def abstain(
    *,
    round_: ApprovalRound,
    organisation: Organisation,
    hashes: Mapping[str, str],
    person: User,
    reason: str = "",
) -> list[Approval]:
    """Record that the organisation abstains in every language (`hashes`: those displayed to it).

    Replaces its earlier decisions on these versions; it may change this while the round is open.
    Raises NotAllowed for a person who may not decide for it, Refused if newer versions were put
    meanwhile.
    """
    return _abstain_or_object(round_, organisation, hashes, person, DecisionKind.ABSTAINS, reason)


def object_to(
    *,
    round_: ApprovalRound,
    organisation: Organisation,
    hashes: Mapping[str, str],
    person: User,
    reason: str = "",
) -> list[Approval]:
    """Record that the organisation objects to the text. Notifies the coordinators. Otherwise as
    `abstain`."""
    return _abstain_or_object(round_, organisation, hashes, person, DecisionKind.OBJECTS, reason)


def _abstain_or_object(
    round_: ApprovalRound,
    organisation: Organisation,
    hashes: Mapping[str, str],
    person: User,
    kind: DecisionKind,
    reason: str,
) -> list[Approval]:
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
        objects = kind == DecisionKind.OBJECTS
        announce_decision(
            decider,
            "approval.objected" if objects else "approval.abstained",
            "objected" if objects else "abstained",
            decisions,
        )
        if objects:
            notify_about_round(
                locked,
                coordinators_of(locked.draft),
                kind="objected",
                once=str(decisions[0].uuid),
                actor=person,
                organisation=organisation,
            )
        notify_if_publishable(locked)
    return decisions


# --- attest ---
# A named reviewer attests that a translation says the same as its source.


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
        said, original = (
            require_version_in_round(locked, *translation),
            require_version_in_round(locked, *source),
        )
        _check_other_organisation(access, said)
        if Attestation.objects.filter(translation=said, source=original, taken_back_at=None).exists():
            raise Refused(_("Somebody answers for this translation already."))
        made = Attestation.objects.create(
            translation=said,
            translation_hash=said.hash,
            source=original,
            source_hash=original.hash,
            reviewer=access.user,
            organisation=access.organisation,
            at=now(),
        )
        _record_attestation(access, locked, "attestation.given", "attested", made)
        notify_if_publishable(locked)
    return made


def withdraw_attestation(*, access: Access, round_: ApprovalRound, attestation: Attestation) -> Attestation:
    """Withdraw the attestation: decisions that rely on it are open again. Only for the organisation
    that gave it.

    Raises NotAllowed, or Refused if it was already withdrawn.
    """
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
        _record_attestation(access, locked, "attestation.taken_back", "attestation_taken_back", row)
    return row


def _check_other_organisation(access: Access, translation: Version) -> None:
    """Refuse attesting a translation of one's own or one's organisation's: by whoever named the
    version or last edited it. A person may have seats of several organisations."""
    own, text = access.organisation.pk, translation.text
    if own in {translation.organisation_id, text.changed_for_id}:
        raise Refused(
            _("Your organisation wrote this translation or named it: somebody of another one answers for it.")
        )
    if access.user.pk in {translation.created_by_id, text.changed_by_id}:
        raise Refused(
            _("You wrote this translation or named it, for another organisation: another person answers.")
        )


def _record_attestation(
    access: Access, round_: ApprovalRound, action: str, kind: str, row: Attestation
) -> None:
    record_round_event(
        round_,
        action=action,
        kind=kind,
        person=access.user,
        organisation=access.organisation,
        role=access.seat.role,
        languages=[row.translation.language, row.source.language],
        hashes=[row.translation_hash, row.source_hash],
    )
