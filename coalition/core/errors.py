"""Business-rule errors with a message for the person, and compensating actions."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext


class Refused(Exception):
    """The current state does not allow the action; the message gives the reason.

    `message` is translated when read; `params` fill its named placeholders. Nothing has been changed
    when it is raised. For missing permissions there is `NotAllowed`.
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
        """Return it as JSON to store, for translation later by `refusal_text`."""
        with translation.override(None):  # the message as in the source code
            values = {name: str(value) for name, value in self.params.items()}
            return {"sentence": str(self.template), "params": values}


def refusal_text(stored: dict[str, Any]) -> str:
    """Return a stored refusal (`Refused.as_json`) in the active language."""
    sentence = stored["sentence"]
    return Refused(gettext(sentence), **stored["params"]).message


@contextmanager
def undo_on_failure(undo: Callable[[], object]) -> Iterator[None]:
    """Call `undo` if the block raises anything, and re-raise."""
    try:
        yield
    except BaseException:  # also a process being stopped would leave the file behind
        undo()
        raise
