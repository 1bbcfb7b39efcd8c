"""URL patterns of the glossary; part of the namespace `documents`."""

from django.urls import URLPattern, URLResolver, path

from documents.glossary import views

desk: list[URLPattern | URLResolver] = [
    path("glossary/", views.glossary_page, name="glossary"),
    path("glossary/new/", views.AddTerm.as_view(), name="glossary_add"),
    path("glossary/<uuid:term>/", views.show_term, name="glossary_term"),
    path("glossary/<uuid:term>/edit/", views.EditTerm.as_view(), name="glossary_edit"),
    path("glossary/<uuid:term>/remove/", views.remove_glossary_term, name="glossary_remove"),
    path("glossary/<uuid:term>/restore/<int:change>/", views.restore_glossary_term, name="glossary_restore"),
    path("<uuid:workspace>/glossary.json", views.editor_hints_json, name="glossary_hints"),
]
