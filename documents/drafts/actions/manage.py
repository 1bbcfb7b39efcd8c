"""Create, change, archive and write drafts."""

from collections.abc import Collection
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _, ngettext_lazy

from coalition import live_push
from coalition.accounts.models import Language, Organisation, User
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.localized_text import nest_quotes
from coalition.workspaces.actions import activity
from coalition.workspaces.actions.seats import restrict_to_organisations
from coalition.workspaces.models import Workspace
from coalition.workspaces.notifications.notify import notify
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import participants, seats_in
from documents.canonical.form import CANON, CanonicalError, Document, canonical_bytes, canonical_hash
from documents.drafts import audit, permissions
from documents.drafts.actions.texts import (
    TextContent,
    document_as_written,
    document_for_approval,
    hash_for_approval,
    text_content,
)
from documents.drafts.audit import push_draft
from documents.drafts.live.backend import edit_text, replace_content
from documents.drafts.live.projection import update_text_row
from documents.drafts.models import Draft, DraftText, Handling, TextKind, Version
from documents.drafts.queries import (
    READING_ROLES,
    coordinators_of,
    people_involved_in,
    reader_limits,
    seats_to_name,
)
from documents.files.models import StoredFile
from documents.hooks import HOOKS
from documents.text_templates.choices import load_text_template

PERMISSION = "read_restricted_draft"


def restrict_to(*, draft: Draft, access: Access, organisations: Collection[Organisation]) -> bool:
    """Restrict a draft to these organisations; empty means the whole workspace. Return whether it changed.

    Call in a transaction with the draft's row locked, and before `apply_reader_change`. Raises Refused as
    `check_restriction` does.
    """
    check_restriction(access=access, organisations=organisations)
    before = set(draft.restricted_to.values_list("pk", flat=True))
    chosen = {organisation.pk for organisation in organisations}
    if before == chosen and draft.restricted == bool(chosen):
        return False
    draft.restricted = bool(chosen)
    draft.save(update_fields=["restricted"])
    draft.restricted_to.set(organisations)
    restrict_to_organisations(draft, PERMISSION, workspace=draft.workspace, organisations=organisations)
    return True


def set_handling(
    *, thing: Draft | StoredFile, access: Access, handling: Handling, people: Collection[User] | None = None
) -> bool:
    """Set the handling mark; return whether it changes who reads the draft or file.

    Under *named people* `people` are its readers, besides its author and the person who names them;
    None keeps the named ones. Call in a transaction after `restrict_to`, with the row locked.
    Raises Refused for a mark that excludes the person, and for readers who cannot see drafts here.
    """
    handling = Handling(handling)
    if handling == Handling.ORGANISATION and thing.organisation_id != access.organisation.pk:
        raise Refused(
            _("This belongs to another organisation: with that mark you could not open it yourself.")
        )
    before = (thing.handling, set(thing.named_people.values_list("pk", flat=True)))
    thing.handling = handling
    thing.save(update_fields=["handling"])
    named = _named_reader_keys(thing, access, people) if handling == Handling.NAMED_PEOPLE else set()
    thing.named_people.set(named)
    narrow = Handling(before[0]).names_readers or handling.names_readers
    return narrow and before != (handling, named)


def apply_reader_change(thing: Draft | StoredFile) -> None:
    """Apply changed readers in the same transaction: limit earlier activity to the readers, and
    recheck the rights of open sockets."""
    limits = reader_limits(thing)
    subjects = [thing.uuid]
    if isinstance(thing, Draft):
        for subjects_of in HOOKS.subjects_of:
            subjects += subjects_of(thing)
    activity.restrict_activity(subjects=subjects, organisations=limits.organisations, people=limits.people)
    recheck_open_sockets(thing.workspace)


def recheck_open_sockets(workspace: Workspace) -> None:
    """Recheck, after the commit, the rights of open sockets of everybody who reads drafts here."""
    readers = seats_in(workspace).filter(role__in=READING_ROLES).values_list("person", flat=True)
    live_push.recheck_sockets(user_ids=sorted(set(readers)), reason="readers")


def check_restriction(*, access: Access, organisations: Collection[Organisation]) -> None:
    """Raise Refused if the list excludes the person's organisation or names one from elsewhere."""
    if not organisations:
        return
    chosen = {organisation.pk for organisation in organisations}
    if access.organisation.pk not in chosen:
        raise Refused(
            _("Keep your own organisation in the list: otherwise you could not open this yourself.")
        )
    participating = set(participants(access.workspace).values_list("pk", flat=True))
    if chosen - participating:
        raise Refused(_("One of the organisations no longer takes part in this workspace. Choose again."))


def _named_reader_keys(
    thing: Draft | StoredFile, access: Access, people: Collection[User] | None
) -> set[int]:
    possible = set(seats_to_name(thing).values_list("person", flat=True))
    creator = thing.created_by_id if isinstance(thing, Draft) else thing.uploaded_by_id
    always = {access.user.pk} | ({creator} & possible if creator is not None else set())
    if people is None:
        return always | (set(thing.named_people.values_list("pk", flat=True)) & possible)
    chosen = {person.pk for person in people}
    if chosen - possible:
        raise Refused(
            _("One of the people named has no seat here that lets them see this draft. Choose again.")
        )
    return always | chosen


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
    would shut themselves out, or if others read the draft because it is put to approval; LockedSetting, with
    the field, if an open round hangs on what it is now.
    """
    with transaction.atomic():
        locked = Draft.objects.select_for_update().get(pk=draft.pk)
        permissions.require_that(permissions.may_edit_text(access, locked))
        for refuse_kind in HOOKS.kind_guards:
            refuse_kind(locked, kind)
        before = {"title": locked.title, "kind": locked.kind, "handling": locked.handling}
        locked.title, locked.kind = title.strip(), kind
        locked.save(update_fields=["title", "kind"])
        if before["kind"] != locked.kind:
            for text in DraftText.objects.select_for_update().filter(draft=locked):
                # only a holding statement may have gaps
                text.content_hash = hash_for_approval(
                    draft=locked, language=text.language, words=text_content(text)
                )
                text.save(update_fields=["content_hash"])
        readers_changed = _set_readers(access, locked, Handling(handling), restricted_to, named_people)
        changed = [name for name, value in before.items() if value != getattr(locked, name)]
        if changed or readers_changed:
            marks = {"handling": locked.handling, "restricted": locked.restricted}
            audit.record_document_audit(
                locked, access, "draft.changed", kind=locked.kind, readers_changed=readers_changed, **marks
            )
            # the draft's new readers see each changed setting
            if "title" in changed:
                audit.record_document_activity(locked, access, "draft_renamed", before=before["title"])
            if "kind" in changed:
                audit.record_document_activity(locked, access, "draft_kind_changed", text_kind=locked.kind)
            if "handling" in changed:
                audit.record_document_activity(locked, access, "draft_marked", handling=locked.handling)
            elif readers_changed:
                audit.record_document_activity(locked, access, "draft_readers_changed")
    return locked


def _set_readers(
    access: Access,
    draft: Draft,
    handling: Handling,
    restricted_to: Collection[Organisation] | None,
    named_people: Collection[User] | None,
) -> bool:
    """Set list, mark and named people, and apply the effects. Return whether readers changed."""
    permissions.require_that(
        permissions.may_mark(access, draft, handling),
        _("Coordinators, and who made this draft, say who reads it and let it travel further."),
    )
    if named_people is not None and handling == Handling.NAMED_PEOPLE:
        permissions.require_that(permissions.may_restrict(access, draft))
    for refuse_mark in HOOKS.mark_guards:
        refuse_mark(draft, handling)
    changed = False
    if restricted_to is not None:
        permissions.require_that(permissions.may_restrict(access, draft))
        for refuse_list in HOOKS.list_guards:
            refuse_list(access, draft, restricted_to)
        changed = restrict_to(draft=draft, access=access, organisations=restricted_to)
    marked = draft.handling != handling
    changed = set_handling(thing=draft, access=access, handling=handling, people=named_people) or changed
    if changed:
        apply_reader_change(draft)
    if changed or marked:
        for follow in HOOKS.readers_changed:
            follow(draft, access)
    return changed


def archive_draft(*, access: Access, draft: Draft) -> Draft:
    """Archive a draft: it stays readable and can be restored, not changed. Idempotent."""
    return _set_archived(access=access, draft=draft, archived=True)


def unarchive_draft(*, access: Access, draft: Draft) -> Draft:
    """Restore a draft from the archive: undo `archive_draft`."""
    return _set_archived(access=access, draft=draft, archived=False)


def _set_archived(*, access: Access, draft: Draft, archived: bool) -> Draft:
    with transaction.atomic():
        locked = Draft.objects.select_for_update().get(pk=draft.pk)
        permissions.require_that(permissions.may_edit_draft_settings(access, locked))
        if (locked.archived_at is not None) == archived:
            return locked
        locked.archived_at = now() if archived else None
        locked.save(update_fields=["archived_at"])
        word = "archived" if archived else "brought_back"
        audit.record_document_audit(locked, access, f"draft.{word}")
        audit.record_document_activity(locked, access, f"draft_{word}")
        recheck_open_sockets(access.workspace)
    return locked


def mark_up_to_date(*, access: Access, text: DraftText, seen_revision: int) -> DraftText:
    """Mark a translation as up to date with its source at `seen_revision`.

    If the source changed after that revision, the text stays outdated.
    """
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=text.draft_id)
        permissions.require_that(permissions.may_edit_text(access, draft))
        locked = DraftText.objects.select_for_update().get(pk=text.pk)
        if locked.based_on is None:
            return locked
        locked.based_on_revision = max(locked.based_on_revision, min(seen_revision, locked.based_on.revision))
        locked.save(update_fields=["based_on_revision"])
        source = {"source": locked.based_on.language, "source_revision": locked.based_on_revision}
        audit.record_document_audit(draft, access, "text.up_to_date", language=locked.language, **source)
        push_draft(draft)
    return locked


def name_version(*, access: Access, text: DraftText, name: str) -> Version:
    """Save the current words of the text as its next, immutable version.

    Raises NotAllowed without the right, Refused with the reason if the text is not ready for
    approval (an open suggestion, no title, open gaps, a picture without a description, approved
    words that differ from their version, ...), or if its newest version has the same content.
    """
    name = name.strip()
    if not name:
        raise Refused(_("Give the version a name, for example “After the lawyers read it”."))
    current = update_text_row(text.uuid)
    refuse_open_suggestions(current)
    document = _complete_document(current)  # before the transaction: slow, and holds no lock
    with transaction.atomic():
        drafts = Draft.objects.select_for_update(of=("self",)).select_related("workspace")
        draft = drafts.get(pk=text.draft_id)
        permissions.require_that(permissions.may_name_version(access, draft))
        locked = update_text_row(text.uuid)
        if locked.revision != current.revision or locked.open_suggestions:
            refuse_open_suggestions(locked)
            document = _complete_document(locked)  # the text changed in between
        version = _store_version(access=access, text=locked, document=document, name=name[:120])
        for follow in HOOKS.version_named:
            follow(version, document)
        named: dict[str, Any] = {"language": version.language, "number": version.number}
        audit.record_document_audit(draft, access, "version.named", hash=version.hash, **named)
        audit.record_document_activity(draft, access, "version_named", name=version.name, **named)
        notify(
            people=[*people_involved_in(draft), *coordinators_of(draft)],
            kind="version_named",
            workspace=access.workspace,
            actor=access.user,
            organisation=access.organisation,
            subject_kind="version",
            subject=version.uuid,
            **named,
        )
    return version


def refuse_open_suggestions(text: DraftText) -> None:
    """Raise Refused for open suggestions: a version can neither include nor exclude them."""
    if text.open_suggestions:
        raise Refused(
            ngettext_lazy(
                "%(count)d suggestion is open: accept or reject it first.",
                "%(count)d suggestions are open: accept or reject them first.",
                text.open_suggestions,
            ),
            count=text.open_suggestions,
        )


def _complete_document(text: DraftText) -> Document:
    for refuse in HOOKS.version_guards:
        refuse(text)
    try:
        return document_for_approval(draft=text.draft, language=text.language, words=text_content(text))
    except CanonicalError as error:
        raise Refused("%(reason)s", reason=error.message) from error


def _store_version(*, access: Access, text: DraftText, document: Document, name: str) -> Version:
    digest = canonical_hash(document)
    newest = text.versions.order_by("-number").first()
    if newest is not None and newest.hash == digest:
        raise Refused(
            _("Version %(number)d, “%(name)s”, says exactly this already."),
            number=newest.number,
            name=nest_quotes(newest.name),
        )
    return Version.objects.create(
        text=text,
        number=newest.number + 1 if newest is not None else 1,
        name=name,
        canon=CANON,
        language=text.language,
        canonical=canonical_bytes(document).decode(),
        hash=digest,
        revision=text.revision,
        created_by=access.user,
        organisation=access.organisation,
        created_at=now(),
    )


def create_draft(
    *,
    access: Access,
    title: str,
    kind: TextKind = TextKind.STATEMENT,
    handling: Handling = Handling.WORKSPACE,
    first_language: Language = Language.KK,
    restricted_to: Collection[Organisation] = (),
    named_people: Collection[User] = (),
    from_template: bool = False,
) -> Draft:
    """Create a draft with a text in each language; the others are based on the first one.

    The texts are empty, or with `from_template` the template of the kind in each language.
    `named_people` read it besides the author, if the mark is *named people*. Raises NotAllowed
    without the right to create drafts, Refused if the restriction excludes the author.
    """
    permissions.require_that(permissions.may_create(access))
    with transaction.atomic():
        draft = Draft.objects.create(
            workspace=access.workspace,
            title=title.strip(),
            kind=kind,
            handling=handling,
            first_language=first_language,
            created_by=access.user,
            organisation=access.organisation,
        )
        first = DraftText.objects.create(draft=draft, language=first_language)
        others = [language for language in Language if language != first_language]
        DraftText.objects.bulk_create(
            DraftText(draft=draft, language=language, based_on=first) for language in others
        )
        if from_template:
            # Write the templates into the texts as their first state, so that none counts as
            # outdated.
            moment = now()
            for text in draft.texts.all():
                template = load_text_template(draft.kind, text.language)
                words: TextContent = {"title": template.title, "lead": template.lead, "body": template.body}
                text.title, text.lead, text.body = template.title, template.lead, template.body
                text.revision = 1
                text.based_on_revision = 1 if text.based_on_id else 0
                text.content_hash = hash_for_approval(draft=draft, language=text.language, words=words)
                text.changed_at, text.changed_by, text.changed_for = moment, access.user, access.organisation
                text.save()
        restrict_to(draft=draft, access=access, organisations=restricted_to)
        set_handling(thing=draft, access=access, handling=handling, people=named_people)
        audit.record_document_audit(draft, access, "draft.created", from_template=from_template)
        audit.record_document_activity(draft, access, "draft_created")
    return draft


def save_text(
    *, access: Access, text: DraftText, title: str, lead: str, body: dict[str, object]
) -> DraftText:
    """Replace title, lead and body of the text, and return the text as saved.

    Unchanged blocks keep their comments and suggestions. Raises NotAllowed without the right to
    edit, Refused (with the reason) if the body has invalid content.
    """
    words: TextContent = {"title": title.strip(), "lead": lead.strip(), "body": body}
    check_text_content(text=text, words=words)
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=text.draft_id)
        permissions.require_that(permissions.may_edit_text(access, draft))
        return edit_text(
            text=text,
            author=access.user,
            organisation=access.organisation,
            change=lambda marked: replace_content(marked, words),
        )


def check_text_content(*, text: DraftText, words: TextContent) -> None:
    """Raise Refused with the reason if the content is invalid."""
    try:
        document_as_written(draft=text.draft, language=text.language, words=words)
    except CanonicalError as error:
        raise Refused("%(reason)s", reason=error.message) from error
