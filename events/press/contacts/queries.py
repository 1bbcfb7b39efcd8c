"""The media list: whom a person may see of it, and how much. The only place where contacts come from here.

Contacts may live in a database of their own: no query joins them with anything else.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet

from coalition.accounts.models import Organisation
from coalition.core.throttling import fingerprint
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import participants
from documents.models import Contact, ContactShare, Outlet, PressStop


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
