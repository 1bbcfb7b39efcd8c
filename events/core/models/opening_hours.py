"""When an exhibition is open: hours per weekday, and the days that differ."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from events.core.enums import Audience, Weekday
from events.core.models.event import Event


class OpeningHours(models.Model):
    """Open on a weekday of the run, local time. Several rows a day are a break at noon; none is closed."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(_("day"), choices=Weekday)
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))

    class Meta:
        ordering = ["weekday", "opens"]
        constraints = [
            models.UniqueConstraint(fields=["event", "weekday", "opens"], name="one_opening_a_moment"),
            models.CheckConstraint(
                condition=models.Q(closes__gt=models.F("opens")), name="opens_before_it_closes"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.weekday} {self.opens:%H:%M}-{self.closes:%H:%M}"


class SpecialDay(models.Model):
    """Days of the run on which the hours differ: closed (no times), or open at other times.

    `first` to `last`, both included. `why` holds words per language: {"kk": …, "ru": …, "en": …}.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="special_days")
    first = models.DateField(pgettext_lazy("a first day", "from"))
    last = models.DateField(pgettext_lazy("a last day", "to"))
    opens = models.TimeField(_("opens"), null=True, blank=True)
    closes = models.TimeField(_("closes"), null=True, blank=True)
    why = models.JSONField(_("reason"), default=dict, blank=True)

    class Meta:
        ordering = ["first", "opens"]
        constraints = [
            models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="special_in_order")
        ]

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"

    @property
    def closed(self) -> bool:
        return self.opens is None


class Occurrence(models.Model):
    """A date that differs from the rule: left out (EXDATE), taken besides (RDATE), or moved.

    A moved one is left out with `to_date` and `to_time`, its new local start (RECURRENCE-ID); it lasts as
    long as the others.
    """

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="exceptions")
    on = models.DateField(_("date"))
    left_out = models.BooleanField(default=True)
    to_date = models.DateField(null=True, blank=True)
    to_time = models.TimeField(null=True, blank=True)

    class Meta:
        ordering = ["on"]
        constraints = [models.UniqueConstraint(fields=["event", "on"], name="one_exception_a_date")]

    def __str__(self) -> str:
        return f"{'without' if self.left_out else 'also'} {self.on}"


class AudienceTime(models.Model):
    """When the event begins for those who come earlier: speakers, volunteers, camera crews. Local time."""

    event = models.ForeignKey(Event, on_delete=models.CASCADE, related_name="audience_times")
    audience = models.CharField(_("for whom"), max_length=12, choices=Audience)
    begins = models.TimeField(_("begins at"))

    class Meta:
        ordering = ["begins"]
        constraints = [models.UniqueConstraint(fields=["event", "audience"], name="one_time_an_audience")]

    def __str__(self) -> str:
        return f"{self.audience} {self.begins:%H:%M}"
