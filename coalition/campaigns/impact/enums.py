"""The four rungs, and what the platform counts by itself."""

from typing import Final

from django.db import models
from django.utils.translation import pgettext_lazy

MOST_WORDS: Final = 1000  # characters of one language
MOST_COUNTED: Final = 10**12  # in one declared number
MOST_REVISIONS: Final = 200  # of one figure
LINK_DAYS: Final = 365  # how long a donor's link opens at most
MOST_OPEN_LINKS: Final = 20  # of one grant
MOST_LINES_SHOWN: Final = 8  # organisations of one figure, before the page shortens it


class Rung(models.TextChoices):
    """What was made, whom it reached, what people did, what changed. Never added to one another."""

    OUTPUT = "output", pgettext_lazy("rung of impact", "What we made")
    REACH = "reach", pgettext_lazy("rung of impact", "Whom it reached")
    ACTION = "action", pgettext_lazy("rung of impact", "What people did")
    CHANGE = "change", pgettext_lazy("rung of impact", "What changed")


class CountedItem(models.TextChoices):
    """What can be paid from a grant. Each belongs to one grant at most, so that nothing is counted twice."""

    PUBLICATION = "publication", pgettext_lazy("paid from a grant", "Published text")
    EVENT = "event", pgettext_lazy("paid from a grant", "Event")
    COVERAGE = "coverage", pgettext_lazy("paid from a grant", "Coverage")
    MEDIA_ITEM = "media_item", pgettext_lazy("paid from a grant", "Item of a media package")
    APPEAL = "appeal", pgettext_lazy("paid from a grant", "Appeal")
    LETTERS = "letters", pgettext_lazy("paid from a grant", "Letter action")
    POSTCARDS = "postcards", pgettext_lazy("paid from a grant", "Postcard")
    ASK = "ask", pgettext_lazy("paid from a grant", "Ask")
