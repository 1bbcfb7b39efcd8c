"""The secretariat's addresses about partners; those about workspaces stand beside them."""

from django.urls import path

from coalition.accounts.views import requests, secretariat

one = "organisations/<uuid:organisation>/"

partner_patterns = [
    path("organisations/", secretariat.organisation_list, name="organisations"),
    path("organisations/create/", secretariat.organisation_create, name="organisation_create"),
    path(one, secretariat.organisation_edit, name="organisation"),
    path(one + "listing/", secretariat.organisation_listing, name="organisation_listing"),
    path(one + "invite/", secretariat.invite_representative, name="invite"),
    path("invitations/", secretariat.invitations, name="invitations"),
    path("requests/", requests.requests, name="requests"),
    path("requests/<uuid:membership_request>/", requests.decide, name="request"),
    path("requests/<uuid:membership_request>/decline/", requests.decline, name="decline_request"),
    path("offices/", secretariat.offices, name="offices"),
    path("offices/<uuid:person>/<slug:kind>/end/", secretariat.office_end, name="office_end"),
]
