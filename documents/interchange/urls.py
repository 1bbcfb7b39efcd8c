"""Addresses of files that leave and files that come in."""

from django.urls import URLPattern, path

from documents.interchange import views


def exchange_urls(text: str) -> list[URLPattern]:
    """`text`: where the address of a text begins."""
    return [
        path("<uuid:workspace>/drafts/from-file/", views.new, name="from_file"),
        path(f"{text}export/", views.export, name="export"),
        path(f"{text}bring-back/", views.back, name="send_back"),
        path("exported/<uuid:exported>/", views.exported, name="exported"),
        path("exported/<uuid:exported>/file/", views.exported_file, name="exported_file"),
        path("incoming/<uuid:incoming>/", views.incoming, name="incoming"),
    ]
