"""A coalition in which every secret carries a word of its own, and everyone who might look for it.

A secret's canary is `Canary<state><field>`; `World.audience` says which roles may read it.
"""

import datetime
import io
from dataclasses import dataclass, field

from PIL import Image

from coalition.accounts.actions.admission import invite_person
from coalition.accounts.actions.memberships import end_membership, give_mandate, give_office
from coalition.accounts.models import Listing, Membership, MembershipRole, OfficeKind, Organisation, User
from coalition.core.clock import now
from coalition.roles import SeatRole
from coalition.workspaces.actions.workspaces import request_freeze as ask_freeze
from coalition.workspaces.models import Seat, Workspace
from coalition.workspaces.permissions import access_to
from documents.approval.actions.decide import approve
from documents.approval.actions.open_round import close_round, submit_for_approval
from documents.drafts.actions.manage import change_draft, create_draft, name_version, save_text
from documents.files.actions import upload_file
from documents.models import ApprovalRound, Draft
from documents.publication.actions import publish_approved, withdraw_publication
from tests.documents.conftest import body
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    ParticipationFactory,
    UserFactory,
    WorkspaceFactory,
    seat,
)

SEATED = frozenset({"observer", "reviewer", "contributor", "editor", "coordinator", "admitted"})
WITHOUT_A_SEAT = frozenset({"anonymous", "outsider", "ex_member", "newsroom", "secretariat", "superuser"})
# A crisis centre's people, two of whom keep records of consent, and a lawyer of another organisation.
OF_CONSENT = frozenset({"caseworker", "colleague", "centre", "lawyer"})
EVERYONE = SEATED | WITHOUT_A_SEAT | OF_CONSENT | {"representative", "neighbour"}
READERS = SEATED - {"observer"}
DECIDERS = READERS | {"representative"}
WORDS_OF = {"work": READERS, "restricted": {"admitted"}, "approval": DECIDERS, "published": EVERYONE}
WORDS_OF |= {"withdrawn": DECIDERS, "elsewhere": {"neighbour"}}
AROUND = {"approval": DECIDERS, "published": DECIDERS, "withdrawn": DECIDERS}  # title, and what was put
STATES = tuple(WORDS_OF)


@dataclass
class World:
    """`people` by role; `things[state][name of a URL's argument]`, "?" being a query for all its addresses;
    `audience[canary]`; `links[state]`: canaries that whoever holds the link in its addresses reads there;
    `outlets`: who is written to at an address, for those without an account."""

    workspace: Workspace
    elsewhere: Workspace
    people: dict[str, User] = field(default_factory=dict)
    things: dict[str, dict[str, object]] = field(default_factory=dict)
    audience: dict[str, frozenset[str]] = field(default_factory=dict)
    links: dict[str, frozenset[str]] = field(default_factory=dict)
    outlets: dict[str, str] = field(default_factory=dict)

    def canary(self, state: str, what: str, roles: object) -> str:
        word = f"Canary{state}{what}"
        self.audience[word] = frozenset(roles)  # type: ignore[call-overload]  # a collection of names
        return word

    def may_read(self, role: str, word: str, state: str) -> bool:
        """Whether the role may read the canary at an address of this state."""
        return role in self.audience[word] or word in self.links.get(state, ())


def peopled() -> World:
    """Two workspaces and everyone who might look, those whose names must not be told among them."""
    made = World(WorkspaceFactory(), WorkspaceFactory())
    made.workspace.title = made.canary("workspace", "title", SEATED | {"secretariat", "representative"})
    made.elsewhere.title = made.canary("elsewhere", "workspacetitle", {"secretariat", "neighbour"})
    for workspace in (made.workspace, made.elsewhere):
        workspace.save()
    _people(made)
    _unnamed(made)
    return made


def world() -> World:
    """Everything made by the domain's own functions, so that their traces are there to leak too."""
    made = peopled()
    names = ("coordinator", "representative", Listing.WITHHELD.value, Listing.CONFIDENTIAL.value)
    asked = [made.people[name].memberships.get().organisation for name in names]
    for state in STATES:
        _text(made, state, asked)
    _around(made)
    return made


def _people(made: World) -> None:
    lead = OrganisationFactory()
    for role in SeatRole:
        made.people[role.value] = seat(workspace=made.workspace, role=role, organisation=lead).person
    made.people["admitted"] = seat(workspace=made.workspace, role=SeatRole.EDITOR).person
    heads = [made.people["coordinator"], made.people["admitted"]]
    made.people["neighbour"] = seat(workspace=made.elsewhere, role=SeatRole.COORDINATOR).person
    left = seat(workspace=made.workspace, role=SeatRole.COORDINATOR, organisation=lead).person
    end_membership(by=left, membership=left.memberships.get())
    MembershipFactory(person=left)
    made.people["ex_member"] = left
    Membership.objects.filter(person__in=heads).update(role=MembershipRole.REPRESENTATIVE)
    made.people["representative"] = _represented(made, OrganisationFactory())
    made.people["outsider"] = MembershipFactory(role=MembershipRole.REPRESENTATIVE).person
    made.people["superuser"] = UserFactory(is_superuser=True, is_staff=True)
    made.people["lawyer"] = MembershipFactory(role=MembershipRole.REPRESENTATIVE).person
    made.people["centre"] = MembershipFactory(role=MembershipRole.REPRESENTATIVE).person
    centre = made.people["centre"].memberships.get().organisation
    for role in ("caseworker", "colleague"):
        made.people[role] = MembershipFactory(organisation=centre).person
    for kind in (OfficeKind.NEWSROOM, OfficeKind.SECRETARIAT):
        made.people[kind.value] = MembershipFactory().person
        give_office(by=None, person=made.people[kind.value], kind=kind)


def _represented(made: World, organisation: Organisation, name: str = "Rep Person") -> User:
    ParticipationFactory(workspace=made.workspace, organisation=organisation)
    person = UserFactory(name=name)
    MembershipFactory(person=person, organisation=organisation, role=MembershipRole.REPRESENTATIVE)
    return person


def _unnamed(made: World) -> None:
    """Organisations whose names, and whose people's, must not be told."""
    for listing, roles in ((Listing.WITHHELD, SEATED), (Listing.CONFIDENTIAL, {"coordinator"})):
        words = dict.fromkeys(("name_kk", "name_ru", "name_en"), made.canary(listing.value, "name", roles))
        organisation = OrganisationFactory(listing=listing, **words, initials=listing.value[:2].upper())
        name = made.canary(listing.value, "person", roles)
        person = _represented(made, organisation, name)
        made.people[listing.value] = person  # speaks for itself below; nobody's role in the matrix
        seat(person=person, workspace=made.workspace, role=SeatRole.REVIEWER, organisation=organisation)


def _text(made: World, state: str, asked: list[Organisation]) -> None:
    place, by = (made.elsewhere, "neighbour") if state == "elsewhere" else (made.workspace, "coordinator")
    by = "admitted" if state == "restricted" else by
    access = access_to(made.people[by], place.uuid)
    around = AROUND.get(state, WORDS_OF[state])
    only = WORDS_OF[state] if state in {"restricted", "elsewhere"} else READERS
    draft = create_draft(access=access, title=made.canary(state, "drafttitle", around))
    text = draft.texts.select_related("draft").get(language="kk")
    words = {what: made.canary(state, what, WORDS_OF[state]) for what in ("title", "lead")}
    if state == "withdrawn":  # its workspace remembers what it was called
        made.audience[words["title"]] |= SEATED
    content = body(made.canary(state, "body", WORDS_OF[state]))
    save_text(access=access, text=text, **words, body=content)
    text.refresh_from_db()
    version = name_version(access=access, text=text, name=made.canary(state, "versionname", only))
    hidden = Image.Exif()
    hidden[0x010E] = made.canary(state, "hiddeninpicture", ())
    out = io.BytesIO()
    Image.new("RGB", (40, 30), "teal").save(out, "JPEG", exif=hidden)
    out.seek(0)
    said = {what: made.canary(state, f"file{what}", only) for what in ("alt", "caption", "credit")}
    name = made.canary(state, "filename", only) + ".jpg"
    admitted = [access.organisation] if state == "restricted" else []
    file = upload_file(
        access=access, content=out, size=len(out.getvalue()), name=name, **said, restricted_to=admitted
    )
    things = {
        "workspace": place,
        "draft": draft,
        "version": version,
        "file": file,
    }
    made.things[state] = {name: thing.uuid for name, thing in things.items()} | {"language": "kk"}
    if state not in {"work", "elsewhere"}:
        _decided(made, state, draft, asked)


def _decided(made: World, state: str, draft: Draft, asked: list[Organisation]) -> None:
    """Put to approval; then published, withdrawn, or closed and opened to one organisation only."""
    if state == "restricted":
        asked = [made.people["admitted"].memberships.get().organisation]
    access = access_to(made.people["coordinator"], made.workspace.uuid)
    version = draft.texts.get(language="kk").versions.get()
    message = made.canary(state, "message", WORDS_OF[state] if state == "restricted" else DECIDERS)
    round_ = submit_for_approval(
        access=access,
        draft=draft,
        versions=[version],
        organisations=asked,
        deadline=now() + datetime.timedelta(days=2),
        message=message,
        acknowledged=True,
    )
    made.things[state] |= {
        "round_uuid": round_.uuid,
        "organisation": asked[-1 if state == "restricted" else 1].uuid,
    }
    if state == "restricted":
        close_round(access=access, round_=round_)
        by = access_to(made.people["admitted"], made.workspace.uuid)
        change_draft(
            access=by,
            draft=draft,
            title=draft.title,
            kind=draft.kind,
            handling=draft.handling,
            restricted_to=[by.organisation],
        )
    elif state != "approval":
        _published(made, state, round_, asked)


def _published(made: World, state: str, round_: ApprovalRound, asked: list[Organisation]) -> None:
    for organisation in asked:
        person = organisation.memberships.filter(role=MembershipRole.REPRESENTATIVE).first().person
        hashes = {text.language: text.version.hash for text in round_.texts.select_related("version")}
        approve(round_=round_, organisation=organisation, hashes=hashes, person=person)
    access = access_to(made.people["coordinator"], made.workspace.uuid)
    publication = publish_approved(access=access, round_=round_)
    made.things[state]["publication"] = publication.uuid
    if state == "withdrawn":
        withdraw_publication(
            access=access, publication=publication, note=made.canary(state, "note", EVERYONE)
        )


def _around(made: World) -> None:
    """One of everything else that has an address."""
    by = made.people["representative"]
    membership = by.memberships.get()
    ends = now() + datetime.timedelta(days=9)
    mandate = give_mandate(by=by, membership=membership, subject="", valid_from=now(), valid_until=ends)
    invited = {"email": "new@tests.example", "name": "New", "role": "member", "language": "en"}
    invitation = invite_person(by=by, organisation=membership.organisation, **invited)
    freeze = ask_freeze(
        by=made.people["coordinator"],
        organisation=made.people["withheld"].memberships.get().organisation,
        reason=made.canary("freeze", "reason", {"coordinator", "secretariat"}),
    )
    row = Seat.objects.get(workspace=made.workspace, person=made.people["editor"])
    things = {
        "membership": membership,
        "mandate": mandate,
        "invitation": invitation,
        "freeze": freeze,
        "seat": row,
    }
    made.things["around"] = {name: thing.uuid for name, thing in things.items()} | {
        "workspace": made.workspace.uuid,
        "seat": row.uuid,
        "organisation": membership.organisation.uuid,
        "person": by.uuid,
        "kind": "newsroom",
        "token": "unknown",
    }
    unnamed = made.people["confidential"].memberships.get().organisation
    made.things["unnamed"] = {"organisation": unnamed.uuid, "workspace": made.workspace.uuid}
