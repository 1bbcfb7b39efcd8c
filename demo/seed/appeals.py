"""The demo's appeal: opened, shared by referral codes, supported in fourteen regions.

Supporters are rows without an address, as those of real people are after confirmation.
"""

import datetime
import itertools
from functools import partial
from uuid import uuid4

from django.utils.timezone import localdate

from coalition.campaigns.appeals.actions.contacts import offer_contact
from coalition.campaigns.appeals.actions.manage import create_appeal, open_appeal, set_official_petition
from coalition.campaigns.appeals.counting import add_up_changes, change_of
from coalition.campaigns.appeals.enums import SupportState
from coalition.campaigns.appeals.flow import SUPPORT
from coalition.campaigns.models import (
    Appeal,
    AppealVersion,
    ReferralCode,
    ReferralDay,
    Support,
    SupportChange,
)
from coalition.campaigns.referrals.actions import make_referral_code
from coalition.campaigns.referrals.enums import Medium
from coalition.core.clock import now
from coalition.core.throttling import derive_token, hash_token
from demo.load import Demo, Record
from demo.seed.accounts import Accounts
from demo.seed.drafts import DraftPlan
from demo.seed.history import History
from demo.seed.workspaces import access_of

LANGUAGES = ("kk", "kk", "kk", "ru", "ru")  # of five supporters
DAY = datetime.timedelta(days=1)


def plan_appeals(demo: Demo, accounts: Accounts, drafts: dict[str, DraftPlan], history: History) -> None:
    """Plan each appeal: its opening, and last its supporters."""
    for record in demo.appeals:
        opened = record["opened_days_ago"]
        history.add(opened, partial(_open, record, accounts, drafts))
        history.add(record["official"]["as_of_days_ago"], partial(_official, record, accounts, drafts))
        history.add(0, partial(_support, record))


def _open(record: Record, accounts: Accounts, drafts: dict[str, DraftPlan]) -> None:
    draft, table = drafts[record["draft"]], drafts[record["table"]]
    access = access_of(accounts.people[record["by"]], draft.workspace)
    publication = draft.row.publications.newest_public()
    if publication is None:
        raise LookupError(record["draft"])
    appeal = create_appeal(
        access=access,
        publication=publication,
        table=table.row.publications.newest_public(),
        slug=record["slug"],
        goal=record["goal"],
        closes_on=localdate(now()) + (record["opened_days_ago"] + record["closes_in_days"]) * DAY,
    )
    open_appeal(access=access, appeal=appeal)
    for email in record["offers"]:
        offer_contact(access=access_of(accounts.people[email], draft.workspace), appeal=appeal)
    for code in record["codes"]:
        make_referral_code(
            access=access_of(accounts.people[code["by"]], draft.workspace),
            action="appeal",
            target=appeal.uuid,
            medium=Medium(code["medium"]),
            label=code["label"],
        )


def _official(record: Record, accounts: Accounts, drafts: dict[str, DraftPlan]) -> None:
    official = record["official"]
    set_official_petition(
        access=access_of(accounts.people[record["by"]], drafts[record["draft"]].workspace),
        appeal=Appeal.objects.get(slug=record["slug"]),
        number=official["number"],
        url=official["url"],
        count=official["count"],
        as_of=localdate(now()),
    )


def _support(record: Record) -> None:
    """Create all supporters in a few statements; one by one takes longer than the rest of the demo."""
    version = AppealVersion.objects.select_related("appeal").get(appeal__slug=record["slug"])
    codes = _codes(record, version.appeal)
    rows = [
        _supporter(version, region, number, codes)
        for number, region in enumerate(_regions(record["supports"]))
    ]
    for row, listed in zip(_first_of_each(rows, record["listed"]), record["listed"], strict=True):
        row.name, row.language, row.is_listed = listed["name"], listed["language"], True
    Support.objects.bulk_create(rows)
    SupportChange.objects.bulk_create(change_of(row, 1) for row in rows)
    add_up_changes()
    AppealVersion.objects.filter(pk=version.pk).update(frozen_at=version.made_at)


def _regions(supports: dict[str, int]) -> list[str]:
    """Return the regions of all supporters, shuffled, so that every day has people of each."""
    left, mixed = dict(supports), []
    while left:
        for region in list(left):
            mixed.append(region)
            left[region] -= 1
            if not left[region]:
                del left[region]
    return mixed


def _codes(record: Record, appeal: Appeal) -> list[ReferralCode | None]:
    """Return the referral code of each supporter, and write how often each code was opened."""
    rows = ReferralCode.objects.filter(
        target=appeal.uuid, label__in=[one["label"] for one in record["codes"]]
    )
    found = {row.label: row for row in rows}
    days = record["opened_days_ago"]
    for one in record["codes"]:
        for ago in range(days):
            ReferralDay.objects.create(
                code=found[one["label"]],
                day=localdate(now()) - ago * DAY,
                opened=one["opened"] // days + (one["opened"] % days if ago == 0 else 0),
            )
    return list(
        itertools.chain.from_iterable(
            itertools.repeat(found[one["label"]], one["supports"]) for one in record["codes"]
        )
    )


def _supporter(version: AppealVersion, region: str, number: int, codes: list[ReferralCode | None]) -> Support:
    uuid = uuid4()
    days = (version.appeal.opened_at or now()).date()
    age = (localdate(now()) - days).days or 1
    return Support(
        uuid=uuid,
        appeal=version.appeal,
        version=version,
        state=SupportState.COUNTED,
        region=region,
        language=LANGUAGES[number % len(LANGUAGES)],
        address_print=hash_token(f"demo supporter {number}"),
        token_hash=hash_token(derive_token(SUPPORT.purpose, uuid)),
        day=localdate(now()) - (number % age) * DAY,
        referral=codes[number // 3] if number % 3 == 0 and number // 3 < len(codes) else None,
    )


def _first_of_each(rows: list[Support], listed: list[Record]) -> list[Support]:
    """Return one row in the region of each listed person, no row twice."""
    left = list(rows)
    found = []
    for one in listed:
        row = next(row for row in left if row.region == one["region"])
        left.remove(row)
        found.append(row)
    return found
