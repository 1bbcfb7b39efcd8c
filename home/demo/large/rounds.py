"""Rounds of the large demo: versions put to every organisation of a workspace, and what each decided."""

import datetime
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from coalition.accounts.enums import Language, MembershipRole, OrganisationKind
from coalition.accounts.models import Organisation
from coalition.jobs import scheduler
from documents.approval.actions.open_round import REMINDER
from documents.drafts.deadlines import REMIND_BEFORE
from documents.drafts.enums import DecisionKind, RoundState
from documents.models import Approval, ApprovalRound, Asked, Reading, RoundText
from home.demo.large.texts import Made
from home.demo.large.trail import Done, keep_done

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
class Put:
    """One draft that is put, and to whom."""

    made: Made
    round: ApprovalRound
    organisations: list[Organisation]


class Rounds:
    """Puts drafts to approval as they come, a few of each workspace."""

    def __init__(self, until: datetime.datetime) -> None:
        self.until = until
        self._many: Counter[int] = Counter()

    def take(self, made: list[Made]) -> None:
        """Put those that are complete and for the whole workspace."""
        put = [self._put(one) for one in made if self._is_put(one)]
        ApprovalRound.objects.bulk_create([one.round for one in put])
        rows = [row for one in put for row in self._rows(one)]
        RoundText.objects.bulk_create(row for row in rows if isinstance(row, RoundText))
        Asked.objects.bulk_create((row for row in rows if isinstance(row, Asked)), batch_size=BATCH)
        Reading.objects.bulk_create((row for row in rows if isinstance(row, Reading)), batch_size=BATCH)
        Approval.objects.bulk_create((row for row in rows if isinstance(row, Approval)), batch_size=BATCH)
        keep_done([_done(one) for one in put])
        for one in put:
            if one.round.state == RoundState.OPEN:
                _remind(one.round)

    def _is_put(self, one: Made) -> bool:
        whole = len(one.versions) == len(Language) and not one.draft.restricted and not one.draft.archived_at
        if not whole or self._many[one.room.number] == EACH:
            return False
        self._many[one.room.number] += 1
        return True

    def _put(self, one: Made) -> Put:
        author, organisation, _role = one.room.writers[0]  # the coordinator
        is_open = self._many[one.room.number] == 1
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
        asked = [row for row in one.room.organisations if row.kind != OrganisationKind.MEDIA_PARTNER]
        return Put(one, round_, asked)

    def _rows(self, put: Put) -> Iterator[Row]:
        round_, opened = put.round, put.round.opened_at
        for language, version in put.made.versions.items():
            yield RoundText(round=round_, language=language, version=version, put_at=opened)
        for place, organisation in enumerate(put.organisations):
            yield Asked(round=round_, organisation=organisation, asked_at=opened, told_at=opened)
            if organisation.pk in put.made.room.people:
                yield from self._decided(put, place, organisation)

    def _decided(self, put: Put, place: int, organisation: Organisation) -> Iterator[Row]:
        """What the organisation read and recorded, each of three languages within the day."""
        person = put.made.room.people[organisation.pk]
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


def _answer(put: Put, place: int, language: str) -> str:
    """In the first workspace and those without personas all sorts; in a persona's own nearly all is decided,
    so that what waits for one person stays what one person has to do."""
    room, is_open = put.made.room, put.round.state == RoundState.OPEN
    answer = ANSWERS[(place + room.number * 3) % len(ANSWERS)]
    settled = not is_open or (room.of_personas and room.number)
    if settled and answer != DecisionKind.ABSTAINS:
        return DecisionKind.APPROVED
    if answer == DecisionKind.CHANGES_ASKED and language != Language.KK:
        return DecisionKind.APPROVED  # what is asked for stands in one language
    return answer


def _done(put: Put) -> Done:
    told = {"languages": sorted(put.made.versions)}
    return Done(
        action="round.opened",
        kind="put_to_approval",
        at=put.round.opened_at,
        author=put.made.room.writers[0],
        workspace=put.made.room.workspace,
        thing_kind="round",
        thing=put.round.uuid,
        kept=told,
        told={"title": put.made.draft.title, **told},
    )


def _remind(round_: ApprovalRound) -> None:
    scheduler.schedule(
        kind=REMINDER,
        key=str(round_.uuid),
        due_at=round_.deadline - REMIND_BEFORE,
        payload={"deadline": str(round_.deadline)},
    )
