"""What the newsroom may do with pages, pictures and videos under consent.

Until a consent ends they are edited like others, but not copied. Afterwards members see none of their words:
they can only be deleted, and pages taken off the site.
"""

from collections.abc import Collection
from typing import Any, Final

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from wagtail.admin import messages
from wagtail.models import Page
from wagtail.permission_policies.collections import CollectionOwnershipPermissionPolicy
from wagtail.permissions import policy_registry, register_permission_policy
from wagtail.snippets.views.chooser import (
    BaseSnippetChooseView,
    ChooseResultsView,
    ChooseView,
    SnippetChooserViewSet,
)
from wagtail.snippets.views.snippets import SnippetViewSet

from coalition.consent.closed import closed_items, is_closed_page
from coalition.consent.site import IMAGE, PAGE, VIDEO, images_of_keys, site_gate
from home.models import PublicImage

_USES: Final = frozenset({"change", "choose"})  # what nobody may do with a closed picture


def is_copy_refused(page: Page) -> bool:
    """Whether the page, or one below it, is under consent in any language: a copy would be without it."""
    uuids = {key.rpartition(".")[0] for key in site_gate().keys_under_consent(PAGE)}
    return bool(uuids) and page.get_descendants(inclusive=True).filter(translation_key__in=uuids).exists()


class PicturePolicy(CollectionOwnershipPermissionPolicy):
    """Pictures that members may no longer open are neither edited nor chosen; they can be deleted."""

    def user_has_any_permission_for_instance(
        self, user: Any, actions: Collection[str], instance: Any
    ) -> bool:
        left = set(actions)
        if not left.isdisjoint(_USES) and closed_items().has_row(IMAGE, instance):
            left -= _USES
        return bool(left) and bool(super().user_has_any_permission_for_instance(user, left, instance))

    def instances_user_has_any_permission_for(self, user: Any, actions: Collection[str]) -> QuerySet[Any]:
        found: QuerySet[Any] = super().instances_user_has_any_permission_for(user, actions)
        return found.exclude(closed_items().rows(IMAGE)) if set(actions) <= _USES else found


def register_picture_policy() -> None:
    """Register from `AppConfig.ready()`."""
    policy = PicturePolicy(PublicImage, auth_model="wagtailimages.Image", owner_field_name="uploaded_by_user")
    register_permission_policy(PublicImage, policy, exact_class=True)


class _OpenVideos(BaseSnippetChooseView):
    def get_object_list(self) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_object_list()
        return found.exclude(closed_items().rows(VIDEO))


class _ChooseVideo(_OpenVideos, ChooseView):
    pass


class _ChooseVideoResults(_OpenVideos, ChooseResultsView):
    pass


class VideoChooser(SnippetChooserViewSet):
    choose_view_class = _ChooseVideo
    choose_results_view_class = _ChooseVideoResults


class VideoViewSet(SnippetViewSet):
    """Videos in the newsroom. They are not copied: the form of a copy shows all words."""

    copy_view_enabled = False
    chooser_viewset_class = VideoChooser


def refuse_closed_video(request: HttpRequest, video: Any) -> HttpResponse | None:
    """Return to the list with the reason if members may no longer open the video."""
    if not closed_items().has_row(VIDEO, video):
        return None
    can_delete = request.user.has_perm("home.delete_publicvideo")
    return _refuse(request, redirect(video.snippet_viewset.get_url_name("list")), can_delete=can_delete)


def refuse_closed_form(request: HttpRequest) -> HttpResponse | None:
    """Return to the list with the reason if this is the form of a page or a picture that members may no
    longer open. Wagtail would say only that the person may not open it."""
    match = request.resolver_match
    refuse = _FORMS.get(match.view_name) if match is not None else None
    if match is None or refuse is None or not request.user.has_perm("wagtailadmin.access_admin"):
        return None
    return refuse(request, *match.kwargs.values())


def _refuse_page(request: HttpRequest, pk: int) -> HttpResponse | None:
    page = Page.objects.filter(pk=pk, depth__gt=1).first()
    if page is None or not is_closed_page(page):
        return None
    can_delete = page.specific.permissions_for_user(request.user).can_delete()
    return _refuse(request, redirect("wagtailadmin_explore", page.get_parent().pk), can_delete=can_delete)


def _refuse_image(request: HttpRequest, pk: int) -> HttpResponse | None:
    image = images_of_keys([str(pk)]).first()
    if image is None or not closed_items().has_row(IMAGE, image):
        return None
    allowed = policy_registry.get(image).user_has_permission_for_instance
    return _refuse(
        request, redirect("wagtailimages:index"), can_delete=allowed(request.user, "delete", image)
    )


_FORMS: Final = {"wagtailadmin_pages:edit": _refuse_page, "wagtailimages:edit": _refuse_image}


def _refuse(request: HttpRequest, answer: HttpResponse, *, can_delete: bool) -> HttpResponse:
    words = _("This item is no longer available. You can delete it.")
    messages.error(request, words if can_delete else _("This item is no longer available."))
    return answer
