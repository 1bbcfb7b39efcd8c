"""Comment threads for display to one reader: permitted names and available actions."""

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from coalition.accounts.naming import Viewer, display_name_for, may_see_name
from coalition.workspaces.models import Seat
from coalition.workspaces.permissions import Access
from coalition.workspaces.sentence_params import PersonCircle, person_circle, person_name
from documents.comments import queries
from documents.comments.body import comment_parts
from documents.comments.models import Comment, LegalReader, Thread
from documents.comments.notifications import topics_for_page
from documents.comments.permissions import (
    is_own_comment,
    is_reader,
    may_comment_to,
    may_resolve_thread,
    takes_part_in_thread,
)
from documents.drafts.models import Audience, Draft, DraftText
from documents.drafts.permissions import may_comment, may_edit_text, may_name_legal_reader
from documents.drafts.presenters import file_author_name

ICONS = {Audience.WORKSPACE: "room", Audience.ORGANISATION: "organisation", Audience.LEGAL: "lock"}


class CommentCards:
    """Cards of threads for one reader, whose permissions on the page are computed once.

    `typed`: submitted text that could not be saved, by the UUID of the answered thread or edited comment;
    None: of a new thread.
    """

    def __init__(
        self, access: Access, viewer: Viewer, draft: Draft, typed: Mapping[UUID | None, str]
    ) -> None:
        self.access, self.viewer, self.typed = access, viewer, typed
        self.may_comment = may_comment(access, draft)
        self.may_comment_to_all = may_comment_to(access, draft, Audience.WORKSPACE)
        self._edits = may_edit_text(access, draft)

    def thread(self, thread: Thread) -> dict[str, Any]:
        """Return a thread from `queries.with_comments`. `position`: JSON for the browser."""
        audience, access, comments = Audience(thread.audience), self.access, self.may_comment
        resolved_by = ""
        if thread.resolved_by is not None and thread.resolved_for is not None:
            resolved_by = person_name(self.viewer, thread.resolved_by, thread.resolved_for)
        may_write = comments and (self.may_comment_to_all or audience != Audience.WORKSPACE)
        cards = [self.comment(comment) for comment in thread.comments.all()]
        return {
            "thread": thread,
            "audience": audience,
            "icon": ICONS[audience],
            "hue": cards[0]["circle"].hue if cards else 0,
            "position": json.dumps(thread.position) if thread.position else "",
            "comments": cards,
            "own_comments": sum(card["may_change"] for card in cards),
            "resolved_by": resolved_by,
            "may_reply": may_write and takes_part_in_thread(access, thread),
            "may_resolve": comments and may_resolve_thread(access, thread, edits=self._edits),
            "typed": self.typed.get(thread.uuid, ""),
        }

    def comment(self, comment: Comment) -> dict[str, Any]:
        """Return a comment. `words`: plain text, for editing; `parts`: with names marked up, for reading."""
        circle, note = _author_circle(comment, self.viewer)
        parts = comment_parts(comment.body, comment.mentions.all(), self.viewer)
        if comment.deleted_at is not None:
            parts = []
        return {
            "comment": comment,
            "circle": circle,
            "note": note,
            "parts": parts,
            "words": "".join(part.words for part in parts),
            "may_change": self.may_comment and is_own_comment(self.access, comment),
            "typed": self.typed.get(comment.uuid, ""),
        }


def _author_circle(comment: Comment, viewer: Viewer) -> tuple[PersonCircle, str]:
    """Return the circle with the name, and the line below it. For former members: the organisation only."""
    if comment.is_from_file and comment.organisation is not None:
        named = file_author_name(viewer, comment.guest_name, comment.organisation)
        return PersonCircle(named.initials, 0, named.name), display_name_for(viewer, comment.organisation)
    if comment.guest is not None:
        initials = "".join(word[0] for word in comment.guest_name.split()[:2]).upper()
        note = _("Guest") if comment.guest_name else ""
        return PersonCircle(initials, 0, comment.guest_name or _("Guest")), note
    if comment.organisation is None:
        return PersonCircle("", 0, _("Someone who has left")), ""
    organisation = display_name_for(viewer, comment.organisation)
    if comment.author is not None and queries.author_stays(comment):
        return person_circle(viewer, comment.author, comment.organisation), organisation
    hue = comment.organisation.hue if may_see_name(viewer, comment.organisation) else 0
    return PersonCircle("", hue, organisation), _("Someone who has left")


OPEN, RESOLVED = "open", "resolved"


def build_comments_panel(
    access: Access,
    viewer: Viewer,
    text: DraftText,
    *,
    show: str = OPEN,
    typed: Mapping[UUID | None, str] | None = None,
    **after: Any,
) -> dict[str, Any]:
    """Return the context of `documents/comments/_panel.html`; the number of queries does not depend on the
    number of threads.

    `typed`: see `CommentCards`. `after` an action: `done`,
    with the URL of its `undo`; or `error`, why it failed.
    """
    show = RESOLVED if show == RESOLVED else OPEN
    cards = CommentCards(access, viewer, text.draft, typed or {})
    threads = list(queries.with_comments(queries.threads_for(access.user, text)))
    shown = [thread for thread in threads if (thread.resolved_at is not None) == (show == RESOLVED)]
    own = list(queries.legal_readers_of(access.user).filter(draft=text.draft))
    names = may_name_legal_reader(access, text.draft)
    named = list(queries.legal_readers_on(text.draft)) if names else []
    topics = topics_for_page(text, access, coordinates=names, readers=own)
    return {
        "text": text,
        "cards": [cards.thread(thread) for thread in shown],
        "show": show,
        "open_count": sum(thread.resolved_at is None for thread in threads),
        "resolved_count": sum(thread.resolved_at is not None for thread in threads),
        "topics": " ".join(topics),
        "may_comment": cards.may_comment,
        # Comments are over; narrower audiences remain open.
        "closed": cards.may_comment and not cards.may_comment_to_all,
        "audiences": _audience_choices(cards, own, named) if cards.may_comment else [],
        # The empty form gets a new name after each thread that the person started.
        "own_threads": sum(thread.created_by_id == access.user.pk for thread in threads),
        "legal_readers": [_reader_row(viewer, row) for row in named],
        "candidates": _possible_legal_readers(viewer, text, named) if names else [],
        "may_name_readers": names,
        "reads_as_lawyer": any(is_reader(access, reader) for reader in own),
        "own_readings": [reader.uuid for reader in own],
        "typed": cards.typed.get(None, ""),
        **after,
    }


def _audience_choices(
    cards: CommentCards, own: list[LegalReader], named: list[LegalReader]
) -> list[tuple[str, str]]:
    """Return the audiences for which the person may start a thread: form value and label."""
    access, viewer = cards.access, cards.viewer
    plain = [Audience.WORKSPACE] if cards.may_comment_to_all else []
    plain.append(Audience.ORGANISATION)
    choices = [(one.value, str(one.label)) for one in plain]
    choices += [
        (f"{Audience.LEGAL}:{reader.uuid}", _("The coordinators, as legal reader"))
        for reader in own
        if is_reader(access, reader)
    ]
    for reader in named:
        if not is_reader(access, reader) and reader.person is not None:
            label = _("The legal reader %(name)s and the coordinators") % {
                "name": person_name(viewer, reader.person, reader.organisation)
            }
            choices.append((f"{Audience.LEGAL}:{reader.uuid}", label))
    return choices


def _reader_row(viewer: Viewer, row: LegalReader | Seat) -> dict[str, str]:
    """Return a legal reader, or the seat of a candidate, by name."""
    name = person_name(viewer, row.person, row.organisation) if row.person is not None else ""
    return {"uuid": str(row.uuid), "name": name, "organisation": display_name_for(viewer, row.organisation)}


def _possible_legal_readers(
    viewer: Viewer, text: DraftText, named: list[LegalReader]
) -> list[dict[str, str]]:
    """Return seats that read the draft, of people who are not its legal readers yet."""
    known = {(row.person_id, row.organisation_id) for row in named}
    seats = queries.seats_that_read(text.draft, audience=Audience.WORKSPACE)
    rows = [_reader_row(viewer, one) for one in seats if (one.person_id, one.organisation_id) not in known]
    return sorted(rows, key=lambda row: row["name"].lower())
