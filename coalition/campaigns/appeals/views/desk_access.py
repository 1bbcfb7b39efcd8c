"""How a page of the desk reaches an appeal, and what all of its pages show."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _, pgettext_lazy

from coalition.campaigns.appeals.desk_queries import appeals_for
from coalition.campaigns.appeals.enums import AppealStage
from coalition.campaigns.appeals.models import Appeal
from coalition.campaigns.appeals.permissions import may_lead_appeals, may_see_appeals, require_that
from coalition.campaigns.appeals.versions import version_title
from coalition.core.clock import now
from coalition.mail.outbox import absolute_url
from coalition.workspaces.access import get_access
from coalition.workspaces.permissions import Access

TABS = (
    ("overview", "campaigns:appeal", _("Overview")),
    ("versions", "campaigns:appeal_versions", _("Versions")),
    ("holds", "campaigns:appeal_holds", _("Held")),
    ("official", "campaigns:appeal_official", _("Official petition")),
    ("contacts", "campaigns:appeal_contacts", _("Contacts")),
    ("names", "campaigns:appeal_names", pgettext_lazy("of supporters", "Names")),
    ("hand_overs", "campaigns:appeal_hand_overs", _("Hand-overs")),
)
FOR_COORDINATORS = frozenset({"names"})


def appeal_of(request: HttpRequest, appeal: UUID) -> tuple[Access, Appeal]:
    """Return the person's access to the appeal's workspace, and the appeal. Raises Http404 for everyone who
    does not see it."""
    found = get_object_or_404(appeals_for(request.user), uuid=appeal)
    access = get_access(request, found.workspace.uuid)
    require_that(may_see_appeals(access))
    return access, found


def public_path(appeal: Appeal) -> str:
    """Return the path of its public page in the reader's language."""
    return reverse("support_appeal", args=[appeal.slug])


def desk_context(access: Access, appeal: Appeal, *, tab: str, **more: Any) -> dict[str, Any]:
    """Return what all pages of one appeal need, with `more`."""
    stage = appeal.stage_on(localdate(now()))
    may_lead = may_lead_appeals(access)
    return {
        "access": access,
        "workspace": access.workspace,
        "appeal": appeal,
        "title": version_title(appeal),
        "stage": stage,
        "is_open": stage == AppealStage.OPEN,
        "public_path": public_path(appeal) if appeal.opened_at is not None else "",
        "public_url": absolute_url(public_path(appeal)),
        "may_lead": may_lead,
        "tabs": [
            {"url": reverse(name, args=[appeal.uuid]), "label": str(label), "current": key == tab}
            for key, name, label in TABS
            if may_lead or key not in FOR_COORDINATORS
        ],
        **more,
    }
