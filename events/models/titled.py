"""Things of an event whose title stands in up to three languages."""

from django.db import models

from coalition.partners.enums import Language


class TitledInLanguages(models.Model):
    """`title` by language code; at least one is written."""

    title = models.JSONField(default=dict)

    class Meta:
        abstract = True

    def title_in(self, language: str) -> str:
        """The title in the language, or in the first that has one: Kazakh, Russian, English."""
        return self.title.get(self.language_for(language), "")

    def language_for(self, language: str) -> str:
        """The language in which the title is read by a reader of this one; "" if there is none."""
        return next((one for one in (language, *Language.values) if self.title.get(one)), "")
