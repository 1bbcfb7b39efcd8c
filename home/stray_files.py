"""Files of pictures and videos under consent that lie in the public folder although they should not.

A request that read a row before its item came under consent can write a file, or a rendition, after its files
were moved. So each file that is written to the public folder is looked at again after the commit, and a job
looks at all of them.
"""

from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from coalition.consent.closed import Items, items_under_consent
from coalition.consent.files import delete_on_commit
from coalition.consent.site import (
    IMAGE,
    VIDEO,
    VIDEO_FILES,
    move_copies_of,
    move_copy_of_video,
    move_image,
    move_video,
)
from coalition.consent.storage import PREFIX
from home.models.media import PublicImage, PublicRendition, PublicVideo


def move_stray_files(*, image: int | None = None, video: int | None = None) -> None:
    """Move files of items under consent out of the public folder, and delete renditions there. With a primary
    key: of this picture or this video only. Idempotent; one query without items, four without strays."""
    items = items_under_consent()
    if not items.keys:
        return
    with transaction.atomic():
        if video is None:
            _move_images(items, _of(PublicImage, image))
            _delete_renditions(_of(PublicRendition, image, "image"))
        of_picture = _of(PublicVideo, image, "poster")
        _move_videos(items, of_picture if video is None else _of(PublicVideo, video))


def move_all_stray_files() -> None:
    """Do it for all rows: the handler of recurring work."""
    move_stray_files()


def _of(model: Any, pk: int | None, column: str = "pk") -> QuerySet[Any]:
    rows: QuerySet[Any] = model.objects.all()
    return rows if pk is None else rows.filter(**{column: pk})


def _is_public(column: str) -> Q:
    return ~Q(**{column: ""}) & ~Q(**{f"{column}__startswith": PREFIX})


def _move_images(items: Items, images: QuerySet[Any]) -> None:
    for image in images.filter(items.rows(IMAGE), _is_public("file")):
        if (IMAGE, str(image.pk)) in items.keys:
            move_image(image, IMAGE, str(image.pk))
        else:
            move_copies_of({image.sha256, image.bytes_sha256} & items.hashes)


def _delete_renditions(renditions: QuerySet[Any]) -> None:
    for one in renditions.filter(_is_public("file"), image__file__startswith=PREFIX):
        delete_on_commit(one.file.storage, str(one.file.name))
        one.delete()


def _move_videos(items: Items, videos: QuerySet[Any]) -> None:
    stray = _is_public("poster__file")
    for name in VIDEO_FILES:
        stray |= _is_public(name)
    for video in videos.filter(items.rows(VIDEO), stray).select_related("poster"):
        if (VIDEO, str(video.pk)) in items.keys:
            move_video(video)
        else:
            move_copy_of_video(video)
