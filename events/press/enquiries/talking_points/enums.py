"""Kinds of lines in the message guide."""

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class LineKind(models.TextChoices):
    """Kind of a line, in display order."""

    MESSAGE = "message", _("Key message")
    QUESTION = "question", _("Hard question")
    SAY = "say", pgettext_lazy("message guide", "Say")
    NOT_SAY = "not_say", pgettext_lazy("message guide", "Do not say")

    @property
    def several(self) -> Promise:
        """Return the heading of lines of this kind."""
        return {
            LineKind.MESSAGE: _("Key messages"),
            LineKind.QUESTION: _("Hard questions"),
            LineKind.SAY: pgettext_lazy("message guide", "Say"),
            LineKind.NOT_SAY: pgettext_lazy("message guide", "Do not say"),
        }[self]
