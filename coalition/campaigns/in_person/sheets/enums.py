"""States of paper sheets."""

from typing import Final

from django.db import models
from django.utils.translation import pgettext_lazy


class SheetState(models.TextChoices):
    """PRINTED → RETURNED or LOST, which can be set right while nobody has counted the sheet; any → VOID,
    which stays. VOID: spoiled, or never handed out."""

    PRINTED = "printed", pgettext_lazy("paper sheet", "Handed out")
    RETURNED = "returned", pgettext_lazy("paper sheet", "Returned")
    LOST = "lost", pgettext_lazy("paper sheet", "Lost")
    VOID = "void", pgettext_lazy("paper sheet", "Void")


MARKABLE: Final = (SheetState.RETURNED, SheetState.LOST, SheetState.PRINTED, SheetState.VOID)
