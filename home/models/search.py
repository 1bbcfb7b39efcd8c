"""The index of the public search: currently public words only.

Rows are written and deleted in the transaction that publishes or withdraws something
(`home.search.index`). Names of organisations are not indexed: they stay encrypted, and are read on
each search.
"""

from django.db import models

from coalition.accounts.enums import Language


class FoundKind(models.TextChoices):
    """Kinds of results of the public search."""

    NEWS = "news"
    EVENT = "event"
    CAMPAIGN = "campaign"
    PAGE = "page"
    PARTNER = "partner"
    FACT = "fact"


class SearchItem(models.Model):
    """One public object in one language. `key` is the primary key of the page or the event.

    The database maintains `title_tokens` and `text_tokens` (separated by spaces) in its own
    full-text index, by trigger or generated column: a deleted row leaves it in the same
    transaction. `text_tokens` includes those of the title. SQLite loses the triggers when a
    migration changes the table: such a migration must recreate them
    (`home/migrations/0002_search_index.py`).
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
    """A word of public items of a language: a candidate for correcting a typo.

    `word` is folded, `shown` as written, `pieces` are its trigrams, indexed like words.
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
