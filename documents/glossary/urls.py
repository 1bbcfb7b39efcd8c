"""Addresses of the glossary; part of the namespace `documents`."""

from django.urls import URLPattern, URLResolver, path

from documents.glossary.views import glossary

glossary_urls: list[URLPattern | URLResolver] = [
    path("glossary/", glossary.glossary, name="glossary"),
    path("glossary/new/", glossary.add, name="glossary_add"),
    path("glossary/<uuid:term>/", glossary.term, name="glossary_term"),
    path("glossary/<uuid:term>/edit/", glossary.edit, name="glossary_edit"),
    path("glossary/<uuid:term>/remove/", glossary.remove, name="glossary_remove"),
    path("glossary/<uuid:term>/restore/<int:change>/", glossary.restore, name="glossary_restore"),
    path("<uuid:workspace>/glossary.json", glossary.hints, name="glossary_hints"),
]
