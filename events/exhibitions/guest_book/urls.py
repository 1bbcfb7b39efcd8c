"""The guest book of an exhibition: `desk` below `/workspaces/`, `urls` (a visitor's own page) below the root
of the site, `public` below `/<language>/events/`."""

from django.urls import URLPattern, URLResolver, path

from events.exhibitions.guest_book.views import desk as guest_book_desk_views
from events.exhibitions.guest_book.views import public as guest_book_public_views

_BOOK = "events/<uuid:event>/guest-book/"
_ENTRY = f"{_BOOK}entries/<uuid:entry>/"

urls: list[URLPattern | URLResolver] = [
    path("my-words/<str:token>/", guest_book_public_views.own, name="own_guest_entry"),
]
public: list[URLPattern | URLResolver] = [
    path("<slug:slug>/guest-book/", guest_book_public_views.entries, name="guest_book"),
    path("<slug:slug>/guest-book/write/", guest_book_public_views.write, name="guest_book_write"),
]
desk: list[URLPattern | URLResolver] = [
    path(_BOOK, guest_book_desk_views.book, name="guest_book"),
    path(f"{_BOOK}terms/", guest_book_desk_views.terms, name="guest_book_terms"),
    path(f"{_BOOK}book.pdf", guest_book_desk_views.pdf, name="guest_book_pdf"),
    path(f"{_BOOK}code.pdf", guest_book_desk_views.code_pdf, name="guest_book_code"),
    path(_ENTRY, guest_book_desk_views.entry, name="guest_entry"),
    path(f"{_ENTRY}again/<slug:state>/", guest_book_desk_views.again, name="guest_entry_again"),
    path(f"{_ENTRY}cared/", guest_book_desk_views.cared, name="guest_entry_cared"),
]
