"""The demo's bodies, with lists of invented people that are imported as real ones are."""

from functools import partial
from typing import Any

from django.utils.timezone import localdate

from coalition.campaigns.recipients.actions.bodies import add_body
from coalition.campaigns.recipients.actions.imports import apply_import, read_list
from coalition.campaigns.recipients.models import Body
from coalition.core.clock import now
from coalition.workspaces.models import Workspace
from demo.load import Demo, Record
from demo.seed.accounts import Accounts
from demo.seed.history import History
from demo.seed.workspaces import access_of
from events.spreadsheets.columns import csv_bytes

type Bodies = dict[str, Body]  # by id

LANGUAGES = ("kk", "ru")  # in which the lists are written
TEXTS = ("name", "position", "committee", "list")
HEADS = [
    "id",
    *(f"{text} ({language})" for text in TEXTS for language in LANGUAGES),
    "region",
    "languages",
    "e-mail",
]


def plan_recipients(
    demo: Demo, accounts: Accounts, workspaces: dict[str, Workspace], history: History
) -> Bodies:
    """Plan each body, with the import of its people on the same day. Return the bodies by their ids in the
    data, once they are added."""
    bodies: Bodies = {}
    for record in demo.bodies:
        workspace = workspaces[record["workspace"]]
        history.add(record["imported_days_ago"], partial(_add, record, accounts, workspace, bodies))
    return bodies


def _add(record: Record, accounts: Accounts, workspace: Workspace, bodies: Bodies) -> None:
    access = access_of(accounts.people[record["by"]], workspace)
    fields: dict[str, Any] = {name: record[name] for name in ("kind", "name", "email", "address")}
    body = bodies[record["id"]] = add_body(access=access, **fields)
    row = read_list(
        access=access,
        body=body,
        name=f"{record['id']}.csv",
        content=csv_bytes(HEADS, [_row(record, person) for person in record["people"]]),
        source=record["source"],
        as_of=localdate(now()),
        language="kk",
    )
    if not apply_import(access=access, target_import=row):
        raise RuntimeError(record["id"])


def _row(record: Record, person: Record) -> list[str]:
    texts = {
        "name": person["name"],
        "position": record["position"],
        "committee": record.get("committees", {}).get(person.get("committee"), {}),
        "list": record.get("lists", {}).get(person.get("list"), {}),
    }
    return [
        person["id"],
        *(texts[text].get(language, "") for text in TEXTS for language in LANGUAGES),
        person.get("region", ""),
        ", ".join(person["languages"]),
        f"{person['id'].lower()}@demo.example",
    ]
