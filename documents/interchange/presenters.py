"""What a person is shown before a file is taken in."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace

from coalition.workspaces.permissions import Access
from documents.drafts.live.server_edits import marked_of
from documents.drafts.live.suggestions import Suggestion, listed
from documents.interchange.actions.upload import NOBODY, Bringing, Choice, compare_file, people_for
from documents.interchange.comments import comments_that_come, threads_to_resolve
from documents.interchange.diff.rebase import UNTRACKED
from documents.interchange.formats import left_out_of
from documents.interchange.models import IncomingFile
from documents.interchange.reader.file import FileRead
from documents.interchange.reader.metadata import FileComment
from documents.interchange.suggest.apply import incoming_threads
from documents.interchange.suggest.new_rows import new_text
from documents.interchange.suggest.threads import Authors


@dataclass(frozen=True)
class Author:
    """Somebody who changed the file: the name there (NOBODY: no trace says who), and how many changes."""

    name: str
    count: int


@dataclass(frozen=True)
class Coming:
    """One change that would become a suggestion."""

    suggestion: Suggestion
    author: str


@dataclass(frozen=True)
class Preview:
    """`left_out`: what does not come in, in words: (what, or nothing; why). `taken` and `refused` count
    suggestions that the file has accepted or rejected, which stay open here; `resolved` threads that it has
    resolved, and that are resolved here with it."""

    authors: list[Author]
    changes: list[Coming]
    comments: list[FileComment]
    left_out: list[tuple[str, str]]
    taken: int = 0
    refused: int = 0
    already: int = 0
    resolved: int = 0
    words: int = 0
    known: bool = True

    @property
    def names(self) -> list[str]:
        """Every name that the file gives, NOBODY among them, in the order of the page."""
        every = [*(one.name for one in self.authors), *(one.author for one in self.comments)]
        return list(dict.fromkeys(every))

    def named(self, told: Mapping[str, str]) -> "Preview":
        """The same with other names in place of those of the file."""
        return replace(
            self,
            changes=[replace(one, author=told[one.author]) for one in self.changes],
            comments=[replace(one, author=told[one.author]) for one in self.comments],
        )


def preview(*, access: Access, file: IncomingFile) -> Preview:
    """What the file would bring into its text as it stands now, or into a draft of its own."""
    return _back(access, file) if file.text is not None else _new(file)


def _back(access: Access, file: IncomingFile) -> Preview:
    text = file.text
    assert text is not None  # noqa: S101  asked before
    marked = marked_of(text)
    comparison = compare_file(file, marked, access.user)
    everyone = dict.fromkeys(comparison.people_in_file(), Choice.FILE)
    people = people_for(
        draft=text.draft,
        language=text.language,
        guest_name=file.guest_name,
        user=access.user,
        organisation=access.organisation,
        brought_for=file.organisation,
        choices=everyone,
    )
    bringing = Bringing(file, access.user, access.organisation, people)
    done = comparison.into(marked, bringing)
    changes = dict(done.ids)
    counted = Counter(_author_of(comparison.read, change) for change in changes.values())
    names = sorted(counted, key=lambda name: (name == NOBODY, name))
    return Preview(
        authors=[Author(name, counted[name]) for name in names],
        changes=[
            Coming(one, _author_of(comparison.read, changes[one.id]))
            for one in listed(done.marked)
            if one.id in changes
        ],
        comments=comments_that_come(access, text.draft, comparison.threads),
        left_out=comparison.left_out(access, done.not_taken).rows,
        taken=len(comparison.asked.taken),
        refused=len(comparison.asked.refused),
        already=done.already,
        resolved=len(threads_to_resolve(access, text, comparison.resolved)[0]),
        known=file.exported is not None,
    )


def _new(file: IncomingFile) -> Preview:
    read = FileRead.from_json(file.reading)
    numbers: dict[str, int] = {}

    def new_id(change: int) -> str:
        made = f"preview-{len(numbers)}"
        numbers[made] = change
        return made

    made = new_text(read.reading, Authors(new_id, lambda change: _author_of(read, change)))
    changes = [Coming(one, _author_of(read, numbers[one.id])) for one in listed(made.marked)]
    threads, _resolved = incoming_threads(read.found.comments)
    counted = Counter(one.author for one in changes)
    return Preview(
        authors=[Author(name, count) for name, count in sorted(counted.items())],
        changes=changes,
        comments=[comment for one in threads for comment in one.comments],
        left_out=left_out_of(read.found, made.not_taken).rows,
        words=len(_text_of(made.marked).split()),
    )


def _author_of(read: FileRead, change: int) -> str:
    return read.found.changes[change].author if change != UNTRACKED else NOBODY


def _text_of(node: dict[str, object]) -> str:
    content = node.get("content") or []
    assert isinstance(content, list)  # noqa: S101  the editor's JSON
    inside = " ".join(map(_text_of, content))
    return f"{node.get('text', '')} {inside}"
