"""Embargoes: the pages of people of outlets, below the site's root (`urls`), and those of the desk."""

from django.urls import URLPattern, URLResolver, path

from documents.views import embargo, embargo_desk

_TEXT = "embargo/<str:token>/<str:language>/"
_DESK = "publications/<uuid:publication>/press/"

urls: list[URLPattern | URLResolver] = [
    path("embargo/<str:token>/", embargo.landing, name="embargo"),
    path("embargo/<str:token>/calendar/", embargo.calendar, name="embargo_calendar"),
    path(_TEXT, embargo.text, name="embargo_text"),
    path(f"{_TEXT}file/", embargo.download, name="embargo_file"),
    path(f"{_TEXT}pictures/<uuid:file>/", embargo.picture, name="embargo_picture"),
]
desk: list[URLPattern | URLResolver] = [
    path("rounds/<uuid:round_uuid>/schedule/", embargo_desk.schedule_round, name="schedule"),
    path(_DESK, embargo_desk.embargo, name="embargo"),
    path(f"{_DESK}lift/", embargo_desk.lift, name="lift"),
    path(f"{_DESK}calls/", embargo_desk.calls, name="calls"),
    path(f"{_DESK}put-off/", embargo_desk.put_it_off, name="put_off"),
    path(f"{_DESK}offer/", embargo_desk.offer_it, name="offer"),
    path(f"{_DESK}<uuid:access_uuid>/agreed/", embargo_desk.agreed, name="embargo_agreed"),
    path(f"{_DESK}<uuid:access_uuid>/calendar/", embargo_desk.send_calendar, name="embargo_calendar"),
    path(f"{_DESK}<uuid:access_uuid>/calendar/end/", embargo_desk.end_calendar, name="embargo_calendar_end"),
    path(f"{_DESK}<uuid:access_uuid>/take-back/", embargo_desk.take_back, name="embargo_take_back"),
    path(f"{_DESK}outlets/<uuid:outlet>/take-back/", embargo_desk.take_back_outlet, name="embargo_outlet"),
]
