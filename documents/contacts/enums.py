"""Topics and channels of press contacts."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Beat(models.TextChoices):
    """Topic that a press contact covers."""

    SOCIETY = "society", _("Society")
    WOMEN = "women", _("Women’s rights")
    LAW = "law", _("Law and courts")
    POLITICS = "politics", _("Politics")
    HEALTH = "health", _("Health")
    EDUCATION = "education", _("Education")
    CULTURE = "culture", _("Culture")
    ECONOMY = "economy", _("Economy")
    REGIONAL = "regional", _("News of the region")
    PHOTO = "photo", _("Photographs and film")


class Channel(models.TextChoices):
    """Medium of a press contact."""

    SITE = "site", _("News site")
    PRINT = "print", pgettext_lazy("kind of outlet", "Print")
    TELEVISION = "tv", _("Television")
    RADIO = "radio", _("Radio")
    AGENCY = "agency", _("News agency")
    SOCIAL = "social", _("Social networks")
    MESSENGER = "messenger", _("Messenger channel")
    PODCAST = "podcast", _("Podcast")
