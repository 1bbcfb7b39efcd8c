"""Press registration of an event: `desk` below `/workspaces/`, `root` (a journalist's link) below the site's
root, `public_event` (asking to come) below `/<language>/events/`."""

from django.urls import URLPattern, URLResolver, path

from events.press.registration import views
from events.press.registration.check_in import views as check_in_views

_PRESS = "events/<uuid:event>/press/"
_PHONE = f"{_PRESS}door/codes/"
_GUEST = f"{_PRESS}<uuid:guest>/"

root: list[URLPattern | URLResolver] = [
    path(
        "press-registration/<str:token>/",
        views.OwnPressRegistrationView.as_view(),
        name="press_registration_link",
    ),
]
public_event: list[URLPattern | URLResolver] = [
    path("<slug:slug>/press/", views.PressRequestView.as_view(), name="press_registration"),
    path(
        "<slug:slug>/press/sent/",
        views.PressRequestSentView.as_view(),
        name="press_registration_sent",
    ),
]
desk: list[URLPattern | URLResolver] = [
    path(_PRESS, views.guests, name="press_guests"),
    path(f"{_PRESS}terms/", views.press_terms, name="press_terms"),
    path(f"{_PRESS}close/", views.close_registration, name="press_close"),
    path(f"{_PRESS}door/", views.check_in_page, name="press_door"),
    path(f"{_PRESS}paper/", views.print_check_in_list, name="press_paper"),
    path(f"{_PRESS}list.pdf", views.guest_list, name="press_list_pdf"),
    path(f"{_PRESS}badges.pdf", views.badges, name="press_badges_pdf"),
    path(_PHONE, check_in_views.check_in_phone_page, name="press_phone"),
    path(f"{_PHONE}worker.js", check_in_views.check_in_service_worker, name="press_phone_worker"),
    path(f"{_PHONE}changes.json", check_in_views.check_in_changes, name="press_phone_changes"),
    path(f"{_PHONE}ticks/", check_in_views.submit_ticks, name="press_phone_ticks"),
    path(f"{_GUEST}answer/", views.answer_press_request, name="press_answer"),
    path(f"{_GUEST}here/", views.mark_guest_here, name="press_here"),
    path(f"{_GUEST}not-here/", views.undo_guest_here, name="press_not_here"),
]
