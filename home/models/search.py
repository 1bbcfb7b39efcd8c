"""What the public search looks into: words that are public now, and no others.

Rows are written and taken away in the transaction of whatever makes a thing public or takes it back
(`home.search.index`). Names of organisations are not here: they stay sealed, and are looked at when asked.
"""

from django.db import models

from coalition.accounts.enums import Language


class FoundKind(models.TextChoices):
    """What can be found by everyone."""

    NEWS = "news"
    EVENT = "event"
    CAMPAIGN = "campaign"
    PAGE = "page"
    PARTNER = "partner"
    FACT = "fact"


class SearchItem(models.Model):
    """One public thing in one language. `key` is the primary key of the page or the event.

    The database itself keeps `title_tokens` and `text_tokens` (separated by spaces) in its own full-text
    index, by trigger or generated column: a row that goes is gone from there in the same moment.
    `text_tokens` has those of the title too. SQLite loses the triggers when a migration changes the table:
    such a migration makes them anew (`home/migrations/0002_search_index.py`).
    """

    kind = models.CharField(max_length=8, choices=FoundKind)
    key = models.PositiveBigIntegerField()
    language = models.CharField(max_length=5, choices=Language)
    url = models.CharField(max_length=300)
    title = models.TextField()
    text = models.TextField(blank=True)
    moment = models.DateTimeField(null=True)
    title_tokens = models.TextField(blank=True)
    text_tokens = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "key", "language"], name="one_search_item_a_language")
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key} {self.language}"


class SearchWord(models.Model):
    """A word that stands in public items of a language: what a mistyped word may have meant.

    `word` is folded, `shown` as it was written, `pieces` are its overlapping parts of three letters, which
    the database indexes like words.
    """

    language = models.CharField(max_length=5, choices=Language)
    word = models.CharField(max_length=40)
    shown = models.CharField(max_length=40)
    pieces = models.TextField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["language", "word"], name="one_search_word_a_language")
        ]

    def __str__(self) -> str:
        return f"{self.language} {self.word}"
