"""What uses of helplines hand to the layers below."""

import datetime

from django.utils.translation import gettext_lazy as _

from coalition.campaigns.core.sections import register_section
from coalition.campaigns.helplines.mentions import register_mentions
from coalition.campaigns.helplines.uses import dashboard, draft_check, notifications, retention
from coalition.campaigns.helplines.uses.actions import REMIND, remind_of_staffing
from coalition.campaigns.helplines.uses.enums import USE_KIND, UseFlag
from coalition.campaigns.helplines.uses.presenters import uses_summary
from coalition.campaigns.helplines.uses.queries import uses_for
from coalition.workspaces.capability import Capability, RecurringWork
from coalition.workspaces.notifications.kinds import register_subject
from coalition.workspaces.sentence_params import register_labels

LOOK = datetime.timedelta(minutes=15)


def _connect() -> None:
    register_labels({"flag": dict(UseFlag.choices)})
    register_subject(USE_KIND, visible=uses_for, describe=notifications.describe_uses)
    register_mentions(dashboard.helpline_mentions)
    register_section(
        "helpline_uses",
        title=_("Helpline numbers on posters, clips and cards"),
        url_name="campaigns:helpline_uses",
        summary=uses_summary,
        order=40,
    )
    draft_check.register_helpline_checks()


HELPLINE_USES = Capability(
    name="helpline_uses",
    urls="coalition.campaigns.helplines.uses.urls",
    audit_actions={
        "helpline_use.added": _("Use of a helpline's number planned"),
        "helpline_use.changed": _("Use of a helpline's number changed"),
        "helpline_use.ended": _("Use of a helpline's number ended"),
        "helpline_use.brought_back": _("Use of a helpline's number brought back"),
        "helpline_use.staffed": _("Helpline confirmed as staffed"),
        "helpline_use.not_staffed": _("Helpline said to be not staffed"),
    },
    activities={"helpline_use_added": _("%(actor)s uses a number of the register: “%(title)s”.")},
    notification_kinds=notifications.KINDS,
    retention_rules=(retention.RULE,),
    due_work={REMIND: remind_of_staffing},
    recurring=(RecurringWork("campaigns.tell_of_helpline_flags", notifications.notify_of_flags, LOOK),),
    waiting=(dashboard.staffing_asked,),
    seated=(dashboard.uses_flagged,),
    connect=_connect,
)
