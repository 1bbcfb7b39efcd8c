"""Figures, changes, grants, links of donors and frozen reports, made so long ago."""

import datetime
from collections.abc import Callable
from typing import Any

from django.db import models
from django.utils.timezone import localdate

from coalition.accounts.models import User
from coalition.campaigns.models import Contribution, DonorLink, Figure, Grant, Report
from coalition.core.clock import now
from tests.filled import filled
from tests.home.ageing import LONG, Case, days, without

PEOPLE = "campaigns.people_of_figures"
LABELS = "campaigns.labels_of_donor_links"


def made(
    model: type[models.Model], day: str, person: str, **given: Any
) -> Callable[[datetime.timedelta], models.Model]:
    """A row of the model whose day lies so long ago, with who made it."""
    return lambda age: filled(model, **{day: now() - age, person: filled(User), **given})


def grant(age: datetime.timedelta) -> Grant:
    today = localdate(now())
    return filled(Grant, created_at=now() - age, created_by=filled(User), starts_on=today, ends_on=today)


def link(age: datetime.timedelta, **given: Any) -> DonorLink:
    return filled(DonorLink, made_at=now() - age, made_by=filled(User), ends_at=now(), label="Aigul", **given)


def over(age: datetime.timedelta) -> DonorLink:
    return filled(DonorLink, made_at=now() - age, ends_at=now() - age, label="Aigul")


CASES: list[Case] = [
    (
        PEOPLE,
        "who declared a figure",
        LONG,
        made(Figure, "recorded_at", "recorded_by"),
        without("recorded_by"),
    ),
    (
        PEOPLE,
        "who recorded a change",
        LONG,
        made(Contribution, "recorded_at", "recorded_by"),
        without("recorded_by"),
    ),
    (PEOPLE, "who recorded a grant", LONG, grant, without("created_by")),
    (PEOPLE, "who gave a link to a donor", LONG, link, without("made_by")),
    (PEOPLE, "who froze a report", LONG, made(Report, "frozen_at", "frozen_by"), without("frozen_by")),
    (LABELS, "whom a link was given to", days(0), over, without("label")),
]
