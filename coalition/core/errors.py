"""Refusing in words."""

from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext


class Refused(Exception):
    """Something that the state of things does not allow, with the reason in words for the person.

    `message` is a sentence in the language that is active when it is read; `params` fill its named
    placeholders. Nothing has been changed when it is raised. For who may do what there is `NotAllowed`.
    """

    def __init__(self, message: str | Promise, **params: object) -> None:
        self.template = message
        self.params = params
        super().__init__(message)

    @property
    def message(self) -> str:
        template = str(self.template)
        return template % self.params if self.params else template

    def __str__(self) -> str:
        return self.message

    def as_json(self) -> dict[str, Any]:
        """Return what can be stored of it, to be put into a reader's language later by `words_of_refusal`."""
        with translation.override(None):  # the sentence as it stands in the code
            values = {name: str(value) for name, value in self.params.items()}
            return {"sentence": str(self.template), "params": values}


def refusal_text(stored: dict[str, Any]) -> str:
    """Return a stored refusal (`Refused.as_json`) in the active language."""
    sentence = stored["sentence"]
    return Refused(gettext(sentence), **stored["params"]).message
