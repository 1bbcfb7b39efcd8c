"""States of a joining of an open letter."""

from django.db import models
from django.utils.translation import pgettext_lazy


class JoiningState(models.TextChoices):
    UNCONFIRMED = "unconfirmed", pgettext_lazy("joining an open letter", "Not confirmed by mail")
    JOINED = "joined", pgettext_lazy("joining an open letter", "Joined")
    WITHDRAWN = "withdrawn", pgettext_lazy("joining an open letter", "Withdrawn")
    REFUSED = "refused", pgettext_lazy("joining an open letter", "Refused")
