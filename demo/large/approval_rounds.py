"""Approval rounds of the large demo: versions put to every organisation of a workspace, and the decisions."""

import datetime
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from coalition.accounts.models import Language, MembershipRole, Organisation, OrganisationKind
from coalition.jobs import scheduler
from demo.large.audit import RecordedAction, record_actions
from demo.large.drafts import DraftRows
from documents.approval.audit import REMINDER_KIND
from documents.drafts.models import DecisionKind, RoundState
from documents.drafts.queries import REMIND_BEFORE
from documents.models import Approval, ApprovalRound, Asked, Reading, RoundText

EACH = 4  # rounds of a workspace; the first is open
REASON = "Үшінші абзацтағы мерзім нақты көрсетілсін."
BATCH = 500
PUT_AGO, FIRST_DEADLINE = datetime.timedelta(days=1), datetime.timedelta(days=3)
READ, UNOPENED = "read", "unopened"
ANSWERS = (
    DecisionKind.APPROVED,
    DecisionKind.APPROVED,
    READ,
    DecisionKind.APPROVED,
    DecisionKind.CHANGES_ASKED,
    DecisionKind.APPROVED,
    UNOPENED,
    DecisionKind.ABSTAINS,
    DecisionKind.APPROVED,
    DecisionKind.APPROVED,
)


type Row = Asked | RoundText | Reading | Approval


@dataclass(frozen=True)
class RoundRows:
    """One draft with its round and the organisations asked."""

    made: DraftRows
    round: ApprovalRound
    organisations: list[Organisation]


class Rounds:
    """Puts drafts to approval in batches, a few of each workspace."""

    def __init__(self, until: datetime.datetime) -> None:
        self.until = until
        self._many: Counter[int] = Counter()

    def take(self, made: list[DraftRows]) -> None:
        """Put those to approval that are complete and for the whole workspace."""
        put = [self._put(one) for one in made if self._is_put(one)]
        ApprovalRound.objects.bulk_create([one.round for one in put])
        rows = [row for one in put for row in self._rows(one)]
        RoundText.objects.bulk_create(row for row in rows if isinstance(row, RoundText))
        Asked.objects.bulk_create((row for row in rows if isinstance(row, Asked)), batch_size=BATCH)
        Reading.objects.bulk_create((row for row in rows if isinstance(row, Reading)), batch_size=BATCH)
        Approval.objects.bulk_create((row for row in rows if isinstance(row, Approval)), batch_size=BATCH)
        record_actions([_action_of(one) for one in put])
        for one in put:
            if one.round.state == RoundState.OPEN:
                _remind(one.round)

    def _is_put(self, one: DraftRows) -> bool:
        whole = len(one.versions) == len(Language) and not one.draft.restricted and not one.draft.archived_at
        if not whole or self._many[one.seating.number] == EACH:
            return False
        self._many[one.seating.number] += 1
        return True

    def _put(self, one: DraftRows) -> RoundRows:
        author, organisation, _role = one.seating.writers[0]  # the coordinator
        is_open = self._many[one.seating.number] == 1
        opened = self.until - PUT_AGO if is_open else one.draft.changed_at + PUT_AGO
        deadline = opened + FIRST_DEADLINE + datetime.timedelta(days=one.number % 20)
        round_ = ApprovalRound(
            draft=one.draft,
            state=RoundState.OPEN if is_open else RoundState.CLOSED,
            deadline=deadline,
            opened_by=author,
            organisation=organisation,
            opened_at=opened,
            closed_at=None if is_open else deadline,
        )
        asked = [row for row in one.seating.organisations if row.kind != OrganisationKind.MEDIA_PARTNER]
        return RoundRows(one, round_, asked)

    def _rows(self, put: RoundRows) -> Iterator[Row]:
        round_, opened = put.round, put.round.opened_at
        for language, version in put.made.versions.items():
            yield RoundText(round=round_, language=language, version=version, put_at=opened)
        for place, organisation in enumerate(put.organisations):
            yield Asked(round=round_, organisation=organisation, asked_at=opened, told_at=opened)
            if organisation.pk in put.made.seating.people:
                yield from self._decided(put, place, organisation)

    def _decided(self, put: RoundRows, place: int, organisation: Organisation) -> Iterator[Row]:
        """What the organisation read and recorded, each of three languages within the day."""
        person = put.made.seating.people[organisation.pk]
        for language, version in put.made.versions.items():
            answer = _answer(put, place, language)
            at = put.round.opened_at + datetime.timedelta(minutes=7 * place + 1)
            if answer == UNOPENED:
                continue
            yield Reading(round=put.round, organisation=organisation, version=version, person=person, at=at)
            if answer != READ:
                yield Approval(
                    round=put.round,
                    organisation=organisation,
                    version=version,
                    language=language,
                    canon=version.canon,
                    hash=version.hash,
                    decision=answer,
                    reason=REASON if answer == DecisionKind.CHANGES_ASKED else "",
                    person=person,
                    capacity=MembershipRole.REPRESENTATIVE,
                    at=at + datetime.timedelta(minutes=5),
                )


def _answer(put: RoundRows, place: int, language: str) -> str:
    """Return a decision. The first workspace and those without personas have all kinds; in the personas' own
    nearly everything is decided, so that one person can handle what waits for them."""
    seating, is_open = put.made.seating, put.round.state == RoundState.OPEN
    answer = ANSWERS[(place + seating.number * 3) % len(ANSWERS)]
    settled = not is_open or (seating.of_personas and seating.number)
    if settled and answer != DecisionKind.ABSTAINS:
        return DecisionKind.APPROVED
    if answer == DecisionKind.CHANGES_ASKED and language != Language.KK:
        return DecisionKind.APPROVED  # what is asked for stands in one language
    return answer


def _action_of(put: RoundRows) -> RecordedAction:
    told = {"languages": sorted(put.made.versions)}
    return RecordedAction(
        action="round.opened",
        kind="put_to_approval",
        at=put.round.opened_at,
        author=put.made.seating.writers[0],
        workspace=put.made.seating.workspace,
        thing_kind="round",
        thing=put.round.uuid,
        audit_detail=told,
        activity_detail={"title": put.made.draft.title, **told},
    )


def _remind(round_: ApprovalRound) -> None:
    scheduler.schedule(
        kind=REMINDER_KIND,
        key=str(round_.uuid),
        due_at=round_.deadline - REMIND_BEFORE,
        payload={"deadline": str(round_.deadline)},
    )
