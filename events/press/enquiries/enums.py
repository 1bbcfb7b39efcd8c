"""States of a press enquiry, and forms of the answer."""

from django.db import models
from django.utils.translation import pgettext_lazy


class EnquiryState(models.TextChoices):
    """open → taken → answered or refused; taken → open, when it is unassigned."""

    OPEN = "open", pgettext_lazy("enquiry", "Nobody has taken it")
    TAKEN = "taken", pgettext_lazy("enquiry", "Being answered")
    ANSWERED = "answered", pgettext_lazy("enquiry", "Answered")
    REFUSED = "refused", pgettext_lazy("enquiry", "Refused")

    @property
    def is_over(self) -> bool:
        return self in {EnquiryState.ANSWERED, EnquiryState.REFUSED}


class AnswerWay(models.TextChoices):
    """Form in which the outlet wants the answer."""

    CALL = "call", pgettext_lazy("how to answer", "Call back")
    MAIL = "mail", pgettext_lazy("how to answer", "In writing, by mail")
    MESSENGER = "messenger", pgettext_lazy("how to answer", "In a messenger")
    RECORDED = "recorded", pgettext_lazy("how to answer", "Recorded interview")
    LIVE = "live", pgettext_lazy("how to answer", "Live on air")
