"""Addresses of the facts register; part of the namespace `documents`."""

from django.urls import URLPattern, URLResolver, path

from documents.views import fact_acts, facts, facts_in_text

fact_urls: list[URLPattern | URLResolver] = [
    path("facts/", facts.facts, name="facts"),
    path("facts/new/", facts.add, name="fact_add"),
    path("facts/<uuid:fact>/", facts.fact, name="fact"),
    path("facts/<uuid:fact>/edit/", facts.edit, name="fact_edit"),
    path("facts/<uuid:fact>/check/", fact_acts.check, name="fact_check"),
    path("facts/<uuid:fact>/retire/", fact_acts.retire, name="fact_retire"),
    path("facts/<uuid:fact>/bring-back/", fact_acts.bring_back, name="fact_bring_back"),
    path("facts/<uuid:fact>/open/", fact_acts.open_up, name="fact_open"),
]


def facts_of_a_text(text: str) -> list[URLPattern | URLResolver]:
    """Addresses below that of a text."""
    return [
        path(f"{text}facts.json", facts_in_text.choices, name="fact_choices"),
        path(f"{text}facts/renew/", facts_in_text.renew, name="fact_renew"),
    ]
