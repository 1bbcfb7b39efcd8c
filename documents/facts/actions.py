"""Facts register: create, change, check, retire, publish.

A fact belongs to the coalition and is maintained by an organisation. Its editors, and coordinators,
change it; each change is an immutable version. Pages display new words once somebody other than
their author has checked them.
"""

import datetime
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import User
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.crypto import parse_uuid
from coalition.core.errors import Refused
from coalition.workspaces.models import Seat
from coalition.workspaces.permissions import Access
from documents.canonical.form import Document, Json
from documents.canonical.nodes import inlines
from documents.drafts.actions.texts import TextContent
from documents.drafts.live.backend import edit_text
from documents.drafts.live.projection import Author
from documents.drafts.live.resolve import DELETION, INSERTION, SUGGESTIONS, sort_marks, suggestion_id
from documents.drafts.models import Draft, DraftText, Version
from documents.drafts.permissions import may_edit_text, may_suggest_in, require_found, require_that
from documents.facts import notifications
from documents.facts.models import (
    SOURCE_FIELDS,
    Fact,
    FactAct,
    FactEntry,
    FactKind,
    FactRun,
    FactUse,
    FactVersion,
    FactWords,
    clean_content,
    content_of,
    fact_run,
    search_words,
)
from documents.facts.queries import fact_editing_seat, fact_editing_seats, local_today

MAX_TIME_UNTIL_CHECK = datetime.timedelta(days=3 * 366)


def create_fact(
    *, person: User, owner: UUID, kind: str, topic: str, next_check: datetime.date, **content: Any
) -> Fact:
    """Create a fact for an organisation for which the person edits in some workspace.

    `content`: see `documents.facts.models`. Raises NotAllowed if they edit for it nowhere; Refused with
    the reason if something is missing.
    """
    seat = require_found(
        next((one for one in fact_editing_seats(person) if one.organisation.uuid == owner), None),
        _("Editors and coordinators write facts down."),
    )
    cleaned = _validate_content(kind, content)
    _check_day(next_check)
    with transaction.atomic():
        fact = Fact.objects.create(owner=seat.organisation, kind=kind, topic=topic, next_check=next_check)
        _store_fact_version(fact, cleaned, 1, person)
        _record_fact_entry(seat, fact, FactAct.CREATED)
        notifications.request_fact_check(fact, seat)
    return fact


def change_fact(
    *,
    person: User,
    fact: Fact,
    why: str,
    next_check: datetime.date,
    seen: int,
    kind: str | None = None,
    topic: str | None = None,
    **content: Any,
) -> Fact:
    """Change the words of a fact; `seen`: the number of the version the person looked at.

    Texts keep their words; people working on them are notified. Raises NotAllowed; Refused without
    a reason, for missing content, if nothing changes, or if somebody changed it in between.
    """
    seat, kind = _require_editing_seat(person, fact), kind or fact.kind
    cleaned, why = _validate_content(kind, content), " ".join(why.split())
    if not why:
        raise Refused(_("Say why it changes: those who use it read that."))
    _check_day(next_check)
    with transaction.atomic():
        locked = _lock_fact(fact, seen)
        before = content_of(locked.current) if locked.current else None
        if (before, locked.kind, locked.topic) == (cleaned, kind, topic or locked.topic):
            raise Refused(_("It says exactly this already. If it was checked again, mark it as checked."))
        locked.kind, locked.topic, locked.next_check = kind, topic or locked.topic, next_check
        _store_fact_version(locked, cleaned, seen + 1, person)
        _record_fact_entry(seat, locked, FactAct.CHANGED, why)
        notifications.request_fact_check(locked, seat)
        notifications.notify_fact_users(locked, seat)
    return locked


def check_fact(*, person: User, fact: Fact, seen: int, next_check: datetime.date, note: str = "") -> Fact:
    """Record that the person compared the fact with its source, and set the day of the next check.

    New words must be checked by somebody other than their author; pages display them from then on. Raises
    NotAllowed; Refused for one's own new words, a day that is past or too far, or words newer than `seen`.
    """
    seat = _require_editing_seat(person, fact)
    _check_day(next_check)
    with transaction.atomic():
        locked = _lock_fact(fact, seen)
        is_new = locked.checked_id != locked.current_id
        if is_new and locked.current is not None and locked.current.written_by_id == person.pk:
            raise Refused(_("You wrote these words: somebody else checks them against the source."))
        locked.checked, locked.checked_at, locked.next_check = locked.current, now(), next_check
        locked.save(update_fields=["checked", "checked_at", "next_check"])
        _record_fact_entry(seat, locked, FactAct.CHECKED, " ".join(note.split()))
    return locked


def retire_fact(*, person: User, fact: Fact, why: str) -> Fact:
    """Retire a fact that, or whose source, is no longer valid. Pages stop displaying it, texts that
    use it are flagged, its page stays. Idempotent. Raises NotAllowed; Refused without a reason."""
    seat, why = _require_editing_seat(person, fact), " ".join(why.split())
    if not why:
        raise Refused(_("Say why it is taken out of use: those who use it read that."))
    with transaction.atomic():
        locked = _lock_fact(fact)
        if locked.retired_at is None:
            locked.retired_at = now()
            locked.save(update_fields=["retired_at"])
            _record_fact_entry(seat, locked, FactAct.RETIRED, why)
            notifications.notify_fact_users(locked, seat)
    return locked


def restore_fact(*, person: User, fact: Fact) -> Fact:
    """Restore a retired fact. Raises NotAllowed."""
    seat = _require_editing_seat(person, fact)
    with transaction.atomic():
        locked = Fact.objects.select_for_update().get(pk=fact.pk)
        if locked.retired_at is not None:
            locked.retired_at = None
            locked.save(update_fields=["retired_at"])
            _record_fact_entry(seat, locked, FactAct.BROUGHT_BACK)
    return locked


def set_fact_public(*, person: User, fact: Fact, opened: bool) -> Fact:
    """Give a checked fact a public page and offer it to the newsroom, or end that.
    Facts used on something public stay public. Raises NotAllowed."""
    seat = _require_editing_seat(person, fact)
    with transaction.atomic():
        locked = Fact.objects.select_for_update().get(pk=fact.pk)
        if (locked.opened_at is not None) != opened:
            locked.opened_at = now() if opened else None
            locked.save(update_fields=["opened_at"])
            _record_fact_entry(seat, locked, FactAct.OPENED if opened else FactAct.CLOSED)
    return locked


def _require_editing_seat(person: User, fact: Fact) -> Seat:
    return require_found(
        fact_editing_seat(person, fact),
        _("Editors of the organisation that keeps it, and coordinators, change it."),
    )


def _validate_content(kind: str, content: dict[str, Any]) -> dict[str, Any]:
    if kind not in FactKind.values:
        raise Refused(_("Choose what kind of fact it is."))
    try:
        return clean_content(kind=kind, this_year=local_today().year, **content)
    except ValidationError as error:
        raise Refused("%(reason)s", reason=error.messages[0]) from error


def _check_day(day: datetime.date) -> None:
    if not local_today() < day <= local_today() + MAX_TIME_UNTIL_CHECK:
        raise Refused(_("The next check is on a day to come, within three years."))


def _lock_fact(fact: Fact, seen: int | None = None) -> Fact:
    locked = Fact.objects.select_for_update().get(pk=fact.pk)
    if locked.retired_at is not None and seen is not None:
        raise Refused(_("This fact is out of use. Bring it back first."))
    if seen is not None and (locked.current is None or locked.current.number != seen):
        raise Refused(_("Somebody changed this fact a moment ago. Look at it again."))
    return locked


def _store_fact_version(fact: Fact, content: dict[str, Any], number: int, person: User) -> None:
    source = {name: content[name] for name in SOURCE_FIELDS}
    version = FactVersion.objects.create(
        fact=fact, number=number, written_at=now(), written_by=person, **source
    )
    FactWords.objects.bulk_create(
        FactWords(version=version, language=code, **wording) for code, wording in content["words"].items()
    )
    fact.current, fact.search = version, search_words(content)
    fact.save()


def _record_fact_entry(seat: Seat, fact: Fact, act: FactAct, why: str = "") -> None:
    version = fact.versions.latest("number")  # the current one: each change writes another
    FactEntry.objects.create(
        fact=fact,
        version=version,
        act=act,
        why=why[: FactEntry._meta.get_field("why").max_length],
        next_check=fact.next_check,
        at=now(),
        person=seat.person,
        organisation=seat.organisation,
    )
    log.record_audit(
        f"fact.{act.value}",
        actor=seat.person,
        organisation=seat.organisation.uuid,
        role=seat.role,
        target_kind="fact",
        target=fact.uuid,
        number=version.number,
    )


def renew_fact(*, access: Access, text: DraftText, version: UUID) -> DraftText:
    """Replace the words of `version` by the newest words of its fact, everywhere in the text.

    With the right to suggest only, as a suggestion. Approved blocks are unchanged, because others
    approved them. Raises NotAllowed; Refused if there is nothing newer in the language of the text.
    """
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=text.draft_id)
        edits = may_edit_text(access, draft)
        require_that(edits or may_suggest_in(access, draft))
        found = FactVersion.objects.filter(uuid=version).select_related("fact__current").first()
        newest = found.fact.current if found is not None and found.fact.retired_at is None else None
        if found is None or newest is None or newest.pk == found.pk:
            raise Refused(_("The register has no newer words of this fact."))
        words = newest.words.filter(language=text.language).first()
        if words is None:
            raise Refused(_("The newer words of this fact are not there in this language yet."))
        run = fact_run(newest, words)
        person, organisation = access.user, access.organisation
        suggestion = (
            ""
            if edits
            else suggestion_id(person=person.uuid, organisation=organisation.uuid, at=now(), counter=1)
        )

        def change(body: Json) -> Json:
            return _with_renewed_fact(body, str(version), run, suggestion)

        return edit_text(text=text, author=person, organisation=organisation, change=change)


def _with_renewed_fact(node: Json, version: str, run: FactRun, suggestion: str) -> Json:
    if "content" not in node or node["type"] == "approvedBlock":
        return node
    content: list[Json] = []
    for child in node["content"]:
        if child["type"] == "fact" and (child.get("attrs") or {}).get("id") == version:
            content += _replace_fact_node(child, run, suggestion)
        else:
            content.append(_with_renewed_fact(child, version, run, suggestion))
    return {**node, "content": content}


def _replace_fact_node(node: Json, run: FactRun, suggestion: str) -> list[Json]:
    """Return the node with the newer words; as a deletion and an insertion if only suggested."""
    marks = node.get("marks") or []
    if not suggestion:
        return [{**node, "attrs": dict(run)}]
    if any(mark["type"] in SUGGESTIONS for mark in marks):
        return [node]  # there is a suggestion here already
    deletion, insertion = ({"type": kind, "attrs": {"id": suggestion}} for kind in (DELETION, INSERTION))
    return [
        {**node, "marks": sort_marks([*marks, deletion])},
        {**node, "attrs": dict(run), "marks": sort_marks([*marks, insertion])},
    ]


def record_text_uses(
    text: DraftText, before: TextContent, after: TextContent, _authors: Sequence[Author]
) -> None:
    """Record the facts in the current text. Queries only if it has or had some."""
    used = _facts_in(after["body"])
    if used == _facts_in(before["body"]):
        return
    FactUse.objects.filter(text=text).exclude(fact_version__uuid__in=used).delete()
    uses = [FactUse(text=text, fact_version=version) for version in FactVersion.objects.filter(uuid__in=used)]
    FactUse.objects.bulk_create(uses, ignore_conflicts=True)


def record_version_uses(version: Version, document: Document) -> None:
    """Record permanently the facts in a version, approved blocks included."""
    runs = (parse_uuid(one["id"]) for one in inlines(document["blocks"]) if one["type"] == "fact")
    uuids = {uuid for uuid in runs if uuid is not None}
    versions = FactVersion.objects.filter(uuid__in=uuids) if uuids else ()
    FactUse.objects.bulk_create(FactUse(version=version, fact_version=one) for one in versions)


def _facts_in(body: Any) -> set[UUID]:
    """Return the facts' versions in the editor's JSON. Not recursive: nesting is unlimited."""
    uuids: set[UUID] = set()
    stack: list[Any] = [body]
    while stack:
        node = stack.pop()
        if not isinstance(node, dict):
            continue
        attrs = node.get("attrs")
        if node.get("type") == "fact" and isinstance(attrs, dict) and (uuid := parse_uuid(attrs.get("id"))):
            uuids.add(uuid)
        if isinstance(node.get("content"), list):
            stack.extend(node["content"])
    return uuids
