"""The secretariat's addresses about workspaces; those about partners stand beside them."""

from django.urls import path

from coalition.workspaces.views import secretariat

workspace_patterns = [
    path("workspaces/", secretariat.workspaces, name="workspaces"),
    path("workspaces/<uuid:workspace>/", secretariat.membership, name="workspace"),
    path("workspaces/<uuid:workspace>/bring-in/", secretariat.bring_in, name="bring_in"),
    path("workspaces/<uuid:workspace>/appoint/", secretariat.appoint, name="appoint"),
]
