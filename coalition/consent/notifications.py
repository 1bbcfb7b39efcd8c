"""Mails to caseworkers, without code or item since others may read a mailbox; rows on the dashboard."""

import datetime
from collections.abc import Iterable
from typing import Final

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext, pgettext

from coalition.accounts.models import User
from coalition.consent.gate import day_of
from coalition.consent.models import ConsentRecord
from coalition.consent.permissions import is_caseworker
from coalition.consent.queries import (
    records_without_caseworker,
    reviews_due,
    unanswered_withdrawals,
    uses_to_ask,
)
from coalition.core.clock import now
from coalition.mail import outbox
from coalition.mail.outbox import absolute_url
from coalition.workspaces.dashboard import WaitingItem, counted_source

REVIEW_REMINDERS: Final = (60, 30, 7, 1)  # days before the yearly question is missed


def mail_caseworker(consent: ConsentRecord, *, key: str, what: str) -> None:
    """Queue a mail to the caseworker in the caller's transaction, once for each key: not to one who has lost
    the role."""
    if consent.caseworker is not None and is_caseworker(consent.caseworker, consent.organisation):
        mail_about_role(consent.caseworker, key=key, what=what)


def mail_about_role(person: User, *, key: str, what: str) -> None:
    """Queue a mail to somebody who is, or was, a caseworker, once for each key."""
    outbox.queue_mail(
        key=f"consent:{key}",
        template="consent/waits",
        language=person.language,
        person=person.uuid,
        context={
            "name": person.name,
            "what": what,
            "button_url": absolute_url(reverse("consent:records")),
        },
    )


def remind_of_reviews() -> int:
    """Remind caseworkers of yearly questions. Idempotent: one mail for each record and day in
    `REVIEW_REMINDERS`. Returns the number of records with a reminder due."""
    today, count = day_of(now()), 0
    last = today + datetime.timedelta(days=REVIEW_REMINDERS[0])
    rows = ConsentRecord.objects.filter(withdrawn_at=None, review_on__gt=today, review_on__lte=last)
    for consent in rows.select_related("caseworker", "organisation"):
        left = (consent.review_on - today).days
        step = min(days for days in REVIEW_REMINDERS if left <= days)
        mail_caseworker(consent, key=f"{consent.uuid}:review:{consent.review_on}:{step}", what="review")
        count += 1
    return count


def reviews_soon(user: User) -> QuerySet[ConsentRecord]:
    """Return the person's records whose yearly question is due within 30 days, or was missed."""
    return reviews_due(user, day_of(now()) + datetime.timedelta(days=30))


@counted_source(uses_to_ask)
def uses_waiting(count: int) -> Iterable[WaitingItem]:
    """One row, however many uses wait for the question or the answer."""
    words = ngettext(
        "%(count)s use waits to be put to a survivor", "%(count)s uses wait to be put to a survivor", count
    )
    yield _waiting(words % {"count": count}, _("Ask her, then note the answer."))


@counted_source(reviews_soon)
def reviews_waiting(count: int) -> Iterable[WaitingItem]:
    """One row, however many yearly questions are due."""
    words = ngettext("%(count)s yearly question is due", "%(count)s yearly questions are due", count)
    yield _waiting(words % {"count": count}, _("If it is missed, nothing is shown any more."))


@counted_source(unanswered_withdrawals)
def takers_waiting(count: int) -> Iterable[WaitingItem]:
    """One row, however many withdrawals have takers who have not answered."""
    words = ngettext(
        "%(count)s withdrawal waits for answers of takers",
        "%(count)s withdrawals wait for answers of takers",
        count,
    )
    yield _waiting(words % {"count": count}, _("Call those who do not answer."))


@counted_source(records_without_caseworker)
def records_waiting(count: int) -> Iterable[WaitingItem]:
    """One row for a representative, however many records have no caseworker."""
    words = ngettext(
        "%(count)s record of consent has no caseworker",
        "%(count)s records of consent have no caseworker",
        count,
    )
    yield _waiting(words % {"count": count}, _("Until it is handed over, nothing of it is shown."))


def _waiting(title: str, detail: str) -> WaitingItem:
    url, action = reverse("consent:records"), pgettext("a page", "Open")
    return WaitingItem(icon="person", title=title, detail=detail, url=url, action=action)
