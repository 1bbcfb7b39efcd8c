"""Kinds of answers."""

from typing import Final

from django.db import models
from django.utils.translation import pgettext_lazy


class AnswerKind(models.TextChoices):
    NONE = "none", pgettext_lazy("kind of an answer", "No answer within the term")
    ACKNOWLEDGEMENT = "acknowledgement", pgettext_lazy("kind of an answer", "Acknowledgement")
    INCOMING_NUMBER = "incoming_number", pgettext_lazy("kind of an answer", "Incoming number")
    ANSWER = "answer", pgettext_lazy("kind of an answer", "Answer")
    ENQUIRY = "enquiry", pgettext_lazy("kind of an answer", "Deputy’s enquiry")
    MEETING = "meeting", pgettext_lazy("kind of an answer", "Meeting")


REAL_ANSWERS: Final = frozenset({AnswerKind.ANSWER, AnswerKind.ENQUIRY, AnswerKind.MEETING})
"""What counts as answered. The others say only that something came in, or that nothing came."""

SETTLING_ANSWERS: Final = REAL_ANSWERS | {AnswerKind.NONE}
"""After one of these nobody has to look after an official letter any more."""
