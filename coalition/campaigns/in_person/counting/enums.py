"""What is counted in person."""

from typing import Final

from django.db import models
from django.utils.translation import pgettext_lazy

TALLY_KIND: Final = "tally"  # of subjects: notifications, audit log


class TallyKind(models.TextChoices):
    TABLE = "table", pgettext_lazy("what is counted", "Table")
    SHEETS = "sheets", pgettext_lazy("what is counted", "Paper sheets")
