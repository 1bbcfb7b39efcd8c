"""URLs under `/accounts/` besides allauth's, and allauth URLs that are disabled."""

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, path, re_path

from coalition.accounts.views import person
from coalition.accounts.views.admission import (
    InviteMemberView,
    invitation,
    invitation_resend,
    invitation_revoke,
    stop_vouching,
    vouch_for,
    vouching_list,
)
from coalition.accounts.views.organisations import (
    MandateGiveView,
    OrganisationEditView,
    mandate_revoke,
    member_end,
    member_role,
    organisation_listing,
    organisation_page,
    press_officer,
)

app_name = "partners"


def closed_url(_request: HttpRequest, **_words: str) -> HttpResponse:
    """Answer 404: no sign-up without invitation, sign-in by mailed code, account without password."""
    raise Http404


own = "organisation/<uuid:organisation>/"

urlpatterns: list[URLPattern | URLResolver] = [
    path("signup/", closed_url),
    re_path(r"^login/code/", closed_url),
    path("password/set/", closed_url),
    path("profile/", person.profile, name="profile"),
    path("language/", person.change_language, name="language"),
    path("invitation/<str:token>/", invitation, name="invitation"),
    path("invitations/<uuid:invitation>/resend/", invitation_resend, name="invitation_resend"),
    path("invitations/<uuid:invitation>/revoke/", invitation_revoke, name="invitation_revoke"),
    path("requests/", vouching_list, name="requests"),
    path("requests/<uuid:membership_request>/vouch/<uuid:organisation>/", vouch_for, name="vouch"),
    path(
        "requests/<uuid:membership_request>/vouch/<uuid:organisation>/take-back/",
        stop_vouching,
        name="vouch_take_back",
    ),
    path(own, organisation_page, name="organisation"),
    path(own + "invite/", InviteMemberView.as_view(), name="invite"),
    path(own + "edit/", OrganisationEditView.as_view(), name="organisation_edit"),
    path(own + "listing/", organisation_listing, name="organisation_listing"),
    path(own + "people/<uuid:membership>/role/", member_role, name="member_role"),
    path(own + "people/<uuid:membership>/end/", member_end, name="member_end"),
    path(own + "people/<uuid:membership>/mandate/", MandateGiveView.as_view(), name="mandate_give"),
    path(own + "people/<uuid:membership>/press/", press_officer, name="press_officer"),
    path(own + "mandates/<uuid:mandate>/revoke/", mandate_revoke, name="mandate_revoke"),
]
