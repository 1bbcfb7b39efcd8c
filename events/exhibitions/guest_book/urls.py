"""The guest book of an exhibition: `desk` below `/workspaces/`, `root` (a visitor's own page) below the root
of the site, `public_event` below `/<language>/events/`."""

from django.urls import URLPattern, URLResolver, path

from events.exhibitions.guest_book import views

_BOOK = "events/<uuid:event>/guest-book/"
_ENTRY = f"{_BOOK}entries/<uuid:entry>/"

root: list[URLPattern | URLResolver] = [
    path("my-words/<str:token>/", views.own, name="own_guest_entry"),
]
public_event: list[URLPattern | URLResolver] = [
    path("<slug:slug>/guest-book/", views.entries, name="guest_book"),
    path("<slug:slug>/guest-book/write/", views.write, name="guest_book_write"),
]
desk: list[URLPattern | URLResolver] = [
    path(_BOOK, views.book, name="guest_book"),
    path(f"{_BOOK}terms/", views.terms, name="guest_book_terms"),
    path(f"{_BOOK}book.pdf", views.pdf, name="guest_book_pdf"),
    path(f"{_BOOK}code.pdf", views.code_pdf, name="guest_book_code"),
    path(_ENTRY, views.entry, name="guest_entry"),
    path(f"{_ENTRY}again/<slug:state>/", views.again, name="guest_entry_again"),
    path(f"{_ENTRY}cared/", views.cared, name="guest_entry_cared"),
]
