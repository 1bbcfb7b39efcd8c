"""The planning of events: below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.planning import views

desk: list[URLPattern | URLResolver] = [
    path("<uuid:workspace>/events/new/", views.PlanEventView.as_view(), name="plan"),
    path("events/<uuid:event>/", views.event_page, name="event"),
    path("events/<uuid:event>/event.ics", views.download_event_file, name="file"),
    path("events/<uuid:event>/change/", views.ChangeEventView.as_view(), name="change"),
    path("events/<uuid:event>/hours/", views.HoursView.as_view(), name="hours"),
    path("events/<uuid:event>/announce/", views.AnnounceView.as_view(), name="announce"),
    path("events/<uuid:event>/move/", views.MoveEventView.as_view(), name="move"),
    path("events/<uuid:event>/cancel/", views.CancelView.as_view(), name="cancel"),
    path("events/<uuid:event>/audiences/", views.audiences, name="audiences"),
    path("events/<uuid:event>/dates/add/", views.add_event_date, name="date_add"),
    path("events/<uuid:event>/dates/<str:on>/leave-out/", views.exclude_event_date, name="date_leave_out"),
    path("events/<uuid:event>/dates/<str:on>/move/", views.move_event_date, name="date_move"),
    path("events/<uuid:event>/dates/<str:on>/take-back/", views.restore_event_date, name="date_restore"),
]
