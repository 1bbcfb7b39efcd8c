"""A helpline, its checks and its entries."""

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from coalition.accounts.queries import frozen_organisations
from coalition.campaigns.helplines.enums import Answered, Availability, Cost, EntryState, RunBy
from coalition.core.localized_text import LocalizedTextField


class Helpline(models.Model):
    """One line. `organisation` answers for the entry: it edits it and has it checked.

    `checked_on`: when somebody of the organisation last called and found everything as written.
    `availability` and `available_until`: what an operator said; over when that moment has passed.
    `suspended_at`: since when the public must not see it until another organisation has reviewed it, with the
    reason that `suspended_for` gave; no reason if it came back after a long time out of use.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="helplines")
    checked_on = models.DateField(_("checked on"), null=True, blank=True)
    availability = models.CharField(max_length=12, choices=Availability, blank=True)
    available_until = models.DateTimeField(null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("position on the page"), default=100)
    created_at = models.DateTimeField(auto_now_add=True)
    retired_at = models.DateTimeField(null=True, blank=True)
    suspended_at = models.DateTimeField(null=True, blank=True)
    suspended_reason = models.CharField(_("why it is hidden"), max_length=300, blank=True)
    suspended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    suspended_for = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return f"helpline {self.uuid}"

    def published_entry(self) -> "HelplineEntry | None":
        """Return the entry that the public sees while the line is public. One query."""
        return self.entries.filter(state=EntryState.PUBLISHED).first()


class HelplineCheck(models.Model):
    """Somebody of the organisation called the line and found everything as it was published."""

    helpline = models.ForeignKey(Helpline, on_delete=models.CASCADE, related_name="checks")
    day = models.DateField()
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-day", "-id"]
        constraints = [models.UniqueConstraint(fields=["helpline", "day"], name="one_helpline_check_a_day")]

    def __str__(self) -> str:
        return f"check of helpline {self.helpline_id} on {self.day}"


class HelplineEntryManager(models.Manager["HelplineEntry"]):
    """Entries, each with `has_active_organisation`: that of its line is neither frozen nor gone."""

    def get_queryset(self) -> models.QuerySet["HelplineEntry"]:
        frozen = frozen_organisations().filter(organisation=OuterRef("organisation"))
        lines = Helpline.objects.filter(~Exists(frozen), pk=OuterRef("helpline"), organisation__left_at=None)
        return super().get_queryset().annotate(has_active_organisation=Exists(lines))


class HelplineEntry(models.Model):
    """What is written about a line: one row a change, one of them published at most.

    `channels`: list of {"kind": ChannelKind, "value": number, address or name, "note": {language: text}}.
    `hours`: list of {"weekday": 0–6 from Monday, "opens": "HH:MM", "closes": "HH:MM"} in the site's
    zone; `closes` not after `opens` means after midnight. `special_days`: list of {"date": ISO date, "opens",
    "closes"}, both empty where the line is closed that day. `regions` (ISO 3166-2): empty means all.
    `checked_on`: the day on which its author called before proposing it, None if they did not have to.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    helpline = models.ForeignKey(Helpline, on_delete=models.CASCADE, related_name="entries")
    state = models.CharField(max_length=12, choices=EntryState, default=EntryState.DRAFT)
    name = LocalizedTextField(_("name"), max_length=120)
    summary = LocalizedTextField(_("for whom, and for what"), blank=True, max_length=400)
    run_by = models.CharField(_("run by"), max_length=12, choices=RunBy, default=RunBy.ORGANISATION)
    operator = LocalizedTextField(_("who runs it"), blank=True, max_length=200)
    channels = models.JSONField(_("ways to reach it"), default=list)
    is_round_the_clock = models.BooleanField(_("day and night"), default=False)
    hours = models.JSONField(_("hours"), default=list, blank=True)
    special_days = models.JSONField(_("days with other hours"), default=list, blank=True)
    is_closed_on_holidays = models.BooleanField(_("closed on public holidays"), default=False)
    languages = models.JSONField(_("languages spoken"), default=list)
    regions = models.JSONField(_("regions"), default=list, blank=True)
    cost = models.CharField(_("cost"), max_length=12, choices=Cost, default=Cost.FREE)
    is_anonymous = models.CharField(_("one need not say who one is"), max_length=8, choices=Answered)
    is_recorded = models.CharField(_("calls are recorded"), max_length=8, choices=Answered)
    passed_to_police = LocalizedTextField(_("what is passed to the police"), max_length=600)
    licence_until = models.DateField(_("licence until"), null=True, blank=True)
    checked_on = models.DateField(null=True, blank=True)
    written_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    written_for = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.SET_NULL, related_name="+"
    )
    reviewed_for = models.ForeignKey(
        Organisation, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    reviewed_at = models.DateTimeField(null=True, blank=True)
    review_note = models.TextField(_("what has to change"), blank=True, max_length=1000)

    objects = HelplineEntryManager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["helpline"], condition=Q(state="published"), name="one_published_helpline_entry"
            ),
            models.UniqueConstraint(
                fields=["helpline"],
                condition=Q(state__in=["draft", "proposed", "rejected"]),
                name="one_open_helpline_entry",
            ),
        ]

    def __str__(self) -> str:
        return f"entry {self.uuid} of helpline {self.helpline_id}"

    @property
    def is_answered_for(self) -> bool:
        """Whether the organisation of its line was neither frozen nor gone when the row was read."""
        return bool(getattr(self, "has_active_organisation", True))
