"""The guest book of an exhibition: `desk` below `/workspaces/`, `urls` (a visitor's own page) below the root
of the site, `public` below `/<language>/events/`."""

from django.urls import URLPattern, URLResolver, path

from events.views import guest_book, guest_form

_BOOK = "events/<uuid:event>/guest-book/"
_ENTRY = f"{_BOOK}entries/<uuid:entry>/"

urls: list[URLPattern | URLResolver] = [
    path("my-words/<str:token>/", guest_form.own, name="own_guest_entry"),
]
public: list[URLPattern | URLResolver] = [
    path("<slug:slug>/guest-book/", guest_form.entries, name="guest_book"),
    path("<slug:slug>/guest-book/write/", guest_form.write, name="guest_book_write"),
]
desk: list[URLPattern | URLResolver] = [
    path(_BOOK, guest_book.book, name="guest_book"),
    path(f"{_BOOK}terms/", guest_book.terms, name="guest_book_terms"),
    path(f"{_BOOK}book.pdf", guest_book.pdf, name="guest_book_pdf"),
    path(f"{_BOOK}code.pdf", guest_book.code_pdf, name="guest_book_code"),
    path(_ENTRY, guest_book.entry, name="guest_entry"),
    path(f"{_ENTRY}again/<slug:state>/", guest_book.again, name="guest_entry_again"),
    path(f"{_ENTRY}cared/", guest_book.cared, name="guest_entry_cared"),
]
