"""The same for consent: who keeps it, who took material, who read it."""

import datetime
from typing import Any

from django.utils.timezone import localdate

from coalition.accounts.models import User
from coalition.consent.models import (
    ConsentItem,
    ConsentRecord,
    ConsentRole,
    ConsentWithdrawal,
    LegalReading,
    RemovalRequest,
)
from coalition.core.clock import now
from tests.filled import filled
from tests.home.ageing import LONG, Case, days, gone, without


def record(age: datetime.timedelta) -> Any:
    later = localdate(now()) + days(300)
    return filled(
        ConsentRecord, withdrawn_at=now() - age, until=later, contact="+7 727", caseworker=filled(User)
    )


def request(age: datetime.timedelta) -> Any:
    made = filled(ConsentWithdrawal, at=now() - age)
    return removal(withdrawal=made, taker="TV", address="aru@tests.example", token_hash="x")


def removal(**given: Any) -> Any:
    return filled(RemovalRequest, **given)


def item(age: datetime.timedelta) -> Any:
    return filled(ConsentItem, added_at=now() - age, added_by=filled(User))


CASES: list[Case] = [
    ("consent.forget_contacts", "record", days(365), record, without("contact", "caseworker")),
    ("consent.forget_takers", "taker", days(365), request, without("taker", "address", "token_hash")),
    (
        "consent.forget_roles",
        "role",
        LONG,
        lambda age: filled(ConsentRole, ended_at=now() - age),
        gone,
    ),
    ("consent.forget_people", "item", LONG, item, without("added_by")),
    (
        "consent.forget_people",
        "reading",
        LONG,
        lambda age: filled(LegalReading, at=now() - age, reader=filled(User)),
        without("reader"),
    ),
    (
        "consent.forget_people",
        "withdrawal",
        LONG,
        lambda age: filled(ConsentWithdrawal, at=now() - age, by=filled(User)),
        without("by"),
    ),
    (
        "consent.forget_people",
        "answer",
        LONG,
        lambda age: removal(answered_at=now() - age, recorded_by=filled(User)),
        without("recorded_by"),
    ),
]
