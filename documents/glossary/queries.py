"""Queries for glossary terms and their history."""

from django.db.models import Max, QuerySet

from coalition.accounts.models import User
from coalition.roles import SeatRole
from coalition.workspaces.models import Seat
from coalition.workspaces.queries import active_seats
from documents.drafts.enums import GlossaryField
from documents.glossary.models import GlossaryChange, GlossaryTerm

LANGUAGES = ("kk", "ru", "en")
_ALPHABET = " -;’abcdefghijklmnopqrstuvwxyzаәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"


def may_read_glossary(user: object) -> bool:
    """Whether the person holds a seat in any workspace."""
    return isinstance(user, User) and user.is_active and active_seats(user).exists()


def editing_seat(user: User) -> Seat | None:
    """Return the seat with which the person edits: the first in which they coordinate."""
    seats = active_seats(user).filter(role=SeatRole.COORDINATOR, workspace__archived_at=None)
    return seats.select_related("person", "organisation").order_by("pk").first()


def terms_for(user: object, *, removed: bool = False) -> QuerySet[GlossaryTerm]:
    """Return active or removed terms; none for people who may not read them."""
    if not may_read_glossary(user):
        return GlossaryTerm.objects.none()
    return GlossaryTerm.objects.filter(removed_at__isnull=not removed)


def all_terms_for(user: object) -> QuerySet[GlossaryTerm]:
    """Return all terms, removed ones too, for their own pages."""
    return GlossaryTerm.objects.all() if may_read_glossary(user) else GlossaryTerm.objects.none()


def search_terms(
    terms: QuerySet[GlossaryTerm], *, words: str = "", field: str = "", language: str = "kk"
) -> list[GlossaryTerm]:
    """Return terms that contain each of the words, of one field or all, sorted by the language's
    alphabet: one query.

    Some hundred terms are sorted here, since neither database has the Kazakh alphabet.
    """
    for word in words.lower().replace("ё", "е").split()[:8]:
        terms = terms.filter(words__contains=word)
    if field in GlossaryField.values:
        terms = terms.filter(field=field)
    name = language if language in LANGUAGES else "kk"
    return sorted(terms, key=lambda term: _in_alphabet(getattr(term, name)))


def _in_alphabet(words: str) -> list[int]:
    return [_ALPHABET.find(letter) if letter in _ALPHABET else ord(letter) for letter in words.lower()]


def changes_of(term: GlossaryTerm) -> QuerySet[GlossaryChange]:
    """Return the history of a term the caller may read, newest first."""
    return term.changes.select_related("person", "organisation").order_by("-id")


def glossary_version() -> str:
    """Return a value that changes whenever a term does."""
    newest = GlossaryTerm.objects.aggregate(at=Max("changed_at"))["at"]
    return f"{newest.timestamp():.6f}" if newest else "0"
