"""Addresses of quotations: in the members' area (namespace `documents`), and for who is quoted."""

from django.urls import URLPattern, URLResolver, path

from documents.quotations import views

desk: list[URLPattern | URLResolver] = [
    path("drafts/<uuid:draft>/quotations/", views.draft_quotations, name="quotations"),
]

root: list[URLPattern | URLResolver] = [
    path("quotation/<str:token>/", views.quotation_for_speaker, name="quotation"),
    path("quotation-answered/", views.quotation_done, name="quotation_done"),
]
