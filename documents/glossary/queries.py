"""Terms of the glossary and their history: the only place where they come from."""

from django.db.models import Max, QuerySet

from coalition.accounts.models import User
from coalition.roles import SeatRole
from coalition.workspaces.models import Seat
from coalition.workspaces.queries import active_seats
from documents.drafts.enums import GlossaryField
from documents.glossary.models import GlossaryChange, GlossaryTerm

LANGUAGES = ("kk", "ru", "en")
_ALPHABET = " -;’abcdefghijklmnopqrstuvwxyzаәбвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщъыіьэюя"


def reads_glossary(user: object) -> bool:
    """Whoever holds a seat in any workspace."""
    return isinstance(user, User) and user.is_active and active_seats(user).exists()


def editing_seat(user: User) -> Seat | None:
    """The seat in whose name the person edits: the first in which they coordinate."""
    seats = active_seats(user).filter(role=SeatRole.COORDINATOR, workspace__archived_at=None)
    return seats.select_related("person", "organisation").order_by("pk").first()


def terms_for(user: object, *, removed: bool = False) -> QuerySet[GlossaryTerm]:
    """Terms in use, or those taken out; none for who may not read them."""
    if not reads_glossary(user):
        return GlossaryTerm.objects.none()
    return GlossaryTerm.objects.filter(removed_at__isnull=not removed)


def all_terms_for(user: object) -> QuerySet[GlossaryTerm]:
    """Also those taken out: for their own pages."""
    return GlossaryTerm.objects.all() if reads_glossary(user) else GlossaryTerm.objects.none()


def searched(
    terms: QuerySet[GlossaryTerm], *, words: str = "", field: str = "", language: str = "kk"
) -> list[GlossaryTerm]:
    """Terms that hold each of the words, of one field or all, in the alphabet of the language: one query.

    Some hundred terms are sorted here, since neither database knows the Kazakh alphabet.
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
    """The history of a term the caller may read, newest first."""
    return term.changes.select_related("person", "organisation").order_by("-id")


def stamp() -> str:
    """Changes whenever a term does."""
    newest = GlossaryTerm.objects.aggregate(at=Max("changed_at"))["at"]
    return f"{newest.timestamp():.6f}" if newest else "0"
