"""The title of an appeal, without its text: thousands support it in an hour, and each mail has the title."""

from functools import lru_cache
from uuid import UUID

from documents.publication.models.publication import Publication, PublicationText, in_readers_language


def title_of(publication: Publication) -> str:
    """Return the public title, in the reader's language if there is one. One query, once in a process: what
    was published never changes. Whether it may be shown is the caller's to ask (`closed_reason`)."""
    return in_readers_language(_titles(publication.uuid))


@lru_cache(maxsize=128)
def _titles(publication: UUID) -> dict[str, str]:
    rows = PublicationText.objects.filter(publication__uuid=publication).select_related("version")
    return {row.language: str(row.document["title"]) for row in rows.order_by("id")}
