"""A workspace with a public organisation, one whose name is withheld, and figures of both."""

import datetime
from dataclasses import dataclass

import pytest

from coalition.accounts.models import Language, Listing, Organisation
from coalition.campaigns.core.days import site_today
from coalition.campaigns.impact.actions.figures import Evidence, FigureContent, add_measure, declare_figure
from coalition.campaigns.impact.actions.grants import add_grant, give_link
from coalition.campaigns.impact.enums import Rung
from coalition.campaigns.models import DonorLink, Figure, Grant, Measure
from coalition.roles import SeatRole
from coalition.workspaces.permissions import Access, access_to
from tests.documents.approval.builders import Stage, stage
from tests.factories import seat
from tests.recording import recorded

DAY = datetime.timedelta(days=1)
PROOF = "https://outlet.example/rating"
SCOPE = {"en": "Staff of six companies in Shymkent"}
SOURCE = {"en": "Signed attendance lists"}
METHOD = {"en": "Counted at the door"}


@dataclass
class ImpactDesk:
    made: Stage

    @property
    def access(self) -> Access:
        """The coordinator's."""
        return self.made.access

    @property
    def workspace(self):
        return self.made.workspace

    @recorded
    def other(self, role: SeatRole = SeatRole.EDITOR) -> Access:
        """Somebody of another organisation."""
        return access_to(seat(workspace=self.workspace, role=role).person, self.workspace.uuid)

    def withheld(self, listing: str = Listing.WITHHELD) -> Access:
        """Somebody of an organisation that is not named in public."""
        access = self.other()
        Organisation.objects.filter(pk=access.organisation.pk).update(
            listing=listing,
            name_en="Crisis centre Kamkor",
            name_ru="Кризисный центр Камкор",
            name_kk="Қамқор дағдарыс орталығы",
        )
        return access_to(access.user, self.workspace.uuid)

    @recorded
    def measure(self, words: str = "People trained", rung: Rung = Rung.OUTPUT) -> Measure:
        return add_measure(access=self.access, rung=rung, words={"en": words}, unit={"en": "people"})

    @recorded
    def figure(
        self,
        measure: Measure,
        value: int,
        *,
        access: Access | None = None,
        grant: Grant | None = None,
        url: str = "",
        **given: object,
    ) -> Figure:
        by = access or self.access
        return declare_figure(
            access=by,
            measure=measure,
            organisation=by.organisation,
            content=content(value, **given),
            evidence=Evidence(grant, url),
        )

    @recorded
    def grant(self, **given: object) -> Grant:
        fields = {
            "organisation": self.access.organisation,
            "donor": "Fund of the Steppe",
            "title": {"en": "Safe work"},
            "starts_on": site_today() - 100 * DAY,
            "ends_on": site_today() + 100 * DAY,
        }
        return add_grant(access=self.access, **{**fields, **given})

    @recorded
    def link(self, grant: Grant, **given: object) -> DonorLink:
        fields = {"label": "Aigul of the fund", "language": Language.EN, "ends_on": site_today() + 30 * DAY}
        return give_link(access=self.access, grant=grant, **{**fields, **given})


def content(value: int, **given: object) -> FigureContent:
    fields = {"as_of": site_today(), "scope": SCOPE, "source": SOURCE, "method": METHOD}
    return FigureContent(value=value, **{**fields, **given})


@pytest.fixture
def desk() -> ImpactDesk:
    return ImpactDesk(stage())
