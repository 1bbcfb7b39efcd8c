"""Embargoes: the pages of people of outlets, below the site's root (`root`), and those of the desk."""

from django.urls import URLPattern, URLResolver, path

from documents.publication.embargo import views

_TEXT = "embargo/<str:token>/<str:language>/"
_DESK = "publications/<uuid:publication>/press/"

root: list[URLPattern | URLResolver] = [
    path("embargo/<str:token>/", views.embargo_landing, name="embargo"),
    path("embargo/<str:token>/calendar/", views.request_embargo_calendar, name="embargo_calendar"),
    path(_TEXT, views.embargo_text, name="embargo_text"),
    path(f"{_TEXT}file/", views.embargo_download, name="embargo_file"),
    path(f"{_TEXT}pictures/<uuid:file>/", views.embargo_picture, name="embargo_picture"),
]
desk: list[URLPattern | URLResolver] = [
    path("rounds/<uuid:round_uuid>/schedule/", views.schedule_round, name="schedule"),
    path(_DESK, views.embargo_page, name="embargo"),
    path(f"{_DESK}lift/", views.lift_embargo, name="lift"),
    path(f"{_DESK}calls/", views.embargo_call_list, name="calls"),
    path(f"{_DESK}put-off/", views.cancel_schedule, name="put_off"),
    path(f"{_DESK}offer/", views.offer_to_contact, name="offer"),
    path(f"{_DESK}<uuid:access_uuid>/agreed/", views.record_phone_agreement, name="embargo_agreed"),
    path(f"{_DESK}<uuid:access_uuid>/calendar/", views.send_calendar, name="embargo_calendar"),
    path(
        f"{_DESK}<uuid:access_uuid>/calendar/end/",
        views.end_calendar,
        name="embargo_calendar_end",
    ),
    path(f"{_DESK}<uuid:access_uuid>/take-back/", views.end_embargo_access, name="embargo_take_back"),
    path(
        f"{_DESK}outlets/<uuid:outlet>/take-back/",
        views.end_outlet_access,
        name="embargo_outlet",
    ),
]
