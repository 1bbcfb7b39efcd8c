"""Keeping facts: writing down, changing, checking, taking out of use, opening to the public.

A fact belongs to the coalition and is kept by an organisation. Who edits in its name, and coordinators,
change it; each change is a version that never changes again. What somebody writes counts on pages once
somebody else has checked it.
"""

import datetime
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import User
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.models import Seat
from coalition.workspaces.permissions import Access
from documents.canonical.form import Document
from documents.canonical.serialise import CanonicalError
from documents.canonical.walk import inlines
from documents.drafts.actions.texts import Words
from documents.drafts.live.authors import Author
from documents.drafts.live.marks import DELETION, INSERTION, SUGGESTIONS, in_order, suggestion_id
from documents.drafts.live.projection import register_change
from documents.drafts.live.server_edits import edit_text
from documents.drafts.models import Draft, DraftText, Version
from documents.drafts.permissions import may_edit_text, may_suggest_in, require_that, required
from documents.facts import notifications
from documents.facts.content import Run, Saying, Wording, lacks, run_of, search_words, tidied, version_named
from documents.facts.enums import FactAct, FactKind
from documents.facts.models import Fact, FactEntry, FactUse, FactVersion, FactWords
from documents.facts.queries import keeping_seat, keeping_seats, today

LONGEST_UNTIL_CHECK = datetime.timedelta(days=3 * 366)


def create_fact(
    *, person: User, owner: UUID, kind: str, topic: str, saying: Saying, next_check: datetime.date
) -> Fact:
    """Write a fact down for an organisation in whose name the person edits somewhere.

    Raises NotAllowed for who edits for it nowhere; Refused in words for what is missing in it.
    """
    seat = required(
        next((one for one in keeping_seats(person) if one.organisation.uuid == owner), None),
        _("Editors and coordinators write facts down."),
    )
    clean = _checked(saying, kind)
    _check_day(next_check)
    with transaction.atomic():
        fact = Fact.objects.create(owner=seat.organisation, kind=kind, topic=topic, next_check=next_check)
        _write(fact, clean, 1, person)
        _keep(seat, fact, FactAct.CREATED)
        notifications.tell_of_check(fact, seat)
    return fact


def change_fact(
    *,
    person: User,
    fact: Fact,
    saying: Saying,
    why: str,
    next_check: datetime.date,
    seen: int,
    kind: str | None = None,
    topic: str | None = None,
) -> Fact:
    """Let the fact say something else from now on; `seen`: the number of the version the person looked at.

    Texts keep the words they have: whoever works on them is told. Raises NotAllowed; Refused without a
    reason, for what is missing, if it says exactly this already, or if somebody changed it in between.
    """
    seat, kind = _seat_for(person, fact), kind or fact.kind
    clean, why = _checked(saying, kind), " ".join(why.split())
    if not why:
        raise Refused(_("Say why it changes: those who use it read that."))
    _check_day(next_check)
    with transaction.atomic():
        locked = _locked(fact, seen)
        before = saying_of(locked.current)
        if (before, locked.kind, locked.topic) == (clean, kind, topic or locked.topic):
            raise Refused(_("It says exactly this already. If it was checked again, mark it as checked."))
        locked.kind, locked.topic, locked.next_check = kind, topic or locked.topic, next_check
        _write(locked, clean, seen + 1, person)
        _keep(seat, locked, FactAct.CHANGED, why)
        notifications.tell_of_check(locked, seat)
        notifications.tell_users(locked, seat)
    return locked


def check_fact(*, person: User, fact: Fact, seen: int, next_check: datetime.date, note: str = "") -> Fact:
    """Say that the person has compared what it says with its source; the next check moves.

    New words are checked by somebody else than who wrote them, and pages show them from then on. Raises
    NotAllowed; Refused for one's own new words, a day that is past or far, or words newer than `seen`.
    """
    seat = _seat_for(person, fact)
    _check_day(next_check)
    with transaction.atomic():
        locked = _locked(fact, seen)
        is_new = locked.checked_id != locked.current_id
        if is_new and locked.current is not None and locked.current.written_by_id == person.pk:
            raise Refused(_("You wrote these words: somebody else checks them against the source."))
        locked.checked, locked.checked_at, locked.next_check = locked.current, now(), next_check
        locked.save(update_fields=["checked", "checked_at", "next_check"])
        _keep(seat, locked, FactAct.CHECKED, " ".join(note.split()))
    return locked


def retire_fact(*, person: User, fact: Fact, why: str) -> Fact:
    """Take a fact out of use: it holds no longer, or its source does not. Pages show it no more, texts that
    use it are flagged, its page stays. A second time does nothing. Raises NotAllowed; Refused without why."""
    seat, why = _seat_for(person, fact), " ".join(why.split())
    if not why:
        raise Refused(_("Say why it is taken out of use: those who use it read that."))
    with transaction.atomic():
        locked = _locked(fact)
        if locked.retired_at is None:
            locked.retired_at = now()
            locked.save(update_fields=["retired_at"])
            _keep(seat, locked, FactAct.RETIRED, why)
            notifications.tell_users(locked, seat)
    return locked


def bring_back_fact(*, person: User, fact: Fact) -> Fact:
    """Take a fact into use again. Raises NotAllowed."""
    seat = _seat_for(person, fact)
    with transaction.atomic():
        locked = Fact.objects.select_for_update().get(pk=fact.pk)
        if locked.retired_at is not None:
            locked.retired_at = None
            locked.save(update_fields=["retired_at"])
            _keep(seat, locked, FactAct.BROUGHT_BACK)
    return locked


def open_fact(*, person: User, fact: Fact, opened: bool) -> Fact:
    """Give it a public page and offer it to the newsroom, once it is checked; or no longer. What stands on
    something public stays public. Raises NotAllowed."""
    seat = _seat_for(person, fact)
    with transaction.atomic():
        locked = Fact.objects.select_for_update().get(pk=fact.pk)
        if (locked.opened_at is not None) != opened:
            locked.opened_at = now() if opened else None
            locked.save(update_fields=["opened_at"])
            _keep(seat, locked, FactAct.OPENED if opened else FactAct.CLOSED)
    return locked


def saying_of(version: FactVersion | None) -> Saying | None:
    """What a version says, as plain data."""
    if version is None:
        return None
    words = {
        row.language: Wording(row.numeral, row.sentence, row.scope, row.source, row.how)
        for row in version.words.all()
    }
    return Saying(version.as_of, version.publisher, version.title, version.address, words)


def _seat_for(person: User, fact: Fact) -> Seat:
    return required(
        keeping_seat(person, fact),
        _("Editors of the organisation that keeps it, and coordinators, change it."),
    )


def _checked(saying: Saying, kind: str) -> Saying:
    if kind not in FactKind.values:
        raise Refused(_("Choose what kind of fact it is."))
    try:
        clean = tidied(saying)
    except CanonicalError as error:
        raise Refused("%(reason)s", reason=error.message) from error
    found = lacks(clean, kind=kind, this_year=today().year)
    if found:
        raise Refused("%(reason)s", reason=found[0].message)
    return clean


def _check_day(day: datetime.date) -> None:
    if not today() < day <= today() + LONGEST_UNTIL_CHECK:
        raise Refused(_("The next check is on a day to come, within three years."))


def _locked(fact: Fact, seen: int | None = None) -> Fact:
    locked = Fact.objects.select_for_update().get(pk=fact.pk)
    if locked.retired_at is not None and seen is not None:
        raise Refused(_("This fact is out of use. Bring it back first."))
    if seen is not None and (locked.current is None or locked.current.number != seen):
        raise Refused(_("Somebody changed this fact a moment ago. Look at it again."))
    return locked


def _write(fact: Fact, saying: Saying, number: int, person: User) -> None:
    version = FactVersion.objects.create(
        fact=fact,
        number=number,
        as_of=saying.as_of,
        publisher=saying.publisher,
        title=saying.title,
        address=saying.address,
        written_at=now(),
        written_by=person,
    )
    FactWords.objects.bulk_create(
        FactWords(version=version, language=code, **vars(wording)) for code, wording in saying.words.items()
    )
    fact.current, fact.search = version, search_words(saying)
    fact.save()


def _keep(seat: Seat, fact: Fact, act: FactAct, why: str = "") -> None:
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


# --- renew ---
# Putting the register's newer words of a fact into a text, as an edit of whoever presses.


type Json = dict[str, Any]


def renew_fact(*, access: Access, text: DraftText, version: UUID) -> DraftText:
    """Put the newest words of a fact in the place of those of `version`, everywhere in the text.

    For who may only suggest, as a suggestion. What stands in an approved block stays: others approved it.
    Raises NotAllowed; Refused if there is nothing newer in the language of the text.
    """
    with transaction.atomic():
        draft = Draft.objects.select_for_update().get(pk=text.draft_id)
        edits = may_edit_text(access, draft)
        require_that(edits or may_suggest_in(access, draft))
        run = _newest(version, text.language)
        identity = "" if edits else _identity(access)

        def change(marked: Json) -> Json:
            return _renewed(marked, str(version), run, identity)

        return edit_text(text=text, author=access.user, organisation=access.organisation, change=change)


def _newest(version: UUID, language: str) -> Run:
    found = FactVersion.objects.filter(uuid=version).select_related("fact__current").first()
    newest = found.fact.current if found is not None and found.fact.retired_at is None else None
    if found is None or newest is None or newest.pk == found.pk:
        raise Refused(_("The register has no newer words of this fact."))
    words = newest.words.filter(language=language).first()
    if words is None:
        raise Refused(_("The newer words of this fact are not there in this language yet."))
    return run_of(newest, words)


def _identity(access: Access) -> str:
    person, organisation = access.user.uuid, access.organisation.uuid
    return suggestion_id(person=person, organisation=organisation, at=now(), counter=1)


def _renewed(node: Json, version: str, run: Run, identity: str) -> Json:
    if "content" not in node or node["type"] == "approvedBlock":
        return node
    content: list[Json] = []
    for child in node["content"]:
        is_it = child["type"] == "fact" and (child.get("attrs") or {}).get("id") == version
        if is_it:
            content += _exchanged(child, run, identity)
        else:
            content.append(_renewed(child, version, run, identity))
    return {**node, "content": content}


def _exchanged(node: Json, run: Run, identity: str) -> list[Json]:
    """The node with the newer words; or taken out and put in, where that is only suggested."""
    marks = node.get("marks") or []
    if not identity:
        return [{**node, "attrs": dict(run)}]
    if any(mark["type"] in SUGGESTIONS for mark in marks):
        return [node]  # somebody has suggested something here already
    out, put = ({"type": kind, "attrs": {"id": identity}} for kind in (DELETION, INSERTION))
    return [
        {**node, "marks": in_order([*marks, out])},
        {**node, "attrs": dict(run), "marks": in_order([*marks, put])},
    ]


# --- track uses ---
# Which facts stand in which text: noted whenever the words of a text change and when a version is named.


def register() -> None:
    """Follow every text."""
    register_change(note_text)


def note_text(text: DraftText, before: Words, after: Words, _authors: tuple[Author, ...]) -> None:
    """Keep which facts the text holds as it stands. Asks the database only where some stand or stood."""
    were, are = _facts_in(before["body"]), _facts_in(after["body"])
    if were == are:
        return
    FactUse.objects.filter(text=text).exclude(fact_version__uuid__in=are).delete()
    versions = FactVersion.objects.filter(uuid__in=are)
    uses = [FactUse(text=text, fact_version=version) for version in versions]
    FactUse.objects.bulk_create(uses, ignore_conflicts=True)


def note_version(version: Version, document: Document) -> None:
    """Keep which facts a version holds, for ever; approved blocks included."""
    runs = (version_named(one["id"]) for one in inlines(document["blocks"]) if one["type"] == "fact")
    named = {one for one in runs if one is not None}
    versions = FactVersion.objects.filter(uuid__in=named) if named else ()
    FactUse.objects.bulk_create(FactUse(version=version, fact_version=one) for one in versions)


def _facts_in(body: Any) -> set[UUID]:
    named = (version_named(node.get("attrs", {}).get("id")) for node in fact_nodes(body))
    return {one for one in named if one is not None}


def fact_nodes(node: Any) -> Iterator[dict[str, Any]]:
    """Every fact in the editor's JSON, in the order of the text. Without recursion: it nests without end."""
    left: list[Any] = [node]
    while left:
        one = left.pop()
        if not isinstance(one, dict):
            continue
        if one.get("type") == "fact" and isinstance(one.get("attrs"), dict):
            yield one
        content: Iterable[Any] = one["content"] if isinstance(one.get("content"), list) else ()
        left.extend(reversed(list(content)))
