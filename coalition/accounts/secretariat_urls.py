"""The secretariat's addresses about partners; those about workspaces stand beside them."""

from django.urls import path

from coalition.accounts.views import membership_requests, secretariat

ORGANISATION_PATH = "organisations/<uuid:organisation>/"

partner_patterns = [
    path("organisations/", secretariat.organisation_list, name="organisations"),
    path("organisations/create/", secretariat.organisation_create, name="organisation_create"),
    path(ORGANISATION_PATH, secretariat.organisation_edit, name="organisation"),
    path(ORGANISATION_PATH + "listing/", secretariat.organisation_listing, name="organisation_listing"),
    path(ORGANISATION_PATH + "invite/", secretariat.invite_representative, name="invite"),
    path("invitations/", secretariat.invitations, name="invitations"),
    path("requests/", membership_requests.list_membership_requests, name="requests"),
    path(
        "requests/<uuid:membership_request>/", membership_requests.decide_membership_request, name="request"
    ),
    path(
        "requests/<uuid:membership_request>/decline/",
        membership_requests.decline_membership_request,
        name="decline_request",
    ),
    path("offices/", secretariat.offices, name="offices"),
    path("offices/<uuid:person>/<slug:kind>/end/", secretariat.office_end, name="office_end"),
]
