"""Addresses of the table of whom to ask, for the secretariat."""

from django.urls import URLPattern, URLResolver, path

from documents.views import asking

asking_patterns: list[URLPattern | URLResolver] = [
    path("asking/", asking.table, name="asking"),
    path("asking/groups/new/", asking.group, name="asking_group_new"),
    path("asking/groups/<uuid:group>/", asking.group, name="asking_group"),
    path("asking/groups/<uuid:group>/remove/", asking.remove, name="asking_group_remove"),
]
