"""Referral codes and how often each was opened."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from coalition.campaigns.referrals.enums import Medium
from coalition.workspaces.models import Workspace


class ReferralCode(models.Model):
    """An organisation brings people to an action by a medium.

    `action` and `target`: what it leads to, of a kind that was registered, by UUID. `uuid` is the target of
    the printed code (`events.core.printed_codes`), whose letters are the code itself: it leads on for ten
    years, also after `ended_at`, when it credits nobody any more.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="referral_codes")
    action = models.CharField(max_length=20)
    target = models.UUIDField()
    medium = models.CharField(_("medium"), max_length=8, choices=Medium)
    label = models.CharField(_("where it is used"), max_length=80, blank=True)
    code = models.CharField(max_length=12, unique=True)
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "organisation", "action", "target", "medium", "label"],
                condition=Q(ended_at=None),
                name="one_referral_code_each",
            )
        ]

    def __str__(self) -> str:
        return f"referral code {self.code}"


class ReferralDay(models.Model):
    """How often a code was opened on a day (local date of the site). No moment, no address, no person."""

    code = models.ForeignKey(ReferralCode, on_delete=models.CASCADE, related_name="days")
    day = models.DateField()
    opened = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["code", "day"], name="one_referral_day")]

    def __str__(self) -> str:
        return f"{self.code_id} on {self.day}"
