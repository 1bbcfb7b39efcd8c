"""The guest book of an exhibition: `desk` below `/workspaces/`, `root` (a visitor's own page) below the root
of the site, `public_event` below `/<language>/events/`."""

from django.urls import URLPattern, URLResolver, path

from events.exhibitions.guest_book import views

_BOOK = "events/<uuid:event>/guest-book/"
_ENTRY = f"{_BOOK}entries/<uuid:entry>/"

root: list[URLPattern | URLResolver] = [
    path("my-words/<str:token>/", views.own_guest_entry, name="own_guest_entry"),
]
public_event: list[URLPattern | URLResolver] = [
    path("<slug:slug>/guest-book/", views.entries, name="guest_book"),
    path("<slug:slug>/guest-book/write/", views.write_guest_entry, name="guest_book_write"),
]
desk: list[URLPattern | URLResolver] = [
    path(_BOOK, views.book, name="guest_book"),
    path(f"{_BOOK}terms/", views.guest_book_terms, name="guest_book_terms"),
    path(f"{_BOOK}book.pdf", views.download_guest_book, name="guest_book_pdf"),
    path(f"{_BOOK}code.pdf", views.download_code_sheet, name="guest_book_code"),
    path(_ENTRY, views.update_guest_entry, name="guest_entry"),
    path(f"{_ENTRY}again/<slug:state>/", views.undo_entry_decision, name="guest_entry_again"),
    path(f"{_ENTRY}cared/", views.mark_entry_cared_for, name="guest_entry_cared"),
]
