"""Where an ask stands, and what can follow."""

from collections.abc import Mapping
from typing import Final

from django.db import models
from django.utils.translation import pgettext_lazy


class AskStatus(models.TextChoices):
    PROPOSED = "proposed", pgettext_lazy("status of an ask", "Proposed")
    TAKEN_UP = "taken_up", pgettext_lazy("status of an ask", "Taken up")
    DRAFT_LAW = "draft_law", pgettext_lazy("status of an ask", "In a draft law")
    PARTLY_ADOPTED = "partly_adopted", pgettext_lazy("status of an ask", "Partly adopted")
    ADOPTED = "adopted", pgettext_lazy("status of an ask", "Adopted")
    REFUSED = "refused", pgettext_lazy("status of an ask", "Refused")


# A later step corrects an earlier one, so nothing is final. The same status again is a further stage of it,
# such as the second reading of a draft law.
NEXT: Final[Mapping[AskStatus, tuple[AskStatus, ...]]] = {
    AskStatus.PROPOSED: (
        AskStatus.TAKEN_UP,
        AskStatus.DRAFT_LAW,
        AskStatus.PARTLY_ADOPTED,
        AskStatus.ADOPTED,
        AskStatus.REFUSED,
    ),
    AskStatus.TAKEN_UP: (
        AskStatus.TAKEN_UP,
        AskStatus.DRAFT_LAW,
        AskStatus.PARTLY_ADOPTED,
        AskStatus.ADOPTED,
        AskStatus.REFUSED,
    ),
    AskStatus.DRAFT_LAW: (
        AskStatus.DRAFT_LAW,
        AskStatus.TAKEN_UP,
        AskStatus.PARTLY_ADOPTED,
        AskStatus.ADOPTED,
        AskStatus.REFUSED,
    ),
    AskStatus.PARTLY_ADOPTED: (
        AskStatus.TAKEN_UP,
        AskStatus.DRAFT_LAW,
        AskStatus.ADOPTED,
        AskStatus.REFUSED,
    ),
    AskStatus.ADOPTED: (AskStatus.DRAFT_LAW, AskStatus.PARTLY_ADOPTED, AskStatus.REFUSED),
    AskStatus.REFUSED: (AskStatus.TAKEN_UP, AskStatus.DRAFT_LAW),
}
