"""The members' calendar and the planning of events: below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.views import calendar, dates, event, hosts, hours, planning, second_place, telling

urls: list[URLPattern | URLResolver] = [
    path("calendar/", calendar.calendar, name="calendar"),
    path("<uuid:workspace>/calendar/", calendar.workspace_calendar, name="workspace_calendar"),
    path("<uuid:workspace>/events/new/", planning.plan, name="plan"),
    path("events/<uuid:event>/", event.event, name="event"),
    path("events/<uuid:event>/event.ics", event.file, name="file"),
    path("events/<uuid:event>/change/", planning.change, name="change"),
    path("events/<uuid:event>/hours/", hours.hours, name="hours"),
    path("events/<uuid:event>/announce/", telling.announce, name="announce"),
    path("events/<uuid:event>/move/", telling.move, name="move"),
    path("events/<uuid:event>/second-place/", second_place.second_place, name="second_place"),
    path("events/<uuid:event>/second-place/use/", second_place.use, name="second_place_use"),
    path("events/<uuid:event>/cancel/", telling.cancel, name="cancel"),
    path("events/<uuid:event>/audiences/", dates.audiences, name="audiences"),
    path("events/<uuid:event>/dates/add/", dates.add, name="date_add"),
    path("events/<uuid:event>/dates/<str:on>/leave-out/", dates.leave_out, name="date_leave_out"),
    path("events/<uuid:event>/dates/<str:on>/move/", dates.move, name="date_move"),
    path("events/<uuid:event>/dates/<str:on>/take-back/", dates.take_back, name="date_back"),
    path("events/<uuid:event>/co-hosts/", hosts.co_hosts, name="co_hosts"),
    path(
        "events/<uuid:event>/co-hosts/<uuid:organisation>/take-back/",
        hosts.take_request_back,
        name="co_host_take_back",
    ),
    path("events/<uuid:event>/answer-co-hosting/", hosts.answer_hosting, name="answer_co_hosting"),
]
