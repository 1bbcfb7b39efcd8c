"""What monthly figures hand to the layers below."""

from django.utils.translation import gettext_lazy as _

from coalition.campaigns.helplines.figures import dashboard, notifications
from coalition.campaigns.helplines.figures.retention import MONTHS, PEOPLE
from coalition.workspaces.capability import Capability
from coalition.workspaces.notifications.kinds import NotificationKind

HELPLINE_FIGURES = Capability(
    name="helpline_figures",
    urls="coalition.campaigns.helplines.figures.urls",
    audit_actions={
        "helpline.figures_entered": _("Figures of a month entered"),
        "helpline.figures_corrected": _("Figures of a month corrected"),
        "helpline.figures_proposed": _("Figures of helplines proposed for publication"),
        "helpline.figures_agreed": _("Publication of figures agreed to"),
        "helpline.figures_refused": _("Publication of figures not agreed to"),
        "helpline.figures_left_out": _("Organisation left out of a publication of figures"),
        "helpline.figures_published": _("Figures of helplines published"),
        "helpline.figures_replaced": _("Published figures corrected"),
        "helpline.figures_withdrawn": _("Published figures withdrawn"),
        "helpline.figures_dropped": _("Proposed figures dropped"),
    },
    notification_kinds={
        notifications.ASKED: NotificationKind(
            sentence=_(
                "%(organisation)s proposes to publish “%(title)s”. See exactly what would be public, and say"
                " whether your organisation agrees."
            ),
            outline=_("Your organisation is asked whether figures of its helplines may be published."),
            icon="table",
            asks=True,
        )
    },
    retention_rules=(MONTHS, PEOPLE),
    waiting=(dashboard.to_answer,),
    connect=notifications.register_figures_due,
)
