"""URL patterns of the facts register; part of the namespace `documents`."""

from django.urls import URLPattern, URLResolver, path

from documents.drafts.access import TEXT
from documents.facts import views

desk: list[URLPattern | URLResolver] = [
    path(f"{TEXT}facts.json", views.fact_choices, name="fact_choices"),
    path(f"{TEXT}facts/renew/", views.renew_fact_in_text, name="fact_renew"),
    path("facts/", views.fact_register, name="facts"),
    path("facts/new/", views.AddFact.as_view(), name="fact_add"),
    path("facts/<uuid:fact>/", views.show_fact, name="fact"),
    path("facts/<uuid:fact>/edit/", views.EditFact.as_view(), name="fact_edit"),
    path("facts/<uuid:fact>/check/", views.record_fact_check, name="fact_check"),
    path("facts/<uuid:fact>/retire/", views.retire_from_use, name="fact_retire"),
    path("facts/<uuid:fact>/bring-back/", views.restore_to_use, name="fact_restore"),
    path("facts/<uuid:fact>/open/", views.publish_fact_page, name="fact_open"),
]
