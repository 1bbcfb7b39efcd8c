"""An organisation's recorded decision: it approves the words, or asks for changes with a reason."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalition.clock.now import now
from coalition.partners.models import Organisation, User
from coalition.partners.naming import PUBLIC
from coalition.refused import Refused
from coalition.workspaces.rules import NotAllowed
from documents.domain.round_trail import decide_address, keep, round_address, write_to
from documents.enums import DecisionKind, RoundState
from documents.models import Approval, ApprovalRound, Asked, Reading, RoundText, Version
from documents.queries.approvals import asked_of, board_of, capacity_of, coordinators_for, representatives


@dataclass(frozen=True)
class Decider:
    """The person who decides, in their capacity for the organisation."""

    person: User
    asked: Asked
    capacity: str

    @property
    def organisation(self) -> Organisation:
        return self.asked.organisation


def approve(
    *, round_: ApprovalRound, organisation: Organisation, hashes: Mapping[str, str], person: User
) -> list[Approval]:
    """Record that the organisation approves the words with these hashes (language → hash).

    The hashes are those of the page the person read: if a newer version was put or the text changed since,
    nothing is recorded. Languages the organisation approved already stay as they are; if nothing is left
    to record, Refused names who did it. Raises NotAllowed for a person who may not decide for it.
    """
    if not hashes:
        raise Refused(_("Choose at least one language to approve."))
    with transaction.atomic():
        locked = _lock_open(round_)
        decider = _decider(locked, organisation, person)
        versions = [_version_put(locked, language, digest) for language, digest in sorted(hashes.items())]
        standing = _standing(locked, organisation)
        before = [standing[version.pk] for version in versions if version.pk in standing]
        done = [one for one in before if one.decision == DecisionKind.APPROVED]
        if len(done) == len(versions):
            raise Refused(_already(done[0]), **_who_and_when(done[0]))
        known = {one.version_id for one in done}
        approvals = [
            _record(decider, version, DecisionKind.APPROVED, standing)
            for version in versions
            if version.pk not in known
        ]
        _tell(decider, "approval.given", "approved", approvals)
        _tell_if_complete(locked)
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
    """Record that the organisation asks for changes in one language, with its reason.

    Takes the place of what it decided on these words before. Raises as `approve` does, and Refused
    without a reason.
    """
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say what should be changed: without a reason nobody can act on it."))
    with transaction.atomic():
        locked = _lock_open(round_)
        decider = _decider(locked, organisation, person)
        version = _version_put(locked, language, digest)
        standing = _standing(locked, organisation)
        approval = _record(decider, version, DecisionKind.CHANGES_ASKED, standing, reason=reason[:2000])
        _tell(decider, "approval.changes_asked", "changes_asked", [approval])
        write_to(
            coordinators_for(locked),
            template="changes_asked",
            about=str(approval.uuid),
            address=round_address(locked),
        )
    return approval


def note_reading(*, round_: ApprovalRound, organisation: Organisation, language: str, person: User) -> None:
    """Remember that the organisation opened the version put now in a language; the first time counts.

    No right is checked here: the caller has found the round through `asked_of`.
    """
    Reading.objects.bulk_create(
        (
            Reading(round=round_, organisation=organisation, version_id=version, person=person, at=now())
            for version in round_.texts.filter(language=language).values_list("version_id", flat=True)
        ),
        ignore_conflicts=True,
    )


def _lock_open(round_: ApprovalRound) -> ApprovalRound:
    locked = (
        ApprovalRound.objects.select_for_update(of=("self",))
        .select_related("draft__workspace")
        .get(pk=round_.pk)
    )
    if locked.state != RoundState.OPEN or locked.draft.workspace.archived_at is not None:
        raise Refused(_("This round is closed: nothing can be put or decided in it any more."))
    return locked


def _decider(round_: ApprovalRound, organisation: Organisation, person: User) -> Decider:
    asked = asked_of(person).filter(round=round_, organisation=organisation).first()
    if asked is None:
        raise NotAllowed
    return Decider(person=person, asked=asked, capacity=capacity_of(person, asked))


def _version_put(round_: ApprovalRound, language: str, digest: str) -> Version:
    """The version put now in the language, if it is what the person read and what the text still says."""
    text = RoundText.objects.filter(round=round_, language=language).select_related("version__text").first()
    if text is None:
        raise Refused(_("This language is not put to approval."))
    if text.version.hash != digest:
        raise Refused(_("A newer version was put since you opened this page. Read it, then decide."))
    if text.version.text.content_hash != digest:
        raise Refused(
            _(
                "The text was changed since this version was put, so it cannot be decided on. "
                "The coordinator has to put the new words first."
            )
        )
    return text.version


def _standing(round_: ApprovalRound, organisation: Organisation) -> dict[int, Approval]:
    """The organisation's decisions that count in this round, by version."""
    rows = Approval.objects.filter(round=round_, organisation=organisation, superseded_at=None)
    return {row.version_id: row for row in rows.select_related("person")}


def _record(
    decider: Decider,
    version: Version,
    decision: DecisionKind,
    standing: dict[int, Approval],
    reason: str = "",
) -> Approval:
    """Write the decision; the round's lock makes two at once one after the other, the constraint sure."""
    moment = now()
    before = standing.get(version.pk)
    if before is not None:
        before.superseded_at = moment
        before.save(update_fields=["superseded_at"])
    return Approval.objects.create(
        round=decider.asked.round,
        organisation=decider.organisation,
        version=version,
        language=version.language,
        canon=version.canon,
        hash=version.hash,
        decision=decision,
        reason=reason,
        person=decider.person,
        capacity=decider.capacity,
        at=moment,
    )


def _already(approval: Approval) -> str | Promise:
    if approval.person is None:
        return _("Already approved for your organisation on %(when)s.")
    return _("Already approved by %(name)s on %(when)s.")


def _who_and_when(approval: Approval) -> dict[str, str]:
    when = formats.date_format(timezone.localtime(approval.at), "DATETIME_FORMAT")
    return {"name": approval.person.name if approval.person else "", "when": when}


def _tell(decider: Decider, action: str, kind: str, approvals: list[Approval]) -> None:
    """Keep the decision; the organisation's representatives hear at once of one they did not make."""
    round_ = decider.asked.round
    keep(
        round_,
        action=action,
        kind=kind,
        person=decider.person,
        organisation=decider.organisation,
        role=decider.capacity,
        languages=[one.language for one in approvals],
        hashes=[one.hash for one in approvals],
    )
    if decider.capacity != "representative":
        others = [one for one in representatives(decider.organisation) if one.pk != decider.person.pk]
        write_to(
            others, template="decided_for_you", about=str(approvals[0].uuid), address=decide_address(round_)
        )


def _tell_if_complete(round_: ApprovalRound) -> None:
    board = board_of(round_, PUBLIC)
    if board.matrix.is_complete:
        about = ":".join([str(round_.uuid), *(str(text.version_id) for text in board.texts)])
        write_to(
            coordinators_for(round_),
            template="approvals_complete",
            about=about,
            address=round_address(round_),
        )
