"""A text leaves as a file: asked for, written down, and made."""

from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.core.signing import Signer
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from coalition.accounts.models import Organisation, User
from coalition.accounts.naming import PUBLIC
from coalition.core.clock import now
from coalition.jobs import scheduler
from coalition.workspaces.rules import Access
from documents.drafts import audit
from documents.drafts.enums import Handling, TextKind
from documents.drafts.models import DraftText
from documents.drafts.permissions import may_export, require_that
from documents.editor.live.projection import project
from documents.editor.live.server_edits import marked_of
from documents.editor.live.suggestions import listed
from documents.guests.models import GuestLink
from documents.interchange.actions.make_file import letterhead_of, make_file, pictures_shown
from documents.interchange.comments import ExportedThread, threads_to_export
from documents.interchange.file_names import file_name
from documents.interchange.formats import Format, View
from documents.interchange.models import ExportedFile
from documents.interchange.queries.suggesters import names_in_file, without_imported

EXPORT = "documents.export"
LONG = 600_000  # letters and marks of a text, some 80 pages: longer ones are made beside the page
MANY_PICTURES = 8
SALT = "documents.export"


@dataclass(frozen=True)
class _For:
    """Who takes the file out."""

    user: User | None
    organisation: Organisation
    guest: GuestLink | None = None


def export_text(*, access: Access, text: DraftText, format: Format, view: View) -> ExportedFile:  # noqa: A002  the word of the field
    """Write down that the text leaves as a file, and return its record; `make_file` gives the bytes.

    One that takes long is made beside the page (`is_long`). Raises NotAllowed where the draft's mark keeps
    the person from taking it out.
    """
    require_that(may_export(access, text.draft), _("This text is only for reading here."))
    threads = threads_to_export(access.user, text, viewer=PUBLIC) if format.comes_back else []
    with transaction.atomic():
        made = _keep(text, format, view, _For(access.user, access.organisation), threads)
        audit.record(thing=text.draft, access=access, action="text.exported", **_told(made))
        audit.tell(
            thing=text.draft, access=access, kind="text_exported", language=text.language, format=format.value
        )
    return made


def export_for_guest(*, link: GuestLink, text: DraftText) -> ExportedFile:
    """The Word file for who holds the link, with suggestions as tracked changes and without comments, which
    are between members. The caller has asked for the link, written down its use, and holds a transaction."""
    return _keep(text, Format.DOCX, View.SUGGESTIONS, _For(None, link.organisation, link), [])


def _keep(text: DraftText, form: Format, view: View, by: _For, threads: list[ExportedThread]) -> ExportedFile:
    current = project(text.uuid)
    marked = marked_of(current)
    names = names_in_file(current.draft, [one.id for one in listed(marked)], text.language)
    made = ExportedFile(
        text=current,
        format=form,
        view=view,
        handling=current.draft.handling,
        revision=current.revision,
        content_hash=current.content_hash,
        marked=marked,
        made_by=by.user,
        organisation=by.organisation,
        guest=by.guest.uuid if by.guest else None,
        made_at=now(),
    )
    made.shown = {
        "names": without_imported(current.draft, names),
        "threads": _threads(threads),
        "letterhead": letterhead_of(current, made.made_at),
        "pictures": pictures_shown(current, marked),
    }
    made.name = _name(made)
    made.is_long = len(str(marked)) > LONG or len(made.shown["pictures"]) > MANY_PICTURES
    made.save()
    if made.is_long:
        scheduler.schedule(kind=EXPORT, key=str(made.uuid), due_at=now())
    return made


def threads_shown(user: User, text: DraftText) -> list[dict[str, Any]]:
    """The comments that a file would show if the person took the text out now."""
    return _threads(threads_to_export(user, text, viewer=PUBLIC))


def _threads(threads: list[ExportedThread]) -> list[dict[str, Any]]:
    """Comments as they stand in the file, so that those that come back are known."""
    return [
        {
            "id": thread.id,
            "remarks": [
                [_author(one.author, one.organisation), one.at.isoformat(), one.body]
                for one in thread.comments
            ],
            "resolved": thread.resolved,
        }
        for thread in threads
        if thread.comments
    ]


def _author(person: str, organisation: str) -> str:
    return f"{person} ({organisation})" if person and organisation not in person else person or organisation


def _name(made: ExportedFile) -> str:
    draft = made.text.draft
    with translation.override("en"):
        kind = str(TextKind(draft.kind).label)
    return file_name(
        mark=Handling(draft.handling).tlp,
        kind=kind,
        title=made.text.title,  # a working title is for the workspace alone: nobody knows where a file ends
        language=made.text.language,
        day=made.made_at.date(),
        code=made.code,
        ending=made.format,
    )


def _told(made: ExportedFile) -> dict[str, Any]:
    """What the audit keeps: no names, no words."""
    return {
        "language": made.text.language,
        "format": made.format,
        "view": made.view,
        "revision": made.revision,
        "hash": made.content_hash,
        "handling": made.handling,
    }


def token_of(made: ExportedFile) -> str:
    """What stands in the file's properties: its record, signed."""
    return Signer(salt=SALT).sign(made.uuid.hex)


def make_beside(key: str, _payload: dict[str, Any]) -> None:
    """Due work: make a file that takes long and keep it for a day."""
    made = ExportedFile.objects.select_related("text__draft__workspace").filter(uuid=key).first()
    if made is None or made.file:
        return
    content = make_file(made, token_of(made))
    if content is None:
        ExportedFile.objects.filter(pk=made.pk).update(failed=True)
        return
    made.file.save(made.name, ContentFile(content), save=False)
    if not ExportedFile.objects.filter(pk=made.pk).update(file=made.file.name, failed=False):
        made.file.storage.delete(str(made.file.name))  # the draft went meanwhile
