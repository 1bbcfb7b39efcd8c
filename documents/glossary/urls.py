"""Addresses of the glossary; part of the namespace `documents`."""

from django.urls import URLPattern, URLResolver, path

from documents.glossary import views

desk: list[URLPattern | URLResolver] = [
    path("glossary/", views.glossary, name="glossary"),
    path("glossary/new/", views.add, name="glossary_add"),
    path("glossary/<uuid:term>/", views.term, name="glossary_term"),
    path("glossary/<uuid:term>/edit/", views.edit, name="glossary_edit"),
    path("glossary/<uuid:term>/remove/", views.remove, name="glossary_remove"),
    path("glossary/<uuid:term>/restore/<int:change>/", views.restore, name="glossary_restore"),
    path("<uuid:workspace>/glossary.json", views.hints, name="glossary_hints"),
]
