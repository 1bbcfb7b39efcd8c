"""Acceptance or rejection of a reviewed file. The file is stored until then."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from documents.canonical.form import Json
from documents.drafts import audit as drafts_audit
from documents.drafts.actions.manage import create_draft
from documents.drafts.actions.write import check_text_content
from documents.drafts.enums import Handling, IncomingState, PointKind, TextKind
from documents.drafts.live.authors import Author
from documents.drafts.live.marks import origin_of, with_comment
from documents.drafts.live.resolve import without_comments
from documents.drafts.live.server_edits import edit_text, marked_of
from documents.drafts.live.shape import split_text
from documents.drafts.live.suggestions import reject_all
from documents.drafts.models import Draft, DraftText
from documents.drafts.permissions import may_create, require_that
from documents.history.actions import record_moment
from documents.interchange.actions.upload import (
    NOBODY,
    FileComparison,
    ImportContext,
    commented_words,
    compare_file,
    identities_for_authors,
)
from documents.interchange.comments import comments_left_out, import_comments, resolve_threads
from documents.interchange.formats import LeftOutReport, SuggestionDisplay, report_left_out
from documents.interchange.models import ExportedFile, ImportedAuthor, IncomingFile
from documents.interchange.permissions import may_import
from documents.interchange.reader.reasons import FileRead
from documents.interchange.suggest.apply import IncomingThread, incoming_threads
from documents.interchange.suggest.new_rows import build_new_text, title_in


@dataclass(frozen=True)
class ImportResult:
    """The result of an import: the text, the number of new suggestions and comments, what is left
    out."""

    text: DraftText
    suggestions: int
    comments: int
    left_out: LeftOutReport


def import_into_text(*, access: Access, file: IncomingFile, choices: Mapping[str, str]) -> ImportResult:
    """Import a file into its text: changes become suggestions, new comments become threads, and
    threads resolved in the file are resolved here if the person may do that.

    `choices`: an `upload.Choice` for each author of the file. The words outside suggestions do not
    change. Raises NotAllowed without the right, Refused if the file was decided on meanwhile; the
    file then remains.
    """
    text = file.text
    assert text is not None  # noqa: S101  others become drafts of their own
    comparison = compare_file(file, marked_of(text), access.user)  # before anything is locked
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=text.draft_id)
        locked = _lock_incoming_file(file)
        draft.workspace = access.workspace
        text.draft = draft
        require_that(may_import(access, locked))
        bringing = _import_context(access, locked, draft, text.language, choices)
        threads = _import_comments(access, text, comparison.read, comparison.threads, bringing)
        resolved = resolve_threads(access, text, comparison.resolved)  # after its answers reopen it
        changing = _ImportEdit(comparison, bringing, threads)
        text = edit_text(
            text=text, author=access.user, organisation=access.organisation, change=changing.apply_decisions
        )
        record_moment(text, PointKind.IMPORTED, Author(access.user, access.organisation))
        _store_authors(access, draft, bringing)
        _rebase_export(locked.exported, comparison, bringing, threads, resolved)
        left_out = comparison.left_out(access, changing.not_taken)
        taken = ImportResult(text, len(changing.ids), _number_of(comparison.threads, threads), left_out)
        _close_incoming_file(access, locked, IncomingState.TAKEN_IN, _import_report(taken))
        _notify_of_changes(access, draft, text.language, taken)
    return taken


def import_as_new_draft(*, access: Access, file: IncomingFile, choices: Mapping[str, str]) -> ImportResult:
    """Create a draft from a file; its tracked changes become suggestions.

    Raises as `take_in` does, and Refused with the reason in words if the file contains what no
    text may contain.
    """
    read = FileRead.from_json(file.reading)
    with transaction.atomic():
        locked = _lock_incoming_file(file)
        require_that(may_create(access) and may_import(access, locked))
        draft = create_draft(
            access=access,
            title=(locked.title or title_in(read.reading) or locked.name.rpartition(".")[0])[:160],
            kind=TextKind(locked.kind),
            first_language=Language(locked.language),
            handling=Handling(locked.handling),
        )
        text = draft.texts.get(language=locked.language)
        text.draft = draft
        bringing = _import_context(access, locked, draft, text.language, choices)
        comments, _resolved = incoming_threads(read.found.comments)
        threads = _import_comments(access, text, read, comments, bringing)
        ids = {str(number): thread for number, thread in threads.items()}
        made = build_new_text(read.reading, bringing.authors(read), ids)
        check_text_content(text=text, words=split_text(reject_all(without_comments(made.marked))))
        text = edit_text(
            text=text, author=access.user, organisation=access.organisation, change=lambda _empty: made.marked
        )
        record_moment(text, PointKind.IMPORTED, Author(access.user, access.organisation))
        _store_authors(access, draft, bringing)
        left_out = report_left_out(
            read.found, made.not_taken, counts=comments_left_out(access, text.draft, comments)
        )
        taken = ImportResult(text, text.open_suggestions, _number_of(comments, threads), left_out)
        _close_incoming_file(access, locked, IncomingState.TAKEN_IN, _import_report(taken))
    return taken


def discard_incoming_file(*, access: Access, file: IncomingFile) -> None:
    """Discard a file without importing it. Raises as `take_in` does."""
    with transaction.atomic():
        locked = _lock_incoming_file(file, also=(IncomingState.REFUSED, IncomingState.READING))
        require_that(may_import(access, locked))
        _close_incoming_file(access, locked, IncomingState.DISCARDED)


# --- one edit -------------------------------------------------------------------------------------------


class _ImportEdit:
    """The edit of the text, applied to its state at that moment."""

    def __init__(
        self, comparison: FileComparison, bringing: ImportContext, threads: Mapping[int, str]
    ) -> None:
        self.comparison = comparison
        self.bringing = bringing
        self.threads = threads
        self.ids: list[str] = []
        self.not_taken: list[tuple[str, str]] = []

    def apply_decisions(self, marked: Json) -> Json:
        done = self.comparison.into(marked, self.bringing)
        if _words_as_written(done.marked) != _words_as_written(marked):
            raise Refused(_("The file cannot be brought in: it would change words that nobody decided on."))
        self.ids = [one for one, _change in done.ids]
        self.not_taken = done.not_taken
        made = done.marked
        for one in self.comparison.threads:
            quote = commented_words(self.comparison.read, one.number)
            thread = self.threads.get(one.number, one.thread)
            if quote and thread != one.thread:  # a thread of the text already has its mark
                made = with_comment(made, words=quote, thread=thread)
        return made


def _words_as_written(marked: Json) -> str:
    """Return the words without suggestions, whichever nodes they are split into."""
    return str(split_text(reject_all(without_comments(marked)))).replace("\u200b", "")


def _import_comments(
    access: Access,
    text: DraftText,
    read: FileRead,
    comments: Sequence[IncomingThread],
    bringing: ImportContext,
) -> dict[int, str]:
    """Return the id of each thread by the number of its first comment in the file."""
    return import_comments(
        access=access,
        text=text,
        threads=comments,
        quote_of=lambda number: commented_words(read, number),
        author_of=bringing.author_of_comment,
    )


def _number_of(comments: Sequence[IncomingThread], threads: Mapping[int, str]) -> int:
    return sum(len(one.comments) for one in comments if one.number in threads)


# --- what is kept ---------------------------------------------------------------------------------------


def _lock_incoming_file(file: IncomingFile, also: tuple[str, ...] = ()) -> IncomingFile:
    rows = IncomingFile.objects.select_for_update(of=("self",)).select_related("text__draft", "exported")
    locked = rows.get(pk=file.pk)
    if locked.state not in {IncomingState.READY, *also}:
        raise Refused(_("Somebody has decided on this file already."))
    return locked


def _import_context(
    access: Access, file: IncomingFile, draft: Draft, language: str, choices: Mapping[str, str]
) -> ImportContext:
    people = identities_for_authors(
        draft=draft,
        language=language,
        guest_name=file.guest_name,
        user=access.user,
        organisation=access.organisation,
        brought_for=file.organisation,
        choices=choices,
    )
    return ImportContext(file, access.user, access.organisation, people)


def _store_authors(access: Access, draft: Draft, bringing: ImportContext) -> None:
    """Store the names of authors known only from the file whose changes were imported."""
    used = {origin.person for origin in map(origin_of, bringing.made) if origin is not None}
    for person in bringing.people.values():
        if person.uuid in used and person.uuid != access.user.uuid:
            known = {"draft": draft, "organisation": bringing.file.organisation, "name": person.name}
            ImportedAuthor.objects.update_or_create(
                uuid=person.uuid,
                defaults=known,
                create_defaults={**known, "brought_by": access.user, "created_at": now()},
            )


def _rebase_export(
    exported: ExportedFile | None,
    comparison: FileComparison,
    bringing: ImportContext,
    threads: Mapping[int, str],
    resolved: Collection[str],
) -> None:
    """Add the imported changes to the export record, so that the next file made from the same
    export imports only what is new since."""
    if exported is None or exported.view != SuggestionDisplay.SUGGESTIONS:
        return
    exported.marked = comparison.into(exported.marked, bringing).marked
    shown = {one["id"]: one for one in exported.shown["threads"]}
    for one in comparison.threads:
        if one.number in threads:
            thread = shown.setdefault(threads[one.number], {"id": threads[one.number], "remarks": []})
            thread["remarks"] += [[NOBODY, now().isoformat(), comment.words] for comment in one.comments]
    for thread in resolved:
        shown[thread]["resolved"] = True
    exported.shown["threads"] = list(shown.values())
    me = {one: name for one, name in bringing.made.items() if _is_by_person(one, bringing.user.uuid)}
    exported.shown["names"] |= me
    exported.save(update_fields=["marked", "shown"])


def _is_by_person(suggestion: str, person: Any) -> bool:
    origin = origin_of(suggestion)
    return origin is not None and origin.person == person


def _import_report(taken: ImportResult) -> dict[str, Any]:
    """Return the report stored for an imported file: numbers, without its words."""
    return {
        "suggestions": taken.suggestions,
        "comments": taken.comments,
        "left_out": taken.left_out.report,
    }


def _close_incoming_file(
    access: Access, file: IncomingFile, state: IncomingState, report: Mapping[str, Any] | None = None
) -> None:
    """Record the decision on the file and delete its bytes and its reading."""
    name, storage = str(file.file.name), file.file.storage
    file.state, file.report, file.reading, file.file = state, dict(report or {}), {}, ""
    file.decided_by, file.decided_at = access.user, now()
    file.save()
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def _notify_of_changes(access: Access, draft: Draft, language: str, taken: ImportResult) -> None:
    drafts_audit.record_document_audit(
        thing=draft,
        access=access,
        action="text.file_taken_in",
        language=language,
        suggestions=taken.suggestions,
        comments=taken.comments,
    )
    drafts_audit.record_document_activity(
        thing=draft,
        access=access,
        kind="text_file_taken_in",
        language=language,
        count=taken.suggestions,
    )
