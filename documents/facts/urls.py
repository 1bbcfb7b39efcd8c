"""Addresses of the facts register; part of the namespace `documents`."""

from django.urls import URLPattern, URLResolver, path

from documents.drafts.addresses import TEXT
from documents.facts import views

desk: list[URLPattern | URLResolver] = [
    path(f"{TEXT}facts.json", views.choices, name="fact_choices"),
    path(f"{TEXT}facts/renew/", views.renew, name="fact_renew"),
    path("facts/", views.facts, name="facts"),
    path("facts/new/", views.add, name="fact_add"),
    path("facts/<uuid:fact>/", views.fact, name="fact"),
    path("facts/<uuid:fact>/edit/", views.edit, name="fact_edit"),
    path("facts/<uuid:fact>/check/", views.check, name="fact_check"),
    path("facts/<uuid:fact>/retire/", views.retire, name="fact_retire"),
    path("facts/<uuid:fact>/bring-back/", views.bring_back, name="fact_bring_back"),
    path("facts/<uuid:fact>/open/", views.open_up, name="fact_open"),
]
