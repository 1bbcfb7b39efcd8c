"""Lists of people as spreadsheets, and bodies to import them into."""

import datetime

from coalition.campaigns.core.days import site_today
from coalition.campaigns.models import Body, TargetImport
from coalition.campaigns.recipients.actions.bodies import add_body
from coalition.campaigns.recipients.actions.imports import apply_import, read_list
from coalition.workspaces.permissions import Access
from tests.recording import recorded

SOURCE = "https://parliament.example/members"
HEADS = "id;name;committee;region;languages;e-mail"
PEOPLE = (
    "1;Demo One;Committee A;KZ-75;kk, ru;one@parliament.example",
    "2;Demo Two;Committee B;KZ-71;ru;two@parliament.example",
    "3;Demo Three;Committee A;;kk;",
)


def csv(*rows: str, heads: str = HEADS) -> bytes:
    return "\n".join([heads, *rows]).encode()


@recorded
def body_of(access: Access, **given: object) -> Body:
    return add_body(
        access=access, **{"kind": "parliament", "name": {"en": "Demo parliament"}, "email": "", **given}
    )


@recorded
def read(
    access: Access,
    body: Body,
    *rows: str,
    heads: str = HEADS,
    ago: int = 0,
    source: str = SOURCE,
    language: str = "en",
) -> TargetImport:
    """Read a list that is so many days old."""
    return read_list(
        access=access,
        body=body,
        name="members.csv",
        content=csv(*rows, heads=heads),
        source=source,
        as_of=site_today() - datetime.timedelta(days=ago),
        language=language,
    )


@recorded
def imported(access: Access, body: Body, *rows: str, **given: object) -> TargetImport:
    """Read a list and apply it."""
    row = read(access, body, *(rows or PEOPLE), **given)
    assert apply_import(access=access, target_import=row, is_whole=True)
    body.refresh_from_db()
    row.refresh_from_db()
    return row
