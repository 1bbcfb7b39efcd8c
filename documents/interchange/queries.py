"""Queries for exported and incoming files."""

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
from documents.interchange.retention import DOWNLOAD_LIFETIME


def exported_by(user: object) -> QuerySet[ExportedFile]:
    """Return files that the person exported within a day, of drafts that they may still read."""
    if not isinstance(user, User):
        return ExportedFile.objects.none()
    rows = ExportedFile.objects.filter(
        made_by=user, made_at__gt=now() - DOWNLOAD_LIFETIME, text__draft__in=drafts_for(user)
    )
    return rows.select_related("text__draft__workspace", "text__draft__organisation")


def incoming_for(user: object) -> QuerySet[IncomingFile]:
    """Return incoming files of texts the person may read, and their own uploads for new drafts.

    `permissions.may_import` decides who may accept one.
    """
    if not isinstance(user, User):
        return IncomingFile.objects.none()
    own = Q(text=None, sent_by=user, workspace__in=workspaces_for(user, Right.SEE_DRAFTS))
    rows = IncomingFile.objects.filter(own | Q(text__draft__in=drafts_for(user)))
    draft = ("text__draft__workspace", "text__draft__organisation")
    return rows.select_related("workspace", *draft, "exported", "sent_by", "organisation")


def incoming_files_waiting(text: DraftText) -> QuerySet[IncomingFile]:
    """Return files that wait for review; the caller may read the text."""
    states = (IncomingState.READING, IncomingState.READY)
    rows = IncomingFile.objects.filter(text=text, state__in=states)
    return rows.select_related("sent_by", "organisation", "text__draft").defer("reading")


def possible_guest_files(user: User) -> QuerySet[IncomingFile]:
    """Return unreviewed files of guests in workspaces where the person edits, even if they may not
    read the text."""
    editing = [role for role in SeatRole if Right.EDIT in RIGHTS[role]]
    edited = active_seats(user).filter(role__in=editing).values("workspace")
    return IncomingFile.objects.filter(workspace__in=edited, state=IncomingState.READY, guest__isnull=False)


def guest_files_waiting(user: object) -> QuerySet[IncomingFile]:
    """Return unreviewed files of guests for texts that the person edits: one query."""
    if not isinstance(user, User):
        return IncomingFile.objects.none()
    rows = incoming_for(user).filter(
        pk__in=possible_guest_files(user).values("pk"),
        text__draft__archived_at=None,
        workspace__archived_at=None,
    )
    return rows.defer("reading").order_by("sent_at")


# --- suggesters ---
# Names of suggesters in an exported file, as an anonymous viewer may see them, since a file may end
# up anywhere.


def imported_authors(draft: Draft) -> QuerySet[ImportedAuthor]:
    """Return people known only from files of this draft."""
    return ImportedAuthor.objects.filter(draft=draft).select_related("organisation")


def names_in_file(draft: Draft, suggestions: Iterable[str], language: str) -> dict[str, str]:
    """Return the name for each suggestion id: “Person (Organisation)” in the language of the text.

    Three queries for any number of suggestions.
    """
    return _suggester_names(draft, suggestions, language, _public_author_name)


def names_to_match(draft: Draft, suggestions: Iterable[str], language: str) -> dict[str, str]:
    """As `names_in_file`, for matching an imported file: people known only from files have their
    names in files. Never displayed."""
    return _suggester_names(draft, suggestions, language, lambda author: author.name)


def _suggester_names(
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


def _public_author_name(author: ImportedAuthor) -> str:
    if author.name and may_see_name(PUBLIC, author.organisation):
        return author.name
    return _("Somebody by a Word file")


def name_in_file(person: User, organisation: Organisation | None) -> str:
    """Return a person's name as allowed in a file, in the active language."""
    name = person_name(PUBLIC, person, organisation)
    if organisation is None or not may_see_name(PUBLIC, organisation):
        return name
    return f"{name} ({display_name_for(PUBLIC, organisation)})"


def without_imported(draft: Draft, names: Mapping[str, str]) -> dict[str, str]:
    """Return the names that may be stored unencrypted: those of accounts, and impersonal labels."""
    sealed = {(author.uuid, author.name) for author in imported_authors(draft)}
    return {one: name for one, name in names.items() if (_person_of_suggestion(one), name) not in sealed}


def _person_of_suggestion(suggestion: str) -> UUID | None:
    origin = origin_of(suggestion)
    return origin.person if origin else None
