"""Naming a version: what a text says now, kept for ever under a number, a name and a hash."""

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from coalition.clock.now import now
from coalition.quoting import inside_quotes
from coalition.refused import Refused
from coalition.workspaces.rules import Access
from documents.canonical.errors import CanonicalError
from documents.canonical.form import CANON, Document
from documents.canonical.serialise import canonical_bytes, canonical_hash
from documents.domain import trail
from documents.domain.words import to_approve, words_of
from documents.models import Draft, DraftText, Version
from documents.rules import may_name_version, require_that


def name_version(*, access: Access, text: DraftText, name: str, seen_revision: int | None = None) -> Version:
    """Keep the words of the text as they stand now as its next version; it never changes again.

    `seen_revision`: what the person looked at; if the text has moved on since, nothing is named. Raises
    NotAllowed without the right, Refused in words if the text is not ready to be approved (no title,
    open gaps, a picture without a description, ...), or if its newest version says the same already.
    """
    name = name.strip()
    if not name:
        raise Refused(_("Give the version a name, for example “After the lawyers read it”."))
    current = DraftText.objects.select_related("draft").get(pk=text.pk)
    document = _complete(current)  # before the transaction: it takes time, and locks nobody
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=current.draft_id)
        require_that(may_name_version(access, draft))
        locked = DraftText.objects.select_for_update().get(pk=current.pk)
        if locked.revision != current.revision or seen_revision not in {None, locked.revision}:
            raise Refused(
                _("Somebody saved this text a moment ago. Look at it again, then name the version.")
            )
        version = _keep(access=access, text=locked, document=document, name=name[:120])
        trail.record(
            thing=draft,
            access=access,
            action="version.named",
            language=locked.language,
            number=version.number,
            hash=version.hash,
        )
        trail.tell(
            thing=draft,
            access=access,
            kind="version_named",
            language=locked.language,
            number=version.number,
            name=version.name,
        )
    return version


def _complete(text: DraftText) -> Document:
    try:
        return to_approve(draft=text.draft, language=text.language, words=words_of(text))
    except CanonicalError as error:
        raise Refused("%(reason)s", reason=error.message) from error


def _keep(*, access: Access, text: DraftText, document: Document, name: str) -> Version:
    digest = canonical_hash(document)
    newest = text.versions.order_by("-number").first()
    if newest is not None and newest.hash == digest:
        raise Refused(
            _("Version %(number)d, “%(name)s”, says exactly this already."),
            number=newest.number,
            name=inside_quotes(newest.name),
        )
    highest = text.versions.aggregate(highest=Max("number"))["highest"] or 0
    return Version.objects.create(
        text=text,
        number=highest + 1,
        name=name,
        canon=CANON,
        language=text.language,
        canonical=canonical_bytes(document).decode(),
        hash=digest,
        revision=text.revision,
        created_by=access.user,
        organisation=access.organisation,
        created_at=now(),
    )
