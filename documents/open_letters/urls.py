"""Addresses of open letters: `desk` for coordinators (namespace `documents`), `public_urls` below
`/<lang>/open-letter/`."""

from django.urls import URLPattern, URLResolver, path

from documents.views import letter_desk, letter_logos, letters

_LOGO = "publications/<uuid:publication>/letter/<uuid:joining>/logo/"

desk: list[URLPattern | URLResolver] = [
    path("publications/<uuid:publication>/letter/", letter_desk.letter, name="letter"),
    path("publications/<uuid:publication>/letter/close/", letter_desk.close, name="close_letter"),
    path(
        "publications/<uuid:publication>/letter/<uuid:joining>/admit/",
        letter_desk.admit_one,
        name="admit_joining",
    ),
    path(
        "publications/<uuid:publication>/letter/<uuid:joining>/refuse/",
        letter_desk.refuse_one,
        name="refuse_joining",
    ),
    path(_LOGO, letter_logos.desk, name="joining_logo"),
    path(f"{_LOGO}<uuid:logo>/admit/", letter_logos.admit_one, name="admit_logo"),
    path(f"{_LOGO}<uuid:logo>/refuse/", letter_logos.refuse_one, name="refuse_logo"),
]
public_urls: list[URLPattern | URLResolver] = [
    path("link/<str:token>/", letters.link, name="letter_link"),
    path("link/<str:token>/logo/", letter_logos.by_link, name="letter_link_logo"),
    path("<slug:slug>/logos/<uuid:logo>.png", letter_logos.public, name="letter_logo"),
    path("<slug:slug>/", letters.letter, name="open_letter"),
    path("<slug:slug>/sent/", letters.sent, name="letter_sent"),
]
