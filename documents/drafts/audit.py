"""What follows changes of drafts: audit entries, notifications, live topics."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from coalition import live_push
from coalition.accounts.models import Language, Organisation, User
from coalition.audit import log
from coalition.core.crypto import parse_uuid
from coalition.workspaces.actions import activity
from coalition.workspaces.models import Workspace
from coalition.workspaces.notifications.notify import notify
from coalition.workspaces.permissions import Access
from documents.drafts.models import Draft, DraftText
from documents.drafts.presenters import language_state
from documents.drafts.queries import drafts_for, reader_limits
from documents.files.models import StoredFile


@dataclass(frozen=True)
class Actor:
    """The acting person, organisation and role, for actions without a request."""

    user: User
    organisation: Organisation
    role: str
    workspace: Workspace


class Acting(Protocol):
    """The person who acts, for which organisation: an `Access`, `Actor`, `Decider` or `OnBehalf`."""

    @property
    def user(self) -> User | None: ...

    @property
    def organisation(self) -> Organisation | None: ...

    @property
    def role(self) -> str: ...


@dataclass(frozen=True)
class OnBehalf:
    """A person, if known, and an organisation, without access to the workspace."""

    user: User | None
    organisation: Organisation | None
    role: str = ""


def record_document_audit(
    thing: Draft | StoredFile, access: Access | Actor, action: str, **detail: Any
) -> None:
    """Write the audit entry in the caller's transaction."""
    log.record_audit(
        action,
        actor=access.user,
        organisation=access.organisation.uuid,
        role=access.role,
        target_kind=_subject_kind(thing),
        target=thing.uuid,
        workspace=access.workspace.uuid,
        **detail,
    )


def record_document_activity(
    thing: Draft | StoredFile, access: Access | Actor, kind: str, **detail: Any
) -> None:
    """Add the event to the activity of those who may read the text, in the caller's transaction."""
    limits = reader_limits(thing)
    activity.record_activity(
        kind,
        workspace=access.workspace,
        actor=access.user,
        organisation=access.organisation,
        subject_kind=_subject_kind(thing),
        subject=thing.uuid,
        restricted_to=limits.organisations,
        named_people=limits.people,
        title=thing.title if isinstance(thing, Draft) else thing.name,
        **detail,
    )


def _subject_kind(thing: Draft | StoredFile) -> str:
    return "draft" if isinstance(thing, Draft) else "file"


def notify_about_text(
    text: DraftText, kind: str, people: Iterable[User], person: User, organisation: Organisation
) -> None:
    """Notify these people of what a person did in the text, on behalf of an organisation."""
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


KIND = "draft"
_STATES = ("first", "current", "older", "empty")


def push_draft(draft: Draft) -> None:
    """Notify, after the commit, that the state of the draft's languages changed."""
    live_push.push_topic(topic=f"{KIND}:{draft.uuid}", last_id=_draft_number(draft))


def may_subscribe_to_draft(user_id: int, identity: str) -> bool:
    """Whether the person may read the draft now."""
    return _readable_draft(user_id, identity) is not None


def draft_event_id(user_id: int, identity: str) -> int:
    """Return a number that changes with the states of the languages."""
    draft = _readable_draft(user_id, identity)
    return _draft_number(draft) if draft is not None else 0


def _draft_number(draft: Draft) -> int:
    texts = {text.language: text for text in draft.texts.select_related("based_on").defer("body", "marked")}
    number = 0
    for language in Language.values:
        state = _STATES.index(language_state(texts[language])) if language in texts else len(_STATES)
        number = number * (len(_STATES) + 1) + state
    return number


def _readable_draft(user_id: int, identity: str) -> Draft | None:
    user, uuid = User.objects.filter(pk=user_id, is_active=True).first(), parse_uuid(identity)
    return drafts_for(user).filter(uuid=uuid).first() if uuid is not None else None
