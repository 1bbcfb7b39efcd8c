"""Press registration of an event: `desk` below `/workspaces/`, `urls` (a journalist's link) below the site's
root."""

from django.urls import URLPattern, URLResolver, path

from events.views import press_form, press_guests, press_phone, press_sheets

_PRESS = "events/<uuid:event>/press/"
_PHONE = f"{_PRESS}door/codes/"
_GUEST = f"{_PRESS}<uuid:guest>/"

urls: list[URLPattern | URLResolver] = [
    path("press-registration/<str:token>/", press_form.link, name="press_registration_link"),
]
desk: list[URLPattern | URLResolver] = [
    path(_PRESS, press_guests.guests, name="press_guests"),
    path(f"{_PRESS}terms/", press_guests.terms, name="press_terms"),
    path(f"{_PRESS}close/", press_guests.close, name="press_close"),
    path(f"{_PRESS}door/", press_guests.at_the_door, name="press_door"),
    path(f"{_PRESS}paper/", press_guests.paper, name="press_paper"),
    path(f"{_PRESS}list.pdf", press_sheets.guest_list, name="press_list_pdf"),
    path(f"{_PRESS}badges.pdf", press_sheets.badges, name="press_badges_pdf"),
    path(_PHONE, press_phone.page, name="press_phone"),
    path(f"{_PHONE}worker.js", press_phone.worker, name="press_phone_worker"),
    path(f"{_PHONE}changes.json", press_phone.changes, name="press_phone_changes"),
    path(f"{_PHONE}ticks/", press_phone.send, name="press_phone_ticks"),
    path(f"{_GUEST}answer/", press_guests.answer, name="press_answer"),
    path(f"{_GUEST}here/", press_guests.here, name="press_here"),
    path(f"{_GUEST}not-here/", press_guests.not_here, name="press_not_here"),
]
