"""Taking a file in that somebody looked at, or discarding it. Nothing of it is lost before that."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.enums import Language
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.permissions import Access
from documents.drafts import audit
from documents.drafts.actions.manage import create_draft
from documents.drafts.actions.write import check_words
from documents.drafts.enums import Handling, IncomingState, PointKind, TextKind
from documents.drafts.live.authors import Author
from documents.drafts.live.marks import origin_of, with_comment
from documents.drafts.live.resolve import without_comments
from documents.drafts.live.server_edits import edit_text, marked_of
from documents.drafts.live.shape import split
from documents.drafts.live.suggestions import rejected
from documents.drafts.models import Draft, DraftText
from documents.drafts.permissions import may_create, require_that
from documents.history.actions import keep_moment
from documents.interchange.actions.upload import (
    NOBODY,
    Bringing,
    Comparison,
    compare_file,
    people_for,
    quote_of,
)
from documents.interchange.comments import bring_comments, comments_left_out, resolve_threads
from documents.interchange.formats import LeftOut, View, left_out_of
from documents.interchange.models import ExportedFile, ImportedAuthor, IncomingFile
from documents.interchange.permissions import may_take_in
from documents.interchange.reader.file import FileRead
from documents.interchange.suggest.apply import IncomingThread, incoming_threads
from documents.interchange.suggest.new_rows import new_text, title_in

type Json = dict[str, Any]


@dataclass(frozen=True)
class Taken:
    """What came of a file: the text, how many suggestions and comments are new in it, what is left out."""

    text: DraftText
    suggestions: int
    comments: int
    left_out: LeftOut


def take_in(*, access: Access, file: IncomingFile, choices: Mapping[str, str]) -> Taken:
    """Bring a file back into its text: what it changes becomes suggestions, its new comments threads,
    and what was resolved in it is resolved, if the person may do that.

    `choices`: for each author of the file a `taking_in.Choice`. The words as they stand stay what they are.
    Raises NotAllowed without the right, Refused if the file was decided on meanwhile; then the file is still
    there.
    """
    text = file.text
    assert text is not None  # noqa: S101  others become drafts of their own
    comparison = compare_file(file, marked_of(text), access.user)  # before anything is locked
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=text.draft_id)
        locked = _locked(file)
        draft.workspace = access.workspace
        text.draft = draft
        require_that(may_take_in(access, locked))
        bringing = _bringing(access, locked, draft, text.language, choices)
        threads = _bring_comments(access, text, comparison.read, comparison.threads, bringing)
        resolved = resolve_threads(access, text, comparison.resolved)  # after its answers, which open it
        changing = _Changing(comparison, bringing, threads)
        text = edit_text(
            text=text, author=access.user, organisation=access.organisation, change=changing.change
        )
        keep_moment(text, PointKind.IMPORTED, Author(access.user, access.organisation))
        _keep_authors(access, draft, bringing)
        _go_on_from(locked.exported, comparison, bringing, threads, resolved)
        left_out = comparison.left_out(access, changing.not_taken)
        taken = Taken(text, len(changing.ids), _number_of(comparison.threads, threads), left_out)
        _decide(access, locked, IncomingState.TAKEN_IN, _report(taken))
        _notify_of_changes(access, draft, text.language, taken)
    return taken


def take_in_as_new(*, access: Access, file: IncomingFile, choices: Mapping[str, str]) -> Taken:
    """Make a draft of a file; its tracked changes are suggestions in it. Raises as `take_in` does, and
    Refused with the reason in words if the file holds what no text may hold."""
    read = FileRead.from_json(file.reading)
    with transaction.atomic():
        locked = _locked(file)
        require_that(may_create(access) and may_take_in(access, locked))
        draft = create_draft(
            access=access,
            title=(locked.title or title_in(read.reading) or locked.name.rpartition(".")[0])[:160],
            kind=TextKind(locked.kind),
            first_language=Language(locked.language),
            handling=Handling(locked.handling),
        )
        text = draft.texts.get(language=locked.language)
        text.draft = draft
        bringing = _bringing(access, locked, draft, text.language, choices)
        comments, _resolved = incoming_threads(read.found.comments)
        threads = _bring_comments(access, text, read, comments, bringing)
        ids = {str(number): thread for number, thread in threads.items()}
        made = new_text(read.reading, bringing.authors(read), ids)
        check_words(text=text, words=split(rejected(without_comments(made.marked))))
        text = edit_text(
            text=text, author=access.user, organisation=access.organisation, change=lambda _empty: made.marked
        )
        keep_moment(text, PointKind.IMPORTED, Author(access.user, access.organisation))
        _keep_authors(access, draft, bringing)
        left_out = left_out_of(
            read.found, made.not_taken, counts=comments_left_out(access, text.draft, comments)
        )
        taken = Taken(text, text.open_suggestions, _number_of(comments, threads), left_out)
        _decide(access, locked, IncomingState.TAKEN_IN, _report(taken))
    return taken


def discard(*, access: Access, file: IncomingFile) -> None:
    """Let a file go without taking anything in. Raises as `take_in` does."""
    with transaction.atomic():
        locked = _locked(file, also=(IncomingState.REFUSED, IncomingState.READING))
        require_that(may_take_in(access, locked))
        _decide(access, locked, IncomingState.DISCARDED)


# --- one edit -------------------------------------------------------------------------------------------


class _Changing:
    """The edit of the text as it stands at that moment."""

    def __init__(self, comparison: Comparison, bringing: Bringing, threads: Mapping[int, str]) -> None:
        self.comparison = comparison
        self.bringing = bringing
        self.threads = threads
        self.ids: list[str] = []
        self.not_taken: list[tuple[str, str]] = []

    def change(self, marked: Json) -> Json:
        done = self.comparison.into(marked, self.bringing)
        if _stands(done.marked) != _stands(marked):
            raise Refused(_("The file cannot be brought in: it would change words that nobody decided on."))
        self.ids = [one for one, _change in done.ids]
        self.not_taken = done.not_taken
        made = done.marked
        for one in self.comparison.threads:
            quote = quote_of(self.comparison.read, one.number)
            thread = self.threads.get(one.number, one.thread)
            if quote and thread != one.thread:  # a thread of the text has its mark
                made = with_comment(made, words=quote, thread=thread)
        return made


def _stands(marked: Json) -> str:
    """The words as they stand, whatever holds a suggestion between them."""
    return str(split(rejected(without_comments(marked)))).replace("\u200b", "")


def _bring_comments(
    access: Access,
    text: DraftText,
    read: FileRead,
    comments: Sequence[IncomingThread],
    bringing: Bringing,
) -> dict[int, str]:
    """The id of the thread of each, by the number of the comment of the file that it hangs on."""
    return bring_comments(
        access=access,
        text=text,
        threads=comments,
        quote_of=lambda number: quote_of(read, number),
        author_of=bringing.author_of_comment,
    )


def _number_of(comments: Sequence[IncomingThread], threads: Mapping[int, str]) -> int:
    return sum(len(one.comments) for one in comments if one.number in threads)


# --- what is kept ---------------------------------------------------------------------------------------


def _locked(file: IncomingFile, also: tuple[str, ...] = ()) -> IncomingFile:
    rows = IncomingFile.objects.select_for_update(of=("self",)).select_related("text__draft", "exported")
    locked = rows.get(pk=file.pk)
    if locked.state not in {IncomingState.READY, *also}:
        raise Refused(_("Somebody has decided on this file already."))
    return locked


def _bringing(
    access: Access, file: IncomingFile, draft: Draft, language: str, choices: Mapping[str, str]
) -> Bringing:
    people = people_for(
        draft=draft,
        language=language,
        guest_name=file.guest_name,
        user=access.user,
        organisation=access.organisation,
        brought_for=file.organisation,
        choices=choices,
    )
    return Bringing(file, access.user, access.organisation, people)


def _keep_authors(access: Access, draft: Draft, bringing: Bringing) -> None:
    """Keep the names of those who are known by the file alone, if something of theirs came in."""
    used = {origin.person for origin in map(origin_of, bringing.made) if origin is not None}
    for person in bringing.people.values():
        if person.uuid in used and person.uuid != access.user.uuid:
            known = {"draft": draft, "organisation": bringing.file.organisation, "name": person.name}
            ImportedAuthor.objects.update_or_create(
                uuid=person.uuid,
                defaults=known,
                create_defaults={**known, "brought_by": access.user, "created_at": now()},
            )


def _go_on_from(
    exported: ExportedFile | None,
    comparison: Comparison,
    bringing: Bringing,
    threads: Mapping[int, str],
    resolved: Collection[str],
) -> None:
    """The next file that was made of the same one brings only what is new since: what came in is part of
    what it is compared with."""
    if exported is None or exported.view != View.SUGGESTIONS:
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
    me = {one: name for one, name in bringing.made.items() if _is(one, bringing.user.uuid)}
    exported.shown["names"] |= me
    exported.save(update_fields=["marked", "shown"])


def _is(suggestion: str, person: Any) -> bool:
    origin = origin_of(suggestion)
    return origin is not None and origin.person == person


def _report(taken: Taken) -> dict[str, Any]:
    """What is kept of a file that was taken in: numbers, and no words of it."""
    return {
        "suggestions": taken.suggestions,
        "comments": taken.comments,
        "left_out": taken.left_out.report,
    }


def _decide(
    access: Access, file: IncomingFile, state: IncomingState, report: Mapping[str, Any] | None = None
) -> None:
    """Write down what became of the file; its bytes and what was read go."""
    name, storage = str(file.file.name), file.file.storage
    file.state, file.report, file.reading, file.file = state, dict(report or {}), {}, ""
    file.decided_by, file.decided_at = access.user, now()
    file.save()
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def _notify_of_changes(access: Access, draft: Draft, language: str, taken: Taken) -> None:
    audit.record(
        thing=draft,
        access=access,
        action="text.file_taken_in",
        language=language,
        suggestions=taken.suggestions,
        comments=taken.comments,
    )
    audit.tell(
        thing=draft,
        access=access,
        kind="text_file_taken_in",
        language=language,
        count=taken.suggestions,
    )
