"""Counting how often a code is opened: a number a code and day, and nothing of who opened it or when."""

from uuid import UUID

from django.db.models import F

from coalition.campaigns.core.days import site_today
from coalition.campaigns.referrals.models import ReferralCode, ReferralDay
from coalition.campaigns.referrals.targets import action_of
from events.core.printed_codes import CodeDestination

CODE_KIND = "referral"


def code_leads_to(target: UUID, language: str) -> CodeDestination:
    """Where the paper or the link leads now: to the action; when that is over, to a page near it.

    A code that has ended leads on as before and credits nobody.
    """
    code = ReferralCode.objects.filter(uuid=target).first()
    if code is None:
        return CodeDestination()
    try:
        kind = action_of(code.action)
    except LookupError:
        return CodeDestination()
    credited = code.code if code.ended_at is None else ""
    address = kind.address(code.target, language, credited) or kind.after(code.target, language)
    return CodeDestination(address=address)


def count_opening(target: UUID) -> None:
    """Add one opening to the code's day. Safe in parallel; one statement but for the first of a day."""
    day = site_today()
    rows = ReferralDay.objects.filter(code__uuid=target, day=day)
    if rows.update(opened=F("opened") + 1):
        return
    code = ReferralCode.objects.filter(uuid=target).only("pk").first()
    if code is not None:
        # Whoever else is first makes the same row: it is made once, and each adds to it.
        ReferralDay.objects.bulk_create([ReferralDay(code=code, day=day)], ignore_conflicts=True)
        rows.update(opened=F("opened") + 1)
