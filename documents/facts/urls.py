"""Addresses of the facts register; part of the namespace `documents`."""

from django.urls import URLPattern, URLResolver, path

from documents.facts.views import actions, facts, in_text

fact_urls: list[URLPattern | URLResolver] = [
    path("facts/", facts.facts, name="facts"),
    path("facts/new/", facts.add, name="fact_add"),
    path("facts/<uuid:fact>/", facts.fact, name="fact"),
    path("facts/<uuid:fact>/edit/", facts.edit, name="fact_edit"),
    path("facts/<uuid:fact>/check/", actions.check, name="fact_check"),
    path("facts/<uuid:fact>/retire/", actions.retire, name="fact_retire"),
    path("facts/<uuid:fact>/bring-back/", actions.bring_back, name="fact_bring_back"),
    path("facts/<uuid:fact>/open/", actions.open_up, name="fact_open"),
]


def facts_of_a_text(text: str) -> list[URLPattern | URLResolver]:
    """Addresses below that of a text."""
    return [
        path(f"{text}facts.json", in_text.choices, name="fact_choices"),
        path(f"{text}facts/renew/", in_text.renew, name="fact_renew"),
    ]
