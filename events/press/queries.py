"""Lists of the press desk: what may be told to the press, what was mailed, whom to call, the media list."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from coalition.accounts.models import Organisation
from coalition.core.clock import now
from coalition.core.throttling import fingerprint
from coalition.core.tokens import hash_token
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import participants
from documents.drafts.enums import PublicationState
from documents.models import Contact, ContactShare, Outlet, PressStop, Publication
from documents.publication.queries import publications_for
from events.core.enums import EventState
from events.core.models import Event
from events.core.queries import public_events, with_words
from events.press.enums import CallOutcome, LetterState
from events.press.models import Call, CallSheet, Letter, MailOut, SheetTaken

if TYPE_CHECKING:
    from django_stubs_ext import WithAnnotations


def tellable_events() -> QuerySet[Event]:
    """Public events that are neither cancelled nor over: the press may be told of them."""
    coming = Q(lasts_until=None) | Q(lasts_until__gte=now())
    return public_events().filter(coming).exclude(state=EventState.CANCELLED)


def tellable_texts() -> QuerySet[Publication]:
    """Texts that are public, whose rule holds and that were not corrected since: never one under embargo."""
    return Publication.objects.filter(
        state=PublicationState.PUBLIC, replaced_by=None, awaiting_since=None, published_at__isnull=False
    )


def events_to_tell(access: Access) -> QuerySet[Event]:
    """Those of this workspace, the nearest first."""
    return with_words(tellable_events().filter(workspace=access.workspace)).order_by("starts_at", "id")


def texts_to_tell(access: Access) -> QuerySet[Publication]:
    """Those of this workspace, the newest first."""
    rows = publications_for(access.user, access.workspace)
    return rows.filter(pk__in=tellable_texts().values("pk")).order_by("-number")


def is_tellable(event: int | None, publication: int | None) -> bool:
    """Whether the press may be told of it now (a primary key of one of both): one query."""
    if event is not None:
        return tellable_events().filter(pk=event).exists()
    return publication is not None and tellable_texts().filter(pk=publication).exists()


class Counted(TypedDict):
    """Of a mail-out: its letters, by what became of them."""

    letters_all: int
    waiting: int
    sent: int
    refused: int
    ended: int
    kept_back: int


type CountedMailOut = WithAnnotations[MailOut, Counted]


def mail_outs_for(access: Access) -> QuerySet[CountedMailOut]:
    """Mail-outs of this workspace with counts, newest first; what is only planned is its organisation's."""
    own = Q(organisation=access.organisation)
    rows = MailOut.objects.filter(own | ~Q(sent_at=None), workspace=access.workspace)
    rows = rows.select_related("organisation", "made_by", "answers_to", "workspace")
    rows = rows.select_related("publication__draft", "event").prefetch_related(
        "event__texts", "publication__texts__version"
    )
    return rows.annotate(
        letters_all=Count("letters"),
        waiting=_in_state(LetterState.WAITING),
        sent=_in_state(LetterState.SENT),
        refused=_in_state(LetterState.REFUSED),
        ended=_in_state(LetterState.ENDED),
        kept_back=_in_state(LetterState.KEPT_BACK),
    ).order_by("-id")


def _in_state(state: LetterState) -> Count:
    return Count("letters", filter=Q(letters__state=state))


def letters_for(access: Access, mail_out: MailOut) -> QuerySet[Letter]:
    """Who was written to: everyone for the organisation that sends, else those whom one's own brought."""
    rows = mail_out.letters.all()
    if mail_out.organisation_id != access.organisation.pk:
        rows = rows.filter(owner=access.organisation.uuid)
    return rows.order_by("id")


def letter_of_token(token: str) -> Letter | None:
    """The letter whose link ends further mail; None for every other address alike."""
    rows = Letter.objects.filter(token_hash=hash_token(token))
    return rows.select_related("mail_out__organisation").first()


def letters_with(uuids: Iterable[UUID | str]) -> QuerySet[Letter]:
    """These letters, with what they are about and who sends."""
    rows = Letter.objects.filter(uuid__in=list(uuids))
    return rows.select_related("mail_out__organisation")


class Called(TypedDict):
    """Of a call sheet: how many there are on it, how many of them were called."""

    calls_all: int
    called: int


type CountedSheet = WithAnnotations[CallSheet, Called]


def call_sheets_for(access: Access) -> QuerySet[CountedSheet]:
    """Call sheets of the person's organisation in this workspace, newest first."""
    rows = CallSheet.objects.filter(workspace=access.workspace, organisation=access.organisation)
    rows = rows.select_related("organisation", "workspace", "publication__draft", "event")
    rows = rows.prefetch_related("event__texts", "publication__texts__version")
    called = Count("calls", filter=~Q(calls__outcome=CallOutcome.OPEN))
    return rows.annotate(calls_all=Count("calls"), called=called).order_by("-id")


def calls_of(sheet: CallSheet) -> QuerySet[Call]:
    return sheet.calls.select_related("called_by").order_by("id")


def sheets_waiting(
    access: Access, about: SheetTaken.About = SheetTaken.About.CONTACTS
) -> QuerySet[SheetTaken]:
    """Spreadsheets that the person read for this organisation here, and that wait for a choice."""
    rows = SheetTaken.objects.filter(workspace=access.workspace, organisation=access.organisation)
    rows = rows.filter(about=about)
    return rows.filter(read_by=access.user).order_by("-id")


# --- the media list ---
# Whom a person may see of it, and how much. The only place where contacts come from here: they may live in a
# database of their own, so no query joins them with anything else.


@dataclass(frozen=True)
class Wanted:
    """What is looked for; empty: everything. `words` stand in the outlet's name or in the person's."""

    words: str = ""
    language: str = ""
    region: str = ""
    beat: str = ""
    channel: str = ""

    @property
    def is_narrow(self) -> bool:
        return any((self.words, self.language, self.region, self.beat, self.channel))


def open_contacts(access: Access) -> QuerySet[Contact]:
    """Contacts of which the person may know everything: their organisation's own, those that organisations of
    this workspace share with it, and those that any organisation shares with the coalition."""
    shared_here = ContactShare.objects.filter(workspace=access.workspace.uuid).values("contact")
    here = Q(pk__in=shared_here, organisation__in=_taking_part(access))
    wide = Q(for_coalition=True, organisation__in=_uuids(Organisation.objects.filter(left_at=None)))
    own = Q(organisation=access.organisation.uuid)
    return Contact.objects.filter(own | here | wide, removed_at=None).select_related("outlet")


def own_contacts(access: Access) -> QuerySet[Contact]:
    """Those of the organisation in whose name the person acts."""
    rows = Contact.objects.filter(organisation=access.organisation.uuid, removed_at=None)
    return rows.select_related("outlet")


def own_and_put_away(access: Access) -> QuerySet[Contact]:
    """The same, and those that were put away."""
    return Contact.objects.filter(organisation=access.organisation.uuid).select_related("outlet")


def closed_contacts(access: Access) -> QuerySet[Contact]:
    """Contacts of the other organisations of this workspace of which the person learns outlet and languages
    only: nothing else of them is read."""
    others = [uuid for uuid in _taking_part(access) if uuid != access.organisation.uuid]
    rows = Contact.objects.filter(organisation__in=others, removed_at=None)
    rows = rows.exclude(pk__in=open_contacts(access).values("pk"))
    return rows.only("pk", "outlet", "language", "also_reads")


def _taking_part(access: Access) -> list[UUID]:
    return _uuids(participants(access.workspace))


def _uuids(organisations: QuerySet[Organisation]) -> list[UUID]:
    return list(organisations.order_by("pk").values_list("uuid", flat=True))


def narrowed(rows: QuerySet[Contact], wanted: Wanted) -> QuerySet[Contact]:
    """Those that are wanted, as far as the database can tell: `words` are sealed, `found` looks at them."""
    for name, code in (("regions", wanted.region), ("beats", wanted.beat), ("channels", wanted.channel)):
        if code:
            rows = rows.filter(**{f"{name}__contains": f" {code} "})
    if wanted.language:
        rows = rows.filter(Q(language=wanted.language) | Q(also_reads__contains=f" {wanted.language} "))
    return rows


def in_order(rows: QuerySet[Contact], wanted: Wanted) -> list[int]:
    """Primary keys of open contacts by outlet and name: two queries, whatever their number. Persons' names
    are unsealed only where words are looked for."""
    rows = narrowed(rows, wanted)
    words = wanted.words.casefold()
    light = rows.select_related(None).only("pk", "outlet", *(("name",) if words else ()))
    found = list(light)
    outlets = _names_of(one.outlet_id for one in found)
    if words:
        found = [
            one for one in found if words in outlets[one.outlet_id].casefold() or words in one.name.casefold()
        ]
    return [one.pk for one in sorted(found, key=lambda one: (outlets[one.outlet_id].casefold(), one.pk))]


@dataclass(frozen=True)
class Known:
    """An outlet of which another organisation knows somebody who is written to in this language."""

    outlet: str
    languages: tuple[str, ...]


def known_to_others(access: Access, wanted: Wanted) -> list[Known]:
    """Outlets and languages of closed contacts: nothing that tells who it is, or whose. Looked for by words
    and language alone: the rest would tell more of them."""
    if wanted.region or wanted.beat or wanted.channel:
        return []
    rows = list(narrowed(closed_contacts(access), Wanted(language=wanted.language)))
    outlets = _names_of(one.outlet_id for one in rows)
    known: dict[str, tuple[str, set[str]]] = {}
    for one in rows:
        name = outlets[one.outlet_id]
        if wanted.words.casefold() in name.casefold():
            known.setdefault(name.casefold(), (name, set()))[1].update(one.languages)
    return [Known(name, tuple(sorted(codes))) for _key, (name, codes) in sorted(known.items())]


def contacts_in(keys: Collection[int]) -> list[Contact]:
    """These contacts with everything, in this order: two queries."""
    rows = {one.pk: one for one in Contact.objects.filter(pk__in=keys).select_related("outlet")}
    return [rows[key] for key in keys if key in rows]


def shares_of(contacts: Iterable[Contact], access: Access) -> set[int]:
    """Which of these are shared with this workspace: one query."""
    rows = ContactShare.objects.filter(contact__in=list(contacts), workspace=access.workspace.uuid)
    return set(rows.values_list("contact_id", flat=True))


def stopped(prints: Iterable[str]) -> set[str]:
    """Which of these addresses want no more mail: one query."""
    rows = PressStop.objects.filter(address_print__in={one for one in prints if one})
    return set(rows.values_list("address_print", flat=True))


def has_stopped(address: str) -> bool:
    """Whether the owner of this address wants no more mail."""
    return bool(address) and PressStop.objects.filter(address_print=fingerprint(address)).exists()


def _names_of(outlets: Iterable[int]) -> dict[int, str]:
    rows = Outlet.objects.filter(pk__in=set(outlets))
    return {one.pk: one.name for one in rows}
