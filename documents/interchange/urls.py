"""Addresses of files that leave and files that come in."""

from django.urls import URLPattern, path

from documents.interchange.views import export, incoming


def exchange_urls(text: str) -> list[URLPattern]:
    """`text`: where the address of a text begins."""
    return [
        path("<uuid:workspace>/drafts/from-file/", incoming.new, name="from_file"),
        path(f"{text}export/", export.export, name="export"),
        path(f"{text}bring-back/", incoming.back, name="send_back"),
        path("exported/<uuid:exported>/", export.exported, name="exported"),
        path("exported/<uuid:exported>/file/", export.exported_file, name="exported_file"),
        path("incoming/<uuid:incoming>/", incoming.incoming, name="incoming"),
    ]
