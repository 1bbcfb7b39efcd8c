"""Addresses of files that leave and files that come in; part of the namespace `documents`."""

from django.urls import URLPattern, URLResolver, path

from documents.drafts.access import TEXT
from documents.interchange import views

desk: list[URLPattern | URLResolver] = [
    path("<uuid:workspace>/drafts/from-file/", views.upload_new_draft_page, name="from_file"),
    path(f"{TEXT}export/", views.export_draft_text, name="export"),
    path(f"{TEXT}bring-back/", views.upload_revision_page, name="send_back"),
    path("exported/<uuid:exported>/", views.export_status, name="exported"),
    path("exported/<uuid:exported>/file/", views.exported_file, name="exported_file"),
    path("incoming/<uuid:incoming>/", views.review_incoming_file, name="incoming"),
]
