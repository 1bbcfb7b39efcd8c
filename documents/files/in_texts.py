"""In which texts a file stands, or stood when one of their versions was named."""

from uuid import UUID

from django.db.models import Q, TextField
from django.db.models.functions import Cast

from documents.drafts.models import DraftText, Version
from documents.files.models import StoredFile


def languages_with_file(uuid: UUID) -> dict[int, set[str]]:
    """Return in which languages drafts show the file with this UUID or a copy of it, now or in a named
    version, by primary key of the draft. Three queries, one for a file that is gone."""
    own = StoredFile.objects.filter(uuid=uuid).exclude(sha256="").values("sha256")
    files = list(StoredFile.objects.filter(Q(uuid=uuid) | Q(sha256__in=own)))
    if not files:
        return {}
    versions, texts = Q(pk__in=[]), Q(pk__in=[])
    for file in files:
        versions |= Q(canonical__contains=str(file.uuid))
        texts |= Q(stands__contains=str(file.uuid))
    for sha256 in {file.sha256 for file in files} - {""}:
        versions |= Q(canonical__contains=sha256)
    places = {file.workspace_id for file in files}
    named = Version.objects.filter(versions, text__draft__workspace__in=places)
    current = DraftText.objects.annotate(stands=Cast("body", TextField()))
    current = current.filter(texts, draft__workspace__in=places)
    found: dict[int, set[str]] = {}
    for rows in (named.values_list("text__draft", "language"), current.values_list("draft", "language")):
        for draft, language in rows.distinct().order_by():
            found.setdefault(draft, set()).add(language)
    return found
