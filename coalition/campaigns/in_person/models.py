"""Tables at which people support an appeal in person, and what their volunteers need to know.

Nothing is stored about a supporter: only numbers of a table, of its phones and of its codes.
"""

import datetime
from typing import Final

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from coalition.campaigns.appeals.models import Appeal, AppealVersion
from coalition.campaigns.in_person.enums import TableState
from coalition.campaigns.referrals.models import ReferralCode
from coalition.core.localized_text import LocalizedTextField
from coalition.workspaces.models import Workspace
from documents.files.models import StoredFile

MOST_WORDS: Final = 2000  # characters of a note or of instructions in one language


class TableGuidance(models.Model):
    """What volunteers at every table of a workspace read: one row a workspace.

    `legal_note`: a lawyer's note on the law on assemblies, with who wrote it, in which role, and when.
    `police_words`: what to do if police come; where it is empty, the words of `guidance_words` are shown.
    `duty_telephone`: who is called when something happens, as it is dialled.
    """

    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, related_name="table_guidance")
    legal_note = LocalizedTextField(
        _("Lawyer’s note on the law on assemblies"), max_length=MOST_WORDS, blank=True
    )
    lawyer_name = models.CharField(_("Name of the lawyer"), max_length=120, blank=True)
    lawyer_role = models.CharField(_("Role of the lawyer"), max_length=160, blank=True)
    noted_on = models.DateField(_("Day of the note"), null=True, blank=True)
    police_words = LocalizedTextField(_("What to do if police come"), max_length=MOST_WORDS, blank=True)
    duty_telephone = models.CharField(_("Duty telephone"), max_length=40, blank=True)
    changed_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"table guidance of {self.workspace_id}"


class Table(models.Model):
    """A table of an organisation on one day at one place.

    `permission_by`, `permission_on`, `permission_words`, `permission_file`: who owns the place and allowed it
    in writing, when, and the permission itself in words or as a file. `link_hash`: hash of the token in the
    address that volunteers open on their phones; `link_number`: how often the link was made.
    `opened_at`, `closed_at`: between them people support; what was counted is settled afterwards.
    `version`: the words that are supported here, fixed by the opening; newer words of the appeal are not.
    `codes_used`: people who supported by a code on their own phone.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="tables")
    appeal = models.ForeignKey(Appeal, on_delete=models.CASCADE, related_name="tables")
    version = models.ForeignKey(
        AppealVersion, null=True, blank=True, on_delete=models.CASCADE, related_name="tables"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    region = models.CharField(_("region"), max_length=8)
    place = models.CharField(_("place"), max_length=160)
    day = models.DateField(_("day"))
    permission_by = models.CharField(_("who owns the place"), max_length=160, blank=True)
    permission_on = models.DateField(_("date of the permission"), null=True, blank=True)
    permission_words = models.TextField(_("the permission in words"), max_length=MOST_WORDS, blank=True)
    permission_file = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    referral = models.ForeignKey(
        ReferralCode, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    link_hash = models.CharField(max_length=64, blank=True, db_index=True)
    link_number = models.PositiveSmallIntegerField(default=1)
    codes_used = models.PositiveIntegerField(default=0)
    opened_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-day", "-id"]
        verbose_name = _("table")

    def __str__(self) -> str:
        return f"table {self.uuid}"

    def state_on(self, today: datetime.date) -> TableState:
        """Return where it stands on this day (local date of the site)."""
        if self.cancelled_at is not None:
            return TableState.CANCELLED
        if self.closed_at is not None:
            return TableState.CLOSED
        if self.opened_at is not None:
            return TableState.OPEN
        return TableState.MISSED if self.day < today else TableState.PREPARED


class TableDevice(models.Model):
    """What one phone counted at a table: a running total, replaced by each newer report.

    `device`: a random UUID that the phone made for this table. `sequence`: of how many presses the total
    consists; a report with the same or a lower one changes nothing. `late_taps`: taps that arrived after the
    table was closed, or after the appeal ended.
    """

    table = models.ForeignKey(Table, on_delete=models.CASCADE, related_name="devices")
    device = models.UUIDField()
    sequence = models.PositiveIntegerField(default=0)
    taps = models.PositiveIntegerField(default=0)
    late_taps = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["table", "device"], name="one_table_device"),
            models.CheckConstraint(
                condition=models.Q(taps__lte=models.F("sequence")), name="table_taps_within_presses"
            ),
        ]

    def __str__(self) -> str:
        return f"device {self.device} at {self.table_id}"


class TableCode(models.Model):
    """A single-use code on a volunteer's screen. Deleted soon after it expired, used or not.

    `uuid`: by which the volunteer's page asks whether it was used; `code_hash`: hash of the code itself.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    table = models.ForeignKey(Table, on_delete=models.CASCADE, related_name="codes")
    code_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField(db_index=True)
    is_used = models.BooleanField(default=False)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"code {self.uuid}"
