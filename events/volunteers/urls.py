"""Shifts of an event: `desk` below `/workspaces/`, `urls` (a volunteer's own page) below the site's root,
`public` (signing up by a link) below the language."""

from django.urls import URLPattern, URLResolver, path

from events.volunteers.views import desk as volunteers_desk_views
from events.volunteers.views import links, own_shifts, sign_up

_SHIFTS = "events/<uuid:event>/shifts/"
_SHIFT = f"{_SHIFTS}<uuid:shift>/"
_TURN = f"{_SHIFTS}turns/<uuid:turn>/"

urls: list[URLPattern | URLResolver] = [
    path("my-shifts/<str:token>/", own_shifts.own_shifts, name="own_shifts"),
    path("my-shifts/<str:token>/certificate.pdf", own_shifts.certificate, name="shift_certificate"),
]
public: list[URLPattern | URLResolver] = [
    path("shifts/<str:token>/", sign_up.sign_up, name="shift_sign_up"),
    path("shifts/<str:token>/sent/", sign_up.sent, name="shift_sign_up_sent"),
]
desk: list[URLPattern | URLResolver] = [
    path(_SHIFTS, volunteers_desk_views.plan, name="shifts"),
    path(f"{_SHIFTS}plan.pdf", volunteers_desk_views.pdf, name="shifts_pdf"),
    path(f"{_SHIFTS}add/", volunteers_desk_views.add, name="shift_add"),
    path(f"{_SHIFTS}from-hours/", volunteers_desk_views.from_hours, name="shifts_from_hours"),
    path(f"{_SHIFTS}around/", volunteers_desk_views.around, name="shifts_around"),
    path(f"{_SHIFTS}join/", sign_up.joining, name="shifts_join"),
    path(f"{_SHIFTS}links/", links.links, name="shift_links"),
    path(f"{_SHIFTS}links/<uuid:link>/take-back/", links.end, name="shift_link_end"),
    path(_SHIFT, volunteers_desk_views.change, name="shift_change"),
    path(f"{_SHIFT}take-out/", volunteers_desk_views.remove, name="shift_take_out"),
    path(f"{_SHIFT}back/", volunteers_desk_views.restore, name="shift_back"),
    path(f"{_TURN}came/", volunteers_desk_views.came, name="shift_came"),
    path(f"{_TURN}take-off/", volunteers_desk_views.take_off, name="shift_take_off"),
]
