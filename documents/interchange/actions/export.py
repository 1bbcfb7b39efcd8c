"""Generation of an exported file from its record alone, which includes the words."""

import datetime
import logging
from collections.abc import Collection, Iterable
from typing import Any
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.signing import Signer
from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from coalition.accounts.models import Organisation, User
from coalition.accounts.naming import PUBLIC, display_name_for
from coalition.core.clock import now
from coalition.jobs import scheduler
from coalition.sandbox.run import SandboxFailed
from coalition.workspaces.permissions import Access
from documents.canonical.form import CanonicalError, Json
from documents.canonical.nodes import labels_for
from documents.drafts import audit as drafts_audit
from documents.drafts.actions.texts import pictures_for_text
from documents.drafts.live.backend import marked_of
from documents.drafts.live.projection import update_text_row
from documents.drafts.live.suggestions import accept_all, open_suggestions_in, reject_all
from documents.drafts.models import DraftText, Handling, TextKind
from documents.drafts.permissions import may_export, require_that
from documents.files.consent import usable_in_text
from documents.files.queries import pictures_in
from documents.interchange.comments import threads_to_export
from documents.interchange.file_properties import FileProperties
from documents.interchange.formats import (
    FileFormat,
    SuggestionDisplay,
    file_name,
    make_markdown,
    make_text,
    make_with_pictures,
)
from documents.interchange.models import ExportedFile
from documents.interchange.queries import names_in_file, without_imported
from documents.interchange.suggest.marked_text import FileThread, ThreadRemark

LETTER_KINDS = frozenset({TextKind.LETTER, TextKind.DEPUTY_LETTER})

logger = logging.getLogger(__name__)


def make_file(made: ExportedFile, token: str) -> bytes | None:
    """Return the file, or None if generating it failed; the reason is logged."""
    try:
        return _file_bytes(made, token)
    except (SandboxFailed, CanonicalError, FileNotFoundError) as error:
        logger.warning("a file of %s could not be made: %s", made.uuid, type(error).__name__)
        return None


def _file_bytes(made: ExportedFile, token: str) -> bytes:
    text, form, shown = made.text, FileFormat(made.format), made.shown
    marked = made.marked if made.guest is None else _for_outsiders(made.marked, text)
    marked = marked_for_display(marked, SuggestionDisplay(made.view))
    properties = FileProperties(
        title=text.title or fallback_title(text),
        language=text.language,
        mark=handling_label(made.handling, text.language),
        token=token if form.comes_back else "",
        letterhead=tuple(shown["letterhead"]),
    )
    if form in {FileFormat.MARKDOWN, FileFormat.PLAIN}:
        pictures = pictures_for_text(text.draft, marked, reading=True)
        make = make_markdown if form is FileFormat.MARKDOWN else make_text
        return make(marked, properties=properties, pictures=pictures)
    suggestions = [one.id for one in open_suggestions_in(made.marked)]
    names = names_in_file(text.draft, suggestions, text.language) | shown["names"]
    threads = {}
    for one in shown["threads"]:
        remarks = tuple(
            ThreadRemark(author, datetime.datetime.fromisoformat(at), words)
            for author, at, words in one["remarks"]
        )
        threads[one["id"]] = FileThread(one["id"], remarks, one.get("resolved", False))
    return make_with_pictures(
        marked,
        form,
        properties=properties,
        pictures=pictures_in(text.draft.workspace, shown["pictures"]),
        name_of=lambda suggestion: names.get(suggestion, ""),
        threads=threads,
    )


def marked_for_display(marked: dict[str, Any], view: SuggestionDisplay) -> dict[str, Any]:
    """Return the text as this view of a file renders it."""
    if view is SuggestionDisplay.SUGGESTIONS:
        return marked
    return reject_all(marked) if view is SuggestionDisplay.STANDING else accept_all(marked)


def handling_label(handling: str, language: str) -> str:
    """Return the handling mark in the text's language, with its international name."""
    mark = Handling(handling)
    with translation.override(language):
        return f"{mark.tlp} · {mark.label}"


def fallback_title(text: DraftText) -> str:
    """Return the title of a file of an untitled text, in the text's language.

    The working title is only for the workspace.
    """
    with translation.override(text.language):
        return f"{TextKind(text.draft.kind).label} · {text.get_language_display()}"


def letterhead_for(text: DraftText, at: datetime.datetime) -> list[str]:
    """Return the rows above a letter: sender and date. Empty for other kinds of text."""
    if text.draft.kind not in LETTER_KINDS:
        return []
    with translation.override(text.language):
        sender = display_name_for(PUBLIC, text.draft.organisation)
        return [sender, date_format(localtime(at), "DATE_FORMAT")]


EXPORT_KIND = "documents.export"
LONG_TEXT_SIZE = 600_000  # characters of a text, some 80 pages: longer ones are generated in a background job
MANY_PICTURES = 8
SALT = "documents.export"


def export_text(
    *,
    access: Access,
    text: DraftText,
    format: FileFormat,  # noqa: A002  the word of the field
    view: SuggestionDisplay,
) -> ExportedFile:
    """Record the export of the text as a file and return the record; `make_file` returns the bytes.

    A slow one is generated in a background job (`is_long`). Raises NotAllowed if the draft's
    handling mark forbids the person to export it.
    """
    require_that(may_export(access, text.draft), _("This text is only for reading here."))
    threads = threads_to_export(access.user, text) if format.comes_back else []
    with transaction.atomic():
        made = _create_export(text, format, view, threads, user=access.user, organisation=access.organisation)
        drafts_audit.record_document_audit(
            thing=text.draft,
            access=access,
            action="text.exported",
            language=made.text.language,
            format=made.format,
            view=made.view,
            revision=made.revision,
            hash=made.content_hash,
            handling=made.handling,
        )
        drafts_audit.record_document_activity(
            thing=text.draft, access=access, kind="text_exported", language=text.language, format=format.value
        )
    return made


def export_for_guest(*, guest: UUID, organisation: Organisation, text: DraftText) -> ExportedFile:
    """The Word file for who holds the guest link with this UUID, with suggestions as tracked changes and
    without comments, which are between members. The caller has asked for the link, written down its use, and
    holds a transaction."""
    return _create_export(
        text, FileFormat.DOCX, SuggestionDisplay.SUGGESTIONS, [], organisation=organisation, guest=guest
    )


def _create_export(
    text: DraftText,
    form: FileFormat,
    view: SuggestionDisplay,
    threads: list[Json],
    *,
    organisation: Organisation,
    user: User | None = None,
    guest: UUID | None = None,
) -> ExportedFile:
    current = update_text_row(text.uuid)
    marked = marked_of(current) if guest is None else _for_outsiders(marked_of(current), current)
    names = names_in_file(current.draft, [one.id for one in open_suggestions_in(marked)], text.language)
    made = ExportedFile(
        text=current,
        format=form,
        view=view,
        handling=current.draft.handling,
        revision=current.revision,
        content_hash=current.content_hash,
        marked=marked,
        made_by=user,
        organisation=organisation,
        guest=guest,
        made_at=now(),
    )
    made.shown = {
        "names": without_imported(current.draft, names),
        "threads": threads,
        "letterhead": letterhead_for(current, made.made_at),
        "pictures": sorted(pictures_for_text(current.draft, marked)),  # every reader of the draft sees them
    }
    with translation.override("en"):
        kind = str(TextKind(current.draft.kind).label)
    made.name = file_name(
        mark=Handling(current.draft.handling).tlp,
        kind=kind,
        title=current.title,  # not the working title: a file may end up anywhere
        language=current.language,
        day=made.made_at.date(),
        code=made.code,
        ending=made.format,
    )
    made.is_long = len(str(marked)) > LONG_TEXT_SIZE or len(made.shown["pictures"]) > MANY_PICTURES
    made.save()
    if made.is_long:
        scheduler.schedule(kind=EXPORT_KIND, key=str(made.uuid), due_at=now())
    return made


def withheld_pictures(text: DraftText, uuids: Iterable[str]) -> set[str]:
    """Return those of the text's pictures (UUIDs) that consent keeps out of files of it."""
    files = list(pictures_in(text.draft.workspace, uuids))
    usable = {file.pk for file in usable_in_text(files, text.language)}
    return {str(file.uuid) for file in files if file.pk not in usable}


def _for_outsiders(marked: Json, text: DraftText) -> Json:
    """Return the text with a sentence in place of pictures under consent that may not be shown."""
    withheld = withheld_pictures(text, pictures_for_text(text.draft, marked))
    sentence = labels_for(text.language).withheld
    return _replaced_pictures(marked, withheld, sentence) if withheld else marked


def _replaced_pictures(node: Json, withheld: Collection[str], sentence: str) -> Json:
    if node["type"] == "picture" and node["attrs"]["id"] in withheld:
        return {"type": "paragraph", "content": [{"type": "text", "text": sentence}]}
    if "content" not in node:
        return node
    inside = [_replaced_pictures(child, withheld, sentence) for child in node["content"]]
    return {**node, "content": inside}


def sign_export_token(made: ExportedFile) -> str:
    """Return the token for the file's properties: the signed id of its record."""
    return Signer(salt=SALT).sign(made.uuid.hex)


def make_file_in_background(key: str, _payload: dict[str, Any]) -> None:
    """Background job: generate a slow file and store it for a day."""
    made = ExportedFile.objects.select_related("text__draft__workspace").filter(uuid=key).first()
    if made is None or made.file:
        return
    content = make_file(made, sign_export_token(made))
    if content is None:
        ExportedFile.objects.filter(pk=made.pk).update(failed=True)
        return
    made.file.save(made.name, ContentFile(content), save=False)
    if not ExportedFile.objects.filter(pk=made.pk).update(file=made.file.name, failed=False):
        made.file.storage.delete(str(made.file.name))  # the draft was deleted meanwhile
