"""Lists of the press desk: what may be told to the press, what was mailed, whom to call, the media list."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from coalition.accounts.models import Organisation
from coalition.core.clock import now
from coalition.core.throttling import fingerprint, hash_token
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import participants
from documents.drafts.models import PublicationState
from documents.models import Contact, ContactShare, Outlet, PressStop, Publication
from documents.publication.models import PublicationQuerySet
from documents.publication.queries import publications_for
from events.core.enums import EventState
from events.core.models import Event
from events.core.queries import prefetch_event_details, public_events
from events.press.models import Call, CallOutcome, CallSheet, Letter, LetterState, MailOut, PressMatter


def tellable_events() -> QuerySet[Event]:
    """Return public events that are neither cancelled nor over."""
    coming = Q(lasts_until=None) | Q(lasts_until__gte=now())
    return public_events().filter(coming).exclude(state=EventState.CANCELLED)


def tellable_texts() -> PublicationQuerySet:
    """Return public texts whose approval rule is met, without a newer version, never under embargo."""
    return Publication.objects.filter(
        state=PublicationState.PUBLIC, replaced_by=None, awaiting_since=None, published_at__isnull=False
    )


def events_to_tell(access: Access) -> QuerySet[Event]:
    """Return those of this workspace, the nearest first."""
    return prefetch_event_details(tellable_events().filter(workspace=access.workspace)).order_by(
        "starts_at", "id"
    )


def texts_to_tell(access: Access) -> QuerySet[Publication]:
    """Return those of this workspace, the newest first."""
    rows = publications_for(access.user, access.workspace)
    return rows.filter(pk__in=tellable_texts().values("pk")).order_by("-number")


def is_tellable(matter: PressMatter) -> bool:
    """Whether the press may be informed of the subject now: one query; of a text at most three, and none of
    its words may be withheld."""
    if matter.event_id is not None:
        return tellable_events().filter(pk=matter.event_id).exists()
    if matter.publication_id is None:
        return False
    text = tellable_texts().filter(pk=matter.publication_id).with_texts().first()
    return text is not None and not text.has_withheld_words


def mail_outs_for(access: Access) -> QuerySet[MailOut]:
    """Return this workspace's mailings, newest first; planned ones only to their organisation.

    Annotated with the number of letters (`letters_all`), and of those in each state but one.
    """
    own = Q(organisation=access.organisation)
    rows = MailOut.objects.filter(own | ~Q(sent_at=None), workspace=access.workspace)
    rows = rows.select_related("organisation", "made_by", "answers_to", "workspace")
    rows = rows.select_related("publication__draft", "event").prefetch_related(
        "event__texts", "publication__texts__version"
    )
    states = [one for one in LetterState if one != LetterState.CHOSEN]
    by_state = {one.value: Count("letters", filter=Q(letters__state=one)) for one in states}
    return rows.annotate(letters_all=Count("letters"), **by_state).order_by("-id")


def letters_for(access: Access, mail_out: MailOut) -> QuerySet[Letter]:
    """Return all letters to the sending organisation, otherwise those to one's own contacts."""
    rows = mail_out.letters.all()
    if mail_out.organisation_id != access.organisation.pk:
        rows = rows.filter(owner=access.organisation.uuid)
    return rows.order_by("id")


def letter_of_token(token: str) -> Letter | None:
    """Return the letter of this unsubscribe token, or None."""
    rows = Letter.objects.filter(token_hash=hash_token(token))
    return rows.select_related("mail_out__organisation").first()


def letter_of_mail_key(key: str) -> Letter | None:
    """Return the letter of this key in the outbox, with its subject and sender, or None."""
    rows = Letter.objects.filter(uuid=key.rpartition(":")[2])
    return rows.select_related("mail_out__organisation").first()


def call_sheets_for(access: Access) -> QuerySet[CallSheet]:
    """Return the organisation's call sheets here, newest first, with `calls_all` and `called` counted."""
    rows = CallSheet.objects.filter(workspace=access.workspace, organisation=access.organisation)
    rows = rows.select_related("organisation", "workspace", "publication__draft", "event")
    rows = rows.prefetch_related("event__texts", "publication__texts__version")
    called = Count("calls", filter=~Q(calls__outcome=CallOutcome.OPEN))
    return rows.annotate(calls_all=Count("calls"), called=called).order_by("-id")


def calls_of(sheet: CallSheet) -> QuerySet[Call]:
    return sheet.calls.select_related("called_by").order_by("id")


# Whom a person may see of it, and how much. The only place where contacts come from here: they may live in a
# database of their own, so no query joins them with anything else.


def open_contacts(access: Access) -> QuerySet[Contact]:
    """Return the contacts that the person may read in full: their organisation's, those shared by
    organisations of this workspace, and those shared with the coalition."""
    shared_here = ContactShare.objects.filter(workspace=access.workspace.uuid).values("contact")
    here = Q(pk__in=shared_here, organisation__in=_participant_uuids(access))
    wide = Q(for_coalition=True, organisation__in=_uuids(Organisation.objects.filter(left_at=None)))
    own = Q(organisation=access.organisation.uuid)
    return Contact.objects.filter(own | here | wide, removed_at=None).select_related("outlet")


def own_and_removed_contacts(access: Access) -> QuerySet[Contact]:
    """Return the contacts of the acting organisation, including removed ones."""
    return Contact.objects.filter(organisation=access.organisation.uuid).select_related("outlet")


def own_contacts(access: Access) -> QuerySet[Contact]:
    """Return the contacts of the acting organisation."""
    return own_and_removed_contacts(access).filter(removed_at=None)


def restricted_contacts(access: Access) -> QuerySet[Contact]:
    """Return contacts of the workspace's other organisations of which the person may see outlet and
    languages only; no other field is read."""
    others = [uuid for uuid in _participant_uuids(access) if uuid != access.organisation.uuid]
    rows = Contact.objects.filter(organisation__in=others, removed_at=None)
    rows = rows.exclude(pk__in=open_contacts(access).values("pk"))
    return rows.only("pk", "outlet", "language", "also_reads")


def _participant_uuids(access: Access) -> list[UUID]:
    return _uuids(participants(access.workspace))


def _uuids(organisations: QuerySet[Organisation]) -> list[UUID]:
    return list(organisations.order_by("pk").values_list("uuid", flat=True))


def filter_contacts(
    rows: QuerySet[Contact], *, language: str = "", region: str = "", beat: str = "", channel: str = ""
) -> QuerySet[Contact]:
    """Filter by what the database can: names are encrypted."""
    for name, code in (("regions", region), ("beats", beat), ("channels", channel)):
        if code:
            rows = rows.filter(**{f"{name}__contains": f" {code} "})
    if language:
        rows = rows.filter(Q(language=language) | Q(also_reads__contains=f" {language} "))
    return rows


def sorted_contact_keys(rows: QuerySet[Contact], *, q: str = "", **filters: str) -> list[int]:
    """Return primary keys of open contacts by outlet and name, in two queries. `q` matches the name of the
    outlet or person; names are decrypted only if it is given."""
    q = q.casefold()
    rows = filter_contacts(rows, **filters)
    found = list(rows.select_related(None).only("pk", "outlet", *(("name",) if q else ())))
    outlets = _outlet_names(found)
    if q:
        found = [one for one in found if q in outlets[one.outlet_id].casefold() or q in one.name.casefold()]
    return [one.pk for one in sorted(found, key=lambda one: (outlets[one.outlet_id].casefold(), one.pk))]


def outlets_known_to_others(
    access: Access, *, q: str = "", language: str = "", **others: str
) -> list[tuple[str, list[str]]]:
    """Return outlets and languages of closed contacts, without the person or the owner. Filters by
    words and language only, because others would reveal more."""
    if any(others.values()):
        return []
    rows = list(filter_contacts(restricted_contacts(access), language=language))
    outlets = _outlet_names(rows)
    known: dict[str, tuple[str, set[str]]] = {}
    for one in rows:
        name = outlets[one.outlet_id]
        if q.casefold() in name.casefold():
            known.setdefault(name.casefold(), (name, set()))[1].update(one.languages)
    return [(name, sorted(codes)) for _key, (name, codes) in sorted(known.items())]


def contacts_in(keys: Collection[int]) -> list[Contact]:
    """Return these contacts with related rows, in this order: two queries."""
    rows = {one.pk: one for one in Contact.objects.filter(pk__in=keys).select_related("outlet")}
    return [rows[key] for key in keys if key in rows]


def shares_of(contacts: Iterable[Contact], access: Access) -> set[int]:
    """Return the keys of those shared with this workspace: one query."""
    rows = ContactShare.objects.filter(contact__in=list(contacts), workspace=access.workspace.uuid)
    return set(rows.values_list("contact_id", flat=True))


def unsubscribed_addresses(prints: Iterable[str]) -> set[str]:
    """Return the hashes of addresses that unsubscribed: one query."""
    rows = PressStop.objects.filter(address_print__in={one for one in prints if one})
    return set(rows.values_list("address_print", flat=True))


def is_unsubscribed(address: str) -> bool:
    """Whether the owner of this address unsubscribed."""
    return bool(address) and PressStop.objects.filter(address_print=fingerprint(address)).exists()


def _outlet_names(contacts: Iterable[Contact]) -> dict[int, str]:
    return {one.pk: one.name for one in Outlet.objects.filter(pk__in={one.outlet_id for one in contacts})}
