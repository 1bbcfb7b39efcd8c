"""Addresses of the members' area for drafts, texts, versions and files."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from coalition.partners.enums import Language
from documents import embargo_urls, guest_urls, letter_urls, ways_urls
from documents.agreement_urls import agreement_urls
from documents.approval_urls import approval_urls, publication_urls
from documents.comment_urls import comment_urls, comments_of_a_text
from documents.decision_urls import decision_urls
from documents.exchange_urls import exchange_urls
from documents.fact_urls import fact_urls, facts_of_a_text
from documents.glossary_urls import glossary_urls
from documents.history_urls import history_of_a_text
from documents.views import approved_words, checklist, download, drafts, files, legal, people, texts, versions


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
    path("drafts/<uuid:draft>/people.json", people.people, name="people"),
    path("drafts/<uuid:draft>/settings/", drafts.settings, name="draft_settings"),
    path("drafts/<uuid:draft>/check/", checklist.check, name="check"),
    path("drafts/<uuid:draft>/legal/", legal.legal, name="legal"),
    path("drafts/<uuid:draft>/legal/mark/", legal.mark, name="legal_mark"),
    path(f"{_TEXT}legal/", legal.verdict, name="legal_verdict"),
    path("drafts/<uuid:draft>/archive/", drafts.archive, name="archive"),
    path("drafts/<uuid:draft>/bring-back/", drafts.bring_back, name="bring_back"),
    path(_TEXT, texts.text, name="text"),
    path(f"{_TEXT}approved-words/", approved_words.approved, name="approved_words"),
    path(f"{_TEXT}up-to-date/", texts.up_to_date, name="up_to_date"),
    path(f"{_TEXT}versions/", versions.versions, name="versions"),
    path(f"{_TEXT}compare/", versions.compare, name="compare"),
    *history_of_a_text(_TEXT),
    *facts_of_a_text(_TEXT),
    path("versions/<uuid:version>/", versions.version, name="version"),
    path("versions/<uuid:version>/restore/", versions.restore, name="restore"),
    path("<uuid:workspace>/files/", files.files, name="files"),
    path("files/<uuid:file>/", files.file, name="file"),
    path("files/<uuid:file>/delete/", files.delete, name="delete"),
    path("files/<uuid:file>/undelete/", files.undelete, name="undelete"),
    path("files/<uuid:file>/download/", download.download, name="download"),
    path("files/<uuid:file>/picture/", download.picture, name="picture"),
    *exchange_urls(_TEXT),
    *comments_of_a_text(_TEXT),
    *comment_urls,
    *guest_urls.desk,
    *ways_urls.desk,
    *embargo_urls.desk,
    *glossary_urls,
    *fact_urls,
    *approval_urls,
    *publication_urls,
    *decision_urls,
    *agreement_urls,
    *letter_urls.desk,
]
