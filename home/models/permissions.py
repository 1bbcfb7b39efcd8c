"""Wagtail permissions of pages that are not the newsroom's alone."""

from django.utils.functional import cached_property
from wagtail.models import PagePermissionTester

from home.models.record import is_taken_off


class PublicationPagePermissions(PagePermissionTester):
    """Page of a publication: only its presentation may be changed, and only while its text is
    public.

    Wagtail calls this for its views, bulk actions and actions with a user, including superusers.
    """

    @cached_property
    def _is_public(self) -> bool:
        return self.page.public_text() is not None

    def can_edit(self) -> bool:
        return self._is_public and bool(super().can_edit())

    def can_publish(self) -> bool:
        return self._is_public and not is_taken_off(self.page.publication_id) and bool(super().can_publish())

    def can_view_revisions(self) -> bool:
        return self._is_public and bool(super().can_view_revisions())

    def can_unpublish(self) -> bool:
        return False

    def can_delete(self, ignore_bulk: bool = False) -> bool:
        return False

    def can_copy(self) -> bool:
        return False

    def can_set_view_restrictions(self) -> bool:
        return False


class SinglePagePermissions(PagePermissionTester):
    """Page that exists once per language: it cannot be copied, and gets no password, which would
    remove all news below it from lists and feeds."""

    def can_copy(self) -> bool:
        return False

    def can_set_view_restrictions(self) -> bool:
        return False
