"""Partners' calendars: below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.views import partner_calendars, partner_review

_ONE = "<uuid:workspace>/partner-calendars/<uuid:calendar>/"

urls: list[URLPattern | URLResolver] = [
    path("<uuid:workspace>/partner-calendars/", partner_calendars.calendars, name="partner_calendars"),
    path(_ONE, partner_review.calendar, name="partner_calendar"),
    path(f"{_ONE}progress/", partner_review.progress, name="partner_calendar_progress"),
    path(f"{_ONE}review/", partner_review.review, name="partner_calendar_review"),
    path(f"{_ONE}take-back/", partner_review.take_back, name="partner_calendar_take_back"),
    path(f"{_ONE}only-times/", partner_calendars.only_times, name="partner_calendar_only_times"),
    path(f"{_ONE}words/", partner_calendars.words, name="partner_calendar_words"),
    path(f"{_ONE}read/", partner_calendars.read, name="partner_calendar_read"),
    path(f"{_ONE}remove/", partner_calendars.remove, name="partner_calendar_remove"),
    path(f"{_ONE}bring-back/", partner_calendars.bring_back, name="partner_calendar_bring_back"),
]
