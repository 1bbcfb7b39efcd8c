"""Spokespersons of organisations: topics, languages, regions, hours, and consent to be named."""

import datetime
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Language, User
from coalition.personal_data.fields import OutsidersTextField
from documents.drafts.models import CodesField
from events.press.models import PressDeskRow


class Spokesperson(PressDeskRow):
    """Spokesperson of an organisation in a workspace: a member with an account (`person`), or somebody
    without one, whose name and address are stored here, encrypted.

    `consented_at`: when they agreed to be named to the press desks; None before and after withdrawal.
    `gives_phone`: also the number. `asked_at`: since when an answer is pending. `weekdays`: as in
    `datetime.date.weekday`, from `begins` to `ends` in `zone`. `link_number` invalidates earlier links.
    """

    person = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE, related_name="+")
    own_name = OutsidersTextField(_("name"), blank=True)
    address = OutsidersTextField(_("e-mail"), blank=True)
    phone = OutsidersTextField(_("phone"), blank=True)
    writes_in = models.CharField(max_length=5, choices=Language, default=Language.KK)
    topics = CodesField(_("topics"))
    languages = CodesField(_("languages"))
    regions = CodesField(_("regions"))
    weekdays = CodesField(_("days"))
    begins = models.TimeField(_("from"), null=True, blank=True)
    ends = models.TimeField(_("to"), null=True, blank=True)
    zone = models.CharField(max_length=64, default="Asia/Almaty")
    hours_note = models.CharField(max_length=200, blank=True)
    gives_phone = models.BooleanField(default=False)
    consented_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField()
    token_hash = models.CharField(max_length=64, null=True, unique=True)
    link_number = models.PositiveIntegerField(default=0)
    added_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    removed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["workspace", "organisation", "person"],
                condition=Q(removed_at=None, person__isnull=False),
                name="one_spokesperson_a_member",
            )
        ]
        indexes = [models.Index(fields=["workspace", "removed_at"], name="spokespersons_here")]

    def __str__(self) -> str:
        return f"spokesperson {self.uuid}"  # appears in logs: never the name

    def clean(self) -> None:
        hours = [bool(self.weekdays), self.begins is not None, self.ends is not None]
        if any(hours) and not all(hours):
            raise ValidationError(_("Hours need the days, a beginning and an end."))
        if self.begins is not None and self.ends is not None and self.ends <= self.begins:
            raise ValidationError(_("The hours end before they begin."))

    @property
    def name(self) -> str:
        """Return the name. Only for readers permitted by `pages.spokespersons`."""
        return self.person.name if self.person is not None else self.own_name

    @property
    def is_named(self) -> bool:
        """Whether they consented to be named."""
        return self.consented_at is not None

    def speaks_at(self, moment: datetime.datetime) -> bool:
        """Whether an aware moment is within their hours; False if no hours are set."""
        local = moment.astimezone(ZoneInfo(self.zone))
        if self.begins is None or self.ends is None or str(local.weekday()) not in self.weekdays:
            return False
        return self.begins <= local.time() < self.ends
