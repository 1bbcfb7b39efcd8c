"""Grants, what they pay, and the links by which donors read their figures."""

import datetime
from collections.abc import Collection, Mapping
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import get_default_timezone
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import Language, Organisation
from coalition.campaigns.core.days import site_today
from coalition.campaigns.core.records import record_action
from coalition.campaigns.impact.actions.figures import FigureRefused, refuse_names
from coalition.campaigns.impact.enums import LINK_DAYS, MOST_OPEN_LINKS, CountedItem
from coalition.campaigns.impact.items import assignable_items
from coalition.campaigns.impact.models import DonorLink, Grant, GrantItem
from coalition.campaigns.impact.permissions import may_end_links, may_lead_impact, require_that
from coalition.campaigns.impact.queries import open_links
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.localized_text import LocalizedText
from coalition.core.throttling import derive_token, hash_token
from coalition.workspaces.models import Workspace
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import participants
from documents.contacts.actions import single_line

PURPOSE: Final = "campaigns.impact"  # of the tokens
ONLY_LEADERS: Final = _("Coordinators record grants, freeze reports and give links to donors.")


def add_grant(
    *,
    access: Access,
    organisation: Organisation,
    donor: str,
    title: Mapping[str, str],
    starts_on: datetime.date,
    ends_on: datetime.date,
    number: str = "",
) -> Grant:
    """Record a grant. Raises NotAllowed; FigureRefused without donor or title, for an end before the
    beginning, for an organisation that does not take part, or for a withheld name in title or donor."""
    require_that(may_lead_impact(access), ONLY_LEADERS)
    values = _checked(access, organisation, donor, title, starts_on, ends_on, number)
    with transaction.atomic():
        grant = Grant.objects.create(
            workspace=access.workspace, created_by=access.user, created_at=now(), **values
        )
        _record(access, "impact.grant_added", grant.uuid)
    return grant


def change_grant(
    *,
    access: Access,
    grant: Grant,
    organisation: Organisation,
    donor: str,
    title: Mapping[str, str],
    starts_on: datetime.date,
    ends_on: datetime.date,
    number: str = "",
) -> Grant:
    """Change a grant. Raises as `add_grant`."""
    values = _checked(access, organisation, donor, title, starts_on, ends_on, number)
    with transaction.atomic():
        locked = _lock(access, grant)
        changed = sorted(name for name, value in values.items() if getattr(locked, name) != value)
        for name in changed:
            setattr(locked, name, values[name])
        if changed:
            locked.save(update_fields=changed)
            _record(access, "impact.grant_changed", locked.uuid, fields=changed)
    return locked


def assign_items(*, access: Access, grant: Grant, kind: CountedItem, items: Collection[UUID]) -> int:
    """Say that these items of the workspace are paid from the grant. Returns how many are new.

    Raises NotAllowed; Refused if one is not of this workspace, or is paid from another grant: it would be
    counted twice.
    """
    with transaction.atomic():
        locked = _lock(access, grant)
        Workspace.objects.select_for_update().get(pk=access.workspace.pk)
        wanted = set(items)
        rows = assignable_items(access.workspace, kind).filter(item_uuid__in=wanted)
        known = set(rows.values_list("item_uuid", flat=True))
        if wanted - known:
            raise Refused(_("One of these is not of this workspace any more. Load the page again."))
        paid = dict(GrantItem.objects.filter(kind=kind, item__in=wanted).values_list("item", "grant"))
        if any(owner != locked.pk for owner in paid.values()):
            raise Refused(_("One of these is paid from another grant. It would be counted twice."))
        new = [GrantItem(grant=locked, kind=kind, item=one, added_at=now()) for one in wanted - paid.keys()]
        GrantItem.objects.bulk_create(new)
        if new:
            _record(access, "impact.items_assigned", locked.uuid, kind=kind.value, count=len(new))
    return len(new)


def remove_item(*, access: Access, grant: Grant, item: UUID) -> None:
    """Take an item out of the grant. Twice is one. Raises NotAllowed."""
    with transaction.atomic():
        locked = _lock(access, grant)
        gone, _by_kind = GrantItem.objects.filter(grant=locked, item=item).delete()
        if gone:
            _record(access, "impact.item_removed", locked.uuid, item=str(item))


def give_link(
    *, access: Access, grant: Grant, label: str, language: Language, ends_on: datetime.date
) -> DonorLink:
    """Give a link to a donor, which opens until the end of a day. Raises NotAllowed; FigureRefused without a
    label, or for a day that is over or more than a year away; Refused if a grant has too many links."""
    with transaction.atomic():
        locked = _lock(access, grant)
        words = single_line(label)
        if not words:
            raise FigureRefused("label", _("Say who gets the link."))
        if not 0 <= (ends_on - site_today()).days <= LINK_DAYS:
            raise FigureRefused("ends_on", _("A link ends on a day within a year from today."))
        if open_links(locked).count() >= MOST_OPEN_LINKS:
            raise Refused(_("There are %(most)d open links already. End one first."), most=MOST_OPEN_LINKS)
        link = DonorLink(
            grant=locked,
            label=words[:120],
            language=language,
            made_by=access.user,
            made_at=now(),
            ends_at=_end_of(ends_on),
        )
        link.token_hash = hash_token(token_of(link))
        link.save()
        _record(access, "impact.link_given", link.uuid, grant=str(locked.uuid))
    return link


def end_link(*, access: Access, link: DonorLink) -> DonorLink:
    """End a link: it opens nothing any more. Twice is one. Also in an archived workspace, whose links still
    open. Raises NotAllowed."""
    require_that(may_end_links(access), ONLY_LEADERS)
    with transaction.atomic():
        row = DonorLink.objects.select_for_update(of=("self",)).get(
            pk=link.pk, grant__workspace=access.workspace
        )
        if row.ended_at is None:
            row.ended_at = now()
            row.save(update_fields=["ended_at"])
            _record(access, "impact.link_ended", row.uuid, grant=str(link.grant.uuid))
    return row


def token_of(link: DonorLink) -> str:
    return derive_token(PURPOSE, link.uuid, known_hash=link.token_hash)


def link_path(link: DonorLink) -> str:
    """Return the path of the donor's page."""
    return reverse("donor_figures", args=[token_of(link)])


def _end_of(day: datetime.date) -> datetime.datetime:
    """Return the end of the day in the site's time zone."""
    after = day + datetime.timedelta(days=1)
    return datetime.datetime.combine(after, datetime.time(), get_default_timezone())


def _checked(
    access: Access,
    organisation: Organisation,
    donor: str,
    title: Mapping[str, str],
    starts_on: datetime.date,
    ends_on: datetime.date,
    number: str,
) -> dict[str, Any]:
    if not single_line(donor):
        raise FigureRefused("donor", _("Say who the donor is."))
    if not LocalizedText(title):
        raise FigureRefused("title", _("Give the grant a title."))
    refuse_names(access.workspace, {"title": title, "donor": {"": donor}})
    if ends_on < starts_on:
        raise FigureRefused("ends_on", _("The last day is before the first."))
    if not participants(access.workspace).filter(pk=organisation.pk).exists():
        raise FigureRefused("organisation", _("This organisation does not take part here."))
    return {
        "organisation": organisation,
        "donor": single_line(donor)[:160],
        "title": LocalizedText(title),
        "number": single_line(number)[:60],
        "starts_on": starts_on,
        "ends_on": ends_on,
    }


def _lock(access: Access, grant: Grant) -> Grant:
    require_that(may_lead_impact(access), ONLY_LEADERS)
    rows = Grant.objects.select_for_update(of=("self",)).select_related("organisation", "workspace")
    return rows.get(pk=grant.pk, workspace=access.workspace)


def _record(access: Access, action: str, target: UUID, **detail: Any) -> None:
    record_action(access, action, target=target, workspace=access.workspace, **detail)
