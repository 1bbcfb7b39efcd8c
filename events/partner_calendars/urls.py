"""Partners' calendars: below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.partner_calendars import views

_ONE = "<uuid:workspace>/partner-calendars/<uuid:calendar>/"

desk: list[URLPattern | URLResolver] = [
    path("<uuid:workspace>/partner-calendars/", views.calendars, name="partner_calendars"),
    path(_ONE, views.calendar, name="partner_calendar"),
    path(f"{_ONE}progress/", views.progress, name="partner_calendar_progress"),
    path(f"{_ONE}review/", views.review, name="partner_calendar_review"),
    path(f"{_ONE}take-back/", views.take_back, name="partner_calendar_take_back"),
    path(f"{_ONE}only-times/", views.only_times, name="partner_calendar_only_times"),
    path(f"{_ONE}words/", views.words, name="partner_calendar_words"),
    path(f"{_ONE}read/", views.read, name="partner_calendar_read"),
    path(f"{_ONE}remove/", views.remove, name="partner_calendar_remove"),
    path(f"{_ONE}bring-back/", views.bring_back, name="partner_calendar_bring_back"),
]
