"""The planning of events: below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.planning.views import event, plan

desk: list[URLPattern | URLResolver] = [
    path("<uuid:workspace>/events/new/", plan.plan_event_page, name="plan"),
    path("events/<uuid:event>/", event.event_page, name="event"),
    path("events/<uuid:event>/event.ics", event.download_event_file, name="file"),
    path("events/<uuid:event>/change/", plan.edit_event, name="change"),
    path("events/<uuid:event>/hours/", plan.hours, name="hours"),
    path("events/<uuid:event>/announce/", event.announce, name="announce"),
    path("events/<uuid:event>/move/", event.reschedule_event, name="move"),
    path("events/<uuid:event>/cancel/", event.cancel, name="cancel"),
    path("events/<uuid:event>/audiences/", plan.audiences, name="audiences"),
    path("events/<uuid:event>/dates/add/", plan.add_event_date, name="date_add"),
    path("events/<uuid:event>/dates/<str:on>/leave-out/", plan.exclude_event_date, name="date_leave_out"),
    path("events/<uuid:event>/dates/<str:on>/move/", plan.move_event_date, name="date_move"),
    path("events/<uuid:event>/dates/<str:on>/take-back/", plan.restore_event_date, name="date_back"),
]
