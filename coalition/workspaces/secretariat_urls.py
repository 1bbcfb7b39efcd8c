"""Secretariat URLs about workspaces; those about organisations are in the accounts layer."""

from django.urls import path

from coalition.workspaces.views.people import (
    coordinator_appoint,
    secretariat_organisation_add,
    workspace_list,
    workspace_membership,
)

workspace_patterns = [
    path("workspaces/", workspace_list, name="workspaces"),
    path("workspaces/<uuid:workspace>/", workspace_membership, name="workspace"),
    path("workspaces/<uuid:workspace>/bring-in/", secretariat_organisation_add, name="bring_in"),
    path("workspaces/<uuid:workspace>/appoint/", coordinator_appoint, name="appoint"),
]
