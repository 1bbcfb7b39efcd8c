"""The demo's asks: what its appeal demands, and what became of each."""

from functools import partial

from django.utils.timezone import localdate

from coalition.campaigns.asks.actions.manage import add_ask
from coalition.campaigns.asks.actions.steps import record_step
from coalition.campaigns.asks.enums import AskStatus
from coalition.campaigns.models import Appeal, Ask
from coalition.core.clock import now
from demo.load import Demo, Record
from demo.seed.accounts import Accounts
from demo.seed.drafts import DraftPlan
from demo.seed.history import History
from demo.seed.workspaces import access_of


def plan_asks(demo: Demo, accounts: Accounts, drafts: dict[str, DraftPlan], history: History) -> None:
    """Plan each ask on its day, and each of its steps. After the appeals."""
    slugs = {record["id"]: record["slug"] for record in demo.appeals}
    for record in demo.asks:
        made: list[Ask] = []
        slug = slugs[record["appeal"]]
        history.add(record["proposed_days_ago"], partial(_add, record, slug, accounts, drafts, made))
        for step in record["steps"]:
            history.add(step["days_ago"], partial(_record, record, step, accounts, made))


def _add(
    record: Record, slug: str, accounts: Accounts, drafts: dict[str, DraftPlan], made: list[Ask]
) -> None:
    appeal = Appeal.objects.select_related("workspace").get(slug=slug)
    table = drafts[record["table"]].row.publications.newest_public() if "table" in record else None
    ask = add_ask(
        access=access_of(accounts.people[record["by"]], appeal.workspace),
        words=record["words"],
        clause=record["clause"],
        appeal=appeal,
        publication=table,
        proposed_on=localdate(now()),
    )
    made.append(ask)


def _record(record: Record, step: Record, accounts: Accounts, made: list[Ask]) -> None:
    for ask in made:
        record_step(
            access=access_of(accounts.people[record["by"]], ask.workspace),
            ask=ask,
            status=AskStatus(step["status"]),
            on=localdate(now()),
            words=step["words"],
            evidence_url=step["url"],
        )
