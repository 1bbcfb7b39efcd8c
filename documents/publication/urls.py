"""Addresses of the public approval sheets, below `/<lang>/publications/`."""

from django.urls import path

from documents.publication import views

app_name = "documents_public"

urlpatterns = [
    path("", views.sheets, name="sheets"),
    path("<uuid:publication>/", views.sheet, name="sheet"),
    path("<uuid:publication>.json", views.sheet_json, name="sheet_json"),
]
