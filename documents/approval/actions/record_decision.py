"""What every way of deciding shares: the round's lock, who decides, which words, the record, who is told."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation, User
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.rules import NotAllowed
from documents.approval.audit import concern, keep
from documents.approval.models.phone import PhoneCall
from documents.approval.models.rounds import Approval, ApprovalRound, Asked, RoundText
from documents.approval.queries.boards import Board, board_of
from documents.approval.queries.rounds import asked_with_capacity, coordinators_for, representatives
from documents.drafts.enums import DecisionKind, RoundState, Rule, Way
from documents.drafts.models import Version


@dataclass(frozen=True)
class Decider:
    """Who decides, in their capacity for the organisation, and how it reached the record.

    Either a person with an account or one who is `named`. `counts_from`: not before; `recorded_by` wrote it
    down after the `call`.
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
    """The round, locked. Raises Refused if nothing is decided in it any more."""
    locked = (
        ApprovalRound.objects.select_for_update(of=("self",))
        .select_related("draft__workspace")
        .get(pk=round_.pk)
    )
    if locked.state != RoundState.OPEN or locked.draft.workspace.archived_at is not None:
        raise Refused(_("This round is closed: nothing can be put or decided in it any more."))
    return locked


class JoiningOver(Refused):
    """Only those who joined by the deadline are named, and it has passed."""


def refuse_late_joining(round_: ApprovalRound) -> None:
    """Raise JoiningOver where the text is published with those who joined by the deadline, and that is over.

    Asked under the round's lock. To ask for changes, to abstain and to object is never too late; nor is it to
    approve where all who are asked must, or where silence counts.
    """
    if round_.rule == Rule.JOINED and round_.deadline <= now():
        raise JoiningOver(
            _(
                "The deadline for joining has passed: the text is published with those who joined by then. "
                "Coordinators can give more time."
            )
        )


def decider_of(round_: ApprovalRound, organisation: Organisation, person: User) -> Decider:
    """Raises NotAllowed for whoever may not decide for the organisation at this moment."""
    found = asked_with_capacity(person, round_, organisation)
    if found is None:
        raise NotAllowed
    asked, capacity = found
    return Decider(person=person, asked=asked, capacity=capacity)


def version_put(round_: ApprovalRound, language: str, digest: str, *, as_it_stands: bool = True) -> Version:
    """The version put now in the language, if it is what the person read.

    `as_it_stands`: and what the text still says. Raises Refused otherwise, with what to do.
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
    """The organisation's decisions that are not superseded in this round, by version."""
    rows = Approval.objects.filter(round=round_, organisation=organisation, superseded_at=None)
    return {row.version_id: row for row in rows.select_related("person")}


def record(
    decider: Decider,
    version: Version,
    decision: DecisionKind,
    before: dict[int, Approval],
    reason: str = "",
) -> Approval:
    """Write the decision; the round's lock makes two at once one after the other, the constraint sure."""
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


def tell(decider: Decider, action: str, kind: str, approvals: list[Approval]) -> None:
    """Keep the decision of somebody with an account; the organisation's representatives hear at once of one
    they did not make. For other ways see `decide_otherwise`."""
    round_, person = decider.asked.round, decider.person
    assert person is not None  # noqa: S101  tells the type checker
    keep(
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
        concern(
            round_,
            others,
            kind="decided_for_you",
            once=str(approvals[0].uuid),
            actor=person,
            organisation=decider.organisation,
            about=str(decider.organisation.uuid),
        )


def tell_if_complete(round_: ApprovalRound, board: Board | None = None) -> None:
    """Tell the coordinators once that what is put now can be published."""
    board = board or board_of(round_, None)
    if board.matrix.is_complete:
        put = ":".join([str(round_.uuid), *(str(text.version_id) for text in board.texts)])
        concern(round_, coordinators_for(round_), kind="approvals_complete", once=put)
