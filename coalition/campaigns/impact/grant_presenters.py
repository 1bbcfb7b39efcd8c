"""What a grant pays and who reads it, as its pages show it."""

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from coalition.campaigns.impact.actions.grants import link_path
from coalition.campaigns.impact.enums import CountedItem
from coalition.campaigns.impact.hidden_names import HiddenNames
from coalition.campaigns.impact.items import assignable_items, with_titles
from coalition.campaigns.impact.models import DonorLink, Grant, GrantItem
from coalition.core.clock import now
from coalition.mail.outbox import absolute_url


@dataclass(frozen=True)
class ItemRow:
    """Something that can be paid. `is_paid`: from this grant; `is_taken`: from another one."""

    item: UUID
    title: str
    is_paid: bool = True
    is_taken: bool = False


@dataclass(frozen=True)
class LinkRow:
    """A link of a donor. `address`: "" once it has ended."""

    link: DonorLink
    address: str
    is_open: bool


def grant_items(grant: Grant, hidden: HiddenNames) -> list[tuple[str, list[ItemRow]]]:
    """Return what the grant pays, by kind, without titles that name whom the reader may not know. At most
    four queries a kind."""
    paid: dict[str, list[UUID]] = {}
    for one in GrantItem.objects.filter(grant=grant):
        paid.setdefault(one.kind, []).append(one.item)
    groups = []
    for kind in CountedItem:
        if kind not in paid:
            continue
        rows = with_titles(kind, assignable_items(grant.workspace, kind).filter(item_uuid__in=paid[kind]))
        found = [ItemRow(item, hidden.without(title)) for item, title in rows]
        missing = set(paid[kind]) - {one.item for one in found}
        # What is not there any more counts nothing; its entry can be removed.
        found += [ItemRow(one, "") for one in sorted(missing)]
        groups.append((str(kind.label), found))
    return groups


def items_to_choose(grant: Grant, kind: CountedItem, hidden: HiddenNames) -> list[ItemRow]:
    """Return everything of the kind, with what is paid already; titles as above. Five queries at most."""
    owners = dict(GrantItem.objects.filter(kind=kind).values_list("item", "grant"))
    return [
        ItemRow(
            item,
            hidden.without(title),
            is_paid=owners.get(item) == grant.pk,
            is_taken=owners.get(item, grant.pk) != grant.pk,
        )
        for item, title in with_titles(kind, assignable_items(grant.workspace, kind))
    ]


def link_rows(links: Iterable[DonorLink]) -> list[LinkRow]:
    """Return the links for coordinators. No query."""
    moment = now()
    return [
        LinkRow(one, absolute_url(link_path(one)) if one.is_open_at(moment) else "", one.is_open_at(moment))
        for one in links
    ]
