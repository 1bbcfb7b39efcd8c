"""A Word or LibreOffice file is sent: kept until somebody takes it in or discards it, and read meanwhile."""

from typing import IO

from django.core.files.base import ContentFile
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.core.clock import now
from coalition.core.compensate import unless_done
from coalition.core.errors import Refused
from coalition.jobs import scheduler
from coalition.workspaces.rules import Access
from documents.drafts import audit
from documents.drafts.enums import Handling, IncomingState, TextKind
from documents.drafts.models import DraftText
from documents.drafts.permissions import may_create, may_suggest_in, require_that
from documents.files.actions import plain_name
from documents.guests.models import GuestLink
from documents.interchange.actions.export import SALT
from documents.interchange.file_names import code_in
from documents.interchange.models import ExportedFile, IncomingFile
from documents.interchange.reader.reasons import reason
from documents.interchange.reader.sandbox import read_apart
from documents.interchange.reader.unpack import MOST_BYTES, NotTaken

READ = "documents.read_incoming"
QUICK = 512 * 1024  # bytes: larger files are read beside the page
ENDINGS = (".docx", ".odt")


def send_back(*, access: Access, text: DraftText, content: IO[bytes], name: str) -> IncomingFile:
    """Keep a file that is to come back into its text, and read it.

    Raises NotAllowed without the right to suggest there, Refused in words for what is no such file.
    """
    require_that(may_suggest_in(access, text.draft))
    file = _new(content, name)
    file.workspace, file.text = access.workspace, text
    file.sent_by, file.organisation = access.user, access.organisation
    return _keep(file, content, access)


def send_new(
    *,
    access: Access,
    content: IO[bytes],
    name: str,
    title: str,
    kind: TextKind,
    language: str,
    handling: Handling,
) -> IncomingFile:
    """Keep a file that is to become a new draft. Raises as `send_back` does."""
    require_that(may_create(access))
    file = _new(content, name)
    file.workspace = access.workspace
    file.title, file.kind, file.language, file.handling = title.strip(), kind, language, handling
    file.sent_by, file.organisation = access.user, access.organisation
    return _keep(file, content, access)


def send_back_by_guest(*, link: GuestLink, text: DraftText, content: IO[bytes], name: str) -> IncomingFile:
    """The same for who holds a guest link. The caller has asked for the link, written down its use, and holds
    a transaction."""
    file = _new(content, name)
    file.workspace, file.text = link.draft.workspace, text
    file.organisation, file.guest, file.guest_name = link.organisation, link.uuid, link.name
    return _keep(file, content, None)


def read_incoming(file: IncomingFile) -> IncomingFile:
    """Read a file that waits for it. Idempotent."""
    if file.state != IncomingState.READING:
        return file
    with file.file.open("rb") as kept:
        content = kept.read()
    try:
        read = read_apart(content)
    except NotTaken as why:
        file.state, file.problem = IncomingState.REFUSED, why.code
    else:
        file.state, file.reading = IncomingState.READY, read.as_json()
        if file.text is not None:
            file.exported = _known(file.text, read.found.token, file.name)
    with transaction.atomic():
        changed = IncomingFile.objects.filter(pk=file.pk, state=IncomingState.READING)
        changed.update(state=file.state, problem=file.problem, reading=file.reading, exported=file.exported)
    return file


def read_now_if_quick(file: IncomingFile) -> IncomingFile:
    """Read a small file at once, outside of any transaction; a large one is read beside the page."""
    return read_incoming(file) if file.file.size <= QUICK else file


def read_beside(key: str, _payload: object) -> None:
    """Due work: read a file that takes long."""
    file = IncomingFile.objects.select_related("text").filter(uuid=key).first()
    if file is not None:
        read_incoming(file)


def why_not(file: IncomingFile) -> str:
    """Why the file could not be read, in words."""
    return reason(file.problem)


def _known(text: DraftText, token: str, name: str) -> ExportedFile | None:
    """The record of the file that was made of this text: by its signed token, else by the code in its name.

    A token of another text is none of this text's: then the file is compared with what stands here now.
    """
    rows = ExportedFile.objects.filter(text=text)
    try:
        return rows.filter(uuid=Signer(salt=SALT).unsign(token)).first()
    except (BadSignature, ValueError):
        code = code_in(name)
        made = (one for one in rows.order_by("-pk")[:500] if one.code == code) if code else iter(())
        return next(made, None)


def _new(content: IO[bytes], name: str) -> IncomingFile:
    name = plain_name(name)
    if not name.lower().endswith(ENDINGS):
        raise Refused(reason("no_document"))
    content.seek(0, 2)
    size = content.tell()
    content.seek(0)
    if size > MOST_BYTES:
        raise Refused(reason("too_large"))
    if not size:
        raise Refused(_("The file is empty."))
    return IncomingFile(name=name, sent_at=now())


def _keep(file: IncomingFile, content: IO[bytes], access: Access | None) -> IncomingFile:
    """Bytes first, since files do not roll back: a record never points to nothing."""
    words = content.read()
    file.file.save(file.name, ContentFile(words), save=False)
    with unless_done(lambda: file.file.storage.delete(str(file.file.name))), transaction.atomic():
        file.save()
        if access is not None and file.text is not None:
            audit.record(
                thing=file.text.draft, access=access, action="text.file_sent", language=file.text.language
            )
        scheduler.schedule(kind=READ, key=str(file.uuid), due_at=now())
    return file
