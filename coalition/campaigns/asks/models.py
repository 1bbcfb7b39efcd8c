"""What is demanded, and the steps of each demand."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from coalition.campaigns.appeals.models import Appeal
from coalition.campaigns.asks.enums import AskStatus
from coalition.core.localized_text import LocalizedTextField
from coalition.workspaces.models import Workspace
from documents.files.models import StoredFile
from documents.publication.models import Publication


class Ask(models.Model):
    """One demand: one change of one clause.

    `number`: by which people refer to it, counted in the workspace and never used again. `position`: its
    place in the list. `appeal`: on whose page everybody reads it; without one it is not public. `clause`:
    where in the law. `publication`: the comparative table that proposes the new wording.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="asks")
    appeal = models.ForeignKey(Appeal, null=True, blank=True, on_delete=models.SET_NULL, related_name="asks")
    number = models.PositiveSmallIntegerField()
    position = models.PositiveSmallIntegerField()
    words = LocalizedTextField(_("what is demanded"))
    clause = LocalizedTextField(_("clause of the law"), blank=True)
    publication = models.ForeignKey(
        Publication, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["position", "id"]
        verbose_name = _("ask")
        constraints = [models.UniqueConstraint(fields=["workspace", "number"], name="one_ask_of_a_number")]

    def __str__(self) -> str:
        return f"ask {self.number} of workspace {self.workspace_id}"


class AskStep(models.Model):
    """What became of an ask on a day, with its evidence: a web address, a file, or both.

    Append-only: a later step corrects an earlier one. `undone_at`: taken back on the day on which it was
    recorded; it then counts for nothing.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    ask = models.ForeignKey(Ask, on_delete=models.CASCADE, related_name="steps")
    status = models.CharField(_("status"), max_length=16, choices=AskStatus)
    on = models.DateField(_("day"))
    words = LocalizedTextField(_("in words"), blank=True)
    evidence_url = models.URLField(_("web address of the evidence"), max_length=500, blank=True)
    evidence_file = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    recorded_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("step of an ask")
        indexes = [models.Index(fields=["ask"], condition=Q(undone_at=None), name="steps_that_count")]

    def __str__(self) -> str:
        return f"{self.status} on {self.on}"
