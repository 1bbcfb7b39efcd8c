"""Threads as one reader sees them: names they may be told, and what they may do."""

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
from documents.comments.body import Part, in_words, parts_of
from documents.comments.models import Comment, LegalReader, Thread
from documents.comments.permissions import is_authors, is_reader, joins, may_say_to, settles
from documents.comments.queries import (
    author_stays,
    legal_readers_of,
    legal_readers_on,
    seats_that_read,
    threads_for,
    with_comments,
)
from documents.comments.topics import topics_for
from documents.drafts.enums import Audience
from documents.drafts.file_authors import by_file
from documents.drafts.models import Draft, DraftText
from documents.drafts.permissions import may_comment, may_edit_text, may_name_legal_reader

ICONS = {Audience.WORKSPACE: "room", Audience.ORGANISATION: "organisation", Audience.LEGAL: "lock"}


@dataclass(frozen=True)
class SaidCard:
    """One comment. `words` is its plain text, for editing; `parts` with names set apart, for reading."""

    uuid: UUID
    circle: PersonCircle
    name: str
    note: str
    at: datetime.datetime
    edited_at: datetime.datetime | None
    deleted: bool
    parts: tuple[Part, ...]
    words: str
    may_change: bool
    typed: str = ""


@dataclass(frozen=True)
class Card:
    """One thread. `position` is JSON for the browser, empty for the workspace's threads; `mine` counts what
    the reader wrote in it."""

    uuid: UUID
    quote: str
    language: str
    audience: str
    seen_by: Promise
    icon: str
    position: str
    said: tuple[SaidCard, ...]
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
class Hand:
    """What the person may do on the page, decided once for all its cards. `typed`: what they sent and could
    not be kept, by `reply <thread>` or `edit <comment>`."""

    access: Access
    viewer: Viewer
    comments: bool
    edits: bool
    typed: Mapping[str, str]
    to_all: bool = True

    def says(self, thread: Thread) -> bool:
        """Whether they may write to the thread's audience now."""
        return self.comments and (self.to_all or thread.audience != Audience.WORKSPACE)


def hand_of(access: Access, viewer: Viewer, draft: Draft, typed: Mapping[str, str]) -> Hand:
    """The person's hand on a draft."""
    to_all = may_say_to(access, draft, Audience.WORKSPACE)
    return Hand(access, viewer, may_comment(access, draft), may_edit_text(access, draft), typed, to_all)


def card_of(thread: Thread, hand: Hand) -> Card:
    """The card of a thread from `queries.with_comments`."""
    audience = Audience(thread.audience)
    said = tuple(_said(comment, hand) for comment in thread.comments.all())
    return Card(
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
        may_reply=hand.says(thread) and joins(hand.access, thread),
        may_settle=hand.comments and settles(hand.access, thread, edits=hand.edits),
        typed=hand.typed.get(f"reply {thread.uuid}", ""),
    )


def _said(comment: Comment, hand: Hand) -> SaidCard:
    circle, note = _who(comment, hand.viewer)
    mentions = comment.mentions.all()
    deleted = comment.deleted_at is not None
    return SaidCard(
        uuid=comment.uuid,
        circle=circle,
        name=circle.name,
        note=note,
        at=comment.created_at,
        edited_at=comment.edited_at,
        deleted=deleted,
        parts=() if deleted else tuple(parts_of(comment.body, mentions, hand.viewer)),
        words="" if deleted else in_words(comment.body, mentions, hand.viewer),
        may_change=hand.comments and is_authors(hand.access, comment),
        typed=hand.typed.get(f"edit {comment.uuid}", ""),
    )


def _who(comment: Comment, viewer: Viewer) -> tuple[PersonCircle, str]:
    """The circle with the name, and what stands below it. Of who has left, only the organisation is told."""
    if comment.is_from_file and comment.organisation is not None:
        named = by_file(viewer, comment.guest_name, comment.organisation)
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
# The comments beside a text, as one person sees them.


OPEN, RESOLVED = "open", "resolved"


@dataclass(frozen=True)
class Choice:
    """An audience that the person may begin a thread for: `value` is what the form sends."""

    value: str
    label: str


@dataclass(frozen=True)
class Named:
    """A legal reader, or somebody who could be one, by name."""

    uuid: str
    name: str
    organisation: str


@dataclass(frozen=True)
class Panel:
    """Context of `templates/documents/comments/_panel.html`."""

    text: DraftText
    cards: list[Card]
    show: str
    open_count: int
    resolved_count: int
    topics: str
    may_comment: bool
    audiences: list[Choice]
    begun: int
    legal_readers: list[Named] = field(default_factory=list)
    may_be_named: list[Named] = field(default_factory=list)
    names_readers: bool = False
    reads_as_lawyer: bool = False
    over: bool = False  # comments are: who may comment still writes to fewer
    own_readings: tuple[UUID, ...] = ()  # as which legal readers the person is named
    # After an action: what was done, with the address that undoes it; or why it was not, with what was typed.
    done: str = ""
    undo: str = ""
    error: str = ""
    typed: str = ""


def panel_of(
    access: Access,
    viewer: Viewer,
    text: DraftText,
    *,
    show: str = OPEN,
    typed: Mapping[str, str] | None = None,
    **after: Any,
) -> Panel:
    """Everything beside the text; as many queries for many threads as for one.

    `typed`: what was sent and could not be kept, by `new` or as `comment_cards.Hand` has it.
    """
    typed = typed or {}
    show = RESOLVED if show == RESOLVED else OPEN
    hand = hand_of(access, viewer, text.draft, typed)
    threads = list(with_comments(threads_for(access.user, text)))
    shown = [thread for thread in threads if (thread.resolved_at is not None) == (show == RESOLVED)]
    own = list(legal_readers_of(access.user).filter(draft=text.draft))
    names = may_name_legal_reader(access, text.draft)
    named = list(legal_readers_on(text.draft)) if names else []
    return Panel(
        text=text,
        cards=[card_of(thread, hand) for thread in shown],
        show=show,
        open_count=sum(thread.resolved_at is None for thread in threads),
        resolved_count=sum(thread.resolved_at is not None for thread in threads),
        topics=" ".join(
            topics_for(
                text,
                organisations=[seat.organisation for seat in access.seats],
                coordinates=names,
                readers=own,
            )
        ),
        may_comment=hand.comments,
        over=hand.comments and not hand.to_all,
        audiences=_audiences(hand, own, named) if hand.comments else [],
        begun=_begun(threads, access),
        legal_readers=[_named(viewer, row) for row in named],
        may_be_named=_may_be_named(viewer, text, named) if names else [],
        names_readers=names,
        reads_as_lawyer=any(is_reader(access, reader) for reader in own),
        own_readings=tuple(reader.uuid for reader in own),
        typed=typed.get("new", ""),
        **after,
    )


def _begun(threads: list[Thread], access: Access) -> int:
    """How many of the threads the person began: their empty form gets a new name after each."""
    return sum(thread.created_by_id == access.user.pk for thread in threads)


def _audiences(hand: Hand, own: list[LegalReader], named: list[LegalReader]) -> list[Choice]:
    access, viewer = hand.access, hand.viewer
    plain = (Audience.WORKSPACE, Audience.ORGANISATION) if hand.to_all else (Audience.ORGANISATION,)
    choices = [Choice(one.value, str(one.label)) for one in plain]
    choices += [
        Choice(f"{Audience.LEGAL}:{reader.uuid}", _("The coordinators, as legal reader"))
        for reader in own
        if is_reader(access, reader)
    ]
    for reader in named:
        if not is_reader(access, reader) and reader.person is not None:
            label = _("The legal reader %(name)s and the coordinators") % {
                "name": person_name(viewer, reader.person, reader.organisation)
            }
            choices.append(Choice(f"{Audience.LEGAL}:{reader.uuid}", label))
    return choices


def _named(viewer: Viewer, row: LegalReader) -> Named:
    name = person_name(viewer, row.person, row.organisation) if row.person is not None else ""
    return Named(str(row.uuid), name, display_name_for(viewer, row.organisation))


def _may_be_named(viewer: Viewer, text: DraftText, named: list[LegalReader]) -> list[Named]:
    """Seats that read the draft, of people who are not its legal readers yet."""
    known = {(row.person_id, row.organisation_id) for row in named}
    seats = seats_that_read(text.draft, audience=Audience.WORKSPACE)
    found = [
        Named(
            str(seat.uuid),
            person_name(viewer, seat.person, seat.organisation),
            display_name_for(viewer, seat.organisation),
        )
        for seat in seats
        if (seat.person_id, seat.organisation_id) not in known
    ]
    return sorted(found, key=lambda one: one.name.lower())
