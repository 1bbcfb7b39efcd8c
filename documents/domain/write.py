"""Saving what a person wrote, with a version check: nothing is overwritten unseen, nothing is lost."""

import datetime
from dataclasses import dataclass

from django.db import transaction

from coalition.clock.now import now
from coalition.refused import Refused
from coalition.workspaces.rules import Access
from documents.canonical.errors import CanonicalError
from documents.domain import trail
from documents.domain.words import Words, as_it_stands, hash_of, pictures_of, words_of
from documents.models import Draft, DraftText, SetAside
from documents.rules import may_edit_text, require_that

# Saving often must not fill the workspace's activity: one line while a person keeps writing.
KEEPS_WRITING = datetime.timedelta(minutes=20)


@dataclass(frozen=True)
class Saved:
    """The text as it stands now. `changed` is false if it held these words already."""

    text: DraftText
    changed: bool


@dataclass(frozen=True)
class Conflict:
    """Somebody saved in between: `text` is what stands now, `set_aside` what the person wrote. Both are
    kept; the person decides (`settle`)."""

    text: DraftText
    set_aside: SetAside


def save_text(
    *, access: Access, text: DraftText, title: str, lead: str, body: dict[str, object], base_revision: int
) -> Saved | Conflict:
    """Save title, lead and the editor's body over the revision that the person began from.

    If somebody saved since, what was written is set aside and returned as a Conflict, unless both wrote
    the same words. Raises NotAllowed without the right to edit, Refused (with the reason in words) if
    the body holds what no text may hold; then nothing changes, and the caller still has the words.
    """
    words: Words = {"title": title.strip(), "lead": lead.strip(), "body": body}
    check_words(text=text, words=words)
    content_hash = hash_of(draft=text.draft, language=text.language, words=words)
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=text.draft_id)
        require_that(may_edit_text(access, draft))
        current = DraftText.objects.select_for_update().get(pk=text.pk)
        current.draft = draft
        if current.revision != base_revision:
            if same_words(current, words):
                return Saved(current, changed=False)
            return Conflict(current, _set_aside(access, current, words, base_revision))
        if words_of(current) == words:
            return Saved(current, changed=False)
        _store(access=access, text=current, words=words, content_hash=content_hash)
    return Saved(current, changed=True)


def check_words(*, text: DraftText, words: Words) -> None:
    """Raise Refused with the reason in words if no text may hold this."""
    try:
        as_it_stands(draft=text.draft, language=text.language, words=words)
    except CanonicalError as error:
        raise Refused("%(reason)s", reason=error.message) from error


def same_words(text: DraftText, words: Words) -> bool:
    """Whether the text says exactly this already, whatever the differences in form."""
    pictures = pictures_of(text.draft, [text.body, words["body"]])
    held = words_of(text)
    if held == words:
        return True
    try:
        here = as_it_stands(draft=text.draft, language=text.language, words=held, pictures=pictures)
        there = as_it_stands(draft=text.draft, language=text.language, words=words, pictures=pictures)
    except CanonicalError:
        return False
    return here == there


def _store(*, access: Access, text: DraftText, words: Words, content_hash: str) -> None:
    moment = now()
    keeps_writing = (
        text.changed_by_id == access.user.pk
        and text.changed_at is not None
        and moment - text.changed_at < KEEPS_WRITING
    )
    if text.revision == 0 and text.based_on is not None:
        text.based_on_revision = text.based_on.revision  # a translation begins from what stands there now
    text.title, text.lead, text.body = words["title"], words["lead"], words["body"]
    text.revision += 1
    text.content_hash = content_hash
    text.changed_at, text.changed_by, text.changed_for = moment, access.user, access.organisation
    text.save()
    text.draft.changed_at = moment
    text.draft.save(update_fields=["changed_at"])
    trail.record(
        thing=text.draft,
        access=access,
        action="text.saved",
        language=text.language,
        revision=text.revision,
        hash=content_hash,
    )
    if not keeps_writing:
        trail.tell(thing=text.draft, access=access, kind="text_saved", language=text.language)


def _set_aside(access: Access, text: DraftText, words: Words, base_revision: int) -> SetAside:
    """Keep what the person wrote. Sending the same again (a second press) keeps it once."""
    waiting = SetAside.objects.filter(text=text, author=access.user, decided_at=None)
    for kept in waiting:
        if (kept.title, kept.lead, kept.body) == (words["title"], words["lead"], words["body"]):
            return kept
    return SetAside.objects.create(
        text=text,
        author=access.user,
        organisation=access.organisation,
        base_revision=min(base_revision, text.revision),
        **words,
    )
