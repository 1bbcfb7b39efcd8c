"""URL patterns of open letters: `desk` for coordinators (namespace `documents`), `public_urls`
below `/<lang>/open-letter/`."""

from django.urls import URLPattern, URLResolver, path

from documents.open_letters import views

_LOGO = "publications/<uuid:publication>/letter/<uuid:joining>/logo/"

desk: list[URLPattern | URLResolver] = [
    path("publications/<uuid:publication>/letter/", views.manage_letter, name="letter"),
    path("publications/<uuid:publication>/letter/close/", views.close_open_letter, name="close_letter"),
    path(
        "publications/<uuid:publication>/letter/<uuid:joining>/admit/",
        views.admit_joining,
        name="admit_joining",
    ),
    path(
        "publications/<uuid:publication>/letter/<uuid:joining>/refuse/",
        views.refuse_joining,
        name="refuse_joining",
    ),
    path(_LOGO, views.joining_logo, name="joining_logo"),
    path(f"{_LOGO}<uuid:logo>/admit/", views.admit_logo, name="admit_logo"),
    path(f"{_LOGO}<uuid:logo>/refuse/", views.refuse_logo, name="refuse_logo"),
]
public_urls: list[URLPattern | URLResolver] = [
    path("link/<str:token>/", views.joining_link, name="letter_link"),
    path("link/<str:token>/logo/", views.logo_by_link, name="letter_link_logo"),
    path("<slug:slug>/logos/<uuid:logo>.png", views.public_logo, name="letter_logo"),
    path("<slug:slug>/", views.public_letter, name="open_letter"),
    path("<slug:slug>/sent/", views.joining_mail_sent, name="letter_sent"),
]
