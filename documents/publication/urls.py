"""Addresses of the public approval sheets, below `/<lang>/publications/`."""

from django.urls import path

from documents.publication.views import public

app_name = "documents_public"

urlpatterns = [
    path("", public.sheets, name="sheets"),
    path("<uuid:publication>/", public.sheet, name="sheet"),
    path("<uuid:publication>.json", public.sheet_json, name="sheet_json"),
]
