"""What operators' links bring to the capability of helplines."""

from django.utils.translation import gettext_lazy as _

from coalition.audit.words import Words

AUDIT_ACTIONS: dict[str, Words] = {
    "helpline.operator_link_made": _("Link for operators made"),
    "helpline.operator_link_ended": _("Link for operators ended"),
    "helpline.availability": _("Helpline said to be open, overloaded or closed"),
}
