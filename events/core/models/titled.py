"""Things of an event whose words stand in up to three languages."""

from collections.abc import Mapping

from django.db import models

from coalition.accounts.enums import Language


def language_of(words: Mapping[str, str], language: str) -> str:
    """The language in which a reader of this one is told: theirs, or the first of Kazakh, Russian and English
    that has words; "" if none has."""
    return next((one for one in (language, *Language.values) if words.get(one)), "")


def said_in(words: Mapping[str, str], language: str) -> str:
    """The words that a reader of this language is told; "" if there are none."""
    return words.get(language_of(words, language), "")


class TitledInLanguages(models.Model):
    """`title` by language code; at least one is written."""

    title = models.JSONField(default=dict)

    class Meta:
        abstract = True

    def title_in(self, language: str) -> str:
        """The title in the language, or in the first that has one: Kazakh, Russian, English."""
        return said_in(self.title, language)

    def language_for(self, language: str) -> str:
        """The language in which the title is read by a reader of this one; "" if there is none."""
        return language_of(self.title, language)
