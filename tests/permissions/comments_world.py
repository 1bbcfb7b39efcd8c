"""Threads of comments in the world in which every secret has a word: for the workspace, for one organisation,
for the lawyer, of a guest, deleted, of somebody who has left."""

from uuid_utils.compat import uuid7

from coalition.accounts.actions.memberships import end_membership
from coalition.roles import SeatRole
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access, access_to
from documents.comments.actions import (
    CommentGuest,
    delete_comment,
    name_legal_reader,
    reply_in_thread,
    start_thread,
    start_thread_as_guest,
)
from documents.drafts.actions.manage import create_draft
from documents.drafts.models import Audience
from documents.models import Draft, DraftText, Thread
from tests.factories import MembershipFactory, UserFactory, seat
from tests.permissions.world import READERS, World

LEAD = READERS - {"admitted"}  # all of one organisation; "admitted" is of another
# A draft of its own where the coordinator does not see the thread.
KNOWING = {"ourscomment": "admitted"}


def add_comments(made: World) -> None:
    """Begin each kind of thread where it could leak, with words of its own in body and quote."""
    texts = {
        state: _text(Draft.objects.get(uuid=made.things[state]["draft"]))
        for state in ("work", "restricted", "published", "elsewhere")
    }
    for state, text in texts.items():
        by = {"restricted": "admitted", "elsewhere": "neighbour"}.get(state, "editor")
        place = made.elsewhere if state == "elsewhere" else made.workspace
        audience = {"restricted": {"admitted"}, "elsewhere": {"neighbour"}}.get(state, READERS)
        _begin(made, f"{state}comment", _access(made, by, place), text, audience)
    work = texts["work"]
    _begin(made, "leadcomment", _access(made, "editor"), work, LEAD, Audience.ORGANISATION)
    _legal(made, work)
    _left(made, work)
    ours = create_draft(access=_access(made, "admitted"), title=made.canary("ourscomment", "title", READERS))
    _begin(made, "ourscomment", _access(made, "admitted"), _text(ours), {"admitted"}, Audience.ORGANISATION)


def _text(draft: Draft) -> DraftText:
    return draft.texts.select_related("draft__workspace").get(language="kk")


def _access(made: World, who: str, place: Workspace | None = None) -> Access:
    return access_to(made.people[who], (place or made.workspace).uuid)


def _begin(
    made: World,
    about: str,
    access: Access,
    text: DraftText,
    readers: object,
    audience: Audience = Audience.WORKSPACE,
    **given: object,
) -> Thread:
    body = made.canary(about, "body", readers)
    quote = made.canary(about, "quote", readers)
    thread = start_thread(access=access, text=text, audience=audience, body=body, quote=quote, **given)
    gone = reply_in_thread(access=access, thread=thread, body=made.canary(about, "deleted", ()))
    delete_comment(access=access, comment=gone)
    made.things.setdefault(about, _things(thread))
    return thread


def _things(thread: Thread) -> dict[str, object]:
    draft = thread.text.draft
    return {
        "draft": draft.uuid,
        "language": thread.text.language,
        "thread": thread.uuid,
        "comment": thread.comments.first().uuid,
    }


def _legal(made: World, text: DraftText) -> None:
    """The reviewer reads as a lawyer, and so does a guest."""
    held = made.people["reviewer"].seats.get()
    reader = name_legal_reader(access=_access(made, "coordinator"), draft=text.draft, seat=held)
    readers = {"reviewer", "coordinator"}
    _begin(made, "legalcomment", _access(made, "reviewer"), text, readers, Audience.LEGAL, reader=reader)
    made.things["legalcomment"]["reader"] = reader.uuid
    guest = CommentGuest(uuid7(), made.canary("guestcomment", "name", {"coordinator"}))
    start_thread_as_guest(
        guest=guest,
        text=text,
        body=made.canary("guestcomment", "body", {"coordinator"}),
        quote=made.canary("guestcomment", "quote", {"coordinator"}),
    )


def _left(made: World, text: DraftText) -> None:
    """What they wrote stays."""
    left = UserFactory()
    held = seat(person=left, workspace=made.workspace, role=SeatRole.EDITOR)
    _begin(made, "leftcomment", access_to(left, made.workspace.uuid), text, READERS)
    end_membership(by=left, membership=left.memberships.get(organisation=held.organisation))
    MembershipFactory(person=left)
