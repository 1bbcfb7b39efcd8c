"""Comment threads for display to one reader: permitted names and available actions."""

import datetime
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from coalition.accounts.naming import Viewer, display_name_for, may_see_name
from coalition.workspaces.naming import PersonCircle, person_circle, person_name
from coalition.workspaces.permissions import Access
from documents.comments.body import CommentPart, comment_parts, comment_text
from documents.comments.models import Comment, LegalReader, Thread
from documents.comments.permissions import (
    is_own_comment,
    is_reader,
    may_comment_to,
    may_resolve_thread,
    takes_part_in_thread,
)
from documents.comments.queries import (
    author_stays,
    legal_readers_of,
    legal_readers_on,
    seats_that_read,
    threads_for,
    with_comments,
)
from documents.comments.topics import topics_for_page
from documents.drafts.enums import Audience
from documents.drafts.models import Draft, DraftText
from documents.drafts.permissions import may_comment, may_edit_text, may_name_legal_reader
from documents.drafts.presenters import file_author_name

ICONS = {Audience.WORKSPACE: "room", Audience.ORGANISATION: "organisation", Audience.LEGAL: "lock"}


@dataclass(frozen=True)
class CommentCard:
    """One comment. `words`: plain text, for editing; `parts`: with names marked up, for reading."""

    uuid: UUID
    circle: PersonCircle
    name: str
    note: str
    at: datetime.datetime
    edited_at: datetime.datetime | None
    deleted: bool
    parts: tuple[CommentPart, ...]
    words: str
    may_change: bool
    typed: str = ""


@dataclass(frozen=True)
class ThreadCard:
    """One thread. `position`: JSON for the browser, empty for workspace threads; `mine`: number of
    the reader's own comments in it."""

    uuid: UUID
    quote: str
    language: str
    audience: str
    seen_by: Promise
    icon: str
    position: str
    said: tuple[CommentCard, ...]
    mine: int
    resolved_at: datetime.datetime | None
    resolved_by: str
    may_reply: bool
    may_settle: bool
    typed: str = ""

    @property
    def hue(self) -> int:
        return self.said[0].circle.hue if self.said else 0


@dataclass(frozen=True)
class CommentPermissions:
    """The person's permissions on the page, computed once for all its cards. `typed`: submitted
    text that could not be saved, by `reply <thread>` or `edit <comment>`."""

    access: Access
    viewer: Viewer
    comments: bool
    edits: bool
    typed: Mapping[str, str]
    to_all: bool = True

    def says(self, thread: Thread) -> bool:
        """Whether the person may write to the thread's audience now."""
        return self.comments and (self.to_all or thread.audience != Audience.WORKSPACE)


def comment_permissions(
    access: Access, viewer: Viewer, draft: Draft, typed: Mapping[str, str]
) -> CommentPermissions:
    """Return the person's permissions on a draft."""
    to_all = may_comment_to(access, draft, Audience.WORKSPACE)
    return CommentPermissions(
        access, viewer, may_comment(access, draft), may_edit_text(access, draft), typed, to_all
    )


def thread_card(thread: Thread, hand: CommentPermissions) -> ThreadCard:
    """Return the card of a thread from `queries.with_comments`."""
    audience = Audience(thread.audience)
    said = tuple(_comment_card(comment, hand) for comment in thread.comments.all())
    return ThreadCard(
        uuid=thread.uuid,
        quote=thread.quote,
        language=thread.text.language,
        audience=thread.audience,
        seen_by=audience.seen_by,
        icon=ICONS[audience],
        position=json.dumps(thread.position) if thread.position else "",
        said=said,
        mine=sum(one.may_change for one in said),
        resolved_at=thread.resolved_at,
        resolved_by=_resolved_by(thread, hand.viewer),
        may_reply=hand.says(thread) and takes_part_in_thread(hand.access, thread),
        may_settle=hand.comments and may_resolve_thread(hand.access, thread, edits=hand.edits),
        typed=hand.typed.get(f"reply {thread.uuid}", ""),
    )


def _comment_card(comment: Comment, hand: CommentPermissions) -> CommentCard:
    circle, note = _author_circle(comment, hand.viewer)
    mentions = comment.mentions.all()
    deleted = comment.deleted_at is not None
    return CommentCard(
        uuid=comment.uuid,
        circle=circle,
        name=circle.name,
        note=note,
        at=comment.created_at,
        edited_at=comment.edited_at,
        deleted=deleted,
        parts=() if deleted else tuple(comment_parts(comment.body, mentions, hand.viewer)),
        words="" if deleted else comment_text(comment.body, mentions, hand.viewer),
        may_change=hand.comments and is_own_comment(hand.access, comment),
        typed=hand.typed.get(f"edit {comment.uuid}", ""),
    )


def _author_circle(comment: Comment, viewer: Viewer) -> tuple[PersonCircle, str]:
    """Return the circle with the name, and the line below it.
    For former members: the organisation only."""
    if comment.is_from_file and comment.organisation is not None:
        named = file_author_name(viewer, comment.guest_name, comment.organisation)
        return PersonCircle(named.initials, 0, named.name), display_name_for(viewer, comment.organisation)
    if comment.guest is not None:
        initials = "".join(word[0] for word in comment.guest_name.split()[:2]).upper()
        return PersonCircle(initials, 0, comment.guest_name or _("Guest")), _(
            "Guest"
        ) if comment.guest_name else ""
    if comment.organisation is None:
        return PersonCircle("", 0, _("Someone who has left")), ""
    organisation = display_name_for(viewer, comment.organisation)
    if comment.author is not None and author_stays(comment):
        return person_circle(viewer, comment.author, comment.organisation), organisation
    hue = comment.organisation.hue if may_see_name(viewer, comment.organisation) else 0
    return PersonCircle("", hue, organisation), _("Someone who has left")


def _resolved_by(thread: Thread, viewer: Viewer) -> str:
    if thread.resolved_by is None or thread.resolved_for is None:
        return ""
    return person_name(viewer, thread.resolved_by, thread.resolved_for)


# --- panel ---
# The comments on a text, for one person.


OPEN, RESOLVED = "open", "resolved"


@dataclass(frozen=True)
class AudienceChoice:
    """An audience for which the person may start a thread; `value` is the form value."""

    value: str
    label: str


@dataclass(frozen=True)
class LegalReaderName:
    """A legal reader or a candidate, by name."""

    uuid: str
    name: str
    organisation: str


@dataclass(frozen=True)
class CommentsPanel:
    """Context of `templates/documents/comments/_panel.html`."""

    text: DraftText
    cards: list[ThreadCard]
    show: str
    open_count: int
    resolved_count: int
    topics: str
    may_comment: bool
    audiences: list[AudienceChoice]
    begun: int
    legal_readers: list[LegalReaderName] = field(default_factory=list)
    may_be_named: list[LegalReaderName] = field(default_factory=list)
    names_readers: bool = False
    reads_as_lawyer: bool = False
    over: bool = False  # comments are over; narrower audiences remain open
    own_readings: tuple[UUID, ...] = ()  # the person's own legal readings
    # After an action: what was done, with the undo URL; or why it failed, with what was typed.
    done: str = ""
    undo: str = ""
    error: str = ""
    typed: str = ""


def build_comments_panel(
    access: Access,
    viewer: Viewer,
    text: DraftText,
    *,
    show: str = OPEN,
    typed: Mapping[str, str] | None = None,
    **after: Any,
) -> CommentsPanel:
    """Return the comments panel of a text; the number of queries does not depend on the number of
    threads.

    `typed`: submitted text that could not be saved, by `new` or as in `comment_cards.CommentPermissions`.
    """
    typed = typed or {}
    show = RESOLVED if show == RESOLVED else OPEN
    hand = comment_permissions(access, viewer, text.draft, typed)
    threads = list(with_comments(threads_for(access.user, text)))
    shown = [thread for thread in threads if (thread.resolved_at is not None) == (show == RESOLVED)]
    own = list(legal_readers_of(access.user).filter(draft=text.draft))
    names = may_name_legal_reader(access, text.draft)
    named = list(legal_readers_on(text.draft)) if names else []
    return CommentsPanel(
        text=text,
        cards=[thread_card(thread, hand) for thread in shown],
        show=show,
        open_count=sum(thread.resolved_at is None for thread in threads),
        resolved_count=sum(thread.resolved_at is not None for thread in threads),
        topics=" ".join(
            topics_for_page(
                text,
                organisations=[seat.organisation for seat in access.seats],
                coordinates=names,
                readers=own,
            )
        ),
        may_comment=hand.comments,
        over=hand.comments and not hand.to_all,
        audiences=_audience_choices(hand, own, named) if hand.comments else [],
        begun=_count_own_threads(threads, access),
        legal_readers=[_legal_reader_name(viewer, row) for row in named],
        may_be_named=_possible_legal_readers(viewer, text, named) if names else [],
        names_readers=names,
        reads_as_lawyer=any(is_reader(access, reader) for reader in own),
        own_readings=tuple(reader.uuid for reader in own),
        typed=typed.get("new", ""),
        **after,
    )


def _count_own_threads(threads: list[Thread], access: Access) -> int:
    """Count the threads the person started: the empty form gets a new name after each."""
    return sum(thread.created_by_id == access.user.pk for thread in threads)


def _audience_choices(
    hand: CommentPermissions, own: list[LegalReader], named: list[LegalReader]
) -> list[AudienceChoice]:
    access, viewer = hand.access, hand.viewer
    plain = (Audience.WORKSPACE, Audience.ORGANISATION) if hand.to_all else (Audience.ORGANISATION,)
    choices = [AudienceChoice(one.value, str(one.label)) for one in plain]
    choices += [
        AudienceChoice(f"{Audience.LEGAL}:{reader.uuid}", _("The coordinators, as legal reader"))
        for reader in own
        if is_reader(access, reader)
    ]
    for reader in named:
        if not is_reader(access, reader) and reader.person is not None:
            label = _("The legal reader %(name)s and the coordinators") % {
                "name": person_name(viewer, reader.person, reader.organisation)
            }
            choices.append(AudienceChoice(f"{Audience.LEGAL}:{reader.uuid}", label))
    return choices


def _legal_reader_name(viewer: Viewer, row: LegalReader) -> LegalReaderName:
    name = person_name(viewer, row.person, row.organisation) if row.person is not None else ""
    return LegalReaderName(str(row.uuid), name, display_name_for(viewer, row.organisation))


def _possible_legal_readers(
    viewer: Viewer, text: DraftText, named: list[LegalReader]
) -> list[LegalReaderName]:
    """Return seats that read the draft, of people who are not its legal readers yet."""
    known = {(row.person_id, row.organisation_id) for row in named}
    seats = seats_that_read(text.draft, audience=Audience.WORKSPACE)
    found = [
        LegalReaderName(
            str(seat.uuid),
            person_name(viewer, seat.person, seat.organisation),
            display_name_for(viewer, seat.organisation),
        )
        for seat in seats
        if (seat.person_id, seat.organisation_id) not in known
    ]
    return sorted(found, key=lambda one: one.name.lower())
