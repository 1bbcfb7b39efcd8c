"""Editing the glossary: add, change, remove and restore terms, each with its history.

The glossary belongs to the coalition, not to a workspace: coordinators of any workspace edit it, on
behalf of the organisation for which they coordinate.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import User
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.workspaces.models import Seat
from documents.drafts.models import GlossaryAct
from documents.drafts.permissions import require_found
from documents.glossary import queries
from documents.glossary.models import GlossaryChange, GlossaryTerm


def add_term(*, person: User, **fields: str) -> GlossaryTerm:
    """Add a term of `FIELDS`. Raises NotAllowed for people who coordinate nowhere; Refused if it exists
    already or its words are invalid."""
    seat = _require_editing_seat(person)
    cleaned = _normalise_term(fields)
    with transaction.atomic():
        term = GlossaryTerm()
        _store_term(term, cleaned)
        _record_term_change(seat, term, GlossaryAct.ADDED, {}, cleaned)
    return term


def change_term(*, person: User, term: GlossaryTerm, seen: int | None = None, **fields: str) -> GlossaryTerm:
    """Change a term to these `FIELDS`; identical words change nothing. `seen`: the newest change that the
    person knew of.

    Raises as `add_term`, and Refused if somebody changed the term in between.
    """
    seat = _require_editing_seat(person)
    cleaned = _normalise_term(fields)
    with transaction.atomic():
        locked = _lock_term(term, seen)
        before = queries.term_fields(locked)
        if locked.removed_at is not None:
            raise Refused(_("This term was taken out of the glossary. Restore it first."))
        if before != cleaned:
            _store_term(locked, cleaned)
            _record_term_change(seat, locked, GlossaryAct.CHANGED, before, cleaned)
    return locked


def remove_term(*, person: User, term: GlossaryTerm) -> GlossaryTerm:
    """Remove a term; it can be restored. Idempotent."""
    seat = _require_editing_seat(person)
    with transaction.atomic():
        locked = _lock_term(term)
        if locked.removed_at is None:
            locked.removed_at = locked.changed_at = now()
            locked.save(update_fields=["removed_at", "changed_at"])
            _record_term_change(seat, locked, GlossaryAct.REMOVED, queries.term_fields(locked), {})
    return locked


def restore_term(*, person: User, change: GlossaryChange) -> GlossaryTerm:
    """Reset the term to its words before a change; this is recorded as a change of its own.

    Raises NotAllowed, or Refused for the change that added the term.
    """
    seat = _require_editing_seat(person)
    if not change.before:
        raise Refused(_("There is nothing before a term is added. Take it out instead."))
    with transaction.atomic():
        locked = _lock_term(change.term)
        before = {} if locked.removed_at else queries.term_fields(locked)
        earlier = _fields_before(change)
        if before != earlier:
            locked.removed_at = None
            _store_term(locked, earlier)
            _record_term_change(seat, locked, GlossaryAct.RESTORED, before, earlier)
    return locked


def undo_glossary_changes(*, people: Iterable[User]) -> None:
    """Revert and delete all changes of these people: only for the demo."""
    for change in GlossaryChange.objects.filter(person__in=list(people)).select_related("term"):
        term = change.term
        if not change.before and change.act == GlossaryAct.ADDED:
            term.delete()
            continue
        if change.before:
            term.removed_at = None
            _store_term(term, _fields_before(change))
        change.delete()


def _fields_before(change: GlossaryChange) -> dict[str, str]:
    return {name: change.before.get(name, "") for name in queries.FIELDS}


def _require_editing_seat(person: User) -> Seat:
    return require_found(queries.editing_seat(person), _("Coordinators edit the glossary."))


def _normalise_term(fields: Mapping[str, str]) -> dict[str, str]:
    """Return the words in stored form: single spaces, one separator of variants."""
    cleaned = {name: " ".join(fields.get(name, "").split()) for name in queries.FIELDS}
    for code in queries.LANGUAGES:
        for name in (code, f"avoid_{code}"):
            cleaned[name] = "; ".join(queries.split_variants(cleaned[name]))
        if not cleaned[code] or not all(
            queries.term_pattern(one, code) for one in queries.split_variants(cleaned[code])
        ):
            raise Refused(_("A term needs words in all three languages."))
    return cleaned


def _lock_term(term: GlossaryTerm, seen: int | None = None) -> GlossaryTerm:
    locked = GlossaryTerm.objects.select_for_update().get(pk=term.pk)
    newest = locked.changes.order_by("-id").values_list("pk", flat=True).first()
    if seen is not None and seen != (newest or 0):
        raise Refused(_("Somebody changed this term a moment ago. Look at it again."))
    return locked


def _store_term(term: GlossaryTerm, fields: Mapping[str, str]) -> None:
    for name, value in fields.items():
        setattr(term, name, value)
    term.words, term.changed_at = queries.search_words(fields), now()
    try:
        with transaction.atomic():
            term.save()
    except IntegrityError as error:
        raise Refused(_("The glossary has this term already, in the same words.")) from error


def _record_term_change(seat: Seat, term: GlossaryTerm, act: GlossaryAct, before: Any, after: Any) -> None:
    by = {"person": seat.person, "organisation": seat.organisation}
    GlossaryChange.objects.create(term=term, act=act, before=before, after=after, at=now(), **by)
    log.record_audit(
        f"glossary.{act.value}",
        actor=seat.person,
        organisation=seat.organisation.uuid,
        role=seat.role,
        target_kind="glossary_term",
        target=term.uuid,
        term=term.en,
    )
