"""Spokespersons: `desk` below `/workspaces/`; `root` (a person's own link) below the site's root."""

from django.urls import URLPattern, URLResolver, path

from events.press.spokespersons import views

_DESK = "<uuid:workspace>/press/speakers/"
_ONE = f"{_DESK}<uuid:spokesperson>/"

root: list[URLPattern | URLResolver] = [
    path("speaking/<str:token>/", views.spokesperson_link_page, name="speaking_link"),
]
desk: list[URLPattern | URLResolver] = [
    path("speaking/", views.own_speaking_page, name="speaking"),
    path("speaking/<uuid:spokesperson>/", views.answer_naming_request, name="speaking_answer"),
    path(_DESK, views.speakers, name="press_speakers"),
    path(f"{_DESK}new/", views.add_spokesperson, name="press_speaker_add"),
    path(_ONE, views.change_spokesperson, name="press_speaker"),
    path(f"{_ONE}ask/", views.ask_spokesperson_again, name="press_speaker_ask"),
    path(f"{_ONE}remove/", views.remove_spokesperson, name="press_speaker_remove"),
    path(f"{_ONE}bring-back/", views.restore_spokesperson, name="press_speaker_back"),
]
