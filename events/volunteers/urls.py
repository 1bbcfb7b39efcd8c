"""Shifts of an event: `desk` below `/workspaces/`, `root` (a volunteer's own page) below the site's root,
`public` (signing up by a link) below the language."""

from django.urls import URLPattern, URLResolver, path

from events.volunteers import views
from events.volunteers.views import (
    MemberSignUpView,
    OwnShiftsView,
    SignUpSentView,
    SignUpView,
    download_certificate,
)

_SHIFTS = "events/<uuid:event>/shifts/"
_SHIFT = f"{_SHIFTS}<uuid:shift>/"
_ASSIGNMENT = f"{_SHIFTS}turns/<uuid:assignment>/"

root: list[URLPattern | URLResolver] = [
    path("my-shifts/<str:token>/", OwnShiftsView.as_view(), name="own_shifts"),
    path("my-shifts/<str:token>/certificate.pdf", download_certificate, name="shift_certificate"),
]
public: list[URLPattern | URLResolver] = [
    path("shifts/<str:token>/", SignUpView.as_view(), name="shift_sign_up"),
    path("shifts/<str:token>/sent/", SignUpSentView.as_view(), name="shift_sign_up_sent"),
]
desk: list[URLPattern | URLResolver] = [
    path(_SHIFTS, views.shift_plan_page, name="shifts"),
    path(f"{_SHIFTS}plan.pdf", views.download_shift_plan, name="shifts_pdf"),
    path(f"{_SHIFTS}add/", views.ShiftFormView.as_view(), name="shift_add"),
    path(f"{_SHIFTS}from-hours/", views.FromHoursView.as_view(), name="shifts_from_hours"),
    path(f"{_SHIFTS}around/", views.ShiftPlanFormView.as_view(), name="shifts_around"),
    path(f"{_SHIFTS}join/", MemberSignUpView.as_view(), name="shifts_join"),
    path(f"{_SHIFTS}links/", views.ShiftLinksView.as_view(), name="shift_links"),
    path(f"{_SHIFTS}links/<uuid:link>/take-back/", views.end_sign_up_link, name="shift_link_end"),
    path(_SHIFT, views.ShiftFormView.as_view(), name="shift_change"),
    path(f"{_SHIFT}take-out/", views.remove_shift, name="shift_remove"),
    path(f"{_SHIFT}back/", views.restore_shift, name="shift_restore"),
    path(f"{_ASSIGNMENT}came/", views.mark_attendance, name="shift_came"),
    path(f"{_ASSIGNMENT}take-off/", views.remove_from_shift, name="shift_take_off"),
]
