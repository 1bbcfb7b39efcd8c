"""Guests and handling marks in the world in which every secret has a word: a link to a draft, with who it is
for and why, and a draft and a file for named people."""

import io

from coalition.accounts.models import Language
from coalition.workspaces.permissions import access_to
from documents.drafts.access import GuestData
from documents.drafts.actions.manage import create_draft, name_version, save_text
from documents.drafts.models import GuestPurpose, Handling
from documents.files.actions import upload_file
from documents.guests.actions import make_guest_link
from documents.models import Draft
from tests.documents.conftest import body
from tests.permissions.world import World

SEE_GUESTS = {"editor", "coordinator", "admitted"}  # who edits in the workspace
NAMED = {"coordinator", "contributor"}
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def add_guests(made: World) -> None:
    """A link to the draft in work, and what is for two people alone."""
    access = access_to(made.people["coordinator"], made.workspace.uuid)
    draft = Draft.objects.get(uuid=made.things["work"]["draft"])
    link, _token = make_guest_link(
        access=access,
        draft=draft,
        guest=GuestData(
            made.canary("guestlink", "name", SEE_GUESTS), "canaryguestlinkguest@tests.example", Language.EN
        ),
        purpose=GuestPurpose.LEGAL,
        reason=made.canary("guestlink", "reason", SEE_GUESTS),
    )
    made.things["guestlink"] = {
        "draft": draft.uuid,
        "link": link.uuid,
        "token": "x" * 43,  # of nobody: what a real one opens is looked at in test_guest_pages.py
        "language": "kk",
        "file": made.things["work"]["file"],
    }
    _named(made)


def _named(made: World) -> None:
    access = access_to(made.people["coordinator"], made.workspace.uuid)
    named = [made.people["contributor"]]
    draft = create_draft(
        access=access,
        title=made.canary("named", "drafttitle", NAMED),
        handling=Handling.NAMED_PEOPLE,
        named_people=named,
    )
    text = draft.texts.select_related("draft").get(language="kk")
    words = {what: made.canary("named", what, NAMED) for what in ("title", "lead")}
    save_text(access=access, text=text, **words, body=body(made.canary("named", "body", NAMED)))
    text.refresh_from_db()
    version = name_version(access=access, text=text, name=made.canary("named", "versionname", NAMED))
    file = upload_file(
        access=access,
        content=io.BytesIO(PDF),
        size=len(PDF),
        name=made.canary("named", "filename", NAMED) + ".pdf",
        handling=Handling.NAMED_PEOPLE,
        named_people=named,
    )
    made.things["named"] = {
        "workspace": made.workspace.uuid,
        "draft": draft.uuid,
        "version": version.uuid,
        "file": file.uuid,
        "language": "kk",
    }
