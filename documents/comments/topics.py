"""Live topics of comments and their subscribers: `comments:<text>` for threads of the workspace,
`comments:<text>.<organisation>` for those of an organisation, `comments:<text>.legal` for legal
threads to coordinators, and `comments:<text>.<legal reader>` for that reader.

Events of a thread, including their time, are sent only to people who may read it.
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


def topics_of_thread(thread: Thread) -> list[str]:
    """Return the topics on which a change in the thread is sent."""
    text = f"{KIND}:{thread.text.uuid}"
    if thread.audience == Audience.ORGANISATION and thread.organisation is not None:
        return [f"{text}.{thread.organisation.uuid}"]
    if thread.audience == Audience.LEGAL:
        reader = [f"{text}.{thread.reader.uuid}"] if thread.reader is not None else []
        return [f"{text}.{LEGAL}", *reader]
    return [text]


def topics_for_page(
    text: DraftText,
    *,
    organisations: Iterable[Organisation],
    coordinates: bool,
    readers: Iterable[LegalReader],
) -> list[str]:
    """Return the topics a page subscribes to: by the person's organisations and legal readings."""
    named = [*(one.uuid for one in organisations), *(one.uuid for one in readers)]
    narrow = [*map(str, named), *([LEGAL] if coordinates else [])]
    return [f"{KIND}:{text.uuid}", *(f"{KIND}:{text.uuid}.{one}" for one in narrow)]


def may_subscribe_to_comments(user_id: int, identity: str) -> bool:
    """Whether the person may subscribe to the topic now."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    text_uuid, _dot, narrow = identity.partition(".")
    text = _readable_text(user, text_uuid) if user is not None else None
    if user is None or text is None:
        return False
    if not narrow:
        return True
    draft = text.draft
    if narrow == LEGAL:
        return seats_reading(draft).filter(role=SeatRole.COORDINATOR, person=user).exists()
    uuid = _parse_uuid(narrow)
    if uuid is None:
        return False
    seats = reading_seats(user).filter(workspace=draft.workspace)
    of_organisation = seats.filter(organisation__uuid=uuid).exists()
    return of_organisation or legal_readers_of(user).filter(uuid=uuid, draft=draft).exists()


def _readable_text(user: User, identity: str) -> DraftText | None:
    uuid = _parse_uuid(identity)
    rows = DraftText.objects.select_related("draft__workspace").filter(draft__in=drafts_for(user))
    return rows.filter(uuid=uuid).first() if uuid is not None else None


def _parse_uuid(words: str) -> UUID | None:
    try:
        return UUID(words)
    except ValueError:
        return None
