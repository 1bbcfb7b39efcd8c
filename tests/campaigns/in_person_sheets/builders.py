"""An appeal that is open, in a workspace with people of several organisations in a region."""

from dataclasses import dataclass

from django.utils.timezone import localdate

from coalition.accounts.models import MembershipRole, Organisation, User
from coalition.campaigns.in_person.models import Table
from coalition.campaigns.in_person.sheets.actions import mark_sheets, print_sheets
from coalition.campaigns.in_person.sheets.enums import SheetState
from coalition.campaigns.in_person.sheets.models import SheetRun
from coalition.campaigns.models import Appeal, AppealVersion
from coalition.core.clock import now
from coalition.roles import SeatRole
from coalition.workspaces.permissions import Access, access_to
from documents.drafts.models import TextKind
from documents.models import Draft
from tests.campaigns.appeals.factories import AppealVersionFactory, open_appeal
from tests.documents.approval.builders import Stage, stage
from tests.factories import OrganisationFactory, seat
from tests.recording import recorded

ALMATY = "KZ-75"
KOSTANAY = "KZ-39"


@dataclass
class Paper:
    """`version`: the words of an appeal that is open."""

    made: Stage
    version: AppealVersion

    @property
    def appeal(self) -> Appeal:
        return self.version.appeal

    @property
    def access(self) -> Access:
        """The coordinator's, whose organisation works in Almaty."""
        return self.made.access

    @recorded
    def person(self, organisation: Organisation | None = None, *, role=SeatRole.CONTRIBUTOR, **given) -> User:
        """Somebody of an organisation, a new one of Almaty if none is given."""
        given = {"regions": [ALMATY], **given}
        organisation = organisation or OrganisationFactory(**given)
        person = seat(workspace=self.made.workspace, role=role, organisation=organisation).person
        person.memberships.update(role=MembershipRole.MEMBER)
        return person

    def access_of(self, person: User) -> Access:
        return access_to(person, self.made.workspace.uuid)

    def other(self, organisation: Organisation | None = None, **given) -> Access:
        return self.access_of(self.person(organisation, **given))

    def run(self, access: Access | None = None, **given) -> SheetRun:
        values = {"region": ALMATY, "language": "kk", "quantity": 10, **given}
        return print_sheets(access=access or self.access, appeal=self.appeal, **values)

    def returned(self, quantity: int = 10, access: Access | None = None, **given) -> list[int]:
        """Print sheets and mark all of them as returned; their numbers."""
        run = self.run(access, quantity=quantity, **given)
        numbers = list(range(run.first_number, run.last_number + 1))
        mark_sheets(
            access=access or self.access, appeal=self.appeal, numbers=numbers, state=SheetState.RETURNED
        )
        return numbers

    def new_words(self) -> AppealVersion:
        """Another version of the appeal, made now, of the same publication."""
        return AppealVersionFactory(
            appeal=self.appeal,
            publication=self.version.publication,
            number=self.version.number + 1,
            made_at=now(),
        )

    @recorded
    def table(self, organisation: Organisation | None = None, **given) -> Table:
        """A table of today that was opened."""
        moment = now()
        values = {"region": ALMATY, "place": "Library", "day": localdate(moment), **given}
        values.setdefault("opened_at", moment)
        return Table.objects.create(
            workspace=self.made.workspace,
            appeal=self.appeal,
            organisation=organisation or self.access.organisation,
            created_at=moment,
            **values,
        )


@recorded
def paper(*languages: str) -> Paper:
    made = stage(regions=[ALMATY])
    Draft.objects.filter(pk=made.draft.pk).update(kind=TextKind.APPEAL)
    made.draft.refresh_from_db()
    return Paper(made, open_appeal(*languages, made=made))
