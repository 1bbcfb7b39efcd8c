"""Live topic of a draft, `draft:<uuid>`: the state of its languages changed. Sent for state changes
only, not for each keystroke: pages with words are live, and others would reload all day."""

from uuid import UUID

from coalition import live_push
from coalition.accounts.enums import Language
from coalition.accounts.models import User
from documents.drafts.models import Draft, DraftText
from documents.drafts.presenters import language_state
from documents.drafts.queries import drafts_for

KIND = "draft"
_STATES = ("first", "current", "older", "empty")


def push_if_states_changed(text: DraftText, *, revision_before: int) -> None:
    """Notify, after the commit, if a text got first words or its translations became outdated."""
    following = text.translations.filter(based_on_revision=revision_before, revision__gt=0)
    if revision_before == 0 or following.exists():
        push_draft(text.draft)


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
    user = User.objects.filter(pk=user_id, is_active=True).first()
    try:
        uuid = UUID(identity)
    except ValueError:
        return None
    return drafts_for(user).filter(uuid=uuid).first()
