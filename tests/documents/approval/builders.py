"""A coalition that approves: a coordinator, organisations with representatives, a draft in languages."""

import datetime
from dataclasses import dataclass, field

from coalition.accounts.models import Listing, MembershipRole, Organisation, User
from coalition.core.clock import now
from coalition.roles import SeatRole
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access, access_to
from documents.approval.actions.decide import approve, ask_changes
from documents.approval.actions.open_round import submit_for_approval
from documents.drafts.actions.manage import create_draft, name_version, save_text
from documents.drafts.models import ApprovalRule
from documents.models import Approval, ApprovalRound, Draft, DraftText, Publication, Version
from documents.publication.actions import publish_approved
from tests.documents.conftest import body
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    ParticipationFactory,
    UserFactory,
    WorkspaceFactory,
    seat,
)
from tests.recording import recorded


@dataclass
class Stage:
    """`organisations` are asked; each has one representative, who holds no seat unless given one."""

    workspace: Workspace
    coordinator: User
    draft: Draft
    organisations: list[Organisation] = field(default_factory=list)
    representatives: dict[int, User] = field(default_factory=dict)

    @property
    @recorded
    def access(self) -> Access:
        return access_to(self.coordinator, self.workspace.uuid)

    @recorded
    def organisation(self, **given: object) -> Organisation:
        made = OrganisationFactory(**given)
        ParticipationFactory(workspace=self.workspace, organisation=made)
        person = UserFactory()
        MembershipFactory(person=person, organisation=made, role=MembershipRole.REPRESENTATIVE)
        self.organisations.append(made)
        self.representatives[made.pk] = person
        return made

    @recorded
    def text(self, language: str = "kk") -> DraftText:
        return self.draft.texts.select_related("draft").get(language=language)

    @recorded
    def write(self, words: str, language: str = "kk", *, title: str = "A law on harassment") -> DraftText:
        return self.write_blocks(body(words), language, title=title)

    @recorded
    def write_blocks(self, content: dict[str, object], language: str = "kk", *, title: str) -> DraftText:
        text = self.text(language)
        save_text(access=self.access, text=text, title=title, lead="", body=content)
        return self.text(language)

    @recorded
    def version(self, words: str, language: str = "kk") -> Version:
        return name_version(access=self.access, text=self.write(words, language), name="As agreed")

    @recorded
    def put(self, *languages: str, **given: object) -> ApprovalRound:
        if "versions" not in given:
            given["versions"] = [
                self.version(f"We ask for a law, in {code}.", code) for code in languages or ("kk",)
            ]
        return submit_for_approval(
            access=self.access,
            draft=self.draft,
            **{
                "organisations": self.organisations,
                "deadline": now() + datetime.timedelta(days=3),
                "acknowledged": True,
                "rule": ApprovalRule.ALL,
                **given,
            },
        )

    @recorded
    def hashes(self, round_: ApprovalRound) -> dict[str, str]:
        return {text.language: text.version.hash for text in round_.texts.select_related("version")}

    @recorded
    def approve(
        self, round_: ApprovalRound, organisation: Organisation, *languages: str, person: User | None = None
    ) -> list[Approval]:
        hashes = self.hashes(round_)
        return approve(
            round_=round_,
            organisation=organisation,
            hashes={code: hashes[code] for code in languages or hashes},
            person=person or self.representatives[organisation.pk],
        )

    @recorded
    def ask_changes(
        self, round_: ApprovalRound, organisation: Organisation, reason: str = "Say when."
    ) -> Approval:
        return ask_changes(
            round_=round_,
            organisation=organisation,
            language="kk",
            digest=self.hashes(round_)["kk"],
            reason=reason,
            person=self.representatives[organisation.pk],
        )

    @recorded
    def approve_all(self, round_: ApprovalRound) -> None:
        for organisation in self.organisations:
            self.approve(round_, organisation)

    @recorded
    def publish(self, *languages: str) -> Publication:
        round_ = self.put(*languages)
        self.approve_all(round_)
        return publish_approved(access=self.access, round_=round_)


@recorded
def stage(asked: int = 2, **given: object) -> Stage:
    """A stage whose coordinator belongs to the first organisation asked."""
    workspace = WorkspaceFactory()
    lead = OrganisationFactory(**given)
    taken = seat(workspace=workspace, role=SeatRole.COORDINATOR, organisation=lead)
    taken.person.memberships.update(role=MembershipRole.REPRESENTATIVE)
    access = access_to(taken.person, workspace.uuid)
    draft = create_draft(access=access, title="Canary: working title")
    made = Stage(workspace, taken.person, draft, [lead], {lead.pk: taken.person})
    for _number in range(asked - 1):
        made.organisation()
    return made


@recorded
def withheld(made: Stage) -> Organisation:
    return made.organisation(listing=Listing.WITHHELD, name_en="Canary withheld", name_kk="Canary kk")
