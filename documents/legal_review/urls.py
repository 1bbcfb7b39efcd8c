"""Addresses of legal review in the members' area; part of the namespace `documents`."""

from django.urls import URLPattern, URLResolver, path

from documents.drafts.access import TEXT
from documents.legal_review import views

desk: list[URLPattern | URLResolver] = [
    path("drafts/<uuid:draft>/legal/", views.legal_review_page, name="legal"),
    path("drafts/<uuid:draft>/legal/mark/", views.mark_draft_for_lawyer, name="legal_mark"),
    path(f"{TEXT}legal/", views.give_verdict, name="legal_verdict"),
]
