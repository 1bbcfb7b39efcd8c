"""Addresses of drafts in the members' area; part of the namespace `documents`."""

from django.urls import URLPattern, URLResolver, path

from documents.drafts import views

desk: list[URLPattern | URLResolver] = [
    path("<uuid:workspace>/drafts/", views.drafts, name="drafts"),
    path("<uuid:workspace>/drafts/new/", views.CreateDraft.as_view(), name="create"),
    path("drafts/<uuid:draft>/", views.draft, name="draft"),
    path("drafts/<uuid:draft>/settings/", views.DraftSettings.as_view(), name="draft_settings"),
    path("drafts/<uuid:draft>/archive/", views.archive, name="archive"),
    path("drafts/<uuid:draft>/bring-back/", views.unarchive, name="draft_unarchive"),
]
