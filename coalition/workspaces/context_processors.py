"""Context of every page of the member area."""

from collections.abc import Callable
from functools import cached_property

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language_from_path, ngettext

from coalition.accounts.models import OfficeKind, OrganisationKind, User
from coalition.accounts.naming import Viewer, display_name_for
from coalition.accounts.queries import active_offices
from coalition.accounts.views.access import get_memberships, get_viewer
from coalition.workspaces import visits
from coalition.workspaces.dashboard import WaitingItem, prefilter_dashboard, waiting_items_for
from coalition.workspaces.notifications.deliver import RENEWED, unread_label
from coalition.workspaces.notifications.notify import get_unread
from coalition.workspaces.permissions import Access
from coalition.workspaces.queries import rail_workspaces
from coalition.workspaces.seat_conditions import MissingRequirement, missing_requirements


def desk(request: HttpRequest) -> dict[str, object]:
    """Add `desk` and `undo` to every template. They load lazily: public pages run no query."""
    if get_language_from_path(request.path_info):
        return {"desk": DeskNavigation(request)}
    return {"desk": DeskNavigation(request), "undo": SimpleLazyObject(lambda: visits.pop_undo(request))}


class DeskNavigation:
    """The rail of the member area: the person's workspaces, waiting items and current role."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def workspaces(self) -> list[dict[str, object]]:
        here, user = self.access.workspace if self.access else None, self._request.user
        return [
            {"title": row.title, "url": row.get_absolute_url(), "current": row == here}
            for row in (rail_workspaces(user) if isinstance(user, User) else [])
        ]

    @cached_property
    def waiting(self) -> int | None:
        """Return this page's own or the last count; None: the page requests it after loading."""
        user = self._request.user
        if hasattr(self._request, "waiting"):
            return len(get_waiting_items(self._request))
        return visits.known_waiting_count(user) if isinstance(user, User) else 0

    @cached_property
    def unread(self) -> int:
        return len(get_unread(self._request))

    @cached_property
    def unread_words(self) -> str:
        return unread_label(self.unread)

    @cached_property
    def waiting_words(self) -> str:
        return waiting_label(self.waiting or 0)

    @cached_property
    def renews_push(self) -> bool:
        """Whether the browser still has to renew its push permission in this session."""
        return bool(settings.VAPID_KEY) and self.person is not None and RENEWED not in self._request.session

    @cached_property
    def is_secretariat(self) -> bool:
        if memberships := get_memberships(self._request):
            return memberships[0].is_secretariat
        return OfficeKind.SECRETARIAT in self._offices

    @cached_property
    def is_media_partner(self) -> bool:
        """Whether the person belongs to a newsroom: it has a page of its own."""
        kinds = [one.organisation.kind for one in get_memberships(self._request)]
        return OrganisationKind.MEDIA_PARTNER in kinds

    @property
    def access(self) -> Access | None:
        """Return the access to the page's workspace, if any."""
        return getattr(self._request, "access", None)

    @cached_property
    def person(self) -> dict[str, object] | None:
        """Return name, initials, and the organisation and role in which the person acts on this page."""
        user = self._request.user
        if not isinstance(user, User):
            return None
        organisation, role = None, ""
        if self.access is not None:
            organisation, role = self.access.organisation, str(self.access.role.label)
        elif memberships := get_memberships(self._request):
            organisation, role = memberships[0].organisation, memberships[0].get_role_display()
        elif self._offices:
            role = str(OfficeKind(self._offices[0]).label)
        return {
            "name": user.name,
            "initials": user.initials,
            "hue": organisation.hue if organisation else 0,
            "organisation": display_name_for(get_viewer(self._request), organisation) if organisation else "",
            "role": role,
        }

    @cached_property
    def _offices(self) -> list[str]:
        user = self._request.user
        return list(active_offices(user).values_list("kind", flat=True)) if isinstance(user, User) else []


def waiting_label(count: int) -> str:
    """Return the number of waiting items as a sentence for screen readers."""
    words = ngettext("%(count)s thing waits for you", "%(count)s things wait for you", count)
    return words % {"count": count}


def get_waiting_items(request: HttpRequest) -> list[WaitingItem]:
    """Return what waits for the person, once per request: listed on the first page, else counted."""

    def read(user: User, viewer: Viewer) -> list[WaitingItem]:
        person = prefilter_dashboard(user)
        found = waiting_items_for(person, viewer, get_missing_requirements(request))
        visits.remember_waiting_count(user, len(found))
        return found

    return _read_once_a_request(request, "waiting", read)


def get_missing_requirements(request: HttpRequest) -> list[MissingRequirement]:
    """Return what makes, or will make, the person's seats inactive, once per request."""
    return _read_once_a_request(request, "missing", missing_requirements)


def _read_once_a_request[T](
    request: HttpRequest, name: str, read: Callable[[User, Viewer], list[T]]
) -> list[T]:
    """Return what `read` finds for the person, cached on the request by name; empty for anonymous."""
    known: list[T] | None = getattr(request, name, None)
    if known is None:
        user = request.user
        known = read(user, get_viewer(request)) if isinstance(user, User) else []
        setattr(request, name, known)
    return known
