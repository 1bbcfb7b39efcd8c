"""Press registration of an event: `desk` below `/workspaces/`, `root` (a journalist's link) below the site's
root, `public_event` (asking to come) below `/<language>/events/`."""

from django.urls import URLPattern, URLResolver, path

from events.press.registration import views as registration_views
from events.press.registration.check_in import views

_PRESS = "events/<uuid:event>/press/"
_PHONE = f"{_PRESS}door/codes/"
_GUEST = f"{_PRESS}<uuid:guest>/"

root: list[URLPattern | URLResolver] = [
    path(
        "press-registration/<str:token>/",
        registration_views.OwnRegistration.as_view(),
        name="press_registration_link",
    ),
]
public_event: list[URLPattern | URLResolver] = [
    path("<slug:slug>/press/", registration_views.AskToCome.as_view(), name="press_registration"),
    path(
        "<slug:slug>/press/sent/",
        registration_views.RegistrationSent.as_view(),
        name="press_registration_sent",
    ),
]
desk: list[URLPattern | URLResolver] = [
    path(_PRESS, registration_views.guests, name="press_guests"),
    path(f"{_PRESS}terms/", registration_views.terms, name="press_terms"),
    path(f"{_PRESS}close/", registration_views.close, name="press_close"),
    path(f"{_PRESS}door/", registration_views.at_the_door, name="press_door"),
    path(f"{_PRESS}paper/", registration_views.paper, name="press_paper"),
    path(f"{_PRESS}list.pdf", registration_views.guest_list, name="press_list_pdf"),
    path(f"{_PRESS}badges.pdf", registration_views.badges, name="press_badges_pdf"),
    path(_PHONE, views.page, name="press_phone"),
    path(f"{_PHONE}worker.js", views.worker, name="press_phone_worker"),
    path(f"{_PHONE}changes.json", views.changes, name="press_phone_changes"),
    path(f"{_PHONE}ticks/", views.send, name="press_phone_ticks"),
    path(f"{_GUEST}answer/", registration_views.answer, name="press_answer"),
    path(f"{_GUEST}here/", registration_views.here, name="press_here"),
    path(f"{_GUEST}not-here/", registration_views.not_here, name="press_not_here"),
]
