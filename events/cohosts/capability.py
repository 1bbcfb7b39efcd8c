"""What hosting together brings to events and to the layers below."""

from django.utils.translation import gettext_lazy as _

from coalition.workspaces.notifications.kinds import NotificationKind
from events.cohosts.views import hosting_asked
from events.core.capability import EventCapability

COHOSTS = EventCapability(
    name="cohosts",
    urls="events.cohosts.urls",
    activities={
        "co_host_asked": _("%(actor)s asked %(about)s to host “%(title)s” together."),
        "co_host_consented": _("%(about)s hosts “%(title)s” too."),
        "co_host_declined": _("%(about)s does not host “%(title)s”."),
        "co_host_taken_back": _("%(actor)s no longer asks %(about)s to host “%(title)s”."),
        "co_host_left": _("%(about)s no longer hosts “%(title)s”."),
    },
    audit_actions={
        "event.co_host_asked": _("Organisation asked to host together"),
        "event.co_host_consented": _("Organisation consented to host together"),
        "event.co_host_declined": _("Organisation declined to host together"),
        "event.co_host_taken_back": _("Request to host together taken back"),
        "event.co_host_left": _("Organisation no longer hosts"),
    },
    notification_kinds={
        "hosting_asked": NotificationKind(
            sentence=_("%(organisation)s asks whether %(about)s hosts “%(title)s” too."),
            outline=_("Your organisation is asked to host an event."),
            icon="calendar",
            asks=True,
            template="events/hosting_asked",
            link="events:answer_co_hosting",
        ),
        "hosted_changed": NotificationKind(
            sentence=_("%(actor)s changed “%(title)s”, which %(about)s hosts too."),
            outline=_("An event that your organisation hosts was changed."),
            icon="calendar",
            asks=True,
            template="events/hosted_changed",
            link="events:answer_co_hosting",
        ),
    },
    waiting=(hosting_asked,),
)
