"""Bodies, the people in them, and imports of both. None is built in."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _, pgettext_lazy
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from coalition.core.localized_text import LocalizedTextField
from coalition.workspaces.models import Workspace


class BodyKind(models.TextChoices):
    PARLIAMENT = "parliament", _("Parliament")
    COUNCIL = "council", _("Advisory council")
    MINISTRY = "ministry", _("Ministry")
    AKIMAT = "akimat", pgettext_lazy("kind of a public body", "Akimat")
    MASLIKHAT = "maslikhat", pgettext_lazy("kind of a public body", "Maslikhat")
    OTHER = "other", pgettext_lazy("kind of a public body", "Other body")


class Body(models.Model):
    """A public body: a parliament, a ministry, a council. `email` and `address`: its official ones, for what
    is not written to one of its people. `source` and `as_of`: where its list is from, and of which day.
    `revision`: counts what was applied to the list of its people, and undone."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="bodies")
    kind = models.CharField(_("kind"), max_length=12, choices=BodyKind)
    name = LocalizedTextField(_("name"))
    email = models.EmailField(_("official e-mail address"), blank=True)
    address = LocalizedTextField(_("postal address"), blank=True)
    source = models.CharField(_("source"), max_length=300, blank=True)
    as_of = models.DateField(_("as of"), null=True, blank=True)
    revision = models.PositiveIntegerField(default=0, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("body")

    def __str__(self) -> str:
        return f"body {self.uuid}"


class Target(models.Model):
    """A person in a public office to whom letters go. `external_id`: the identifier in the source, unique in
    the body. `electoral_list`: party list or district by which they were elected. `languages`: codes in which
    they are written to. `as_of`: the day of the last list in which they stood. `gone_on`: the day of the
    list in which they were missing; they are then not offered any more, and what was recorded about them
    stays."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="targets")
    external_id = models.CharField(_("identifier in the source"), max_length=80)
    name = LocalizedTextField(_("name"))
    position = LocalizedTextField(_("position"), blank=True)
    committee = LocalizedTextField(_("committee"), blank=True)
    electoral_list = LocalizedTextField(_("list"), blank=True)
    region = models.CharField(_("region"), max_length=8, blank=True)
    languages = models.JSONField(_("languages"), default=list, blank=True)
    email = models.EmailField(_("official e-mail address"), blank=True)
    address = LocalizedTextField(_("postal address"), blank=True)
    as_of = models.DateField(_("as of"))
    gone_on = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("recipient")
        constraints = [
            models.UniqueConstraint(fields=["body", "external_id"], name="one_target_of_an_identifier")
        ]
        indexes = [models.Index(fields=["body"], condition=Q(gone_on=None), name="targets_in_office")]

    def __str__(self) -> str:
        return f"recipient {self.uuid}"


class ImportState(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("state of an import", "To be reviewed")
    APPLIED = "applied", pgettext_lazy("state of an import", "Applied")
    DISCARDED = "discarded", pgettext_lazy("state of an import", "Discarded")
    UNDONE = "undone", pgettext_lazy("state of an import", "Undone")


class TargetImport(models.Model):
    """An import of the people of a body, to be reviewed before it is applied.

    `difference`: what would be added, changed and gone (`difference.Difference`) in the list of the body's
    revision `base_revision`. `records`: what the file with this checksum says of everybody but
    those in `added` (`reading.Record`), until it is decided. `applied_revision`: the revision that it made.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    body = models.ForeignKey(Body, on_delete=models.CASCADE, related_name="imports")
    file_name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    source = models.CharField(_("source"), max_length=300)
    as_of = models.DateField(_("as of"))
    records = models.JSONField(default=list)
    difference = models.JSONField(default=dict)
    base_revision = models.PositiveIntegerField(default=0)
    applied_revision = models.PositiveIntegerField(null=True, blank=True)
    state = models.CharField(max_length=12, choices=ImportState, default=ImportState.PROPOSED)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField()
    decided_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"import {self.uuid}"
