"""Lists of publications: the only place where they come from."""

from django.db.models import Prefetch, QuerySet
from django.urls import reverse
from django.utils.translation import get_language, override

from coalition.workspaces.models import Workspace
from coalition.workspaces.queries import workspaces_for
from documents.enums import PublicationState
from documents.models import Draft, Publication, PublicationName, PublicationText

SHOWN = [PublicationState.PUBLIC, PublicationState.WITHDRAWN]


def public_publications() -> QuerySet[Publication]:
    """What is or was public, newest first: of withdrawn ones only the note and the hashes are shown."""
    return Publication.objects.filter(state__in=SHOWN).order_by("-number")


def publications_with_all() -> QuerySet[Publication]:
    """The same with everything a sheet shows, in four queries whatever their number."""
    names = PublicationName.objects.filter(taken_off_at=None).select_related("organisation")
    texts = PublicationText.objects.select_related("version").order_by("id")
    return (
        public_publications()
        .select_related("replaces", "replaced_by")
        .prefetch_related(Prefetch("texts", queryset=texts), Prefetch("names", queryset=names))
    )


def publications_for(user: object, workspace: Workspace | None = None) -> QuerySet[Publication]:
    """Publications of the person's workspaces, observers included: they are public anyway.

    With their texts, in two queries. Drafts behind them may not be for the person: show no working title.
    """
    texts = PublicationText.objects.select_related("version").order_by("id")
    rows = Publication.objects.filter(state__in=SHOWN, draft__workspace__in=workspaces_for(user))
    rows = rows.select_related("draft__workspace", "round", "published_by", "organisation", "withdrawn_by")
    rows = rows.prefetch_related(Prefetch("texts", queryset=texts))
    return rows.filter(draft__workspace=workspace) if workspace is not None else rows


def newest_public_of(draft: Draft) -> Publication | None:
    """The publication of the draft that is public now: the one a correction replaces."""
    rows = Publication.objects.filter(draft=draft, state=PublicationState.PUBLIC, replaced_by=None)
    return rows.order_by("-number").first()


def sheet_address(publication: Publication, language: str | None = None) -> str:
    """The address of the public sheet, without the host."""
    with override(language or get_language() or "kk"):
        return reverse("documents_public:sheet", args=[publication.uuid])
