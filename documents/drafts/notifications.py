"""Telling people what became of their words in a text."""

from collections.abc import Collection, Iterable
from uuid import UUID

from coalition.accounts.models import Organisation, User
from coalition.workspaces.actions.notify import notify
from documents.drafts.models import DraftText
from documents.drafts.queries import who_wrote_in

type Author = tuple[User, Organisation]


def text_changed(text: DraftText, authors: Collection[Author], *, writing: Collection[int]) -> None:
    """Tell those who wrote in the text before that these have begun to change it.

    `writing`: primary keys of all who write there at the moment; they see it themselves.
    """
    people = who_wrote_in(text).exclude(pk__in=writing)
    for author in authors:
        _tell(text, "text_changed", people, author)


def suggestion_decided(text: DraftText, suggested_by: UUID, author: Author, *, accepted: bool) -> None:
    """Tell the one who suggested that somebody accepted or rejected it."""
    kind = "suggestion_accepted" if accepted else "suggestion_rejected"
    _tell(text, kind, User.objects.filter(uuid=suggested_by), author)


def _tell(text: DraftText, kind: str, people: Iterable[User], author: Author) -> None:
    person, organisation = author
    notify(
        people=people,
        kind=kind,
        workspace=text.draft.workspace,
        actor=person,
        organisation=organisation,
        subject_kind="text",
        subject=text.uuid,
        language=text.language,
    )
