"""The secretariat's addresses about workspaces; those about partners stand beside them."""

from django.urls import path

from coalition.workspaces.views import secretariat

workspace_patterns = [
    path("workspaces/", secretariat.workspace_list, name="workspaces"),
    path("workspaces/<uuid:workspace>/", secretariat.workspace_membership, name="workspace"),
    path("workspaces/<uuid:workspace>/bring-in/", secretariat.secretariat_organisation_add, name="bring_in"),
    path("workspaces/<uuid:workspace>/appoint/", secretariat.coordinator_appoint, name="appoint"),
]
