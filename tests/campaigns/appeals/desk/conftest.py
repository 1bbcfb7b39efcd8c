"""A workspace with a published appeal, its coordinator, and people of other organisations."""

from dataclasses import dataclass

import pytest

from coalition.accounts.models import MembershipRole, User
from coalition.campaigns.models import Appeal, AppealVersion, Hold, Support
from coalition.core.clock import now
from coalition.roles import SeatRole
from coalition.workspaces.permissions import Access, access_to
from documents.drafts.actions.manage import create_draft
from documents.drafts.models import TextKind
from documents.models import Draft, Publication
from documents.publication.actions import publish_approved
from tests.campaigns.appeals.desk.stored import delete_stored_files
from tests.campaigns.appeals.factories import SupportFactory, open_appeal
from tests.documents.approval.builders import Stage, stage
from tests.factories import seat
from tests.recording import recorded


@dataclass
class Desk:
    """`version`: the words of an appeal that is open."""

    made: Stage
    version: AppealVersion

    @property
    def appeal(self) -> Appeal:
        return self.version.appeal

    @property
    def access(self) -> Access:
        """The coordinator's, who represents the first organisation."""
        return self.made.access

    @recorded
    def seated(
        self,
        role: SeatRole = SeatRole.EDITOR,
        *,
        membership: MembershipRole = MembershipRole.MEMBER,
        **given: object,
    ) -> User:
        person = seat(workspace=self.made.workspace, role=role, **given).person
        person.memberships.update(role=membership)
        return person

    def access_of(self, person: User) -> Access:
        return access_to(person, self.made.workspace.uuid)

    def other(self, role: SeatRole = SeatRole.EDITOR, **given: object) -> Access:
        """Somebody of another organisation."""
        return self.access_of(self.seated(role, **given))

    @recorded
    def support(self, **given: object) -> Support:
        return SupportFactory(version=self.version, **given)

    @recorded
    def hold(self, rows: int = 0, **given: object) -> Hold:
        hold = Hold.objects.create(
            appeal=self.appeal, rule="one_pattern", reason={"rows": rows}, made_at=now(), **given
        )
        for number in range(rows):
            SupportFactory(
                version=self.version, state="held", hold=hold, address=f"held{number}@tests.example"
            )
        return hold


@recorded
def publish_text(made: Stage, kind: TextKind, words: str) -> Publication:
    """Publish a text of this kind in the stage's workspace, beside its draft."""
    draft = create_draft(access=made.access, title="Another text", kind=kind)
    other = Stage(made.workspace, made.coordinator, draft, made.organisations, made.representatives)
    version = other.version(words)
    round_ = other.put(versions=[version])
    other.approve_all(round_)
    return publish_approved(access=made.access, round_=round_)


@pytest.fixture
def made() -> Stage:
    """A stage whose draft is an appeal."""
    found = stage()
    Draft.objects.filter(pk=found.draft.pk).update(kind=TextKind.APPEAL)
    found.draft.refresh_from_db()
    return found


@pytest.fixture
def desk(made: Stage, no_pages: None) -> Desk:
    delete_stored_files()
    return Desk(made, open_appeal(made=made))
