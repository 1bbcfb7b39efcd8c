"""Notifications to authors about changes of their words in a text."""

from collections.abc import Collection, Iterable
from uuid import UUID

from coalition.accounts.models import Organisation, User
from coalition.workspaces.actions.notify import notify
from documents.drafts.models import DraftText
from documents.drafts.queries import writers_since_publication

type Author = tuple[User, Organisation]


def notify_text_changed(text: DraftText, authors: Collection[Author], *, writing: Collection[int]) -> None:
    """Notify earlier authors of the text that `authors` have begun to change it.

    `writing`: primary keys of all who are writing there now; they see it themselves.
    """
    people = writers_since_publication(text).exclude(pk__in=writing)
    for author in authors:
        _tell(text, "text_changed", people, author)


def notify_suggestion_decided(text: DraftText, suggested_by: UUID, author: Author, *, accepted: bool) -> None:
    """Notify the author of a suggestion that it was accepted or rejected."""
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
