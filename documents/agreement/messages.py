"""The sentences of what happens around the coalition agreement."""

from django.utils.translation import gettext_lazy as _

ACTIVITIES = {"agreement_accepted": _("%(about)s accepted the coalition agreement.")}
ACTIONS = {
    "agreement.set": _("The coalition agreement was named, or a new edition of it"),
    "agreement.ended": _("The coalition agreement was ended"),
    "agreement.accepted": _("An organisation accepted the coalition agreement"),
}
