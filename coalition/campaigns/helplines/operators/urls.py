"""Addresses of operators' links: `desk` below `/workspaces/`, `root` (the page on a phone) at the root."""

from django.urls import URLPattern, URLResolver, path

from coalition.campaigns.helplines.operators import views

_LINKS = "helplines/<uuid:helpline>/operators/"

desk: list[URLPattern | URLResolver] = [
    path(_LINKS, views.links, name="operator_links"),
    path(f"{_LINKS}now/", views.availability, name="helpline_availability"),
    path(f"{_LINKS}<uuid:link>/end/", views.end_link, name="operator_link_end"),
]
root: list[URLPattern | URLResolver] = [
    path("operator/<str:token>/", views.by_link, name="operator"),
    path("operator/<str:token>/figures/", views.figures_by_link, name="operator_figures"),
]
