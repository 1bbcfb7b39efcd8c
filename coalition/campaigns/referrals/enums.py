"""Media that carry a referral code."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Medium(models.TextChoices):
    LINK = "link", pgettext_lazy("medium", "Link")
    POSTER = "poster", pgettext_lazy("medium", "Poster")
    TABLE = "table", pgettext_lazy("medium", "Table")
    SHEET = "sheet", pgettext_lazy("medium", "Paper sheet")
    BATCH = "batch", pgettext_lazy("medium", "Batch of postcards")
    OUTLET = "outlet", pgettext_lazy("medium", "Outlet")
