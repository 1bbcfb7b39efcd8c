"""URLs of publications and embargoes: `desk` in the members' area, `root` at the root of the site."""

from django.urls import URLPattern, URLResolver, path

from documents.publication import views as publication_views
from documents.publication.embargo import views as embargo_views

app_name = "documents_public"

urlpatterns = [
    path("", publication_views.public_sheets, name="sheets"),
    path("<uuid:publication>/", publication_views.public_sheet, name="sheet"),
    path("<uuid:publication>.json", publication_views.sheet_json, name="sheet_json"),
]

_TEXT = "embargo/<str:token>/<str:language>/"
_DESK = "publications/<uuid:publication>/press/"

desk: list[URLPattern | URLResolver] = [
    path("rounds/<uuid:round_uuid>/publish/", publication_views.PublishView.as_view(), name="publish"),
    path("<uuid:workspace>/publications/", publication_views.publications, name="publications"),
    path("publications/<uuid:publication>/", publication_views.publication_page, name="publication"),
    path(
        "publications/<uuid:publication>/withdraw/", publication_views.WithdrawView.as_view(), name="withdraw"
    ),
    path(
        "publications/<uuid:publication>/let-stand/", publication_views.confirm_publication, name="let_stand"
    ),
    path("names/<uuid:organisation>/", publication_views.organisation_names, name="names"),
    path("names/<uuid:organisation>/logo/", publication_views.OrganisationLogoView.as_view(), name="logo"),
    path(
        "names/<uuid:organisation>/logo/image/", publication_views.organisation_logo_image, name="logo_image"
    ),
    path(
        "names/<uuid:organisation>/<uuid:publication>/proof/", publication_views.download_proof, name="proof"
    ),
    path(
        "names/<uuid:organisation>/<uuid:publication>/take-off/",
        publication_views.remove_own_name,
        name="remove_name",
    ),
    path("rounds/<uuid:round_uuid>/schedule/", embargo_views.ScheduleView.as_view(), name="schedule"),
    path(_DESK, embargo_views.embargo_page, name="embargo"),
    path(f"{_DESK}lift/", embargo_views.lift_embargo, name="lift"),
    path(f"{_DESK}calls/", embargo_views.embargo_call_list, name="calls"),
    path(f"{_DESK}put-off/", embargo_views.cancel_schedule, name="put_off"),
    path(f"{_DESK}offer/", embargo_views.offer_to_contact, name="offer"),
    path(f"{_DESK}<uuid:access_uuid>/agreed/", embargo_views.record_phone_agreement, name="embargo_agreed"),
    path(f"{_DESK}<uuid:access_uuid>/calendar/", embargo_views.send_calendar, name="embargo_calendar"),
    path(f"{_DESK}<uuid:access_uuid>/calendar/end/", embargo_views.end_calendar, name="embargo_calendar_end"),
    path(f"{_DESK}<uuid:access_uuid>/take-back/", embargo_views.end_embargo_access, name="embargo_revoke"),
    path(f"{_DESK}outlets/<uuid:outlet>/take-back/", embargo_views.end_outlet_access, name="embargo_outlet"),
]

root: list[URLPattern | URLResolver] = [
    path("embargo/<str:token>/", embargo_views.EmbargoLanding.as_view(), name="embargo"),
    path(
        "embargo/<str:token>/calendar/",
        embargo_views.EmbargoCalendarRequest.as_view(),
        name="embargo_calendar",
    ),
    path(_TEXT, embargo_views.EmbargoText.as_view(), name="embargo_text"),
    path(f"{_TEXT}file/", embargo_views.EmbargoDownload.as_view(), name="embargo_file"),
    path(f"{_TEXT}pictures/<uuid:file>/", embargo_views.EmbargoPicture.as_view(), name="embargo_picture"),
]
