"""Sittings that nothing should collide with."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import REGIONS, Organisation, User
from coalition.workspaces.models import Workspace


class Sitting(models.Model):
    """A sitting of a parliament, council or court, entered so that no event is planned at that time."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="sittings")
    body = models.CharField(_("who sits"), max_length=160)
    region = models.CharField(_("region"), max_length=6, blank=True, choices=[*REGIONS.items()])
    starts_at = models.DateTimeField(_("begins"))
    ends_at = models.DateTimeField(_("ends"))
    entered_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["starts_at"]
        verbose_name = _("sitting")
        verbose_name_plural = _("sittings")

    def __str__(self) -> str:
        return f"sitting {self.uuid}"
