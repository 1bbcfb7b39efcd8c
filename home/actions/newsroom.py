"""The newsroom's group: what its people may do in `/cms/`."""

from django.contrib.auth.models import Group, Permission
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page

NEWSROOM = "Newsroom"

_PAGE_RIGHTS = ("add_page", "change_page", "publish_page")
_COLLECTION_RIGHTS = ("add_image", "change_image", "choose_image")
_OWN_RIGHTS = (
    *("add_topic", "change_topic", "view_topic"),
    *("add_publicvideo", "change_publicvideo", "view_publicvideo"),
)


def newsroom_group() -> Group:
    """The group with its rights: pages, pictures and videos of the public site, topics, nothing else.

    No right to delete, to lock or to bulk-delete: published words leave the site by withdrawal alone.
    """
    group, _made = Group.objects.get_or_create(name=NEWSROOM)
    group.permissions.add(
        Permission.objects.get(content_type__app_label="wagtailadmin", codename="access_admin"),
        *Permission.objects.filter(content_type__app_label="home", codename__in=_OWN_RIGHTS),
    )
    root = Page.objects.get(depth=1)
    for right in Permission.objects.filter(content_type__app_label="wagtailcore", codename__in=_PAGE_RIGHTS):
        GroupPagePermission.objects.get_or_create(group=group, page=root, permission=right)
    everything = Collection.get_first_root_node()
    for right in Permission.objects.filter(
        content_type__app_label="wagtailimages", codename__in=_COLLECTION_RIGHTS
    ):
        GroupCollectionPermission.objects.get_or_create(group=group, collection=everything, permission=right)
    return group
