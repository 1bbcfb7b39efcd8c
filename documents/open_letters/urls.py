"""Addresses of open letters: `desk` for coordinators (namespace `documents`), `public_urls` below
`/<lang>/open-letter/`."""

from django.urls import URLPattern, URLResolver, path

from documents.open_letters.views import desk as open_letters_desk_views
from documents.open_letters.views import logos, public

_LOGO = "publications/<uuid:publication>/letter/<uuid:joining>/logo/"

desk: list[URLPattern | URLResolver] = [
    path("publications/<uuid:publication>/letter/", open_letters_desk_views.letter, name="letter"),
    path("publications/<uuid:publication>/letter/close/", open_letters_desk_views.close, name="close_letter"),
    path(
        "publications/<uuid:publication>/letter/<uuid:joining>/admit/",
        open_letters_desk_views.admit_one,
        name="admit_joining",
    ),
    path(
        "publications/<uuid:publication>/letter/<uuid:joining>/refuse/",
        open_letters_desk_views.refuse_one,
        name="refuse_joining",
    ),
    path(_LOGO, logos.desk, name="joining_logo"),
    path(f"{_LOGO}<uuid:logo>/admit/", logos.admit_one, name="admit_logo"),
    path(f"{_LOGO}<uuid:logo>/refuse/", logos.refuse_one, name="refuse_logo"),
]
public_urls: list[URLPattern | URLResolver] = [
    path("link/<str:token>/", public.link, name="letter_link"),
    path("link/<str:token>/logo/", logos.by_link, name="letter_link_logo"),
    path("<slug:slug>/logos/<uuid:logo>.png", logos.public, name="letter_logo"),
    path("<slug:slug>/", public.letter, name="open_letter"),
    path("<slug:slug>/sent/", public.sent, name="letter_sent"),
]
