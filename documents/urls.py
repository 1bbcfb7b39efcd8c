"""Addresses of the members' area for drafts, texts, versions and files."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from coalition.partners.enums import Language
from documents.approval_urls import approval_urls, publication_urls
from documents.views import download, drafts, files, settling, texts, versions


class LanguageConverter(StringConverter):
    """The code of a language of the coalition; anything else is not an address."""

    regex = "|".join(Language.values)


register_converter(LanguageConverter, "coalition_language")

app_name = "documents"

_TEXT = "drafts/<uuid:draft>/<coalition_language:language>/"

urlpatterns = [
    path("<uuid:workspace>/drafts/", drafts.drafts, name="drafts"),
    path("<uuid:workspace>/drafts/new/", drafts.create, name="create"),
    path("drafts/<uuid:draft>/", drafts.draft, name="draft"),
    path("drafts/<uuid:draft>/settings/", drafts.settings, name="draft_settings"),
    path("drafts/<uuid:draft>/archive/", drafts.archive, name="archive"),
    path("drafts/<uuid:draft>/bring-back/", drafts.bring_back, name="bring_back"),
    path(_TEXT, texts.text, name="text"),
    path(f"{_TEXT}up-to-date/", texts.up_to_date, name="up_to_date"),
    path(f"{_TEXT}versions/", versions.versions, name="versions"),
    path(f"{_TEXT}compare/", versions.compare, name="compare"),
    path("versions/<uuid:version>/", versions.version, name="version"),
    path("versions/<uuid:version>/restore/", versions.restore, name="restore"),
    path("set-aside/<uuid:set_aside>/", settling.settle, name="settle"),
    path("<uuid:workspace>/files/", files.files, name="files"),
    path("files/<uuid:file>/", files.file, name="file"),
    path("files/<uuid:file>/delete/", files.delete, name="delete"),
    path("files/<uuid:file>/undelete/", files.undelete, name="undelete"),
    path("files/<uuid:file>/download/", download.download, name="download"),
    path("files/<uuid:file>/picture/", download.picture, name="picture"),
    *approval_urls,
    *publication_urls,
]
