"""Naming a version: what a text says now, kept for ever under a number, a name and a hash."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.quotation_marks import inside_quotes
from coalition.workspaces.domain.notify import notify
from coalition.workspaces.rules import Access
from documents.approval.actions.insert_approved import refuse_other_words
from documents.canonical.errors import CanonicalError
from documents.canonical.form import CANON, Document
from documents.canonical.serialise import canonical_bytes, canonical_hash
from documents.drafts import audit
from documents.drafts.actions.texts import to_approve, words_of
from documents.drafts.models.draft import Draft, DraftText, Version
from documents.drafts.permissions import may_name_version, require_that
from documents.drafts.queries.stakeholders import coordinators_of, people_around
from documents.editor.live.projection import project
from documents.facts.actions.track_uses import note_version


def name_version(*, access: Access, text: DraftText, name: str) -> Version:
    """Keep the words of the text as they stand now as its next version; it never changes again.

    Raises NotAllowed without the right, Refused in words if the text is not ready to be approved (an open
    suggestion, no title, open gaps, a picture without a description, approved words that are not their
    version's, ...), or if its newest version says the same already.
    """
    name = name.strip()
    if not name:
        raise Refused(_("Give the version a name, for example “After the lawyers read it”."))
    current = project(text.uuid)
    refuse_open_suggestions(current)
    document = _complete(current)  # before the transaction: it takes time, and locks nobody
    with transaction.atomic():
        draft = _lock(current)
        require_that(may_name_version(access, draft))
        locked = project(text.uuid)
        if locked.revision != current.revision or locked.open_suggestions:
            refuse_open_suggestions(locked)
            document = _complete(locked)  # somebody wrote in between
        version = _keep(access=access, text=locked, document=document, name=name[:120])
        note_version(version, document)
        _tell(access, draft, version)
    return version


def _lock(text: DraftText) -> Draft:
    return Draft.objects.select_for_update(of=("self",)).select_related("workspace").get(pk=text.draft_id)


def refuse_open_suggestions(text: DraftText) -> None:
    """What is suggested and not decided is neither in a version nor out of it."""
    if text.open_suggestions:
        raise Refused(
            ngettext_lazy(
                "%(count)d suggestion is open: accept or reject it first.",
                "%(count)d suggestions are open: accept or reject them first.",
                text.open_suggestions,
            ),
            count=text.open_suggestions,
        )


def _tell(access: Access, draft: Draft, version: Version) -> None:
    audit.record(
        thing=draft,
        access=access,
        action="version.named",
        language=version.language,
        number=version.number,
        hash=version.hash,
    )
    audit.tell(
        thing=draft,
        access=access,
        kind="version_named",
        language=version.language,
        number=version.number,
        name=version.name,
    )
    notify(
        people=[*people_around(draft), *coordinators_of(draft)],
        kind="version_named",
        workspace=access.workspace,
        actor=access.user,
        organisation=access.organisation,
        subject_kind="version",
        subject=version.uuid,
        number=version.number,
        language=version.language,
    )


def _complete(text: DraftText) -> Document:
    refuse_other_words(text)
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
    return Version.objects.create(
        text=text,
        number=newest.number + 1 if newest is not None else 1,
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
