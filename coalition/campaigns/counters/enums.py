"""The columns of the counters."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Column(models.TextChoices):
    """Five ways of taking part, in the order in which they are shown. They are never added up."""

    ONLINE = "online", pgettext_lazy("counter", "Online")
    IN_PERSON = "in_person", pgettext_lazy("counter", "In person")
    POSTCARDS = "postcards", pgettext_lazy("counter", "Postcards")
    LETTERS = "letters", pgettext_lazy("counter", "Letters")
    OFFICIAL = "official", pgettext_lazy("counter", "Official petition")
