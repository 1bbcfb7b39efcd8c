"""Spokespersons: `desk` below `/workspaces/`; `urls` (a person's own link) below the site's root."""

from django.urls import URLPattern, URLResolver, path

from events.press.spokespersons.views import consent
from events.press.spokespersons.views import desk as spokespersons_desk_views

_DESK = "<uuid:workspace>/press/speakers/"
_ONE = f"{_DESK}<uuid:spokesperson>/"

urls: list[URLPattern | URLResolver] = [
    path("speaking/<str:token>/", consent.link, name="speaking_link"),
]
desk: list[URLPattern | URLResolver] = [
    path("speaking/", consent.mine, name="speaking"),
    path("speaking/<uuid:spokesperson>/", consent.answer, name="speaking_answer"),
    path(_DESK, spokespersons_desk_views.speakers, name="press_speakers"),
    path(f"{_DESK}new/", spokespersons_desk_views.add, name="press_speaker_add"),
    path(_ONE, spokespersons_desk_views.change, name="press_speaker"),
    path(f"{_ONE}ask/", spokespersons_desk_views.ask_again, name="press_speaker_ask"),
    path(f"{_ONE}remove/", spokespersons_desk_views.remove, name="press_speaker_remove"),
    path(f"{_ONE}bring-back/", spokespersons_desk_views.put_back, name="press_speaker_back"),
]
