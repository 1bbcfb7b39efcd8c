"""Addresses of a text and its editor; part of the namespace `documents`."""

from django.urls import URLPattern, URLResolver, path

from documents.drafts.token_links import TEXT
from documents.editor.views import page, script_data

desk: list[URLPattern | URLResolver] = [
    path("drafts/<uuid:draft>/people.json", script_data.people_in_texts, name="people"),
    path(TEXT, page.edit_text_page, name="text"),
    path(f"{TEXT}up-to-date/", page.confirm_up_to_date, name="up_to_date"),
]
