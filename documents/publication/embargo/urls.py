"""Embargoes: the pages of people of outlets, below the site's root (`urls`), and those of the desk."""

from django.urls import URLPattern, URLResolver, path

from documents.publication.embargo.views import desk as publication_desk_views
from documents.publication.embargo.views import outlet

_TEXT = "embargo/<str:token>/<str:language>/"
_DESK = "publications/<uuid:publication>/press/"

urls: list[URLPattern | URLResolver] = [
    path("embargo/<str:token>/", outlet.landing, name="embargo"),
    path("embargo/<str:token>/calendar/", outlet.calendar, name="embargo_calendar"),
    path(_TEXT, outlet.text, name="embargo_text"),
    path(f"{_TEXT}file/", outlet.download, name="embargo_file"),
    path(f"{_TEXT}pictures/<uuid:file>/", outlet.picture, name="embargo_picture"),
]
desk: list[URLPattern | URLResolver] = [
    path("rounds/<uuid:round_uuid>/schedule/", publication_desk_views.schedule_round, name="schedule"),
    path(_DESK, publication_desk_views.embargo, name="embargo"),
    path(f"{_DESK}lift/", publication_desk_views.lift, name="lift"),
    path(f"{_DESK}calls/", publication_desk_views.calls, name="calls"),
    path(f"{_DESK}put-off/", publication_desk_views.put_it_off, name="put_off"),
    path(f"{_DESK}offer/", publication_desk_views.offer_it, name="offer"),
    path(f"{_DESK}<uuid:access_uuid>/agreed/", publication_desk_views.agreed, name="embargo_agreed"),
    path(
        f"{_DESK}<uuid:access_uuid>/calendar/", publication_desk_views.send_calendar, name="embargo_calendar"
    ),
    path(
        f"{_DESK}<uuid:access_uuid>/calendar/end/",
        publication_desk_views.end_calendar,
        name="embargo_calendar_end",
    ),
    path(f"{_DESK}<uuid:access_uuid>/take-back/", publication_desk_views.take_back, name="embargo_take_back"),
    path(
        f"{_DESK}outlets/<uuid:outlet>/take-back/",
        publication_desk_views.take_back_outlet,
        name="embargo_outlet",
    ),
]
