"""Letter actions, and the letters that people say they sent."""

import datetime
from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _, pgettext_lazy
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from coalition.campaigns.appeals.models import Appeal
from coalition.campaigns.recipients.models import Body, Target
from coalition.campaigns.referrals.models import ReferralCode
from coalition.core.localized_text import LocalizedTextField
from coalition.workspaces.models import Workspace
from documents.facts.models import Fact
from documents.publication.models import Publication

DAYS_SERVICE_HOLDS: Final = 90  # then somebody looks again what the state's service demands


class LetterStage(models.TextChoices):
    """PREPARED → OPEN → CLOSED → OPEN again."""

    PREPARED = "prepared", pgettext_lazy("letter action", "Prepared")
    OPEN = "open", pgettext_lazy("letter action", "Open")
    CLOSED = "closed", pgettext_lazy("letter action", "Closed")


class Way(models.TextChoices):
    """How a letter left. The three are equal."""

    MAIL = "mail", pgettext_lazy("way of sending", "Own mail program")
    COPY = "copy", pgettext_lazy("way of sending", "Copied")
    PRINT = "print", pgettext_lazy("way of sending", "Printed")


class LetterAction(models.Model):
    """What the public can write under `/<language>/write/<slug>/`.

    `publication`: the approved text whose paragraphs are offered as building blocks, with its `hashes`
    {language: hash}. `bodies`: whose people can be chosen. `appeal`: whose counters show the letters.
    `facts`: of the register, offered as further blocks. `service_*`: the state's service for appeals, what it
    demands, and the day on which somebody looked.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    workspace = models.ForeignKey(Workspace, on_delete=models.CASCADE, related_name="letter_actions")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    slug = models.SlugField(_("address"), max_length=80, unique=True)
    publication = models.ForeignKey(Publication, on_delete=models.PROTECT, related_name="+")
    hashes = models.JSONField()
    appeal = models.ForeignKey(
        Appeal, null=True, blank=True, on_delete=models.SET_NULL, related_name="letter_actions"
    )
    bodies = models.ManyToManyField(Body, related_name="letter_actions", verbose_name=_("bodies"))
    facts = models.ManyToManyField(Fact, blank=True, related_name="+", verbose_name=_("facts"))
    service_url = models.URLField(_("address of the state’s service"), blank=True)
    service_name = LocalizedTextField(_("name of the state’s service"), blank=True, max_length=120)
    service_needs = LocalizedTextField(_("what it demands"), blank=True, max_length=800)
    service_checked_on = models.DateField(_("checked on"), null=True, blank=True)
    opened_at = models.DateTimeField(null=True, blank=True)
    closes_on = models.DateField(_("last day"), null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        verbose_name = _("letter action")

    def __str__(self) -> str:
        return f"letter action {self.slug}"

    def stage_on(self, day: datetime.date) -> LetterStage:
        """Return where it stands on this day (local date of the site); it is open on its last day."""
        if self.opened_at is None:
            return LetterStage.PREPARED
        is_over = self.closed_at is not None or (self.closes_on is not None and day > self.closes_on)
        return LetterStage.CLOSED if is_over else LetterStage.OPEN

    def is_open_on(self, day: datetime.date) -> bool:
        """Whether people can write on this day: also on its last day."""
        return self.stage_on(day) == LetterStage.OPEN

    def service_is_old_on(self, day: datetime.date) -> bool:
        """Whether nobody has looked for `DAYS_SERVICE_HOLDS` days what the state's service demands."""
        if not self.service_url:
            return False
        last = self.service_checked_on
        return last is None or day > last + datetime.timedelta(days=DAYS_SERVICE_HOLDS)


class LetterDay(models.Model):
    """How many letters people said on a day that they sent. Nothing of a letter or its writer."""

    action = models.ForeignKey(LetterAction, on_delete=models.CASCADE, related_name="days")
    target = models.ForeignKey(Target, on_delete=models.PROTECT, related_name="+")
    referral = models.ForeignKey(
        ReferralCode, null=True, blank=True, on_delete=models.RESTRICT, related_name="+"
    )
    way = models.CharField(max_length=8, choices=Way)
    language = models.CharField(max_length=8)
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["action", "target", "referral", "way", "language", "day"],
                condition=Q(referral__isnull=False),
                name="one_count_of_letters_of_a_code",
            ),
            models.UniqueConstraint(
                fields=["action", "target", "way", "language", "day"],
                condition=Q(referral=None),
                name="one_count_of_letters_without_code",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.count} letters on {self.day}"
