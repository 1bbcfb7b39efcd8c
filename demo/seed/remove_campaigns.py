"""Remove the campaign data of the demo's organisations: appeals, referral codes, helplines, figures."""

from collections.abc import Collection
from functools import partial

from django.db import transaction

from coalition.campaigns.models import (
    Appeal,
    FigurePublication,
    HandOver,
    Helpline,
    HelplineUse,
    ReferralCode,
    Support,
)
from coalition.campaigns.referrals.openings import CODE_KIND
from events.models import PrintedCode


def remove_campaigns(*, workspaces: Collection[int], organisations: Collection[int]) -> None:
    """Delete what belongs to these workspaces and organisations, given by primary key.

    Call before their publications and the organisations are deleted; files are deleted after the commit.
    """
    _remove_appeals(workspaces)
    codes = ReferralCode.objects.filter(workspace__in=workspaces)
    PrintedCode.objects.filter(kind=CODE_KIND, target__in=codes.values("uuid")).delete()
    codes.delete()
    HelplineUse.objects.filter(workspace__in=workspaces).delete()
    FigurePublication.objects.filter(lines__organisation__in=organisations).delete()
    FigurePublication.objects.filter(organisation__in=organisations).delete()
    Helpline.objects.filter(organisation__in=organisations).delete()


def _remove_appeals(workspaces: Collection[int]) -> None:
    appeals = Appeal.objects.filter(workspace__in=workspaces)
    for row in HandOver.objects.filter(appeal__in=appeals):
        for file in (row.pdf, row.csv):
            if file.name:
                transaction.on_commit(partial(file.storage.delete, file.name))
        row.delete()
    Support.objects.filter(appeal__in=appeals).delete()
    appeals.delete()
