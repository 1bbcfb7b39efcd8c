"""The words of what is told and kept of events."""

from django.utils.translation import gettext_lazy as _

ACTIVITIES = {
    "event_planned": _("%(actor)s planned “%(title)s”."),
    "event_changed": _("%(actor)s changed “%(title)s”."),
    "event_announced": _("%(actor)s announced “%(title)s”."),
    "event_told_wider": _("%(actor)s told more people of “%(title)s”."),
    "event_moved": _("%(actor)s moved “%(title)s”."),
    "event_date_moved": _("%(actor)s moved one date of “%(title)s”."),
    "event_date_left_out": _("%(actor)s left one date out of “%(title)s”."),
    "event_date_taken_back": _("%(actor)s took a date of “%(title)s” back into it."),
    "event_date_added": _("%(actor)s added a date to “%(title)s”."),
    "event_cancelled": _("%(actor)s cancelled “%(title)s”."),
    "event_hours_set": _("%(actor)s set when “%(title)s” is open."),
    "event_audiences_set": _("%(actor)s set who comes earlier to “%(title)s”."),
    "co_host_asked": _("%(actor)s asked %(about)s to host “%(title)s” together."),
    "co_host_consented": _("%(about)s hosts “%(title)s” too."),
    "co_host_declined": _("%(about)s does not host “%(title)s”."),
    "co_host_taken_back": _("%(actor)s no longer asks %(about)s to host “%(title)s”."),
    "co_host_left": _("%(about)s no longer hosts “%(title)s”."),
}
ACTIONS = {
    "event.planned": _("Event planned"),
    "event.changed": _("Event changed"),
    "event.restricted": _("Readers of an event changed"),
    "event.announced": _("Event announced"),
    "event.moved": _("Event moved"),
    "event.date_moved": _("One date of an event moved"),
    "event.date_left_out": _("One date of an event left out"),
    "event.date_taken_back": _("One date of an event taken back"),
    "event.date_added": _("A date added to an event"),
    "event.cancelled": _("Event cancelled"),
    "event.hours_set": _("Opening hours set"),
    "event.audiences_set": _("Times for speakers, volunteers and camera crews set"),
    "event.co_host_asked": _("Organisation asked to host together"),
    "event.co_host_consented": _("Organisation consented to host together"),
    "event.co_host_declined": _("Organisation declined to host together"),
    "event.co_host_taken_back": _("Request to host together taken back"),
    "event.co_host_left": _("Organisation no longer hosts"),
}
