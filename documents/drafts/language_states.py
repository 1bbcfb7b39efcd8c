"""How far each language of a draft is, for badges and tabs."""

from coalition.accounts.enums import Language
from coalition.workspaces.dashboard import LanguageState
from documents.drafts.models.draft import Draft, DraftText


def state_of(text: DraftText) -> str:
    """`first` for the text written first, else `current`, `older` or `empty`. Needs `based_on` loaded."""
    if text.is_empty:
        return "empty"
    if text.based_on_id is None:
        return "first"
    return "older" if text.is_older else "current"


def states_of(draft: Draft) -> tuple[LanguageState, ...]:
    """Its languages, Kazakh first. Needs the texts prefetched with `based_on`."""
    texts = {text.language: text for text in draft.texts.all()}
    return tuple(LanguageState(code, state_of(texts[code])) for code in Language.values if code in texts)


def last_changed(draft: Draft) -> DraftText | None:
    """The text that somebody wrote in last. Needs the texts prefetched."""
    written = [text for text in draft.texts.all() if text.changed_at is not None]
    return max(written, key=lambda text: text.changed_at, default=None)  # type: ignore[arg-type,return-value]  # filtered above
