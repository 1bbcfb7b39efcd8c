"""Paper sheets and the runs in which they are printed."""

from typing import Final

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from coalition.campaigns.appeals.models import Appeal, AppealVersion
from coalition.campaigns.in_person.models import Table
from coalition.campaigns.in_person.sheets.enums import SheetState
from coalition.campaigns.referrals.models import ReferralCode

MOST_IN_RUN: Final = 500  # sheets of one PDF


class SheetRun(models.Model):
    """Sheets that were made as one PDF: one organisation, region and language.

    `version`: the words on them; a later version of the appeal takes none of their supports. Numbers run from
    `first_number`; `referral`: the code on them, of the medium SHEET.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    version = models.ForeignKey(AppealVersion, on_delete=models.PROTECT, related_name="sheet_runs")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    region = models.CharField(_("region"), max_length=8)
    language = models.CharField(_("language"), max_length=12)
    referral = models.ForeignKey(ReferralCode, on_delete=models.PROTECT, related_name="+")
    first_number = models.PositiveIntegerField()
    quantity = models.PositiveSmallIntegerField(_("number of sheets"))
    printed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"sheet run {self.uuid}"

    @property
    def last_number(self) -> int:
        return self.first_number + self.quantity - 1


class PaperSheet(models.Model):
    """One sheet of paper. Its number is unique in the appeal and never used again.

    `changed_on`: local day of the last change of its state; `table`: where it lay, if somebody said so;
    `tally`: the bundle in which it is counted, of which a sheet has one at most.
    """

    run = models.ForeignKey(SheetRun, on_delete=models.CASCADE, related_name="sheets")
    appeal = models.ForeignKey(Appeal, on_delete=models.CASCADE, related_name="+")
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=SheetState, default=SheetState.PRINTED)
    changed_on = models.DateField()
    table = models.ForeignKey(Table, null=True, blank=True, on_delete=models.SET_NULL, related_name="sheets")
    tally = models.ForeignKey(
        "campaigns.Tally", null=True, blank=True, on_delete=models.SET_NULL, related_name="sheets"
    )

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["appeal", "number"], name="one_sheet_number")]

    def __str__(self) -> str:
        return f"sheet {self.number} of {self.appeal_id}"
