"""What organisations promised to do in a region."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from coalition.workspaces.models import Workspace

MOST_PROMISED = 1_000_000


class RegionalPlan(models.Model):
    """Which regions (codes) and actions (names) the plan of a workspace has. Without a row: the regions of
    the organisations that take part, and all actions."""

    workspace = models.OneToOneField(Workspace, on_delete=models.CASCADE, related_name="regional_plan")
    regions = models.JSONField(_("regions"), default=list)
    actions = models.JSONField(_("actions"), default=list)

    def __str__(self) -> str:
        return f"regional plan of {self.workspace_id}"


class Commitment(models.Model):
    """An organisation promises so much of an action in a region until a day.

    `contact`: a person of that organisation with a seat in the workspace. `done_declared`: what the
    organisation says was done, for actions that nothing counts. `ended_at`: taken out of the plan.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="commitments")
    region = models.CharField(_("region"), max_length=8)
    action = models.CharField(_("what"), max_length=20)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="+", verbose_name=_("organisation")
    )
    promised = models.PositiveIntegerField(
        _("how many"), validators=[MinValueValidator(1), MaxValueValidator(MOST_PROMISED)]
    )
    due_on = models.DateField(_("until"))
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("contact"),
    )
    note = models.CharField(_("note"), max_length=200, blank=True)
    done_declared = models.PositiveIntegerField(
        _("done so far"), default=0, validators=[MaxValueValidator(MOST_PROMISED)]
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "region", "action", "organisation"],
                condition=Q(ended_at=None),
                name="one_commitment_of_a_kind",
            )
        ]

    def __str__(self) -> str:
        return f"commitment {self.uuid}"
