"""What a link opens now: evaluated at every access, never stored."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import get_language

from coalition.campaigns.media_package.gate import JudgedItem, PackageGate, items_with_files
from coalition.campaigns.media_package.models import MediaPackage, PackageLink, Rendition
from coalition.campaigns.media_package.outlets.queries import open_links
from coalition.core.clock import now
from documents.drafts.models import PublicationState


@dataclass(frozen=True)
class OpenedLink:
    """A link as it may be used now. `judged`: the items with everything that is approved, also what is
    scheduled; read `given` instead. `embargo_until`: end of the embargo, None without one."""

    link: PackageLink
    judged: Sequence[JudgedItem]
    embargo_until: datetime.datetime | None

    @property
    def must_agree(self) -> bool:
        """Whether the outlet has not agreed to the embargo as it is now: what is not public is not shown."""
        return not _has_agreed(self.link, self.embargo_until)

    @property
    def is_whole_embargo(self) -> bool:
        """Whether the whole package is under embargo, not only texts that are scheduled."""
        return _is_future(self.link.package.opens_at)

    @property
    def hides_all(self) -> bool:
        """Whether nothing of the items is shown before the outlet agrees: the whole package is under
        embargo."""
        return self.must_agree and self.is_whole_embargo

    @property
    def given(self) -> Sequence[JudgedItem]:
        """Items that the outlet may see and take."""
        if self.hides_all:
            return []
        found = [one for one in self.judged if one.is_given]
        return [one for one in found if not (self.must_agree and is_scheduled(one))]

    def file(self, uuid: UUID) -> Rendition | None:
        """Return the file, if the outlet may take it."""
        return next((file for one in self.given if (file := one.file(uuid)) is not None), None)


def is_open(link: PackageLink) -> bool:
    """Whether the link has not ended, and the page of its package is open. `package` is loaded."""
    return has_not_ended(link) and link.package.published_at is not None


def has_not_ended(link: PackageLink) -> bool:
    """Whether the link itself opens something, once the page of its package is open."""
    return link.ended_at is None and now() < link.ends_at


def is_still_open(link: PackageLink) -> bool:
    """The same, read anew, with an embargo that the outlet has not agreed to. For a file that is being
    sent."""
    found = open_links().select_related("package").filter(pk=link.pk).first()
    if found is None or found.package.published_at is None:
        return False
    return not _is_future(found.package.opens_at) or _has_agreed(found, found.package.opens_at)


def open_link(link: PackageLink) -> OpenedLink:
    """Evaluate the link in the active language. A constant number of queries."""
    return opened_links([link])[link.pk]


def opened_links(links: Iterable[PackageLink]) -> Mapping[int, OpenedLink]:
    """Evaluate many links, by primary key: as many queries as for one. `package` is loaded."""
    rows = list(links)
    packages = {one.package_id for one in rows}
    items = items_with_files().filter(package__in=packages)
    by_package: dict[int, list[JudgedItem]] = {one: [] for one in packages}
    language = (get_language() or "kk")[:2]
    for judged in PackageGate(language, before_embargo=True).judge(items):
        by_package[judged.item.package_id].append(judged)
    return {
        one.pk: OpenedLink(
            one, by_package[one.package_id], _embargo_until(one.package, by_package[one.package_id])
        )
        for one in rows
    }


def _embargo_until(package: MediaPackage, judged: Iterable[JudgedItem]) -> datetime.datetime | None:
    """Return the end of the package's embargo, or of the last text that is scheduled."""
    moments = [package.opens_at] if package.opens_at is not None and _is_future(package.opens_at) else []
    planned = [one.publication for one in judged if one.is_given and is_scheduled(one)]
    moments += [one.scheduled_at or now() for one in planned if one is not None]
    return max(moments, default=None)


def is_scheduled(judged: JudgedItem) -> bool:
    """Whether the item's text is approved and becomes public later."""
    return judged.publication is not None and judged.publication.state == PublicationState.SCHEDULED


def _has_agreed(link: PackageLink, until: datetime.datetime | None) -> bool:
    """Whether there is no embargo, or the outlet agreed to one that ends no earlier."""
    return until is None or (link.agreed_until is not None and until <= link.agreed_until)


def _is_future(moment: datetime.datetime | None) -> bool:
    return moment is not None and moment > now()
