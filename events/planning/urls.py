"""The members' calendar and the planning of events: below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.calendar import views as calendar_views
from events.cohosts import views as cohosts_views
from events.planning.views import event, plan
from events.production.fallback_venue import views as fallback_venue_views

urls: list[URLPattern | URLResolver] = [
    path("calendar/", calendar_views.calendar, name="calendar"),
    path("<uuid:workspace>/calendar/", calendar_views.workspace_calendar, name="workspace_calendar"),
    path("<uuid:workspace>/events/new/", plan.plan, name="plan"),
    path("events/<uuid:event>/", event.event, name="event"),
    path("events/<uuid:event>/event.ics", event.file, name="file"),
    path("events/<uuid:event>/change/", plan.change, name="change"),
    path("events/<uuid:event>/hours/", plan.hours, name="hours"),
    path("events/<uuid:event>/announce/", event.announce, name="announce"),
    path("events/<uuid:event>/move/", event.move, name="move"),
    path("events/<uuid:event>/second-place/", fallback_venue_views.second_place, name="second_place"),
    path("events/<uuid:event>/second-place/use/", fallback_venue_views.use, name="second_place_use"),
    path("events/<uuid:event>/cancel/", event.cancel, name="cancel"),
    path("events/<uuid:event>/audiences/", plan.audiences, name="audiences"),
    path("events/<uuid:event>/dates/add/", plan.add, name="date_add"),
    path("events/<uuid:event>/dates/<str:on>/leave-out/", plan.leave_out, name="date_leave_out"),
    path("events/<uuid:event>/dates/<str:on>/move/", plan.move, name="date_move"),
    path("events/<uuid:event>/dates/<str:on>/take-back/", plan.take_back, name="date_back"),
    path("events/<uuid:event>/co-hosts/", cohosts_views.co_hosts, name="co_hosts"),
    path(
        "events/<uuid:event>/co-hosts/<uuid:organisation>/take-back/",
        cohosts_views.take_request_back,
        name="co_host_take_back",
    ),
    path("events/<uuid:event>/answer-co-hosting/", cohosts_views.answer_hosting, name="answer_co_hosting"),
]
