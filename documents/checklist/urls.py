"""Address of the checklist of a draft; part of the namespace `documents`."""

from django.urls import URLPattern, URLResolver, path

from documents.checklist import views

desk: list[URLPattern | URLResolver] = [
    path("drafts/<uuid:draft>/check/", views.draft_checklist, name="check"),
]
