"""Lists of files that left and of files that came in: the only place where they come from."""

from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext as _

from coalition.accounts.models import Organisation, User
from coalition.accounts.naming import PUBLIC, display_name_for, may_see_name
from coalition.accounts.queries import organisations_with, people_with
from coalition.core.clock import now
from coalition.roles import RIGHTS, Right, SeatRole
from coalition.workspaces.naming import person_name
from coalition.workspaces.queries import active_seats, workspaces_for
from documents.drafts.enums import IncomingState
from documents.drafts.live.marks import origin_of
from documents.drafts.models import Draft, DraftText
from documents.drafts.queries import drafts_for
from documents.interchange.models import ExportedFile, ImportedAuthor, IncomingFile
from documents.interchange.retention import TO_TAKE


def exported_by(user: object) -> QuerySet[ExportedFile]:
    """Files that the person asked for within a day, of drafts that they may still read."""
    if not isinstance(user, User):
        return ExportedFile.objects.none()
    rows = ExportedFile.objects.filter(
        made_by=user, made_at__gt=now() - TO_TAKE, text__draft__in=drafts_for(user)
    )
    return rows.select_related("text__draft__workspace", "text__draft__organisation")


def incoming_for(user: object) -> QuerySet[IncomingFile]:
    """Files that came in for texts the person may read, and those that they sent themselves to become drafts.

    Who decides on one is said by `rules.may_take_in`.
    """
    if not isinstance(user, User):
        return IncomingFile.objects.none()
    own = Q(text=None, sent_by=user, workspace__in=workspaces_for(user, Right.SEE_DRAFTS))
    rows = IncomingFile.objects.filter(own | Q(text__draft__in=drafts_for(user)))
    draft = ("text__draft__workspace", "text__draft__organisation")
    return rows.select_related("workspace", *draft, "exported", "sent_by", "organisation")


def waiting_on(text: DraftText) -> QuerySet[IncomingFile]:
    """Files that wait for somebody to look at them; the caller may read the text."""
    states = (IncomingState.READING, IncomingState.READY)
    rows = IncomingFile.objects.filter(text=text, state__in=states)
    return rows.select_related("sent_by", "organisation", "text__draft").defer("reading")


def files_of_guests_where(user: User) -> QuerySet[IncomingFile]:
    """Files that guests sent back and nobody looked at, where the person edits, whether they may read the
    text or not."""
    editing = [role for role in SeatRole if Right.EDIT in RIGHTS[role]]
    edited = active_seats(user).filter(role__in=editing).values("workspace")
    return IncomingFile.objects.filter(workspace__in=edited, state=IncomingState.READY, guest__isnull=False)


def waiting_files(user: object) -> QuerySet[IncomingFile]:
    """Files that guests sent back and nobody looked at, in texts that the person edits: one query."""
    if not isinstance(user, User):
        return IncomingFile.objects.none()
    rows = incoming_for(user).filter(
        pk__in=files_of_guests_where(user).values("pk"),
        text__draft__archived_at=None,
        workspace__archived_at=None,
    )
    return rows.defer("reading").order_by("sent_at")


# --- suggesters ---
# Who suggests in a text, as a file that leaves may tell it: as to a stranger, since nobody knows where a
# file ends.


def imported_authors(draft: Draft) -> QuerySet[ImportedAuthor]:
    """People who are known by files of this draft alone."""
    return ImportedAuthor.objects.filter(draft=draft).select_related("organisation")


def names_in_file(draft: Draft, suggestions: Iterable[str], language: str) -> dict[str, str]:
    """The name for each id of a suggestion: “Person (Organisation)” in the language of the text. Three
    queries, whatever their number."""
    return _names(draft, suggestions, language, _as_to_a_stranger)


def names_to_match(draft: Draft, suggestions: Iterable[str], language: str) -> dict[str, str]:
    """The same for comparing with a file that came back: people who are known by files alone have the names
    that files give them. Never shown."""
    return _names(draft, suggestions, language, lambda author: author.name)


def _names(
    draft: Draft, suggestions: Iterable[str], language: str, of_file: Callable[[ImportedAuthor], str]
) -> dict[str, str]:
    origins = {one: origin_of(one) for one in suggestions}
    people = people_with({origin.person for origin in origins.values() if origin})
    organisations = organisations_with({origin.organisation for origin in origins.values() if origin})
    imported = {author.uuid: author for author in imported_authors(draft)}
    named: dict[str, str] = {}
    with translation.override(language):
        for one, origin in origins.items():
            if origin is not None and origin.person in imported:
                named[one] = of_file(imported[origin.person])
            elif origin is not None and origin.person in people:
                named[one] = name_in_file(people[origin.person], organisations.get(origin.organisation))
            else:
                named[one] = _("Someone who has left")
    return named


def _as_to_a_stranger(author: ImportedAuthor) -> str:
    if author.name and may_see_name(PUBLIC, author.organisation):
        return author.name
    return _("Somebody by a Word file")


def name_in_file(person: User, organisation: Organisation | None) -> str:
    """A person's name as it may stand in a file, in the active language."""
    name = person_name(PUBLIC, person, organisation)
    if organisation is None or not may_see_name(PUBLIC, organisation):
        return name
    return f"{name} ({display_name_for(PUBLIC, organisation)})"


def without_imported(draft: Draft, names: Mapping[str, str]) -> dict[str, str]:
    """The names that may be kept unsealed: of people with an account, and words that name nobody."""
    sealed = {(author.uuid, author.name) for author in imported_authors(draft)}
    return {one: name for one, name in names.items() if (_person(one), name) not in sealed}


def _person(suggestion: str) -> UUID | None:
    origin = origin_of(suggestion)
    return origin.person if origin else None
