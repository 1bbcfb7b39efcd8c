"""The words of an appeal: which publications they are, and whether they still say the same."""

from collections.abc import Iterable

from django.db.models import Prefetch, QuerySet

from coalition.campaigns.appeals.models import Appeal, AppealVersion
from coalition.workspaces.permissions import Access
from documents.drafts.models import PublicationState, TextKind
from documents.publication.models import Publication, PublicationText
from documents.publication.queries import publications_for


def usable_publications(access: Access, kind: TextKind) -> QuerySet[Publication]:
    """Texts of this kind that are public in the workspace now, with their texts: neither corrected since, nor
    awaiting a decision."""
    rows = publications_for(access.user, access.workspace)
    rows = rows.filter(draft__kind=kind, state=PublicationState.PUBLIC, replaced_by=None, awaiting_since=None)
    return rows.order_by("-number")


def is_usable(publication: Publication, kind: TextKind) -> bool:
    """The same of one, read anew. One query."""
    return Publication.objects.filter(
        pk=publication.pk,
        draft__kind=kind,
        state=PublicationState.PUBLIC,
        replaced_by=None,
        awaiting_since=None,
    ).exists()


def hashes_of(publication: Publication | None) -> dict[str, str]:
    """Return language → hash of the words that became public; {} for none."""
    if publication is None:
        return {}
    texts = PublicationText.objects.filter(publication=publication).order_by("language")
    return {text.language: text.hash for text in texts}


def is_as_published(version: AppealVersion) -> bool:
    """Whether the version's hashes are those of its publications. Two queries."""
    return (
        version.hashes == hashes_of(version.publication)
        and version.table_hashes == hashes_of(version.table)
        and bool(version.hashes)
    )


def is_withdrawn(version: AppealVersion) -> bool:
    """Whether its words, or the table beside them, are public no more."""
    tables = [version.table] if version.table is not None else []
    return any(one.state != PublicationState.PUBLIC for one in [version.publication, *tables])


def is_corrected(version: AppealVersion) -> bool:
    """Whether its text, or the table beside it, was corrected since. No query after `versions_with_texts`."""
    texts = [one for one in (version.publication, version.table) if one is not None]
    return any(getattr(one, "replaced_by", None) is not None for one in texts)


def versions_with_texts(appeals: Iterable[int]) -> QuerySet[AppealVersion]:
    """All versions of these appeals (primary keys), newest first, with what `title` and
    `closed_reason` need. Four queries."""
    texts = PublicationText.objects.select_related("version").order_by("id")
    publications = Publication.objects.select_related("draft", "replaced_by", "taken_off")
    with_texts = publications.prefetch_related(Prefetch("texts", queryset=texts))
    rows = AppealVersion.objects.filter(appeal__in=list(appeals)).select_related("appeal__workspace")
    return rows.prefetch_related(
        Prefetch("publication", queryset=with_texts), Prefetch("table", queryset=publications)
    ).order_by("-number")


def current_version(appeal: Appeal) -> AppealVersion | None:
    """The newest version, whose words are supported now."""
    return versions_with_texts([appeal.pk]).first()


def version_title(appeal: Appeal) -> str:
    """The public title of the newest words in the reader's language; the address where there are none."""
    version = current_version(appeal)
    return version.publication.title if version is not None else appeal.slug
