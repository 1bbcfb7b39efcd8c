"""Sittings of parliament and other dates to avoid, and how conflicts read."""

import datetime
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext as _, gettext_lazy

from coalition.accounts.models import REGIONS
from coalition.accounts.naming import Viewer, display_name_for
from coalition.accounts.views.access import get_viewer
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.localized_text import nest_quotes
from coalition.workspaces import visits
from coalition.workspaces.access import get_access, post_action
from coalition.workspaces.generic_views import MemberFormView
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import workspaces_for
from documents.drafts.permissions import require_that
from events.conflicts.forms import SittingForm
from events.conflicts.models import Sitting
from events.conflicts.rules import Clash, Reason
from events.core.audit import record_action
from events.core.formatting import span_in_words
from events.core.models import Event
from events.core.naming import hosts_of
from events.core.permissions import may_plan
from events.core.queries import text_in
from events.partner_calendars.models import PartnerTime

MAX_SITTING_LENGTH = datetime.timedelta(days=31)


def enter_sitting(
    *, access: Access, body: str, region: str, starts_at: datetime.datetime, ends_at: datetime.datetime
) -> Sitting:
    """Enter a sitting in the access's workspace. `region` empty: it matters everywhere.

    Raises NotAllowed; Refused if it ends before it begins or lasts longer than a month.
    """
    require_that(may_plan(access))
    if ends_at <= starts_at:
        raise Refused(gettext_lazy("The sitting ends before it begins: check the times."))
    if ends_at - starts_at > MAX_SITTING_LENGTH:
        raise Refused(gettext_lazy("A sitting lasts a month at most: enter its days one by one."))
    with transaction.atomic():
        sitting = Sitting.objects.create(
            workspace=access.workspace,
            organisation=access.organisation,
            entered_by=access.user,
            body=body.strip(),
            region=region,
            starts_at=starts_at,
            ends_at=ends_at,
        )
        record_action(access, "sitting.entered", "sitting", sitting.uuid, access.workspace)
    return sitting


def set_sitting_removed(*, access: Access, sitting: Sitting, removed: bool) -> Sitting:
    """Remove a sitting from the calendar, or restore it. Idempotent."""
    with transaction.atomic():
        locked = Sitting.objects.select_for_update().get(pk=sitting.pk, workspace=access.workspace)
        require_that(may_plan(access))
        if (locked.removed_at is not None) == removed:
            return locked
        locked.removed_at = now() if removed else None
        locked.save(update_fields=["removed_at"])
        action = "sitting.removed" if removed else "sitting.brought_back"
        record_action(access, action, "sitting", locked.uuid, access.workspace)
    return locked


def sittings_for(
    user: object, workspace: Workspace | None = None, *, removed: bool = False
) -> QuerySet[Sitting]:
    """Return sittings entered in the person's workspaces; with `removed` those that can be restored."""
    rows = Sitting.objects.filter(workspace__in=workspaces_for(user), removed_at__isnull=not removed)
    if workspace is not None:
        rows = rows.filter(workspace=workspace)
    return rows.select_related("workspace", "organisation")


def sittings_between(
    sittings: QuerySet[Sitting], first: datetime.datetime, last: datetime.datetime
) -> QuerySet[Sitting]:
    """Return those that overlap the range between two aware moments."""
    return sittings.filter(starts_at__lt=last, ends_at__gt=first)


class SittingsView(MemberFormView):
    """List upcoming sittings; on POST, enter one."""

    form_class = SittingForm
    template_name = "events/conflicts/sittings.html"
    success_message = gettext_lazy("Entered. Whoever plans against it is told.")
    access: Access

    def load(self) -> None:
        self.access = get_access(self.request, self.kwargs["workspace"])
        if self.request.method == "POST":
            require_that(may_plan(self.access), _("Editors and coordinators enter sittings here."))

    def get_success_url(self) -> str:
        return reverse("events:sittings", args=[self.access.workspace.uuid])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = sittings_for(self.request.user, self.access.workspace).filter(ends_at__gte=now())
        viewer = get_viewer(self.request)
        return super().get_context_data(**kwargs) | {
            "access": self.access,
            "workspace": self.access.workspace,
            "tab": "calendar",
            "rows": [
                {
                    "sitting": one,
                    "when": span_in_words(timezone.localtime(one.starts_at), timezone.localtime(one.ends_at)),
                    "region": REGIONS.get(one.region, ""),
                    "by": display_name_for(viewer, one.organisation),
                }
                for one in rows.order_by("starts_at", "id")
            ],
            "may_plan": may_plan(self.access),
        }

    def save(self, form: SittingForm) -> None:
        enter_sitting(access=self.access, **form.cleaned_data)


@post_action("events:sittings")
def remove_sitting(request: HttpRequest, access: Access, sitting: UUID) -> None:
    """Remove a sitting, with an undo."""
    found = get_object_or_404(sittings_for(request.user, access.workspace), uuid=sitting)
    set_sitting_removed(access=access, sitting=found, removed=True)
    back = reverse("events:sitting_restore", args=[access.workspace.uuid, found.uuid])
    visits.offer_undo(request, text=_("The sitting is removed."), url=back)


@post_action("events:sittings")
def restore_sitting(request: HttpRequest, access: Access, sitting: UUID) -> None:
    """Restore a removed sitting."""
    found = get_object_or_404(sittings_for(request.user, access.workspace, removed=True), uuid=sitting)
    set_sitting_removed(access=access, sitting=found, removed=False)
    messages.success(request, _("The sitting is in the calendar again."))


@dataclass(frozen=True)
class Conflict:
    """One formatted conflict: what and when. `url`: its page, if the person may open it."""

    reason: Reason
    words: str
    when: str
    url: str = ""

    @property
    def is_loud(self) -> bool:
        return self.reason.is_loud


def describe_clash(clash: Clash, viewer: Viewer, zone: ZoneInfo) -> Conflict:
    """Format the clash for the viewer, with its time in the zone."""
    other = clash.other
    when = span_in_words(other.starts_at.astimezone(zone), other.ends_at.astimezone(zone))
    thing = other.thing
    if isinstance(thing, Event):
        words = _event_sentence(clash, thing, viewer)
        return Conflict(clash.reasons[0], words, when, thing.get_absolute_url())
    if isinstance(thing, PartnerTime):
        return Conflict(clash.reasons[0], _partner_sentence(clash, thing, viewer), when)
    assert isinstance(thing, Sitting)  # noqa: S101  the third kind of slot there is
    return Conflict(clash.reasons[0], _("%(body)s sits then.") % {"body": thing.body}, when)


def _event_sentence(clash: Clash, event: Event, viewer: Viewer) -> str:
    shared = clash.mine.organisations & clash.other.organisations
    names = ", ".join(display_name_for(viewer, one) for one in hosts_of(event) if one.pk in shared)
    values = {
        "title": nest_quotes(text_in(event, get_language() or "").title),
        "region": REGIONS.get(event.region, ""),
        "organisations": names,
    }
    if clash.reasons[0] == Reason.ORGANISATION:
        return _("%(organisations)s: hosts “%(title)s” at the same time.") % values
    if shared:
        return (
            _("%(region)s: “%(title)s” is there at the same time, hosted by %(organisations)s too.") % values
        )
    return _("%(region)s: “%(title)s” is there at the same time.") % values


def _partner_sentence(clash: Clash, row: PartnerTime, viewer: Viewer) -> str:
    values = {
        "organisation": display_name_for(viewer, row.calendar.organisation),
        "title": nest_quotes(row.title),
        "region": REGIONS.get(row.calendar.region, ""),
    }
    if clash.reasons[0] == Reason.PLACE:
        if row.title:
            return _("%(region)s: %(organisation)s has “%(title)s” there at the same time.") % values
        return _("%(region)s: %(organisation)s is busy there at the same time.") % values
    if row.title:
        return _("%(organisation)s: has “%(title)s” in its calendar then.") % values
    return _("%(organisation)s: busy then.") % values
