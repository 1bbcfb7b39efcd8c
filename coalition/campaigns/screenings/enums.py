"""States of a request for a screening, and who watches."""

from django.db.models import IntegerChoices, TextChoices
from django.utils.translation import gettext_lazy as _, pgettext_lazy


class ScreeningState(TextChoices):
    """State of a request. Before `ASKED` the address is not proved, and nobody reads the request."""

    UNPROVED = "unproved", _("Address not confirmed")
    ASKED = "asked", pgettext_lazy("a screening", "Waits for an answer")
    ACCEPTED = "accepted", pgettext_lazy("a screening", "Agreed")
    DECLINED = "declined", pgettext_lazy("a screening", "Declined")
    DONE = "done", pgettext_lazy("a screening", "Took place")
    WITHDRAWN = "withdrawn", pgettext_lazy("a screening", "Withdrawn")


PROVED = tuple(state for state in ScreeningState if state is not ScreeningState.UNPROVED)


class Audience(IntegerChoices):
    """Age of the youngest who watch, in years."""

    ADULTS = 18, pgettext_lazy("audience", "Adults only")
    FROM_16 = 16, pgettext_lazy("audience", "From 16 years on")
    FROM_14 = 14, pgettext_lazy("audience", "From 14 years on")
    FROM_12 = 12, pgettext_lazy("audience", "From 12 years on")
    FROM_6 = 6, pgettext_lazy("audience", "From 6 years on")
    EVERYBODY = 0, pgettext_lazy("audience", "Younger children too")
