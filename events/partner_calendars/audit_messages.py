"""How the audit log tells what was done with partners' calendars."""

from django.utils.translation import gettext_lazy as _

ACTIONS = {
    "partner_calendar.brought_in": _("Partner's calendar brought in"),
    "partner_calendar.removed": _("Partner's calendar taken away"),
    "partner_calendar.brought_back": _("Partner's calendar brought back"),
    "partner_calendar.words_deleted": _("Partner's calendar: only times kept"),
    "partner_calendar.words_given": _("Partner's calendar: words shown too"),
    "partner_calendar.shown": _("Events of a partner's calendar shown"),
    "partner_calendar.dismissed": _("Events of a partner's calendar left out"),
    "partner_calendar.decision_taken_back": _("Decision about a partner's events taken back"),
}
