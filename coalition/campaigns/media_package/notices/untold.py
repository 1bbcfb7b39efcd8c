"""Outlets that took what was taken out since, and were not told."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _, ngettext

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer
from coalition.campaigns.media_package.models import MediaItem, NoticeRecipient, TakenFile
from coalition.campaigns.media_package.notices.mails import item_title
from coalition.campaigns.media_package.notices.queries import serving_workspaces
from coalition.campaigns.media_package.queries import items_for
from coalition.workspaces.dashboard import WaitingItem, only_if


def untold_files() -> QuerySet[TakenFile]:
    """Files that outlets took, and that were taken out since, alone or with their item, without a notice to
    that outlet about the item after that."""
    told = NoticeRecipient.objects.filter(notice__item=OuterRef("rendition__item"), link=OuterRef("link"))
    told_of_item = told.filter(notice__sent_at__gte=OuterRef("rendition__item__removed_at"))
    told_of_file = told.filter(notice__sent_at__gte=OuterRef("rendition__removed_at"))
    with_item = Q(~Exists(told_of_item), rendition__item__removed_at__isnull=False)
    alone = Q(~Exists(told_of_file), rendition__removed_at__isnull=False)
    return TakenFile.objects.filter(with_item | alone)


def untold_words(item: MediaItem) -> str:
    """Return how many outlets took the item, or a file of it, that was taken out, and were not told; "" if
    none. One query."""
    count = untold_files().filter(rendition__item=item).values("link").distinct().count()
    return _words(count) if count else ""


def untold_items_for(user: User) -> QuerySet[MediaItem]:
    """Items of which somebody has to be told, in workspaces where the person serves outlets."""
    rows = items_for(user).filter(package__workspace__in=serving_workspaces(user))
    return rows.filter(Exists(untold_files().filter(rendition__item=OuterRef("pk")))).order_by("pk")


@only_if(untold_items_for)
def outlets_to_tell(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """One line for each item that was taken out, or a file of it, and outlets that took it do not know."""
    for item in untold_items_for(user):
        yield WaitingItem(
            icon="horn",
            title=_("Tell outlets: %(title)s") % {"title": item_title(item)},
            detail=untold_words(item),
            url=reverse("campaigns:media_item_notices", args=[item.uuid]),
            action=_("Tell them"),
        )


def _words(count: int) -> str:
    return ngettext(
        "%(count)d outlet took what was taken out, and has not been told.",
        "%(count)d outlets took what was taken out, and have not been told.",
        count,
    ) % {"count": count}
