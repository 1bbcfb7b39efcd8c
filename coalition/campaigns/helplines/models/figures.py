"""Monthly figures of helplines, and what of them was published. Never a call: counts of a month only."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from uuid_utils.compat import uuid7

from coalition.accounts.models import Organisation
from coalition.campaigns.helplines.enums import FigureAnswer, FigureState
from coalition.campaigns.helplines.models.entry import Helpline


class HelpMonth(models.Model):
    """How many contacts a line had in a month, from one region, in one language.

    `month`: its first day. `region` (ISO 3166-2) and `language` are empty where they are not known. The rows
    of a line and month add up to its contacts; a row of 0 was said to be 0. `entered_on`: the day on which
    the month was last entered, the same in all its rows: no row tells when one contact was counted.
    """

    helpline = models.ForeignKey(Helpline, on_delete=models.CASCADE, related_name="months")
    month = models.DateField(_("month"))
    region = models.CharField(_("region"), max_length=8, blank=True)
    language = models.CharField(_("language"), max_length=8, blank=True)
    contacts = models.PositiveIntegerField(_("contacts"))
    entered_on = models.DateField()

    class Meta:
        ordering = ["month", "region", "language"]
        constraints = [
            models.UniqueConstraint(
                fields=["helpline", "month", "region", "language"], name="one_help_month_count"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="help_month_is_a_first_day"),
        ]

    def __str__(self) -> str:
        return f"contacts of helpline {self.helpline_id} in {self.month:%Y-%m}"


class FigurePublication(models.Model):
    """Figures of several lines, from `first_month` to `last_month` (first days), proposed for publication.

    What would be published is computed once, when it is proposed, and stands in its `lines`: organisations
    agree to exactly that.
    """

    uuid = models.UUIDField(default=uuid7, unique=True, editable=False)
    state = models.CharField(max_length=10, choices=FigureState, default=FigureState.PROPOSED)
    first_month = models.DateField(_("first month"))
    last_month = models.DateField(_("last month"))
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    proposed_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-last_month", "-id"]

    def __str__(self) -> str:
        return f"publication of figures {self.uuid}"


class FigureLine(models.Model):
    """What a publication shows of one line. `organisation` answers for the line.

    `cells`: as `suppression.published` gave them, as lists of [path, count, level, pooled, is_leaf].
    `earlier_cells`: every list that was public in their place before, oldest first: a correction must not be
    subtracted from any of them.
    """

    publication = models.ForeignKey(FigurePublication, on_delete=models.CASCADE, related_name="lines")
    helpline = models.ForeignKey(Helpline, on_delete=models.PROTECT, related_name="+")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    cells = models.JSONField()
    earlier_cells = models.JSONField(default=list)

    class Meta:
        ordering = ["helpline__position", "helpline_id"]
        constraints = [
            models.UniqueConstraint(fields=["publication", "helpline"], name="one_figure_line_of_helpline")
        ]

    def __str__(self) -> str:
        return f"figures of helpline {self.helpline_id}"


class FigureMonth(models.Model):
    """A month of a line stands in one publication only, ever: two tables of it could be subtracted."""

    line = models.ForeignKey(FigureLine, on_delete=models.CASCADE, related_name="months")
    helpline = models.ForeignKey(Helpline, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()

    class Meta:
        ordering = ["month"]
        constraints = [
            models.UniqueConstraint(fields=["helpline", "month"], name="a_month_of_a_line_is_published_once")
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} of helpline {self.helpline_id}"


class FigureAgreement(models.Model):
    """What an organisation answered to a publication that its lines are in. No row: it has not answered."""

    publication = models.ForeignKey(FigurePublication, on_delete=models.CASCADE, related_name="agreements")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="+")
    answer = models.CharField(max_length=10, choices=FigureAnswer)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    answered_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["publication", "organisation"], name="one_figure_answer_of_organisation"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id}: {self.answer}"
