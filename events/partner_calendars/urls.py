"""Partners' calendars: below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.partner_calendars.views import calendars, review

_ONE = "<uuid:workspace>/partner-calendars/<uuid:calendar>/"

urls: list[URLPattern | URLResolver] = [
    path("<uuid:workspace>/partner-calendars/", calendars.calendars, name="partner_calendars"),
    path(_ONE, review.calendar, name="partner_calendar"),
    path(f"{_ONE}progress/", review.progress, name="partner_calendar_progress"),
    path(f"{_ONE}review/", review.review, name="partner_calendar_review"),
    path(f"{_ONE}take-back/", review.take_back, name="partner_calendar_take_back"),
    path(f"{_ONE}only-times/", calendars.only_times, name="partner_calendar_only_times"),
    path(f"{_ONE}words/", calendars.words, name="partner_calendar_words"),
    path(f"{_ONE}read/", calendars.read, name="partner_calendar_read"),
    path(f"{_ONE}remove/", calendars.remove, name="partner_calendar_remove"),
    path(f"{_ONE}bring-back/", calendars.bring_back, name="partner_calendar_bring_back"),
]
