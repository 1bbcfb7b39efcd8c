"""Lists of the press desk: what may be told to the press, what was mailed, whom to call."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypedDict
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from coalition.core.clock import now
from coalition.core.tokens import hash_token
from coalition.workspaces.permissions import Access
from documents.drafts.enums import PublicationState
from documents.models import Publication
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
