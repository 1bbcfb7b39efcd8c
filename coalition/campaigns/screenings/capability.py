"""What screenings hand to the layers below."""

from django.utils.translation import gettext_lazy as _

from coalition.campaigns.core.sections import register_section
from coalition.campaigns.screenings import notifications
from coalition.campaigns.screenings.dashboard import screenings_to_answer
from coalition.campaigns.screenings.presenters import screenings_summary
from coalition.campaigns.screenings.queries import takers
from coalition.campaigns.screenings.retention import REQUESTS
from coalition.consent.items import register_takers
from coalition.roles import Right
from coalition.workspaces.capability import Capability


def _connect() -> None:
    notifications.register_screening_subjects()
    register_takers("video", takers)
    register_section(
        "screenings",
        title=_("Screenings"),
        url_name="campaigns:screenings",
        summary=screenings_summary,
        right=Right.PLAN,
        order=60,
    )


FILM_SCREENINGS = Capability(
    name="film_screenings",
    urls="coalition.campaigns.screenings.urls",
    audit_actions={
        "screening.asked": _("A screening of a film was asked for"),
        "screening.changed": _("A request for a screening was changed"),
        "screening.withdrawn": _("A request for a screening was withdrawn"),
        "screening.answered": _("A request for a screening answered"),
        "screening.done": _("A screening took place"),
    },
    notification_kinds=notifications.KINDS,
    retention_rules=(REQUESTS,),
    seated=(screenings_to_answer,),
    connect=_connect,
)
