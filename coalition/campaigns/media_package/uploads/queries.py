"""Uploads in pieces: the only place where these lists come from. A person sees their own."""

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Sum

from coalition.accounts.models import User
from coalition.campaigns.media_package.models import FileUpload, MediaItem, UploadPiece
from coalition.campaigns.media_package.queries import items_for


def own_uploads(user: User) -> QuerySet[FileUpload]:
    """Uploads that the person began, to items that they still see at the desk."""
    rows = FileUpload.objects.filter(person=user, item__in=items_for(user).order_by().values("pk"))
    return rows.select_related("item__package__workspace", "item__draft", "organisation", "person")


def unfinished_uploads(user: User, item: MediaItem) -> QuerySet[FileUpload]:
    """The person's uploads to the item that are no file yet, newest first; with those that failed, and
    whether their pieces are still here (`has_pieces`)."""
    rows = own_uploads(user).filter(item=item, finished_at=None)
    return rows.annotate(has_pieces=Exists(UploadPiece.objects.filter(upload=OuterRef("pk")))).order_by("-pk")


def open_upload_count(user: User) -> int:
    """How many uploads of the person are under way."""
    return FileUpload.objects.filter(_open(), person=user).count()


def bytes_to_come() -> int:
    """How many bytes of all uploads under way still need room: their rest, and the whole files."""
    rows = FileUpload.objects.filter(_open())
    return rows.aggregate(total=Sum(2 * F("size") - F("received")))["total"] or 0


def _open() -> Q:
    return Q(finished_at=None, failure="")
