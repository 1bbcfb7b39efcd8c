"""Spokespersons: `desk` below `/workspaces/`; `urls` (a person's own link) below the site's root."""

from django.urls import URLPattern, URLResolver, path

from events.views import speaking, spokespersons

_DESK = "<uuid:workspace>/press/speakers/"
_ONE = f"{_DESK}<uuid:spokesperson>/"

urls: list[URLPattern | URLResolver] = [
    path("speaking/<str:token>/", speaking.link, name="speaking_link"),
]
desk: list[URLPattern | URLResolver] = [
    path("speaking/", speaking.mine, name="speaking"),
    path("speaking/<uuid:spokesperson>/", speaking.answer, name="speaking_answer"),
    path(_DESK, spokespersons.speakers, name="press_speakers"),
    path(f"{_DESK}new/", spokespersons.add, name="press_speaker_add"),
    path(_ONE, spokespersons.change, name="press_speaker"),
    path(f"{_ONE}ask/", spokespersons.ask_again, name="press_speaker_ask"),
    path(f"{_ONE}remove/", spokespersons.remove, name="press_speaker_remove"),
    path(f"{_ONE}bring-back/", spokespersons.put_back, name="press_speaker_back"),
]
