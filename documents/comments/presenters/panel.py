"""The comments beside a text, as one person sees them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from coalition.accounts.naming import Viewer, display_name_for
from coalition.workspaces.people import name_of
from coalition.workspaces.rules import Access
from documents.comments.models import LegalReader, Thread
from documents.comments.presenters.cards import Card, Hand, card_of, hand_of
from documents.comments.queries import (
    legal_readers_of,
    legal_readers_on,
    seats_that_read,
    threads_for,
    with_comments,
)
from documents.comments.topics import topics_for
from documents.drafts.enums import Audience
from documents.drafts.models.draft import DraftText
from documents.drafts.permissions import is_reader, may_name_legal_reader

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
                "name": name_of(viewer, reader.person, reader.organisation)
            }
            choices.append(Choice(f"{Audience.LEGAL}:{reader.uuid}", label))
    return choices


def _named(viewer: Viewer, row: LegalReader) -> Named:
    name = name_of(viewer, row.person, row.organisation) if row.person is not None else ""
    return Named(str(row.uuid), name, display_name_for(viewer, row.organisation))


def _may_be_named(viewer: Viewer, text: DraftText, named: list[LegalReader]) -> list[Named]:
    """Seats that read the draft, of people who are not its legal readers yet."""
    known = {(row.person_id, row.organisation_id) for row in named}
    seats = seats_that_read(text.draft, audience=Audience.WORKSPACE)
    found = [
        Named(
            str(seat.uuid),
            name_of(viewer, seat.person, seat.organisation),
            display_name_for(viewer, seat.organisation),
        )
        for seat in seats
        if (seat.person_id, seat.organisation_id) not in known
    ]
    return sorted(found, key=lambda one: one.name.lower())
