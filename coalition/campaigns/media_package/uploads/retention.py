"""How long uploads are kept that nobody goes on with, and pieces without an upload."""

from contextlib import suppress
from typing import Final

from django.db.models import F, Q

from coalition.campaigns.media_package.models import FileUpload, UploadPiece
from coalition.campaigns.media_package.uploads.actions import delete_upload
from coalition.campaigns.media_package.uploads.pieces import FOLDER, delete_objects, piece_storage
from coalition.core.retention import RetentionRule, days_ago, delete_in_batches

DAYS_WITHOUT_PROGRESS: Final = 1


def forget_uploads() -> int:
    """Delete uploads without progress for a day, those that failed and those that became a file, with their
    pieces; then pieces that no upload has. An upload that waits to be put together stays. Returns how many
    uploads and pieces."""
    cutoff = days_ago(DAYS_WITHOUT_PROGRESS)
    ended = Q(finished_at__lt=cutoff) | Q(finished_at=None, changed_at__lt=cutoff)
    waiting = Q(received=F("size"), finished_at=None, failure="")
    rows = FileUpload.objects.filter(ended).exclude(waiting)
    return delete_in_batches(rows, before=_delete_their_pieces) + delete_orphans()


def delete_orphans() -> int:
    """Delete objects of `uploads/` that no row names: of processes killed between both. Return the count.

    Those of the last day stay, since a request may write their row yet.
    """
    storage, gone = piece_storage(), 0
    try:
        folders, _names = storage.listdir(FOLDER)
    except FileNotFoundError:
        return 0
    cutoff = days_ago(DAYS_WITHOUT_PROGRESS)
    for folder in folders:
        path = f"{FOLDER}/{folder}"
        _folders, names = storage.listdir(path)
        objects = {f"{path}/{name}" for name in names}
        known = set(UploadPiece.objects.filter(upload__uuid=folder).values_list("name", flat=True))
        orphans = []
        for name in sorted(objects - known):
            with suppress(FileNotFoundError):  # deleted meanwhile
                if storage.get_modified_time(name) < cutoff:
                    orphans.append(name)
        delete_objects(orphans, path if len(orphans) == len(objects) else "")
        gone += len(orphans)
    return gone


def _delete_their_pieces(keys: list[int]) -> None:
    for upload in FileUpload.objects.filter(pk__in=keys):
        delete_upload(upload)


UPLOADS_RULE = RetentionRule(
    name="campaigns.forget_uploads",
    of="campaigns.FileUpload, campaigns.UploadPiece: who sends a file in pieces, and the pieces",
    until=f"{DAYS_WITHOUT_PROGRESS} day without progress, after it failed, or after it became a file",
    forget=forget_uploads,
)
