"""Tables to test with, prepared by the product's own actions."""

import datetime
from dataclasses import replace
from io import BytesIO
from uuid import UUID, uuid4

from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import override

from coalition.accounts.models import Organisation
from coalition.campaigns.in_person.actions.codes import make_code
from coalition.campaigns.in_person.actions.guidance import GuidanceContent, write_guidance
from coalition.campaigns.in_person.actions.opening import open_table
from coalition.campaigns.in_person.actions.prepare import TablePlan, prepare_table
from coalition.campaigns.in_person.actions.taps import TapReport, record_taps
from coalition.campaigns.in_person.links import table_token
from coalition.campaigns.in_person.models import Table, TableDevice, TableGuidance
from coalition.campaigns.models import AppealVersion
from coalition.core.clock import now
from coalition.core.localized_text import LocalizedText
from coalition.workspaces.permissions import Access
from documents.files.actions import upload_file
from documents.files.models import StoredFile
from tests.campaigns.appeals.factories import open_appeal
from tests.documents.approval.builders import Stage, stage
from tests.recording import recorded

TELEPHONE = "+7 727 000 00 01"
GUIDANCE = GuidanceContent(
    legal_note=LocalizedText({"en": "A table with permission is no assembly."}),
    lawyer_name="Aigul Example",
    lawyer_role="Advocate",
    noted_on=datetime.date(2026, 3, 1),
    police_words=LocalizedText({"en": "Stay calm.\nCall the duty telephone."}),
    duty_telephone=TELEPHONE,
)


@recorded
def table_stage(slug: str = "for-a-law") -> tuple[Stage, AppealVersion]:
    """A workspace with an open appeal and the guidance for its tables."""
    made = stage()
    version = open_appeal("en", made=made, slug=slug)
    guide(made)
    return made, version


@recorded
def guide(made: Stage, **changed: object) -> TableGuidance:
    return write_guidance(access=made.access, content=replace(GUIDANCE, **changed))


def permission_file(made: Stage, name: str = "letter.txt") -> StoredFile:
    """A file of the workspace with a permission in it."""
    content = b"The table in the hall is allowed."
    return upload_file(access=made.access, content=BytesIO(content), size=len(content), name=name)


def plan_of(version: AppealVersion, organisation: Organisation, **changed: object) -> TablePlan:
    plan = TablePlan(
        appeal=version.appeal,
        organisation=organisation,
        region="KZ-75",
        place="Library, Abai 14",
        day=localdate(now()),
        permission_by="City library",
        permission_on=localdate(now()),
        permission_words="Letter No. 12: a table in the hall is allowed.",
    )
    return replace(plan, **changed)


@recorded
def prepared(
    made: Stage, version: AppealVersion, *, access: Access | None = None, **changed: object
) -> Table:
    acting = access or made.access
    organisation = changed.pop("organisation", acting.organisation)
    return prepare_table(access=acting, plan=plan_of(version, organisation, **changed))


@recorded
def opened(made: Stage, version: AppealVersion, **changed: object) -> Table:
    """A table that is open now."""
    return open_table(table=prepared(made, version, **changed))


def address(table: Table, part: str = "", *, language: str = "en") -> str:
    name = f"table_{part}" if part else "table"
    with override(language):
        return reverse(name, args=[table_token(table)])


def code_for(table: Table) -> str:
    return make_code(table=table).code


def support_path(version: AppealVersion, code: str) -> str:
    return f"/en/support/{version.appeal.slug}/at/{code}/"


def tap(table: Table, sequence: int, taps: int, device: UUID | None = None) -> TableDevice:
    return record_taps(table=table, report=TapReport(device or uuid4(), sequence, taps))
