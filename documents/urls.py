"""Addresses of the members' area for drafts, texts, versions and files."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from coalition.accounts.enums import Language
from documents.agreement.urls import agreement_urls
from documents.approval import urls as documents_approval_urls
from documents.approval.urls import approval_urls, publication_urls
from documents.approval.views import rounds
from documents.checklist import views as checklist_views
from documents.comments.urls import comment_urls, comments_of_a_text
from documents.drafts import views as drafts_views
from documents.editor.views import page, script_data
from documents.facts.urls import fact_urls, facts_of_a_text
from documents.files import views as files_views
from documents.glossary.urls import glossary_urls
from documents.guests import urls as guests_urls
from documents.history import views as history_views
from documents.history.urls import history_of_a_text
from documents.interchange.urls import exchange_urls
from documents.legal_review import views as legal_review_views
from documents.open_letters import urls as open_letters_urls
from documents.publication.embargo import urls as embargo_urls
from documents.resolutions.urls import decision_urls


class LanguageConverter(StringConverter):
    """The code of a language of the coalition; anything else is not an address."""

    regex = "|".join(Language.values)


register_converter(LanguageConverter, "coalition_language")

app_name = "documents"

_TEXT = "drafts/<uuid:draft>/<coalition_language:language>/"

urlpatterns = [
    path("<uuid:workspace>/drafts/", drafts_views.drafts, name="drafts"),
    path("<uuid:workspace>/drafts/new/", drafts_views.create, name="create"),
    path("drafts/<uuid:draft>/", drafts_views.draft, name="draft"),
    path("drafts/<uuid:draft>/people.json", script_data.people, name="people"),
    path("drafts/<uuid:draft>/settings/", drafts_views.settings, name="draft_settings"),
    path("drafts/<uuid:draft>/check/", checklist_views.check, name="check"),
    path("drafts/<uuid:draft>/legal/", legal_review_views.legal, name="legal"),
    path("drafts/<uuid:draft>/legal/mark/", legal_review_views.mark, name="legal_mark"),
    path(f"{_TEXT}legal/", legal_review_views.verdict, name="legal_verdict"),
    path("drafts/<uuid:draft>/archive/", drafts_views.archive, name="archive"),
    path("drafts/<uuid:draft>/bring-back/", drafts_views.bring_back, name="bring_back"),
    path(_TEXT, page.text, name="text"),
    path(f"{_TEXT}approved-words/", rounds.approved, name="approved_words"),
    path(f"{_TEXT}up-to-date/", page.up_to_date, name="up_to_date"),
    path(f"{_TEXT}versions/", history_views.versions, name="versions"),
    path(f"{_TEXT}compare/", history_views.compare, name="compare"),
    *history_of_a_text(_TEXT),
    *facts_of_a_text(_TEXT),
    path("versions/<uuid:version>/", history_views.version, name="version"),
    path("versions/<uuid:version>/restore/", history_views.restore_version, name="restore"),
    path("<uuid:workspace>/files/", files_views.files, name="files"),
    path("files/<uuid:file>/", files_views.file, name="file"),
    path("files/<uuid:file>/delete/", files_views.delete, name="delete"),
    path("files/<uuid:file>/undelete/", files_views.undelete, name="undelete"),
    path("files/<uuid:file>/download/", files_views.download, name="download"),
    path("files/<uuid:file>/picture/", files_views.picture, name="picture"),
    *exchange_urls(_TEXT),
    *comments_of_a_text(_TEXT),
    *comment_urls,
    *guests_urls.desk,
    *documents_approval_urls.desk,
    *embargo_urls.desk,
    *glossary_urls,
    *fact_urls,
    *approval_urls,
    *publication_urls,
    *decision_urls,
    *agreement_urls,
    *open_letters_urls.desk,
]
