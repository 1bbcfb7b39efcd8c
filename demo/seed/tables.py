"""The demo's tables: what volunteers read, one table that is open today, one that was open days ago."""

from functools import partial
from uuid import uuid5

from django.utils.timezone import localdate

from coalition.campaigns.in_person.actions.codes import make_code, use_code
from coalition.campaigns.in_person.actions.guidance import GuidanceContent, write_guidance
from coalition.campaigns.in_person.actions.opening import open_table
from coalition.campaigns.in_person.actions.prepare import TablePlan, prepare_table
from coalition.campaigns.in_person.actions.taps import TapReport, record_taps
from coalition.campaigns.in_person.guidance_words import default_police_words
from coalition.campaigns.models import Appeal, Table
from coalition.core.clock import now
from coalition.core.localized_text import LocalizedText
from demo.load import Demo, Record
from demo.seed.accounts import Accounts
from demo.seed.dates import DAY
from demo.seed.history import History
from demo.seed.workspaces import access_of


def plan_tables(demo: Demo, accounts: Accounts, history: History) -> None:
    """Plan the guidance and each table: prepared, opened on its day, counted. Call after `plan_appeals`."""
    slugs = {one["id"]: one["slug"] for one in demo.appeals}
    tables: dict[str, Table] = {}
    if demo.tables:
        slug = slugs[demo.tables[0]["appeal"]]
        history.add(demo.table_guidance["days_ago"], partial(_guide, demo.table_guidance, accounts, slug))
    for record in demo.tables:
        prepare = partial(_prepare, record, accounts, slugs[record["appeal"]], tables)
        history.add(record["prepared_days_ago"], prepare)
        history.add(record["day_ago"], partial(_count, record, tables))


def _guide(record: Record, accounts: Accounts, slug: str) -> None:
    workspace = Appeal.objects.select_related("workspace").get(slug=slug).workspace
    write_guidance(
        access=access_of(accounts.people[record["by"]], workspace),
        content=GuidanceContent(
            legal_note=LocalizedText(record["legal_note"]),
            lawyer_name=record["lawyer_name"],
            lawyer_role=record["lawyer_role"],
            noted_on=localdate(now()),
            police_words=default_police_words(),
            duty_telephone=record["duty_telephone"],
        ),
    )


def _prepare(record: Record, accounts: Accounts, slug: str, tables: dict[str, Table]) -> None:
    appeal = Appeal.objects.select_related("workspace").get(slug=slug)
    access = access_of(accounts.people[record["by"]], appeal.workspace)
    today, ago = localdate(now()), record["prepared_days_ago"]
    tables[record["id"]] = prepare_table(
        access=access,
        plan=TablePlan(
            appeal=appeal,
            organisation=access.organisation,
            region=record["region"],
            place=record["place"],
            day=today + (ago - record["day_ago"]) * DAY,
            permission_by=record["permission_by"],
            permission_on=today - (record["permission_days_ago"] - ago) * DAY,
            permission_words=record["permission_words"],
        ),
    )


def _count(record: Record, tables: dict[str, Table]) -> None:
    """Open the table, and count as its phones did."""
    table = open_table(table=tables[record["id"]])
    for number, phone in enumerate(record["phones"]):
        device = uuid5(table.uuid, f"phone {number}")
        record_taps(table=table, report=TapReport(device, phone["presses"], phone["taps"]))
    version = table.version
    if version is None:
        raise LookupError(record["id"])
    for _number in range(record["codes"]):
        use_code(code=make_code(table=table).code, version=str(version.uuid))
