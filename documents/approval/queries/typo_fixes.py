"""Slips of the pen in a round: what is proposed, confirmed, kept; and which are public with a text."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch

from documents.approval.actions.typo_fixes import CONFIRMATIONS, what_could_be_a_slip, what_was_mended
from documents.approval.models.rounds import ApprovalRound
from documents.approval.models.typo_fix import Slip, SlipConfirmation
from documents.approval.queries.boards import Board
from documents.approval.typo_fixes import Mended, NoSlip


@dataclass(frozen=True)
class SlipShown:
    """A slip with the word that changed. `confirmed_by`: primary keys of organisations, `people`: of who
    proposed or confirmed it, for whichever organisation."""

    slip: Slip
    mended: Mended
    confirmed_by: frozenset[int]
    people: frozenset[int | None]
    asked_for: int = CONFIRMATIONS

    @property
    def counts(self) -> bool:
        return self.slip.counts_from is not None


def slips_of(round_: ApprovalRound) -> list[SlipShown]:
    """Those whose words are put now, in two queries."""
    confirmations = Prefetch("confirmations", queryset=SlipConfirmation.objects.order_by("pk"))
    rows = Slip.objects.filter(round=round_, after__in=round_.texts.values("version"))
    rows = rows.select_related("before", "after").prefetch_related(confirmations)
    return [
        SlipShown(
            row,
            what_was_mended(row.before, row.after),
            frozenset(one.organisation_id for one in row.confirmations.all()),
            frozenset([row.proposed_by_id, *(one.person_id for one in row.confirmations.all())]),
        )
        for row in rows
    ]


def could_be_slips(board: Board, known: Iterable[SlipShown]) -> list[tuple[str, Mended]]:
    """Languages whose words changed by a slip only since organisations decided on them, not proposed yet."""
    found = []
    proposed = {shown.slip.after_id for shown in known}
    for text in board.texts:
        reopened = any(cell.decision and not cell.counts for cell in board.matrix.column_of(text.language))
        if not reopened or text.version_id in proposed:
            continue
        try:
            found.append((text.language, what_could_be_a_slip(board.round, text.language)))
        except NoSlip:
            continue
    return found
