"""Acceptance or rejection of a reviewed file. The file is stored until then."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Language
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from documents.canonical.form import Json
from documents.comments.actions import resolve_thread
from documents.drafts import audit as drafts_audit
from documents.drafts.actions.manage import check_text_content, create_draft
from documents.drafts.live.backend import edit_text, marked_of
from documents.drafts.live.projection import Author
from documents.drafts.live.resolve import origin_of, with_comment, without_comments
from documents.drafts.live.suggestions import reject_all, split_text
from documents.drafts.models import Draft, DraftText, Handling, IncomingState, PointKind, TextKind
from documents.drafts.permissions import may_create, require_that
from documents.history.actions import record_moment
from documents.interchange.actions.upload import (
    NOBODY,
    FileComparison,
    ImportContext,
    commented_words,
    compare_file,
    import_context,
)
from documents.interchange.comments import comments_left_out, import_comments, threads_to_resolve
from documents.interchange.formats import LeftOutReport, SuggestionDisplay, report_left_out
from documents.interchange.models import ExportedFile, ImportedAuthor, IncomingFile
from documents.interchange.queries import may_import
from documents.interchange.reader.reasons import FileRead
from documents.interchange.suggest.marked_text import SuggestionOutcome
from documents.interchange.suggest.new_rows import IncomingThread, build_new_text, incoming_threads, title_in


@dataclass(frozen=True)
class ImportResult:
    """The result of an import: the text, the number of new suggestions and comments, what is left out."""

    text: DraftText
    suggestions: int
    comments: int
    left_out: LeftOutReport


def import_into_text(*, access: Access, file: IncomingFile, choices: Mapping[str, str]) -> ImportResult:
    """Import a file into its text: changes become suggestions, new comments become threads, and threads
    resolved in the file are resolved here if the person may do that.

    `choices`: an `upload.Choice` for each author of the file. The words outside suggestions do not change.
    Raises NotAllowed without the right, Refused if the file was decided on meanwhile; the file then remains.
    """
    text = file.text
    assert text is not None  # noqa: S101  others become drafts of their own
    comparison = compare_file(file, marked_of(text), access.user)  # before anything is locked
    outcomes: list[SuggestionOutcome] = []

    def apply_changes(marked: Json) -> Json:
        """Edit the text in its state at that moment."""
        done = comparison.into(marked, context)
        if _words_as_written(done.marked) != _words_as_written(marked):
            raise Refused(_("The file cannot be brought in: it would change words that nobody decided on."))
        outcomes.append(done)
        changed = done.marked
        for one in comparison.threads:
            quote = commented_words(comparison.read, one.number)
            thread = threads.get(one.number, one.thread)
            if quote and thread != one.thread:  # a thread of the text already has its mark
                changed = with_comment(changed, words=quote, thread=thread)
        return changed

    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=text.draft_id)
        locked = _lock_incoming_file(file)
        draft.workspace = access.workspace
        text.draft = draft
        require_that(may_import(access, locked))
        context = import_context(
            access=access, file=locked, draft=draft, language=text.language, choices=choices
        )
        threads = _import_comments(access, text, comparison.read, comparison.threads, context)
        # After the import of comments, which reopens threads.
        may, _may_not = threads_to_resolve(access, text, comparison.resolved)
        resolved = [str(resolve_thread(access=access, thread=thread).uuid) for thread in may]
        text = edit_text(
            text=text, author=access.user, organisation=access.organisation, change=apply_changes
        )
        left_out = comparison.left_out(access, outcomes[-1].not_taken)
        imported = _comment_count(comparison.threads, threads)
        result = ImportResult(text, len(outcomes[-1].ids), imported, left_out)
        _finish_import(access, context, draft, result)
        _rebase_export(locked.exported, comparison, context, threads, resolved)
        drafts_audit.record_document_audit(
            thing=draft,
            access=access,
            action="text.file_taken_in",
            language=text.language,
            suggestions=result.suggestions,
            comments=result.comments,
        )
        drafts_audit.record_document_activity(
            thing=draft,
            access=access,
            kind="text_file_taken_in",
            language=text.language,
            count=result.suggestions,
        )
    return result


def import_as_new_draft(*, access: Access, file: IncomingFile, choices: Mapping[str, str]) -> ImportResult:
    """Create a draft from a file; its tracked changes become suggestions.

    Raises as `import_into_text` does, and Refused with the reason in words if the file contains what no
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
        context = import_context(
            access=access, file=locked, draft=draft, language=text.language, choices=choices
        )
        comments, _resolved = incoming_threads(read.found.comments)
        threads = _import_comments(access, text, read, comments, context)
        ids = {str(number): thread for number, thread in threads.items()}
        marked, not_taken = build_new_text(read.reading, context.authors(read), ids)
        check_text_content(text=text, words=split_text(reject_all(without_comments(marked))))
        text = edit_text(
            text=text, author=access.user, organisation=access.organisation, change=lambda _empty: marked
        )
        left_out = report_left_out(
            read.found, not_taken, counts=comments_left_out(access, text.draft, comments)
        )
        result = ImportResult(text, text.open_suggestions, _comment_count(comments, threads), left_out)
        _finish_import(access, context, draft, result)
    return result


def discard_incoming_file(*, access: Access, file: IncomingFile) -> None:
    """Discard a file without importing it. Raises as `import_into_text` does."""
    with transaction.atomic():
        locked = _lock_incoming_file(file, also=(IncomingState.REFUSED, IncomingState.READING))
        require_that(may_import(access, locked))
        _close_incoming_file(access, locked, IncomingState.DISCARDED)


def _words_as_written(marked: Json) -> str:
    """Return the words without suggestions, whichever nodes they are split into."""
    return str(split_text(reject_all(without_comments(marked)))).replace("\u200b", "")


def _import_comments(
    access: Access,
    text: DraftText,
    read: FileRead,
    comments: Sequence[IncomingThread],
    context: ImportContext,
) -> dict[int, str]:
    """Return the id of each thread by the number of its first comment in the file."""
    return import_comments(
        access=access,
        text=text,
        threads=comments,
        quote_of=lambda number: commented_words(read, number),
        author_of=context.author_of_comment,
    )


def _comment_count(comments: Sequence[IncomingThread], threads: Mapping[int, str]) -> int:
    return sum(len(one.comments) for one in comments if one.number in threads)


def _lock_incoming_file(file: IncomingFile, also: tuple[str, ...] = ()) -> IncomingFile:
    rows = IncomingFile.objects.select_for_update(of=("self",)).select_related("text__draft", "exported")
    locked = rows.get(pk=file.pk)
    if locked.state not in {IncomingState.READY, *also}:
        raise Refused(_("Somebody has decided on this file already."))
    return locked


def _finish_import(access: Access, context: ImportContext, draft: Draft, result: ImportResult) -> None:
    """Store the text's moment and the names of authors known only from the file, and close the file."""
    record_moment(result.text, PointKind.IMPORTED, Author(access.user, access.organisation))
    used = {origin.person for origin in map(origin_of, context.made) if origin is not None}
    for person in context.people.values():
        if person.uuid in used and person.uuid != access.user.uuid:
            known = {"draft": draft, "organisation": context.file.organisation, "name": person.name}
            ImportedAuthor.objects.update_or_create(
                uuid=person.uuid,
                defaults=known,
                create_defaults={**known, "brought_by": access.user, "created_at": now()},
            )
    # Numbers, without words of the file.
    report = {
        "suggestions": result.suggestions,
        "comments": result.comments,
        "left_out": result.left_out.report,
    }
    _close_incoming_file(access, context.file, IncomingState.TAKEN_IN, report)


def _rebase_export(
    exported: ExportedFile | None,
    comparison: FileComparison,
    context: ImportContext,
    threads: Mapping[int, str],
    resolved: Collection[str],
) -> None:
    """Add the imported changes to the export record, so that the next file made from the same
    export imports only what is new since."""
    if exported is None or exported.view != SuggestionDisplay.SUGGESTIONS:
        return
    exported.marked = comparison.into(exported.marked, context).marked
    shown = {one["id"]: one for one in exported.shown["threads"]}
    for one in comparison.threads:
        if one.number in threads:
            thread = shown.setdefault(threads[one.number], {"id": threads[one.number], "remarks": []})
            thread["remarks"] += [[NOBODY, now().isoformat(), comment.words] for comment in one.comments]
    for thread in resolved:
        shown[thread]["resolved"] = True
    exported.shown["threads"] = list(shown.values())
    exported.shown["names"] |= {
        suggestion: name
        for suggestion, name in context.made.items()
        if (origin := origin_of(suggestion)) and origin.person == context.user.uuid
    }
    exported.save(update_fields=["marked", "shown"])


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
