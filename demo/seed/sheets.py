"""The demo's support in person: sheets that are printed and returned, and counts, one of which waits."""

from functools import partial
from typing import Any

from django.utils.timezone import localdate

from coalition.campaigns.core.double_count import CountMethod
from coalition.campaigns.in_person.counting.actions import close_table, count_sheets, give_count
from coalition.campaigns.in_person.sheets.actions import mark_sheets, print_sheets
from coalition.campaigns.in_person.sheets.enums import SheetState
from coalition.campaigns.in_person.sheets.models import SheetRun
from coalition.campaigns.in_person.sheets.numbers import parse_numbers
from coalition.campaigns.models import Appeal, Table, Tally
from coalition.core.clock import now
from coalition.workspaces.permissions import Access
from demo.load import Demo, Record
from demo.seed.accounts import Accounts
from demo.seed.history import History
from demo.seed.workspaces import access_of


def plan_sheets(demo: Demo, accounts: Accounts, history: History) -> None:
    """Plan runs of sheets with what became of them, and tables with their counts. After the appeals."""
    for record in demo.sheets:
        runs: list[SheetRun] = []
        history.add(record["printed_days_ago"], partial(_print, record, accounts, runs))
        for mark in record["marks"]:
            history.add(mark["days_ago"], partial(_mark, record, mark, accounts, runs))
        for bundle in record["bundles"]:
            history.add(bundle["days_ago"], partial(_bundle, record, bundle, accounts, runs))
    for record in demo.counted_tables:
        history.add(record["days_ago"], partial(_table, record, accounts))


def _appeal(record: Record) -> Appeal:
    return Appeal.objects.select_related("workspace").get(slug=record["appeal"])


def _access(record: Record, person: str, accounts: Accounts) -> tuple[Access, Appeal]:
    appeal = _appeal(record)
    return access_of(accounts.people[person], appeal.workspace), appeal


def _print(record: Record, accounts: Accounts, runs: list[SheetRun]) -> None:
    access, appeal = _access(record, record["by"], accounts)
    values: dict[str, Any] = {name: record[name] for name in ("region", "language", "quantity")}
    runs.append(print_sheets(access=access, appeal=appeal, **values))


def _numbers(words: str, runs: list[SheetRun]) -> list[int]:
    """Numbers of the data begin at 1 in each run."""
    return [number + runs[0].first_number - 1 for number in parse_numbers(words)]


def _mark(record: Record, mark: Record, accounts: Accounts, runs: list[SheetRun]) -> None:
    access, appeal = _access(record, record["by"], accounts)
    numbers = _numbers(mark["numbers"], runs)
    mark_sheets(access=access, appeal=appeal, numbers=numbers, state=SheetState(mark["state"]))


def _bundle(record: Record, bundle: Record, accounts: Accounts, runs: list[SheetRun]) -> None:
    access, appeal = _access(record, bundle["by"], accounts)
    numbers = _numbers(bundle["numbers"], runs)
    tally = count_sheets(access=access, appeal=appeal, numbers=numbers, count=bundle["count"])
    _count_again(record, bundle, tally, accounts)


def _table(record: Record, accounts: Accounts) -> None:
    access, appeal = _access(record, record["by"], accounts)
    table = Table.objects.create(
        workspace=appeal.workspace,
        appeal=appeal,
        organisation=access.organisation,
        region=record["region"],
        place=record["place"],
        day=localdate(now()),
        opened_at=now(),
        created_by=access.user,
        created_at=now(),
    )
    _count_again(record, record, close_table(access=access, table=table, count=record["count"]), accounts)


def _count_again(record: Record, counted: Record, tally: Tally, accounts: Accounts) -> None:
    """The second person counts the same, if there is one yet."""
    if counted["second"]:
        access, _found = _access(record, counted["second"], accounts)
        method = CountMethod(counted.get("method", CountMethod.AT_HAND))
        give_count(access=access, tally=tally, count=counted["count"], method=method)
