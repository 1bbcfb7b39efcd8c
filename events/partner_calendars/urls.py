"""Partners' calendars: below `/workspaces/`."""

from django.urls import URLPattern, URLResolver, path

from events.partner_calendars import views

_ALL = "<uuid:workspace>/partner-calendars/"
_ONE = f"{_ALL}<uuid:calendar>/"

desk: list[URLPattern | URLResolver] = [
    path(
        "<uuid:workspace>/partner-calendars/", views.PartnerCalendarsView.as_view(), name="partner_calendars"
    ),
    path(_ONE, views.partner_calendar_page, name="partner_calendar"),
    path(f"{_ONE}progress/", views.progress, name="partner_calendar_progress"),
    path(f"{_ONE}review/", views.review_partner_events, name="partner_calendar_review"),
    path(f"{_ONE}take-back/", views.undo_review, name="partner_calendar_undo"),
    path(f"{_ONE}only-times/", views.hide_partner_event_texts, name="partner_calendar_only_times"),
    path(f"{_ONE}words/", views.share_partner_event_texts, name="partner_calendar_words"),
    path(f"{_ONE}read/", views.refresh_partner_calendar, name="partner_calendar_read"),
    path(f"{_ONE}remove/", views.remove_partner_calendar, name="partner_calendar_remove"),
    path(f"{_ONE}bring-back/", views.restore_partner_calendar, name="partner_calendar_restore"),
]
