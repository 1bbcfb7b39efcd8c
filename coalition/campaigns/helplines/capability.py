"""What helplines hand to the layers below."""

import datetime

from django.utils.translation import gettext_lazy as _

from coalition.campaigns.helplines import dashboard, notifications
from coalition.campaigns.helplines.retention import PEOPLE
from coalition.workspaces.capability import Capability, RecurringWork
from coalition.workspaces.notifications.kinds import NotificationKind

HELPLINES = Capability(
    name="helplines",
    urls="coalition.campaigns.helplines.urls",
    audit_actions={
        "helpline.added": _("Helpline added"),
        "helpline.changed": _("Entry of a helpline written"),
        "helpline.discarded": _("Entry of a helpline discarded"),
        "helpline.published": _("Entry of a helpline published"),
        "helpline.sent_back": _("Entry of a helpline sent back"),
        "helpline.checked": _("Helpline called and found as written"),
        "helpline.check_undone": _("Check of a helpline undone"),
        "helpline.suspended": _("Helpline hidden from the public"),
        "helpline.reinstated": _("Hidden helpline shown to the public again"),
        "helpline.retired": _("Helpline taken out of use"),
        "helpline.brought_back": _("Helpline brought back into use"),
    },
    notification_kinds={
        "helpline_published": NotificationKind(
            sentence=_("%(organisation)s reviewed “%(title)s”: what you proposed is published."),
            outline=_("What your organisation proposed about a helpline is published."),
            icon="check",
        ),
        "helpline_sent_back": NotificationKind(
            sentence=_("%(organisation)s sent “%(title)s” back: its page says what has to change."),
            outline=_("What your organisation proposed about a helpline was sent back."),
            icon="pen",
            asks=True,
        ),
        "helpline_suspended": NotificationKind(
            sentence=_(
                "%(organisation)s hid “%(title)s” from the public: its page says why. Call the line, then"
                " propose its entry again."
            ),
            outline=_("A helpline that your organisation answers for is hidden from the public."),
            icon="stop",
            asks=True,
        ),
        "helpline_check_due": NotificationKind(
            sentence=_(
                "Call “%(title)s” and compare everything with its entry: after 90 days without a check the"
                " public page hides it."
            ),
            outline=_("A helpline that your organisation answers for has to be checked."),
            icon="clock",
            asks=True,
        ),
        "helpline_licence_ends": NotificationKind(
            sentence=_(
                "The licence of “%(title)s” ends soon: after that day the public page hides the line."
            ),
            outline=_("The licence of a helpline that your organisation answers for ends soon."),
            icon="clock",
            asks=True,
        ),
    },
    retention_rules=(PEOPLE,),
    recurring=(
        RecurringWork(
            "campaigns.remind_of_helplines", notifications.remind, every=datetime.timedelta(hours=6)
        ),
    ),
    waiting=(dashboard.to_review, dashboard.to_reinstate, dashboard.to_check, dashboard.sent_back),
    connect=notifications.register_helpline_subjects,
)
