"""Speakers of an event: `desk` below `/workspaces/`, `root` (a speaker's link) below the site's root."""

from django.urls import URLPattern, URLResolver, path

from events.production.speakers import views

_SPEAKERS = "events/<uuid:event>/speakers/"

root: list[URLPattern | URLResolver] = [
    path("speaker/<str:token>/", views.speaker_link_page, name="event_speaker")
]
desk: list[URLPattern | URLResolver] = [
    path(_SPEAKERS, views.speakers, name="speakers"),
    path(f"{_SPEAKERS}<uuid:speaker>/again/", views.ask_speaker_again, name="speaker_again"),
    path(f"{_SPEAKERS}<uuid:speaker>/remove/", views.remove_speaker, name="speaker_remove"),
]
