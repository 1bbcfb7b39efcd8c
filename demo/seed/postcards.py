"""The demo's postcards: a design from a published text, with batches of five organisations."""

from functools import partial

from django.utils.timezone import localdate

from coalition.campaigns.models import Appeal, Body, CardDesign, ReferralDay
from coalition.campaigns.postcards.actions import create_design, make_batches, publish_design
from coalition.campaigns.referrals.targets import APPEAL
from coalition.core.clock import now
from coalition.core.localized_text import language_codes
from demo.load import Demo, Record
from demo.seed.accounts import Accounts
from demo.seed.drafts import DraftPlan
from demo.seed.history import History
from demo.seed.workspaces import access_of


def plan_postcards(demo: Demo, accounts: Accounts, drafts: dict[str, DraftPlan], history: History) -> None:
    """Plan each design: made with its batches, then its page, then how often its codes were opened."""
    appeals = {one["id"]: one["slug"] for one in demo.appeals}
    for record in demo.postcards:
        make = partial(_make, record, accounts, drafts, appeals[record["appeal"]])
        history.add(record["made_days_ago"], make)
        history.add(record["published_days_ago"], partial(_publish, record, accounts, drafts))
        history.add(0, partial(_openings, record))


def _make(record: Record, accounts: Accounts, drafts: dict[str, DraftPlan], appeal: str) -> None:
    draft = drafts[record["draft"]]
    access = access_of(accounts.people[record["by"]], draft.workspace)
    publication = draft.row.publications.newest_public()
    if publication is None:
        raise LookupError(record["draft"])
    design = create_design(
        access=access,
        publication=publication,
        slug=record["slug"],
        languages=language_codes(),
        action=APPEAL,
        target=Appeal.objects.get(slug=appeal).uuid,
        recipient=Body.objects.filter(workspace=draft.workspace, archived_at=None).first(),
    )
    for batch in record["batches"]:
        make_batches(
            access=access,
            design=design,
            count=batch["count"],
            quantity=record["quantity"],
            organisations=[accounts.organisations[batch["organisation"]]],
            region=batch["region"],
        )


def _publish(record: Record, accounts: Accounts, drafts: dict[str, DraftPlan]) -> None:
    access = access_of(accounts.people[record["by"]], drafts[record["draft"]].workspace)
    publish_design(access=access, design=CardDesign.objects.get(slug=record["slug"]))


def _openings(record: Record) -> None:
    """Write how often the codes of each organisation's first batch were opened, yesterday."""
    design = CardDesign.objects.get(slug=record["slug"])
    batches = list(design.batches.select_related("referral").order_by("number"))
    first = 0
    for one in record["batches"]:
        ReferralDay.objects.create(code=batches[first].referral, day=localdate(now()), opened=one["opened"])
        first += one["count"]
