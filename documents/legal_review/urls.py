"""Addresses of legal review in the members' area; part of the namespace `documents`."""

from django.urls import URLPattern, URLResolver, path

from documents.drafts.addresses import TEXT
from documents.legal_review import views

desk: list[URLPattern | URLResolver] = [
    path("drafts/<uuid:draft>/legal/", views.legal, name="legal"),
    path("drafts/<uuid:draft>/legal/mark/", views.mark, name="legal_mark"),
    path(f"{TEXT}legal/", views.verdict, name="legal_verdict"),
]
