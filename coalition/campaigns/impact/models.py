"""Grants and their links; declared figures and changes; frozen reports."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.timezone import get_default_timezone, localdate
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import Language, Organisation
from coalition.campaigns.asks.models import Ask
from coalition.campaigns.impact.enums import MOST_WORDS, CountedItem, Rung
from coalition.core.localized_text import LocalizedTextField
from coalition.personal_data.fields import OutsidersTextField
from coalition.workspaces.models import Workspace
from documents.files.models import StoredFile
from events.press.coverage.models import Proof


class Grant(models.Model):
    """What one donor pays for in a workspace. `organisation` holds it; others may work with it too.

    Coordinators and people of that organisation see it. Its figures are those of its items
    (`GrantItem`) and the declared ones that name it.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="grants")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    donor = models.CharField(_("donor"), max_length=160)
    title = LocalizedTextField(_("title"), max_length=160)
    number = models.CharField(_("number of the contract"), max_length=60, blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("grant")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")), name="a_grant_ends_after_it_began"
            )
        ]

    def __str__(self) -> str:
        return f"grant {self.uuid}"


class GrantItem(models.Model):
    """Something that is paid from a grant: its kind and UUID. One grant each. A published text is named by
    its draft, so that a correction stays with the grant."""

    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="items")
    kind = models.CharField(max_length=12, choices=CountedItem)
    item = models.UUIDField()
    added_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["kind", "item"], name="one_grant_of_an_item")]

    def __str__(self) -> str:
        return f"{self.kind} {self.item} of grant {self.grant_id}"


class DonorLink(models.Model):
    """By which a donor reads the figures of a grant without an account. The database holds only the hash of
    the token. `label`: who got it."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    grant = models.ForeignKey(Grant, on_delete=models.CASCADE, related_name="links")
    label = OutsidersTextField(_("who gets it"))
    language = models.CharField(_("language"), max_length=5, choices=Language, default=Language.EN)
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("link of a donor")

    def __str__(self) -> str:
        return f"donor link {self.uuid}"

    @property
    def last_day(self) -> datetime.date:
        """The last day on which it opens, in the site's time zone; `ends_at` is the midnight after it."""
        return localdate(self.ends_at - datetime.timedelta(microseconds=1), get_default_timezone())

    def is_open_at(self, moment: datetime.datetime) -> bool:
        """Whether it opens the grant at this moment."""
        return self.ended_at is None and moment < self.ends_at


class Measure(models.Model):
    """What organisations declare a number of: “people trained”. Numbers of one measure are added up."""

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="measures")
    rung = models.CharField(_("rung"), max_length=8, choices=Rung)
    words = LocalizedTextField(_("what is counted"), max_length=120)
    unit = LocalizedTextField(_("unit"), max_length=40, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        verbose_name = _("measure")

    def __str__(self) -> str:
        return f"measure {self.uuid}"


class Revision(models.Model):
    """What an organisation declared. Append-only: a correction is a new row of the same `line`.

    `number`: counted in the line, from 1. `note`: what was corrected and why. `is_withdrawn`: since this
    revision it counts no more. `replaced_at`: a later revision stands instead; None for the one that counts.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    line = models.UUIDField(default=uuid7, editable=False)
    number = models.PositiveSmallIntegerField(default=1)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    grant = models.ForeignKey(Grant, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    evidence_url = models.URLField(_("web address of the proof"), max_length=500, blank=True)
    evidence_file = models.ForeignKey(
        StoredFile, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    note = models.CharField(_("what was corrected"), max_length=300, blank=True)
    is_withdrawn = models.BooleanField(default=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    recorded_at = models.DateTimeField()
    replaced_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["line", "number"], name="one_%(class)s_of_a_number"),
            models.UniqueConstraint(
                fields=["line"], condition=Q(replaced_at=None), name="one_%(class)s_that_counts"
            ),
        ]

    def __str__(self) -> str:
        return f"revision {self.number} of {self.line}"


class Figure(Revision):
    """A declared number, with what must be known to read it.

    `as_of`: the day on which it was so. `proof`: how sure a reach is; UNKNOWN on other rungs.
    `baseline`: the value before, with the words that say of what, and its day; without it no ratio is shown.
    """

    measure = models.ForeignKey(Measure, on_delete=models.CASCADE, related_name="figures")
    value = models.PositiveBigIntegerField(_("number"))
    scope = LocalizedTextField(_("where and for whom"), max_length=300)
    source = LocalizedTextField(_("source"), max_length=300)
    method = LocalizedTextField(_("how it was counted"), max_length=500)
    as_of = models.DateField(_("as of"))
    proof = models.CharField(_("how sure"), max_length=10, choices=Proof, default=Proof.NOT_KNOWN)
    baseline = models.PositiveBigIntegerField(_("number before"), null=True, blank=True)
    baseline_words = LocalizedTextField(_("before what"), max_length=200, blank=True)
    baseline_on = models.DateField(_("day of the number before"), null=True, blank=True)
    shows_ratio = models.BooleanField(_("show how many times as much"), default=False)

    class Meta(Revision.Meta):
        verbose_name = _("figure")
        constraints = [
            *Revision.Meta.constraints,
            models.CheckConstraint(
                condition=Q(shows_ratio=False) | Q(baseline__gt=0, baseline_on__isnull=False),
                name="no_ratio_without_a_baseline",
            ),
        ]


class Contribution(Revision):
    """What changed, what the coalition did for it, who else did, and who outside confirms it."""

    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="contributions")
    ask = models.ForeignKey(Ask, null=True, blank=True, on_delete=models.SET_NULL, related_name="+")
    on = models.DateField(_("day"))
    change = LocalizedTextField(_("what changed"), max_length=MOST_WORDS)
    contribution = LocalizedTextField(_("what the coalition did for it"), max_length=MOST_WORDS)
    others = LocalizedTextField(_("who else did something for it"), max_length=MOST_WORDS)
    confirmed_by = LocalizedTextField(_("who outside confirms it"), max_length=300)

    class Meta(Revision.Meta):
        verbose_name = _("contribution to a change")


class Report(models.Model):
    """Figures as they were read when it was frozen, for everybody the same.

    `content`: RFC 8785 text whose SHA-256 is `sha256`. It names no organisation: they have numbers there,
    which `ReportOrganisation` resolves for those who may read the names. `until`: the day up to which it
    counts; `grant` or `organisation`: of which it is, if not of the whole workspace.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="impact_reports")
    number = models.PositiveSmallIntegerField()
    grant = models.ForeignKey(Grant, null=True, blank=True, on_delete=models.PROTECT, related_name="reports")
    organisation = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    since = models.DateField(null=True, blank=True)
    until = models.DateField()
    content = models.TextField()
    sha256 = models.CharField(max_length=64, db_index=True)
    frozen_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    frozen_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    frozen_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        verbose_name = _("frozen report")
        constraints = [
            models.UniqueConstraint(fields=["workspace", "number"], name="one_impact_report_of_a_number")
        ]

    def __str__(self) -> str:
        return f"impact report {self.number} of {self.workspace_id}"


class ReportOrganisation(models.Model):
    """Which organisation has this number in the content of a report."""

    report = models.ForeignKey(Report, on_delete=models.CASCADE, related_name="organisations")
    number = models.PositiveSmallIntegerField()
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["report", "number"], name="one_organisation_of_a_number"),
            models.UniqueConstraint(fields=["report", "organisation"], name="one_number_of_an_organisation"),
        ]

    def __str__(self) -> str:
        return f"organisation {self.number} of report {self.report_id}"
