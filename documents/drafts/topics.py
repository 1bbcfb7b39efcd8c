"""The live topic of a draft, `draft:<uuid>`: how far its languages are has changed. Not every letter is told:
pages that show words have them live, and a page that asks anew for each would ask all day."""

from uuid import UUID

from coalition import live_push
from coalition.accounts.enums import Language
from coalition.accounts.models import User
from documents.drafts.models import Draft, DraftText
from documents.drafts.queries import drafts_for
from documents.drafts.rendering import state_of

KIND = "draft"
_STATES = ("first", "current", "older", "empty")


def tell(text: DraftText, *, revision_before: int) -> None:
    """Tell, after the commit, if a text began to have words, or those that follow it have become older."""
    following = text.translations.filter(based_on_revision=revision_before, revision__gt=0)
    if revision_before == 0 or following.exists():
        push(text.draft)


def push(draft: Draft) -> None:
    """Tell, after the commit, that the languages of the draft are further or less far than they were."""
    live_push.push_topic(topic=f"{KIND}:{draft.uuid}", last_id=_number(draft))


def may_hear(user_id: int, identity: str) -> bool:
    """Whether the person may read the draft now."""
    return _draft(user_id, identity) is not None


def last_id(user_id: int, identity: str) -> int:
    """A number that is another one when the languages' states are others."""
    draft = _draft(user_id, identity)
    return _number(draft) if draft is not None else 0


def _number(draft: Draft) -> int:
    texts = {text.language: text for text in draft.texts.select_related("based_on").defer("body", "marked")}
    number = 0
    for language in Language.values:
        state = _STATES.index(state_of(texts[language])) if language in texts else len(_STATES)
        number = number * (len(_STATES) + 1) + state
    return number


def _draft(user_id: int, identity: str) -> Draft | None:
    user = User.objects.filter(pk=user_id, is_active=True).first()
    try:
        uuid = UUID(identity)
    except ValueError:
        return None
    return drafts_for(user).filter(uuid=uuid).first()
