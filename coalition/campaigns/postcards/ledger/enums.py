"""Stocks in which the cards of a batch are, and the moves between them."""

from collections.abc import Mapping
from typing import Final

from django.db import models
from django.utils.translation import pgettext_lazy


class Stock(models.TextChoices):
    """Where cards are. `OUT`: with volunteers; `COLLECTED`: filled in, at the office; `POSTED`: sent by the
    people who filled them in."""

    STOCK = "stock", pgettext_lazy("stock of cards", "In stock")
    OUT = "out", pgettext_lazy("stock of cards", "With volunteers")
    COLLECTED = "collected", pgettext_lazy("stock of cards", "Collected")
    POSTED = "posted", pgettext_lazy("stock of cards", "Posted")
    LOST = "lost", pgettext_lazy("stock of cards", "Lost")
    COUNTED = "counted", pgettext_lazy("stock of cards", "Counted by two")
    DELIVERED = "delivered", pgettext_lazy("stock of cards", "Delivered")


class MoveKind(models.TextChoices):
    PRINTED = "printed", pgettext_lazy("move of cards", "Printed")
    HANDED_OUT = "handed_out", pgettext_lazy("move of cards", "Handed out")
    RETURNED = "returned", pgettext_lazy("move of cards", "Returned blank")
    COLLECTED = "collected", pgettext_lazy("move of cards", "Handed in filled in")
    POSTED = "posted", pgettext_lazy("move of cards", "Posted by people themselves")
    LOST = "lost", pgettext_lazy("move of cards", "Lost")
    COUNTED = "counted", pgettext_lazy("move of cards", "Counted by two")
    DELIVERED = "delivered", pgettext_lazy("move of cards", "Delivered")


NOWHERE: Final = ""  # the source of what is printed

# From where each kind may come, and to where it goes.
ROUTES: Final[Mapping[MoveKind, tuple[tuple[str, ...], Stock]]] = {
    MoveKind.PRINTED: ((NOWHERE,), Stock.STOCK),
    MoveKind.HANDED_OUT: ((Stock.STOCK,), Stock.OUT),
    MoveKind.RETURNED: ((Stock.OUT,), Stock.STOCK),
    MoveKind.COLLECTED: ((Stock.OUT,), Stock.COLLECTED),
    MoveKind.POSTED: ((Stock.OUT,), Stock.POSTED),
    MoveKind.LOST: ((Stock.STOCK, Stock.OUT, Stock.COLLECTED), Stock.LOST),
    MoveKind.COUNTED: ((Stock.COLLECTED,), Stock.COUNTED),
    MoveKind.DELIVERED: ((Stock.COUNTED,), Stock.DELIVERED),
}

# What a volunteer hands back, in the order of the form.
HANDED_BACK: Final = (MoveKind.COLLECTED, MoveKind.RETURNED, MoveKind.POSTED, MoveKind.LOST)
