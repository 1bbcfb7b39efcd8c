"""The title of an appeal, without its text: thousands support it in an hour, and each mail has the title."""

import time
from functools import lru_cache
from typing import Final
from uuid import UUID

from documents.publication.models import Publication, PublicationText, in_readers_language

SECONDS: Final = 60  # a title is read again after that: a row that somebody altered is repaired


def title_of(publication: Publication) -> str:
    """Return the public title, in the reader's language if there is one. One query a minute and process.
    Whether it may be shown is the caller's to ask (`shows_title`)."""
    return in_readers_language(_titles(publication.uuid, int(time.monotonic() // SECONDS)))


@lru_cache(maxsize=128)
def _titles(publication: UUID, _minute: int) -> dict[str, str]:
    rows = PublicationText.objects.filter(publication__uuid=publication).select_related("version")
    return {row.language: row.title for row in rows.order_by("id")}
