"""A letter action with recipients, letters and organisations, and people who record what came."""

import datetime
from dataclasses import dataclass, field
from itertools import count

from coalition.accounts.models import Organisation
from coalition.campaigns.letters.board.actions import (
    AnswerContent,
    LetterContent,
    Recipient,
    StanceContent,
    record_answer,
    record_letter,
    record_stance,
)
from coalition.campaigns.letters.board.enums import AnswerKind
from coalition.campaigns.models import (
    Answer,
    Body,
    LetterAction,
    LetterDay,
    OfficialLetter,
    ReferralCode,
    Stance,
    Target,
)
from coalition.core.clock import freeze_clock_at, now
from coalition.roles import SeatRole
from coalition.workspaces.permissions import Access, access_to
from tests.campaigns.appeals.factories import hashes_of
from tests.documents.approval.builders import Stage, stage
from tests.factories import seat
from tests.recording import recorded

OPENED = datetime.datetime(2026, 3, 2, 9, tzinfo=datetime.UTC)  # a Monday
FIRST_DAY = OPENED.date()
_codes = count(1)


@dataclass
class BoardDesk:
    """`targets` belong to `body`; the first organisation of `made` is the coordinator's."""

    made: Stage
    action: LetterAction
    body: Body
    targets: list[Target] = field(default_factory=list)
    codes: dict[int, ReferralCode] = field(default_factory=dict)

    @property
    def access(self) -> Access:
        """The coordinator's."""
        return self.made.access

    @recorded
    def seated(self, role: SeatRole, **given: object) -> Access:
        person = seat(workspace=self.made.workspace, role=role, **given).person
        return access_to(person, self.made.workspace.uuid)

    @recorded
    def target(self, **given: object) -> Target:
        number = len(self.targets) + 1
        values = {
            "name": {"kk": f"Депутат {number:03}", "en": f"Deputy {number:03}"},
            "committee": {"en": f"Committee {number % 3}"},
            "electoral_list": {"en": f"List {number % 2}"},
            **given,
        }
        made = Target.objects.create(
            body=self.body, external_id=str(number), as_of=datetime.date(2026, 1, 1), **values
        )
        self.targets.append(made)
        return made

    @recorded
    def letters(
        self,
        target: Target,
        number: int,
        organisation: Organisation | None = None,
        day: datetime.date = FIRST_DAY,
    ) -> LetterDay:
        """Letters that people declared, with the code of an organisation."""
        return LetterDay.objects.create(
            action=self.action,
            target=target,
            referral=self.code(organisation) if organisation is not None else None,
            way="copy",
            language="kk",
            day=day,
            count=number,
        )

    def code(self, organisation: Organisation) -> ReferralCode:
        if organisation.pk not in self.codes:
            self.codes[organisation.pk] = ReferralCode.objects.create(
                workspace=self.made.workspace,
                organisation=organisation,
                action="letters",
                target=self.action.uuid,
                medium="link",
                code=f"LB{next(_codes):05}",
                made_at=now(),
            )
        return self.codes[organisation.pk]

    def recipient(self, target: Target | None = None) -> Recipient:
        return Recipient(self.body, target)

    @recorded
    def official(
        self,
        target: Target | None = None,
        *,
        access: Access | None = None,
        sent_on: datetime.date = FIRST_DAY,
        number: str = "01-17/3",
        **given: object,
    ) -> OfficialLetter:
        return record_letter(
            access=access or self.access,
            action=self.action,
            recipient=self.recipient(target),
            content=LetterContent(number, sent_on, **given),
        )

    @recorded
    def answer(
        self,
        target: Target | None = None,
        *,
        kind: AnswerKind = AnswerKind.ANSWER,
        on: datetime.date = FIRST_DAY,
        words: str = "We support the bill.",
        publish: bool = False,
        access: Access | None = None,
        **given: object,
    ) -> Answer:
        content = AnswerContent(kind=kind, on=on, words={"en": words} if words else {}, **given)
        return record_answer(
            access=access or self.access,
            action=self.action,
            recipient=self.recipient(target),
            content=content,
            publish=publish,
        )

    @recorded
    def stance(
        self,
        target: Target,
        *,
        agrees: bool = True,
        on: datetime.date = FIRST_DAY,
        words: str = "Said so in the plenary.",
        publish: bool = True,
        **given: object,
    ) -> Stance:
        content = StanceContent(agrees=agrees, on=on, words={"en": words} if words else {}, **given)
        return record_stance(
            access=self.access, action=self.action, target=target, content=content, publish=publish
        )


@recorded
def board_desk(targets: int = 3, made: Stage | None = None, slug: str = "write-for-a-law") -> BoardDesk:
    """A letter action that was opened on `OPENED`, with so many deputies of one body."""
    made = made or stage()
    publication = made.publish("kk")
    body = Body.objects.create(workspace=made.workspace, kind="parliament", name={"en": "The Parliament"})
    with freeze_clock_at(OPENED):
        action = LetterAction.objects.create(
            workspace=made.workspace,
            organisation=made.organisations[0],
            slug=slug,
            publication=publication,
            hashes=hashes_of(publication),
            opened_at=OPENED,
            created_at=OPENED,
        )
    action.bodies.add(body)
    desk = BoardDesk(made, action, body)
    for _number in range(targets):
        desk.target()
    return desk
