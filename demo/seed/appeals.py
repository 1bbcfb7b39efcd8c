"""The demo's appeal: opened, passed on with codes, supported in fourteen regions.

Its supporters are rows without an address, as those of real people are once they have confirmed.
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
from coalition.core.tokens import derive_token, hash_token
from demo.load import Demo, Record
from demo.seed.accounts import Cast
from demo.seed.drafts import Desk
from demo.seed.history import History
from demo.seed.workspaces import acting
from documents.publication.queries.publications import newest_public_of

LANGUAGES = ("kk", "kk", "kk", "ru", "ru")  # of five supporters
DAY = datetime.timedelta(days=1)


def plan_appeals(demo: Demo, cast: Cast, desks: dict[str, Desk], history: History) -> None:
    """Add each appeal to the history: its opening, and at last who supports it."""
    for record in demo.appeals:
        opened = record["opened_days_ago"]
        history.add(opened, partial(_open, record, cast, desks))
        history.add(record["official"]["as_of_days_ago"], partial(_official, record, cast, desks))
        history.add(0, partial(_support, record))


def _open(record: Record, cast: Cast, desks: dict[str, Desk]) -> None:
    desk, table = desks[record["draft"]], desks[record["table"]]
    access = acting(cast.people[record["by"]], desk.workspace)
    publication = newest_public_of(desk.begun)
    if publication is None:
        raise LookupError(record["draft"])
    appeal = create_appeal(
        access=access,
        publication=publication,
        table=newest_public_of(table.begun),
        slug=record["slug"],
        goal=record["goal"],
        closes_on=localdate(now()) + (record["opened_days_ago"] + record["closes_in_days"]) * DAY,
    )
    open_appeal(access=access, appeal=appeal)
    for email in record["offers"]:
        offer_contact(access=acting(cast.people[email], desk.workspace), appeal=appeal)
    for code in record["codes"]:
        make_referral_code(
            access=acting(cast.people[code["by"]], desk.workspace),
            action="appeal",
            target=appeal.uuid,
            medium=Medium(code["medium"]),
            label=code["label"],
        )


def _official(record: Record, cast: Cast, desks: dict[str, Desk]) -> None:
    official = record["official"]
    set_official_petition(
        access=acting(cast.people[record["by"]], desks[record["draft"]].workspace),
        appeal=Appeal.objects.get(slug=record["slug"]),
        number=official["number"],
        url=official["url"],
        count=official["count"],
        as_of=localdate(now()),
    )


def _support(record: Record) -> None:
    """All supporters in a few statements: one by one they would take longer than the rest of the demo."""
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
    """The regions of all supporters, mixed, so that every day has people of each."""
    left, mixed = dict(supports), []
    while left:
        for region in list(left):
            mixed.append(region)
            left[region] -= 1
            if not left[region]:
                del left[region]
    return mixed


def _codes(record: Record, appeal: Appeal) -> list[ReferralCode | None]:
    """Whom each supporter in turn came by; and how often each code was opened."""
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
    """One row of the region of each listed person; nobody twice."""
    left = list(rows)
    found = []
    for one in listed:
        row = next(row for row in left if row.region == one["region"])
        left.remove(row)
        found.append(row)
    return found
