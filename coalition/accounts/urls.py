"""Addresses under `/accounts/` beside allauth's, and those of allauth that are closed here."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, re_path

from coalition.accounts.views import invitations, membership_requests, organisation, person

app_name = "partners"


def closed_url(_request: HttpRequest, **_words: str) -> HttpResponse:
    """There is no sign-up without an invitation, no sign-in by a mailed code, no account without password."""
    raise Http404


own = "organisation/<uuid:organisation>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("signup/", closed_url),
    re_path(r"^login/code/", closed_url),
    path("password/set/", closed_url),
    path("profile/", person.profile, name="profile"),
    path("language/", person.change_language, name="language"),
    path("invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("invitations/<uuid:invitation>/resend/", invitations.invitation_resend, name="invitation_resend"),
    path("invitations/<uuid:invitation>/revoke/", invitations.invitation_revoke, name="invitation_revoke"),
    path("requests/", membership_requests.vouching_list, name="requests"),
    path(
        "requests/<uuid:membership_request>/vouch/<uuid:organisation>/",
        membership_requests.vouch_for,
        name="vouch",
    ),
    path(
        "requests/<uuid:membership_request>/vouch/<uuid:organisation>/take-back/",
        membership_requests.stop_vouching,
        name="vouch_take_back",
    ),
    path(own, organisation.organisation, name="organisation"),
    path(own + "invite/", invitations.invite_member, name="invite"),
    path(own + "edit/", organisation.organisation_edit, name="organisation_edit"),
    path(own + "listing/", organisation.organisation_listing, name="organisation_listing"),
    path(own + "people/<uuid:membership>/role/", organisation.member_role, name="member_role"),
    path(own + "people/<uuid:membership>/end/", organisation.member_end, name="member_end"),
    path(own + "people/<uuid:membership>/mandate/", organisation.mandate_give, name="mandate_give"),
    path(own + "people/<uuid:membership>/press/", organisation.press_officer, name="press_officer"),
    path(own + "mandates/<uuid:mandate>/revoke/", organisation.mandate_revoke, name="mandate_revoke"),
]
