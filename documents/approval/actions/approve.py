"""An organisation stands under the words, or asks for changes with a reason."""

from collections.abc import Mapping

from django.db import transaction
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.accounts.models import Organisation, User
from coalition.core.clock import now
from coalition.core.errors import Refused
from documents.approval import topics
from documents.approval.actions.record_decision import (
    Decider,
    decided_by,
    decider_of,
    lock_open,
    record,
    refuse_late_joining,
    tell,
    tell_if_complete,
    version_put,
)
from documents.approval.audit import concern
from documents.approval.models.rounds import Approval, ApprovalRound, Reading
from documents.approval.queries.boards import Board, board_of
from documents.approval.queries.rounds import coordinators_for
from documents.drafts.enums import CellState, DecisionKind, Way
from documents.drafts.models import Version
from documents.drafts.queries import people_around
from documents.editor.live.projection import follow_draft


def approve(
    *,
    round_: ApprovalRound,
    organisation: Organisation,
    hashes: Mapping[str, str],
    relies: Mapping[str, str] | None = None,
    person: User,
) -> list[Approval]:
    """Record that the organisation approves the words with these hashes (language → hash).

    `relies`: languages it does not read, in which it relies on reviewers who answer that they say what it
    approves. The hashes are those of the page the person read: if a newer version was put or the text changed
    since, nothing is recorded. Languages it decided on so already stay as they are; if nothing is left to
    record, Refused names who did it. Raises NotAllowed for a person who may not decide for it, Refused
    where nobody answers for a language it would rely on, JoiningOver after the deadline where that binds.
    """
    wanted = dict.fromkeys(hashes.items(), DecisionKind.APPROVED)
    wanted |= dict.fromkeys((relies or {}).items(), DecisionKind.RELIES)
    if not wanted:
        raise Refused(_("Choose at least one language to approve."))
    follow_draft(round_.draft)
    with transaction.atomic():
        locked = lock_open(round_)
        decider = decider_of(locked, organisation, person)
        refuse_late_joining(locked)
        given = _give(decider, {version_put(locked, *words): kind for words, kind in sorted(wanted.items())})
        tell(decider, "approval.given", "approved", given)
        board = board_of(locked, None)
        check_reliance(board, organisation, relies or {})
        tell_if_complete(locked, board)
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

    Takes the place of what it decided on these words before. Raises as `approve` does, and Refused
    without a reason.
    """
    reason = reason.strip()
    if not reason:
        raise Refused(_("Say what should be changed: without a reason nobody can act on it."))
    follow_draft(round_.draft)
    with transaction.atomic():
        locked = lock_open(round_)
        decider = decider_of(locked, organisation, person)
        version = version_put(locked, language, digest)
        before = decided_by(locked, organisation)
        approval = record(decider, version, DecisionKind.CHANGES_ASKED, before, reason=reason)
        tell(decider, "approval.changes_asked", "changes_asked", [approval])
        concern(
            locked,
            [*coordinators_for(locked), *people_around(locked.draft)],
            kind="changes_asked",
            once=str(approval.uuid),
            actor=person,
            organisation=organisation,
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
    topics.push(round_)


def _give(decider: Decider, wanted: Mapping[Version, DecisionKind]) -> list[Approval]:
    """Record what is not recorded yet; Refused if that is nothing."""
    before = decided_by(decider.asked.round, decider.organisation)
    new, done = [], []
    for version, kind in wanted.items():
        known = before.get(version.pk)
        if known is not None and _says(known, kind):
            done.append(known)
        else:
            new.append((version, kind))
    if not new:
        raise Refused(_already(done[0]), **_who_and_when(done[0]))
    return [record(decider, version, kind, before) for version, kind in new]


def _says(known: Approval, kind: DecisionKind) -> bool:
    """Whether this very decision stands already, by somebody who decides for the organisation."""
    return known.decision == kind and known.objected_at is None and known.way != Way.CARRIED_OVER


def check_reliance(board: Board, organisation: Organisation, relies: Mapping[str, str]) -> None:
    """Raise Refused where nobody answers for a language that the organisation would rely on."""
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


def _already(approval: Approval) -> str | Promise:
    if approval.person is None:
        return _("Already approved for your organisation on %(when)s.")
    return _("Already approved by %(name)s on %(when)s.")


def _who_and_when(approval: Approval) -> dict[str, str]:
    when = formats.date_format(timezone.localtime(approval.at), "DATETIME_FORMAT")
    return {"name": approval.person.name if approval.person else "", "when": when}
