"""The plan for filing the official petition on the state's portal."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from coalition.campaigns.appeals.models.appeal import Appeal
from events.core.models import Event

INITIATORS_NEEDED = 50  # with a digital signature, as the law stood in 2026; each plan can say otherwise


class PetitionPlan(models.Model):
    """When the petition is filed, and how many people with a digital signature must be found before.

    `in_calendar`: its steps stand in the workspace's calendar as deadlines, and follow every change.
    """

    appeal = models.OneToOneField(Appeal, on_delete=models.CASCADE, related_name="petition_plan")
    needed = models.PositiveSmallIntegerField(_("people needed"), default=INITIATORS_NEEDED)
    files_on = models.DateField(_("day of filing"))
    in_calendar = models.BooleanField(default=False)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"petition plan of {self.appeal_id}"


class PetitionPledge(models.Model):
    """How many people with a digital signature an organisation promised, and how many it has found. Numbers
    only: who they are, the organisation alone knows."""

    plan = models.ForeignKey(PetitionPlan, on_delete=models.CASCADE, related_name="pledges")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    promised = models.PositiveSmallIntegerField(_("promised"), default=0)
    found = models.PositiveSmallIntegerField(_("found"), default=0)
    changed_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "organisation"], name="one_petition_pledge_each")
        ]

    def __str__(self) -> str:
        return f"pledge {self.pk}"


class PetitionStep(models.Model):
    """One step of the plan. `working_days`: after the day of filing, before it if negative, 0 the day itself.

    `event`: the deadline in the workspace's calendar, once the steps were put there.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    plan = models.ForeignKey(PetitionPlan, on_delete=models.CASCADE, related_name="steps")
    name = models.CharField(_("step"), max_length=120)
    working_days = models.SmallIntegerField(_("working days"))
    event = models.ForeignKey(Event, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")

    class Meta:
        ordering = ["working_days", "id"]

    def __str__(self) -> str:
        return f"petition step {self.pk}"
