"""Files that this server makes, stored among the files of a workspace."""

from io import BytesIO

from django.core.files.base import ContentFile
from django.db import transaction
from PIL import Image

from coalition.accounts.models import Organisation
from coalition.audit import log
from coalition.core.errors import undo_on_failure
from coalition.workspaces.models import Workspace
from documents.files.actions import plain_name
from documents.files.models import StoredFile
from documents.files.public_copy import digest_of

_LONGEST_ALT = 300  # characters


def store_made_file(
    *,
    workspace: Workspace,
    organisation: Organisation,
    name: str,
    content: bytes,
    content_type: str,
    alt: str = "",
) -> StoredFile:
    """Store bytes that the server made, in the name of an organisation, without a person; return the record.

    They are stored as they are: nothing from outside is in them. The audit entry is written in the caller's
    transaction. Raises Refused if the name is empty.
    """
    file = StoredFile(
        workspace=workspace,
        organisation=organisation,
        name=plain_name(name),
        content_type=content_type,
        alt=alt.strip()[:_LONGEST_ALT],
    )
    if content_type.startswith("image/"):
        with Image.open(BytesIO(content)) as picture:
            file.width, file.height = picture.size
    stored = ContentFile(content)
    file.sha256, file.size = digest_of(stored)
    file.file.save(file.name, stored, save=False)  # before the row: files do not roll back
    with undo_on_failure(lambda: file.file.storage.delete(str(file.file.name))), transaction.atomic():
        file.save()
        log.record_audit(
            "file.shared",
            actor=None,
            organisation=organisation.uuid,
            role="",
            target_kind="file",
            target=file.uuid,
            workspace=workspace.uuid,
            sha256=file.sha256,
            kind=content_type,
        )
    return file
