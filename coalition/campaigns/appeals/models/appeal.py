"""An appeal, and the words that people support."""

import datetime
from typing import Final

from django.conf import settings
from django.db import models
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from coalition.campaigns.appeals.enums import AppealStage
from coalition.workspaces.models import Workspace
from documents.publication.models import Publication

DAYS_TO_REOPEN: Final = 7  # after it was closed, or after its last day


class Appeal(models.Model):
    """What the public can support under `/<language>/support/<slug>/`.

    `official_*`: the petition on the state's portal, typed in by an organiser, dated. `personal_data_until`:
    the day on which everything about supporters but the counts is deleted; moved forward by a hand-over.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="appeals")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    goal = models.PositiveIntegerField(_("goal"), null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closes_on = models.DateField(_("last day"), null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    official_number = models.CharField(_("number of the official petition"), max_length=40, blank=True)
    official_url = models.URLField(_("its address"), blank=True)
    official_count = models.PositiveIntegerField(_("people who signed it"), null=True, blank=True)
    official_as_of = models.DateField(_("as of"), null=True, blank=True)
    personal_data_until = models.DateField(null=True, blank=True)
    personal_data_ended_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"appeal {self.slug}"

    def ended_on(self, day: datetime.date) -> datetime.date | None:
        """Return the first day on which it took nobody any more, None while it does or may yet."""
        if self.opened_at is None:
            return None
        days = [localdate(self.closed_at)] if self.closed_at is not None else []
        if self.closes_on is not None and self.closes_on < day:
            days.append(self.closes_on + datetime.timedelta(days=1))
        return min(days, default=None)

    def reopens_until(self, day: datetime.date) -> datetime.date | None:
        """Return the last day on which it can be opened again, None if it has not ended."""
        ended = self.ended_on(day)
        return ended + datetime.timedelta(days=DAYS_TO_REOPEN) if ended is not None else None

    def may_reopen_on(self, day: datetime.date) -> bool:
        """Whether it can be opened again: not once the prints that tell mailboxes apart are deleted."""
        until = self.reopens_until(day)
        return until is None or day <= until

    def stage_on(self, day: datetime.date) -> AppealStage:
        """Return where it stands on this day (local date of the site).

        It is open on its last day, and takes nobody once the personal data of its supporters end: without
        them nobody could withdraw.
        """
        if self.opened_at is None:
            return AppealStage.PREPARED
        ends = [last for last in (self.closes_on, self.personal_data_until) if last is not None]
        is_over = self.closed_at is not None or self.personal_data_ended_at is not None
        return AppealStage.CLOSED if is_over or any(day > last for last in ends) else AppealStage.OPEN


class AppealVersion(models.Model):
    """The words: a published appeal, and a published comparative table of the changes proposed to the law.

    `hashes` {language: hash} of `publication`, `table_hashes` of `table`. Frozen (`frozen_at`) by the first
    person who supports it; other words are a new version, to which nobody is carried over.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    appeal = models.ForeignKey(Appeal, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField()
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="+")
    table = models.ForeignKey(Publication, null=True, blank=True, on_delete=models.PROTECT, related_name="+")
    hashes = models.JSONField()
    table_hashes = models.JSONField(default=dict, blank=True)
    frozen_at = models.DateTimeField(null=True, blank=True)
    made_at = models.DateTimeField()

    class Meta:
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["appeal", "number"], name="one_appeal_version_number")]

    def __str__(self) -> str:
        return f"version {self.number} of {self.appeal_id}"
