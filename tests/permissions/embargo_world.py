"""Texts under embargo in the world in which every secret has a word: one that waits for its moment, one that
was put off, one that is lifted; and people of outlets who agreed, did not, were taken back, were removed.

An outlet is no role of the matrix: it has no account. `Holder` keeps what it was mailed.
"""

import datetime
import io
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from coalition.accounts.models import Language, MembershipRole
from coalition.core.clock import now
from coalition.mail.models import OutboxMail
from coalition.workspaces.permissions import Access, access_to
from documents.approval.actions.decide import approve
from documents.approval.actions.open_round import submit_for_approval
from documents.contacts.actions import ContactData, add_contact, archive_contact, forget_contact
from documents.drafts.actions.manage import create_draft, name_version, save_text
from documents.files.actions import upload_file
from documents.models import Contact, Draft, EmbargoAccess, Publication, StoredFile, Version
from documents.publication.actions import publish_approved
from documents.publication.embargo.actions import (
    agree_to_embargo,
    offer_embargo,
    request_feed,
    revoke_access,
    schedule_publication,
    unschedule_publication,
)
from tests.documents.conftest import body
from tests.permissions.world import DECIDERS, EVERYONE, READERS, World

PRESS = frozenset({"coordinator", "editor"})  # who keeps the media list of the organisation that offers
BESIDE = PRESS | {"admitted"}  # of another organisation of the workspace: they learn the outlet
OUTLETS = ("agreed", "asked", "revoked", "removed")
ROLES = {kind: f"outlet_{kind}" for kind in OUTLETS}
# Who may read the words of which text: they are put to the representative's organisation too.
TOLD = {
    "embargo": DECIDERS | {ROLES["agreed"]},
    "putoff": DECIDERS,
    "lifted": EVERYONE | set(ROLES.values()),
}


@dataclass
class Holder:
    """Somebody of an outlet: their address, and the secrets that they were mailed, by text."""

    role: str
    address: str
    tokens: dict[str, str] = field(default_factory=dict)
    feed: str = ""


def nowhere() -> tuple[str, ...]:
    """Ends of canaries that no page of the desk shows: nothing is kept of who was removed."""
    return tuple(f"outletremoved{what}" for what in ("outlet", "name", "address", "phone"))


def add_embargoes(made: World) -> dict[str, Holder]:
    """The texts, and the people of outlets, by role."""
    holders = {ROLES[kind]: Holder(ROLES[kind], "") for kind in OUTLETS}
    contacts = {kind: _contact(made, kind, holders[ROLES[kind]]) for kind in OUTLETS}
    for state in TOLD:
        publication = _scheduled(made, state)
        for kind, contact in contacts.items():
            _offered(made, state, publication, contact, holders[ROLES[kind]], agrees=kind != "asked")
    for kind in ("agreed", "revoked"):
        holder = holders[ROLES[kind]]
        request_feed(token=holder.tokens["embargo"])
        holder.feed = _secret(f"embargo-feed:{contacts[kind].uuid}:").removesuffix(".ics")
    for row in EmbargoAccess.objects.filter(contact=contacts["revoked"].uuid):
        revoke_access(access=_access(made), embargo=row)
    forget_contact(archive_contact(access=_access(made), contact=contacts["removed"]).uuid)
    unschedule_publication(access=_access(made), publication=_planned(made, "putoff"))
    publish_approved(access=_access(made), round_=_planned(made, "lifted").round)
    return holders


def _access(made: World) -> Access:
    return access_to(made.people["coordinator"], made.workspace.uuid)


def _planned(made: World, state: str) -> Publication:
    return Publication.objects.select_related("round").get(uuid=made.things[state]["publication"])


def _contact(made: World, kind: str, holder: Holder) -> Contact:
    """Each of their words is theirs and the press desk's; of who was removed, nobody's."""
    who, at = (() if kind == "removed" else told | {ROLES[kind]} for told in (PRESS, BESIDE))
    said = {what: made.canary(f"outlet{kind}", what, who) for what in ("name", "address", "phone")}
    said["outlet"] = made.canary(f"outlet{kind}", "outlet", at)
    holder.address = said["address"] = f"{said['address']}@tests.example"
    return add_contact(access=_access(made), person=ContactData(**said, language=Language.EN))


def _offered(
    made: World, state: str, publication: Publication, contact: Contact, holder: Holder, *, agrees: bool
) -> None:
    row = offer_embargo(access=_access(made), publication=publication, contact=contact)
    made.things[state]["access_uuid"] = row.uuid
    holder.tokens[state] = _secret(f"embargo:{row.uuid}:")
    if agrees:
        agree_to_embargo(token=holder.tokens[state])


def _secret(key: str) -> str:
    """The last part of the address in the newest mail under this key."""
    mail = OutboxMail.objects.filter(key__startswith=key).order_by("pk").last()
    assert mail is not None
    return str(mail.context["button_url"]).rstrip("/").rpartition("/")[2]


def _scheduled(made: World, state: str) -> Publication:
    """Approved by a named organisation, one whose name is withheld and a confidential one."""
    access = _access(made)
    draft = create_draft(access=access, title=made.canary(state, "drafttitle", DECIDERS))
    file, version = _version(made, state, access, draft)
    people = [made.people[name] for name in ("coordinator", "representative", "withheld", "confidential")]
    asked = [person.memberships.get().organisation for person in people]
    round_ = submit_for_approval(
        access=access,
        draft=draft,
        versions=[version],
        organisations=asked,
        deadline=now() + datetime.timedelta(days=2),
        message=made.canary(state, "message", DECIDERS),
        acknowledged=True,
    )
    for organisation in asked:
        head = organisation.memberships.filter(role=MembershipRole.REPRESENTATIVE).first()
        assert head is not None
        approve(round_=round_, organisation=organisation, hashes={"kk": version.hash}, person=head.person)
    publication = schedule_publication(access=access, round_=round_, at=now() + datetime.timedelta(days=1))
    made.things[state] = {
        "version": version.uuid,
        "file": file.uuid,
        "round_uuid": round_.uuid,
        "organisation": asked[1].uuid,
        "publication": publication.uuid,
        "token": "x" * 43,  # of nobody: what real ones open is looked at in test_embargo_leaks.py
        "language": "kk",
    }
    if state == "embargo":  # drafts that were put to approval have a state of their own
        made.things[state]["draft"] = draft.uuid
    return publication


def _version(made: World, state: str, access: Access, draft: Draft) -> tuple[StoredFile, Version]:
    """Words with a picture; what is told of the picture is part of the words."""
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "JPEG")
    out.seek(0)
    name = made.canary(state, "filename", READERS) + ".jpg"
    file = upload_file(access=access, content=out, size=len(out.getvalue()), name=name, alt="A field")
    said = {what: made.canary(state, f"picture{what}", TOLD[state]) for what in ("alt", "caption", "credit")}
    words = body(made.canary(state, "body", TOLD[state]))
    content: Any = words["content"]
    content.append({"type": "picture", "attrs": {"id": str(file.uuid), **said}})
    text = draft.texts.select_related("draft").get(language="kk")
    heads = {what: made.canary(state, what, TOLD[state]) for what in ("title", "lead")}
    save_text(access=access, text=text, **heads, body=words)
    text.refresh_from_db()
    version = name_version(access=access, text=text, name=made.canary(state, "versionname", READERS))
    return file, version
