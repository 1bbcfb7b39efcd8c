"""Live topics of comments, and who may hear them: `comments:<text>` is told of threads for the workspace,
`comments:<text>.<organisation>` of those for an organisation, `comments:<text>.legal` of legal ones to
coordinators, and `comments:<text>.<legal reader>` to that reader.

Nobody hears that there is something in a thread which they may not read: not even when.
"""

from collections.abc import Iterable
from uuid import UUID

from coalition.accounts.models import Organisation, User
from coalition.roles import SeatRole
from documents.comments.models import LegalReader, Thread
from documents.comments.queries import legal_readers_of
from documents.drafts.enums import Audience
from documents.drafts.models import DraftText
from documents.drafts.queries import drafts_for, reading_seats, seats_reading

KIND = "comments"
LEGAL = "legal"


def topics_of(thread: Thread) -> list[str]:
    """The topics on which a change in the thread is told."""
    text = f"{KIND}:{thread.text.uuid}"
    if thread.audience == Audience.ORGANISATION and thread.organisation is not None:
        return [f"{text}.{thread.organisation.uuid}"]
    if thread.audience == Audience.LEGAL:
        reader = [f"{text}.{thread.reader.uuid}"] if thread.reader is not None else []
        return [f"{text}.{LEGAL}", *reader]
    return [text]


def topics_for(
    text: DraftText,
    *,
    organisations: Iterable[Organisation],
    coordinates: bool,
    readers: Iterable[LegalReader],
) -> list[str]:
    """The topics that a page asks for: of the organisations the person reads for, and as legal reader."""
    named = [*(one.uuid for one in organisations), *(one.uuid for one in readers)]
    narrow = [*map(str, named), *([LEGAL] if coordinates else [])]
    return [f"{KIND}:{text.uuid}", *(f"{KIND}:{text.uuid}.{one}" for one in narrow)]


def may_hear(user_id: int, identity: str) -> bool:
    """Whether the person may hear the topic now."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    text_uuid, _dot, narrow = identity.partition(".")
    text = _text(user, text_uuid) if user is not None else None
    if user is None or text is None:
        return False
    if not narrow:
        return True
    draft = text.draft
    if narrow == LEGAL:
        return seats_reading(draft).filter(role=SeatRole.COORDINATOR, person=user).exists()
    uuid = _uuid(narrow)
    if uuid is None:
        return False
    seats = reading_seats(user).filter(workspace=draft.workspace)
    of_organisation = seats.filter(organisation__uuid=uuid).exists()
    return of_organisation or legal_readers_of(user).filter(uuid=uuid, draft=draft).exists()


def _text(user: User, identity: str) -> DraftText | None:
    uuid = _uuid(identity)
    rows = DraftText.objects.select_related("draft__workspace").filter(draft__in=drafts_for(user))
    return rows.filter(uuid=uuid).first() if uuid is not None else None


def _uuid(words: str) -> UUID | None:
    try:
        return UUID(words)
    except ValueError:
        return None
