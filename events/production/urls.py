"""URLs of what prepares and closes an event: `desk` below `/workspaces/`, `root` by mailed links."""

from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _

from events.core.generic_views import removal_urls
from events.production.checklist import views as checklist_views
from events.production.checklist.actions import remove_task, restore_task
from events.production.debrief import views as debrief_views
from events.production.fallback_venue import views as fallback_venue_views
from events.production.running_order import views as running_order_views
from events.production.running_order.actions import remove_running_item, restore_running_item
from events.production.safety import views as safety_views
from events.production.speakers import views as speakers_views

_CHECKLIST = "events/<uuid:event>/checklist/"
_ORDER = "events/<uuid:event>/running-order/"
_SPEAKERS = "events/<uuid:event>/speakers/"

desk: list[URLPattern | URLResolver] = [
    path(_CHECKLIST, checklist_views.checklist, name="checklist"),
    path(f"{_CHECKLIST}begin/", checklist_views.begin_event_checklist, name="checklist_begin"),
    path(f"{_CHECKLIST}add/", checklist_views.TaskFormView.as_view(), name="task_add"),
    path(f"{_CHECKLIST}<uuid:task>/", checklist_views.TaskFormView.as_view(), name="task"),
    path(f"{_CHECKLIST}<uuid:task>/tick/", checklist_views.tick_task, name="task_tick"),
    *removal_urls(
        f"{_CHECKLIST}<uuid:item>/",
        "task",
        remove=remove_task,
        restore=restore_task,
        removed=_("The line is taken out."),
        restored=_("The line is back."),
        back="events:checklist",
        load=checklist_views.get_checklist_event_or_404,
    ),
    path("events/<uuid:event>/afterwards/", debrief_views.DebriefFormView.as_view(), name="afterwards"),
    path("events/<uuid:event>/afterwards/thank/<slug:group>/", debrief_views.thank_event_group, name="thank"),
    path("events/<uuid:event>/again/", debrief_views.PlanAgainView.as_view(), name="plan_again"),
    path(
        "events/<uuid:event>/second-place/",
        fallback_venue_views.FallbackVenueFormView.as_view(),
        name="second_place",
    ),
    path(
        "events/<uuid:event>/second-place/use/",
        fallback_venue_views.use_fallback_venue,
        name="second_place_use",
    ),
    path(_ORDER, running_order_views.RunningOrderView.as_view(), name="running_order"),
    path(f"{_ORDER}move/", running_order_views.move_running_item, name="running_move"),
    path(f"{_ORDER}add/", running_order_views.AddRunningItemView.as_view(), name="running_add"),
    path(f"{_ORDER}<uuid:item>/", running_order_views.ChangeRunningItemView.as_view(), name="running_item"),
    *removal_urls(
        f"{_ORDER}<uuid:item>/",
        "running_item",
        remove=remove_running_item,
        restore=restore_running_item,
        removed=_("The item is taken out."),
        restored=_("The item is back in its place."),
        back="events:running_order",
        load=running_order_views.get_prepared_event_or_404,
    ),
    path(f"{_ORDER}today/", running_order_views.running_order_today, name="running_today"),
    path(f"{_ORDER}today/say/", running_order_views.record_running_progress, name="running_say"),
    path(
        "events/<uuid:event>/running-order.pdf",
        running_order_views.download_running_order,
        name="running_pdf",
    ),
    path("events/<uuid:event>/safety/", safety_views.safety, name="safety"),
    path("events/<uuid:event>/safety/change/", safety_views.SafetyFormView.as_view(), name="safety_change"),
    path(_SPEAKERS, speakers_views.SpeakersView.as_view(), name="speakers"),
    path(f"{_SPEAKERS}<uuid:speaker>/again/", speakers_views.ask_speaker_again, name="speaker_again"),
    path(f"{_SPEAKERS}<uuid:speaker>/remove/", speakers_views.remove_speaker, name="speaker_remove"),
]

root: list[URLPattern | URLResolver] = [
    path("speaker/<str:token>/", speakers_views.speaker_link_page, name="event_speaker"),
]
