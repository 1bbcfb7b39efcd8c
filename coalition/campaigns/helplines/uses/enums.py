"""Kinds of uses, answers about staffing, and what a use is flagged for."""

from typing import Final

from django.db import models
from django.utils.translation import gettext_lazy as _, pgettext_lazy

USE_KIND: Final = "helpline_use"  # of targets in the audit log and of subjects of notifications


class UseKind(models.TextChoices):
    """What the number stands on."""

    POSTER = "poster", _("Poster")
    CLIP = "clip", _("Clip on TV, radio or online")
    CARD = "card", _("Cards or leaflets")
    ARTICLE = "article", _("Article")
    OTHER = "other", pgettext_lazy("what a helpline's number stands on", "Something else")


class Staffed(models.TextChoices):
    """What the line's organisation answers."""

    YES = "yes", _("Yes, the line is staffed then")
    NO = "no", _("No, the line is not staffed then")


class UseFlag(models.TextChoices):
    """Why somebody has to look at a use. The worst comes first."""

    RETIRED = "retired", _("The line is out of service.")
    UNPUBLISHED = "unpublished", _("The register has no published entry of this line any more.")
    SUSPENDED = "suspended", _("The line is hidden from the public for now: do not publish its number.")
    LICENCE_ENDED = "licence_ended", _("The licence of the line has ended.")
    HIDDEN = "hidden", _("The line was not checked for more than 90 days: the public does not see it.")
    CHANGED = "changed", _("The number has changed since it was taken from the register.")
    DECLINED = "declined", _("The line is not staffed then, its organisation says.")
    CLOSED = "closed", _("The line is closed now, its operators say.")
    OVERLOADED = "overloaded", _("The line is overloaded now, its operators say.")
    OUT_OF_HOURS = "out_of_hours", _("By its hours the line is closed at that moment.")
    NOT_CONFIRMED = "not_confirmed", _("Nobody has confirmed yet that the line is staffed then.")
    OVERDUE = "overdue", _("The line was not checked for more than 30 days.")

    @property
    def is_severe(self) -> bool:
        """Whether people who call would get no help, or somebody else."""
        return self not in _MILD

    @property
    def passes(self) -> bool:
        """Whether it ends by itself within hours."""
        return self in {UseFlag.CLOSED, UseFlag.OVERLOADED}


_MILD = frozenset({UseFlag.OVERLOADED, UseFlag.OUT_OF_HOURS, UseFlag.NOT_CONFIRMED, UseFlag.OVERDUE})
