"""Addresses of publications: `desk` in the members' area (namespace `documents`); this module itself holds
the public approval sheets, below `/<lang>/publications/`."""

from django.urls import URLPattern, URLResolver, path

from documents.publication import views

app_name = "documents_public"

urlpatterns = [
    path("", views.public_sheets, name="sheets"),
    path("<uuid:publication>/", views.public_sheet, name="sheet"),
    path("<uuid:publication>.json", views.sheet_json, name="sheet_json"),
]
desk: list[URLPattern | URLResolver] = [
    path("rounds/<uuid:round_uuid>/publish/", views.publish_round, name="publish"),
    path("<uuid:workspace>/publications/", views.publications, name="publications"),
    path("publications/<uuid:publication>/", views.publication_page, name="publication"),
    path("publications/<uuid:publication>/withdraw/", views.withdraw_page, name="withdraw"),
    path("publications/<uuid:publication>/let-stand/", views.confirm_publication, name="let_stand"),
    path("names/<uuid:organisation>/", views.organisation_names, name="names"),
    path("names/<uuid:organisation>/logo/", views.manage_organisation_logo, name="logo"),
    path("names/<uuid:organisation>/logo/image/", views.organisation_logo_image, name="logo_image"),
    path("names/<uuid:organisation>/<uuid:publication>/proof/", views.download_proof, name="proof"),
    path(
        "names/<uuid:organisation>/<uuid:publication>/take-off/",
        views.remove_own_name,
        name="take_name_off",
    ),
]
