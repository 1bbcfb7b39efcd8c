"""States and kinds of works, loans and screenings."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MakerNaming(models.TextChoices):
    """How a maker is named in public."""

    NAME = "name", _("By their name")
    PSEUDONYM = "pseudonym", _("By their pseudonym")
    UNNAMED = "unnamed", _("Not at all")


class Reproduction(models.TextChoices):
    """Where a picture of a work may be reproduced. Order: from narrow to wide."""

    NONE = "none", _("Nowhere")
    CATALOGUE = "catalogue", _("In the catalogue, on paper and on the site")
    EVERYWHERE = "everywhere", _("Everywhere, also when the page is shared")


class AgreementState(models.TextChoices):
    """State of a loan agreement on paper."""

    NONE = "none", _("Not written yet")
    SENT = "sent", _("Sent to the lender")
    SIGNED = "signed", pgettext_lazy("a loan agreement on paper", "Agreed by both")


class ConditionMoment(models.TextChoices):
    """Occasion of a condition check."""

    ARRIVAL = "arrival", _("At arrival")
    RETURN = "return", _("At return")


class Currency(models.TextChoices):
    """ISO 4217 currency. Each has a hundred minor units."""

    KZT = "KZT", _("tenge")
    USD = "USD", _("US dollars")
    EUR = "EUR", _("euros")
    RUB = "RUB", _("Russian roubles")


class AgeRating(models.TextChoices):
    """Minimum age for a film."""

    AGE_0 = "0+", "0+"
    AGE_6 = "6+", "6+"
    AGE_12 = "12+", "12+"
    AGE_14 = "14+", "14+"
    AGE_16 = "16+", "16+"
    AGE_18 = "18+", "18+"
