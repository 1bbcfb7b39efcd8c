"""What stands around a draft's texts: its working title, kind, marks, readers; the archive."""

from collections.abc import Collection

from django.db import transaction

from coalition.clock.now import now
from coalition.partners.models import Organisation
from coalition.workspaces.rules import Access
from documents.domain import trail
from documents.domain.restrict import restrict_to
from documents.domain.words import hash_of, words_of
from documents.enums import Handling, TextKind
from documents.models import Draft, DraftText
from documents.rules import may_edit_text, may_restrict, may_tend, require_that


def change_draft(
    *,
    access: Access,
    draft: Draft,
    title: str,
    kind: TextKind,
    handling: Handling,
    restricted_to: Collection[Organisation] | None = None,
) -> Draft:
    """Change title, kind, handling mark and, if given, for which organisations the draft is.

    Nothing is written where nothing changes. Raises NotAllowed without the rights, Refused if the new list
    shuts out the person's own organisation.
    """
    with transaction.atomic():
        locked = Draft.objects.select_for_update().get(pk=draft.pk)
        require_that(may_edit_text(access, locked))
        before = {"title": locked.title, "kind": locked.kind, "handling": locked.handling}
        locked.title, locked.kind, locked.handling = title.strip(), kind, handling
        locked.save(update_fields=["title", "kind", "handling"])
        if before["kind"] != locked.kind:
            _count_hashes_again(locked)  # only a holding statement may have gaps
        restricted = False
        if restricted_to is not None:
            require_that(may_restrict(access, locked))
            restricted = restrict_to(draft=locked, access=access, organisations=restricted_to)
        changed = [name for name, value in before.items() if value != getattr(locked, name)]
        if changed or restricted:
            trail.record(
                thing=locked,
                access=access,
                action="draft.changed",
                kind=locked.kind,
                handling=locked.handling,
                restricted=locked.restricted,
                readers_changed=restricted,
            )
            _tell(access, locked, changed, before["title"], readers_changed=restricted)
    return locked


def _tell(
    access: Access, draft: Draft, changed: Collection[str], title_before: str, *, readers_changed: bool
) -> None:
    """Those who read the draft from now on hear of each thing that changed."""
    if "title" in changed:
        trail.tell(thing=draft, access=access, kind="draft_renamed", before=title_before)
    if "kind" in changed:
        trail.tell(thing=draft, access=access, kind="draft_kind_changed", text_kind=draft.kind)
    if "handling" in changed:
        trail.tell(thing=draft, access=access, kind="draft_marked", handling=draft.handling)
    if readers_changed:
        trail.tell(thing=draft, access=access, kind="draft_readers_changed")


def _count_hashes_again(draft: Draft) -> None:
    for text in DraftText.objects.select_for_update().filter(draft=draft):
        text.content_hash = hash_of(draft=draft, language=text.language, words=words_of(text))
        text.save(update_fields=["content_hash"])


def archive_draft(*, access: Access, draft: Draft) -> Draft:
    """Put a draft away: it can be read and brought back, not changed. Putting it away twice is one."""
    return _move(access=access, draft=draft, archived=True)


def bring_back_draft(*, access: Access, draft: Draft) -> Draft:
    """Take a draft out of the archive: the undo of `archive_draft`."""
    return _move(access=access, draft=draft, archived=False)


def _move(*, access: Access, draft: Draft, archived: bool) -> Draft:
    with transaction.atomic():
        locked = Draft.objects.select_for_update().get(pk=draft.pk)
        require_that(may_tend(access, locked))
        if (locked.archived_at is not None) == archived:
            return locked
        locked.archived_at = now() if archived else None
        locked.save(update_fields=["archived_at"])
        word = "archived" if archived else "brought_back"
        trail.record(thing=locked, access=access, action=f"draft.{word}")
        trail.tell(thing=locked, access=access, kind=f"draft_{word}")
    return locked


def mark_up_to_date(*, access: Access, text: DraftText, seen_revision: int) -> DraftText:
    """Say that a translation holds everything that its source says at `seen_revision`.

    If the source moved on since the person looked, the text stays older: the mark is for what was seen.
    """
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=text.draft_id)
        require_that(may_edit_text(access, draft))
        locked = DraftText.objects.select_for_update().get(pk=text.pk)
        if locked.based_on is None:
            return locked
        locked.based_on_revision = max(locked.based_on_revision, min(seen_revision, locked.based_on.revision))
        locked.save(update_fields=["based_on_revision"])
        trail.record(
            thing=draft,
            access=access,
            action="text.up_to_date",
            language=locked.language,
            source=locked.based_on.language,
            source_revision=locked.based_on_revision,
        )
    return locked
