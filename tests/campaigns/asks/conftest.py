"""An appeal that is open, with the person who leads it."""

from dataclasses import dataclass
from io import BytesIO

import pytest

from coalition.campaigns.asks.actions.manage import add_ask
from coalition.campaigns.asks.actions.steps import record_step
from coalition.campaigns.asks.enums import AskStatus
from coalition.campaigns.core.days import site_today
from coalition.campaigns.models import Appeal, AppealVersion, Ask, AskStep
from coalition.roles import SeatRole
from coalition.workspaces.permissions import Access, access_to
from documents.files.actions import upload_file
from documents.files.models import StoredFile
from events.spreadsheets.columns import csv_bytes
from tests.campaigns.appeals.factories import open_appeal
from tests.documents.approval.builders import Stage, stage
from tests.factories import seat
from tests.recording import recorded

FILE = csv_bytes(["No."], [["12"]])
EVIDENCE = "https://www.parliament.example/laws/12"
WORDS = {"kk": "Үкім күшейтілсін", "ru": "Ужесточить наказание", "en": "Raise the penalty"}
CLAUSE = {"en": "Criminal Code, art. 123, part 1"}


@dataclass
class AskDesk:
    """`version`: the words of an appeal that is open, in Kazakh and English."""

    made: Stage
    version: AppealVersion

    @property
    def appeal(self) -> Appeal:
        return self.version.appeal

    @property
    def access(self) -> Access:
        """The coordinator's."""
        return self.made.access

    @recorded
    def other(self, role: SeatRole) -> Access:
        """Somebody of another organisation."""
        return access_to(seat(workspace=self.made.workspace, role=role).person, self.made.workspace.uuid)

    @recorded
    def ask(self, **given: object) -> Ask:
        fields = {"words": WORDS, "clause": CLAUSE, "appeal": self.appeal, "proposed_on": site_today()}
        return add_ask(access=self.access, **{**fields, **given})

    def file(self) -> StoredFile:
        """A file of the workspace, which needs no cleaning."""
        size = len(FILE)
        return upload_file(access=self.access, content=BytesIO(FILE), size=size, name="answer.csv")

    @recorded
    def step(self, ask: Ask, status: AskStatus = AskStatus.TAKEN_UP, **given: object) -> AskStep:
        fields = {"on": site_today(), "evidence_url": EVIDENCE}
        return record_step(access=self.access, ask=ask, status=status, **{**fields, **given})


@pytest.fixture
def desk(no_pages: None) -> AskDesk:
    made = stage()
    return AskDesk(made, open_appeal("kk", "en", made=made))
