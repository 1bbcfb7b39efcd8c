"""Secretariat URLs about organisations; those about workspaces are in the workspaces layer."""

from django.urls import path

from coalition.accounts.views.admission import (
    RequestDecisionView,
    decline_membership_request,
    list_membership_requests,
)
from coalition.accounts.views.organisations import (
    OfficesView,
    OrganisationCreateView,
    RepresentativeInviteView,
    SecretariatOrganisationEditView,
    invitations,
    office_end,
    organisation_list,
    secretariat_organisation_listing,
)

ORGANISATION_PATH = "organisations/<uuid:organisation>/"

partner_patterns = [
    path("organisations/", organisation_list, name="organisations"),
    path("organisations/create/", OrganisationCreateView.as_view(), name="organisation_create"),
    path(ORGANISATION_PATH, SecretariatOrganisationEditView.as_view(), name="organisation"),
    path(ORGANISATION_PATH + "listing/", secretariat_organisation_listing, name="organisation_listing"),
    path(ORGANISATION_PATH + "invite/", RepresentativeInviteView.as_view(), name="invite"),
    path("invitations/", invitations, name="invitations"),
    path("requests/", list_membership_requests, name="requests"),
    path("requests/<uuid:membership_request>/", RequestDecisionView.as_view(), name="request"),
    path("requests/<uuid:membership_request>/decline/", decline_membership_request, name="decline_request"),
    path("offices/", OfficesView.as_view(), name="offices"),
    path("offices/<uuid:person>/<slug:kind>/end/", office_end, name="office_end"),
]
