"""Addresses of the table of whom to ask, for the secretariat."""

from django.urls import URLPattern, URLResolver, path

from documents.approval.views import approvers

asking_patterns: list[URLPattern | URLResolver] = [
    path("asking/", approvers.table, name="asking"),
    path("asking/groups/new/", approvers.group, name="asking_group_new"),
    path("asking/groups/<uuid:group>/", approvers.group, name="asking_group"),
    path("asking/groups/<uuid:group>/remove/", approvers.remove, name="asking_group_remove"),
]
