"""What stands around a draft's texts: its working title, kind, marks, readers; the archive."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Organisation, User
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.rules import Access
from documents.approval.queries.rounds import open_round_of
from documents.approval.round_guards import refuse_another_kind, refuse_shutting_out
from documents.drafts import audit, topics
from documents.drafts.actions.restrict import hold, look_again, mark, restrict_to
from documents.drafts.actions.texts import hash_of, words_of
from documents.drafts.enums import Handling, TextKind
from documents.drafts.models.draft import Draft, DraftText
from documents.drafts.permissions import may_edit_text, may_mark, may_restrict, may_tend, require_that
from documents.guests.actions.end import end_what_counts_no_more


def change_draft(
    *,
    access: Access,
    draft: Draft,
    title: str,
    kind: TextKind,
    handling: Handling,
    restricted_to: Collection[Organisation] | None = None,
    named_people: Collection[User] | None = None,
) -> Draft:
    """Change title, kind, handling mark and, if given, for which organisations and people the draft is.

    Nothing is written where nothing changes. Raises NotAllowed without the rights; Refused if the person
    would shut themselves out, or if others read the draft because it is put to approval; HeldByRound, with
    the field, if an open round hangs on what it is now.
    """
    with transaction.atomic():
        locked = Draft.objects.select_for_update().get(pk=draft.pk)
        require_that(may_edit_text(access, locked))
        refuse_another_kind(locked, kind)
        before = {"title": locked.title, "kind": locked.kind, "handling": locked.handling}
        locked.title, locked.kind = title.strip(), kind
        locked.save(update_fields=["title", "kind"])
        if before["kind"] != locked.kind:
            _count_hashes_again(locked)  # only a holding statement may have gaps
        readers_changed = _set_readers(access, locked, Handling(handling), restricted_to, named_people)
        changed = [name for name, value in before.items() if value != getattr(locked, name)]
        if changed or readers_changed:
            audit.record(
                thing=locked,
                access=access,
                action="draft.changed",
                kind=locked.kind,
                handling=locked.handling,
                restricted=locked.restricted,
                readers_changed=readers_changed,
            )
            _tell(access, locked, changed, before["title"], readers_changed=readers_changed)
    return locked


def _set_readers(
    access: Access,
    draft: Draft,
    handling: Handling,
    restricted_to: Collection[Organisation] | None,
    named_people: Collection[User] | None,
) -> bool:
    """Set list, mark and named people, and let what hangs on them follow. Returns whether readers changed."""
    require_that(
        may_mark(access, draft, handling),
        _("Coordinators, and who made this draft, say who reads it and let it travel further."),
    )
    if named_people is not None and handling == Handling.NAMED_PEOPLE:
        require_that(may_restrict(access, draft))
    if handling.names_readers and handling != draft.handling and open_round_of(draft):
        raise Refused(
            _("It is put to approval: everyone asked reads it. Close that round first, then mark it so.")
        )
    changed = False
    if restricted_to is not None:
        require_that(may_restrict(access, draft))
        refuse_shutting_out(access, draft, restricted_to)
        changed = restrict_to(draft=draft, access=access, organisations=restricted_to)
    marked = draft.handling != handling
    changed = mark(thing=draft, access=access, handling=handling, people=named_people) or changed
    if changed:
        hold(draft)
    if changed or marked:
        end_what_counts_no_more(draft=draft, by=access)
    return changed


def _tell(
    access: Access, draft: Draft, changed: Collection[str], title_before: str, *, readers_changed: bool
) -> None:
    """Those who read the draft from now on hear of each thing that changed."""
    if "title" in changed:
        audit.tell(thing=draft, access=access, kind="draft_renamed", before=title_before)
    if "kind" in changed:
        audit.tell(thing=draft, access=access, kind="draft_kind_changed", text_kind=draft.kind)
    if "handling" in changed:
        audit.tell(thing=draft, access=access, kind="draft_marked", handling=draft.handling)
    elif readers_changed:
        audit.tell(thing=draft, access=access, kind="draft_readers_changed")


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
        audit.record(thing=locked, access=access, action=f"draft.{word}")
        audit.tell(thing=locked, access=access, kind=f"draft_{word}")
        look_again(access.workspace)
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
        audit.record(
            thing=draft,
            access=access,
            action="text.up_to_date",
            language=locked.language,
            source=locked.based_on.language,
            source_revision=locked.based_on_revision,
        )
        topics.push(draft)
    return locked
