"""Speakers of an event: `desk` below `/workspaces/`, `urls` (a speaker's link) below the site's root."""

from django.urls import URLPattern, URLResolver, path

from events.views import speakers

_SPEAKERS = "events/<uuid:event>/speakers/"

urls: list[URLPattern | URLResolver] = [path("speaker/<str:token>/", speakers.link, name="event_speaker")]
desk: list[URLPattern | URLResolver] = [
    path(_SPEAKERS, speakers.speakers, name="speakers"),
    path(f"{_SPEAKERS}<uuid:speaker>/again/", speakers.again, name="speaker_again"),
    path(f"{_SPEAKERS}<uuid:speaker>/remove/", speakers.remove, name="speaker_remove"),
]
