"""Addresses of a text and its editor; part of the namespace `documents`."""

from django.urls import URLPattern, URLResolver, path

from documents.drafts.access import TEXT
from documents.editor.views import confirm_up_to_date, edit_text_page, people_in_texts

desk: list[URLPattern | URLResolver] = [
    path("drafts/<uuid:draft>/people.json", people_in_texts, name="people"),
    path(TEXT, edit_text_page, name="text"),
    path(f"{TEXT}up-to-date/", confirm_up_to_date, name="up_to_date"),
]
