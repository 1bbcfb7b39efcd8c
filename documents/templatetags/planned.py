"""What is planned to become public from a round, where the round is shown."""

from django import template
from django.urls import reverse

from coalition.jobs.date_formats import moment_with_time_zone
from documents.approval.models import ApprovalRound
from documents.drafts.models import PublicationState
from documents.publication.presenters import lateness_sentence
from documents.publication.queries import planned_of

register = template.Library()


@register.inclusion_tag("documents/embargo/_planned.html")
def planned(round_: ApprovalRound) -> dict[str, object]:
    """One line with the moment, or since when it is late; or nothing. The caller shows the round, so the
    person may read its draft."""
    found = planned_of(round_)
    if found is None:
        return {}
    scheduled = found.state == PublicationState.SCHEDULED and found.scheduled_at is not None
    return {
        "planned_url": reverse("documents:embargo", args=[found.uuid]),
        "lateness": lateness_sentence(found),
        "moment": moment_with_time_zone(found.scheduled_at) if scheduled and found.scheduled_at else "",
    }
