"""URL patterns of open letters: `desk` for coordinators (namespace `documents`), `public_urls`
below `/<lang>/open-letter/`."""

from django.urls import URLPattern, URLResolver, path

from documents.open_letters import views

_LETTER = "publications/<uuid:publication>/letter/"
_JOINING = f"{_LETTER}<uuid:joining>/"

desk: list[URLPattern | URLResolver] = [
    path(_LETTER, views.LetterView.as_view(), name="letter"),
    path(f"{_LETTER}close/", views.close_letter, name="close_letter"),
    path(f"{_JOINING}admit/", views.admit_joining, name="admit_joining"),
    path(f"{_JOINING}refuse/", views.refuse_joining, name="refuse_joining"),
    path(f"{_JOINING}logo/", views.joining_logo, name="joining_logo"),
    path(f"{_JOINING}logo/<uuid:logo>/admit/", views.admit_logo, name="admit_logo"),
    path(f"{_JOINING}logo/<uuid:logo>/refuse/", views.refuse_logo, name="refuse_logo"),
]
public_urls: list[URLPattern | URLResolver] = [
    path("link/<str:token>/", views.OwnJoiningView.as_view(), name="letter_link"),
    path("link/<str:token>/logo/", views.OwnLogoView.as_view(), name="letter_link_logo"),
    path("<slug:slug>/logos/<uuid:logo>.png", views.public_logo, name="letter_logo"),
    path("<slug:slug>/", views.PublicLetterView.as_view(), name="open_letter"),
    path("<slug:slug>/sent/", views.LetterSentView.as_view(), name="letter_sent"),
]
