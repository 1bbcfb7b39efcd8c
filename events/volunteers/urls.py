"""Shifts of an event: `desk` below `/workspaces/`, `root` (a volunteer's own page) below the site's root,
`public` (signing up by a link) below the language."""

from django.urls import URLPattern, URLResolver, path

from events.volunteers.views import desk as views_desk
from events.volunteers.views import sign_up

_SHIFTS = "events/<uuid:event>/shifts/"
_SHIFT = f"{_SHIFTS}<uuid:shift>/"
_TURN = f"{_SHIFTS}turns/<uuid:turn>/"

root: list[URLPattern | URLResolver] = [
    path("my-shifts/<str:token>/", sign_up.own_shifts, name="own_shifts"),
    path("my-shifts/<str:token>/certificate.pdf", sign_up.certificate, name="shift_certificate"),
]
public: list[URLPattern | URLResolver] = [
    path("shifts/<str:token>/", sign_up.sign_up, name="shift_sign_up"),
    path("shifts/<str:token>/sent/", sign_up.sign_up_sent, name="shift_sign_up_sent"),
]
desk: list[URLPattern | URLResolver] = [
    path(_SHIFTS, views_desk.shift_plan_page, name="shifts"),
    path(f"{_SHIFTS}plan.pdf", views_desk.download_shift_plan, name="shifts_pdf"),
    path(f"{_SHIFTS}add/", views_desk.add_shift, name="shift_add"),
    path(f"{_SHIFTS}from-hours/", views_desk.from_hours, name="shifts_from_hours"),
    path(f"{_SHIFTS}around/", views_desk.edit_shift_plan, name="shifts_around"),
    path(f"{_SHIFTS}join/", sign_up.sign_up_as_member, name="shifts_join"),
    path(f"{_SHIFTS}links/", views_desk.shift_links_page, name="shift_links"),
    path(f"{_SHIFTS}links/<uuid:link>/take-back/", views_desk.end_sign_up_link, name="shift_link_end"),
    path(_SHIFT, views_desk.change_shift, name="shift_change"),
    path(f"{_SHIFT}take-out/", views_desk.remove_shift, name="shift_take_out"),
    path(f"{_SHIFT}back/", views_desk.restore_shift, name="shift_back"),
    path(f"{_TURN}came/", views_desk.mark_attendance, name="shift_came"),
    path(f"{_TURN}take-off/", views_desk.remove_from_shift, name="shift_take_off"),
]
