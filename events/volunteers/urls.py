"""Shifts of an event: `desk` below `/workspaces/`, `urls` (a volunteer's own page) below the site's root,
`public` (signing up by a link) below the language."""

from django.urls import URLPattern, URLResolver, path

from events.views import own_shifts, shift_links, shifts, sign_up

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
    path(_SHIFTS, shifts.plan, name="shifts"),
    path(f"{_SHIFTS}plan.pdf", shifts.pdf, name="shifts_pdf"),
    path(f"{_SHIFTS}add/", shifts.add, name="shift_add"),
    path(f"{_SHIFTS}from-hours/", shifts.from_hours, name="shifts_from_hours"),
    path(f"{_SHIFTS}around/", shifts.around, name="shifts_around"),
    path(f"{_SHIFTS}join/", sign_up.joining, name="shifts_join"),
    path(f"{_SHIFTS}links/", shift_links.links, name="shift_links"),
    path(f"{_SHIFTS}links/<uuid:link>/take-back/", shift_links.end, name="shift_link_end"),
    path(_SHIFT, shifts.change, name="shift_change"),
    path(f"{_SHIFT}take-out/", shifts.remove, name="shift_take_out"),
    path(f"{_SHIFT}back/", shifts.restore, name="shift_back"),
    path(f"{_TURN}came/", shifts.came, name="shift_came"),
    path(f"{_TURN}take-off/", shifts.take_off, name="shift_take_off"),
]
