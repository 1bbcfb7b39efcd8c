"""Remove the campaign data of the demo's organisations: from appeals to helplines and their figures."""

from collections.abc import Collection
from functools import partial

from django.db import transaction

from coalition.campaigns.models import (
    Appeal,
    Ask,
    Batch,
    Body,
    CardDesign,
    Commitment,
    FigurePublication,
    HandOver,
    Helpline,
    HelplineUse,
    LetterAction,
    LetterDay,
    ReferralCode,
    SheetRun,
    Support,
    Table,
    Tally,
)
from coalition.campaigns.referrals.openings import CODE_KIND
from demo.seed.impact import remove_impact
from demo.seed.media_package import remove_media_packages
from demo.seed.postcard_ledger import remove_card_moves
from events.models import PrintedCode


def remove_campaigns(*, workspaces: Collection[int], organisations: Collection[int]) -> None:
    """Delete what belongs to these workspaces and organisations, given by primary key.

    Call before their publications and the organisations are deleted; files are deleted after the commit.
    """
    remove_impact(workspaces)
    remove_media_packages(workspaces)
    Ask.objects.filter(workspace__in=workspaces).delete()
    LetterDay.objects.filter(action__workspace__in=workspaces).delete()
    LetterAction.objects.filter(workspace__in=workspaces).delete()
    _remove_in_person(workspaces)
    Commitment.objects.filter(workspace__in=workspaces).delete()
    remove_card_moves(workspaces)
    _remove_appeals(workspaces)
    Batch.objects.filter(design__workspace__in=workspaces).delete()
    CardDesign.objects.filter(workspace__in=workspaces).delete()
    codes = ReferralCode.objects.filter(workspace__in=workspaces)
    PrintedCode.objects.filter(kind=CODE_KIND, target__in=codes.values("uuid")).delete()
    codes.delete()
    Body.objects.filter(workspace__in=workspaces).delete()
    HelplineUse.objects.filter(workspace__in=workspaces).delete()
    FigurePublication.objects.filter(lines__organisation__in=organisations).delete()
    FigurePublication.objects.filter(organisation__in=organisations).delete()
    Helpline.objects.filter(organisation__in=organisations).delete()


def _remove_in_person(workspaces: Collection[int]) -> None:
    """Counts before tables, runs of sheets before codes and versions: they protect each other."""
    Tally.objects.filter(workspace__in=workspaces).delete()
    SheetRun.objects.filter(version__appeal__workspace__in=workspaces).delete()
    Table.objects.filter(workspace__in=workspaces).delete()


def _remove_appeals(workspaces: Collection[int]) -> None:
    appeals = Appeal.objects.filter(workspace__in=workspaces)
    for row in HandOver.objects.filter(appeal__in=appeals):
        for file in (row.pdf, row.csv):
            if file.name:
                transaction.on_commit(partial(file.storage.delete, file.name))
        row.delete()
    Support.objects.filter(appeal__in=appeals).delete()
    appeals.delete()
