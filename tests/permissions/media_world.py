"""Media packages in the world in which every secret has a word.

One package that everybody opens, with an item in every state, one only for outlets with a link and under
embargo as a whole, and one of another workspace. Outlets have no account: each is a role of its own, and what
its links show stands in `World.links`.
"""

import datetime
import io
from collections.abc import Collection
from dataclasses import dataclass, field

from django.utils.timezone import localdate

from coalition.accounts.actions.memberships import give_office
from coalition.accounts.models import Language, Listing, OfficeKind, Organisation, OrganisationKind, User
from coalition.campaigns.media_package.actions.items import change_item, create_item
from coalition.campaigns.media_package.actions.packages import create_package, publish_package, set_access
from coalition.campaigns.media_package.actions.renditions import add_rendition, prepare_rendition
from coalition.campaigns.media_package.enums import (
    AddressState,
    AnswerWay,
    Format,
    ItemKind,
    NoticeKind,
    OutletAnswer,
    PackageAudience,
)
from coalition.campaigns.media_package.gate import MEDIA_ITEM
from coalition.campaigns.media_package.models import ItemNotice, MediaItem, MediaPackage, PackageLink
from coalition.campaigns.media_package.notices.actions import (
    answer_path,
    record_answer,
    send_notice,
    withdraw_item,
)
from coalition.campaigns.media_package.notices.flow import ADDRESSES
from coalition.campaigns.media_package.outlets.actions import (
    end_link,
    give_link,
    give_to_contacts,
    mail_link,
    note_taken,
    token_of,
)
from coalition.campaigns.media_package.outlets.coverage import log_airing
from coalition.campaigns.media_package.uploads.actions import begin_upload
from coalition.consent.actions.withdraw import withdraw_consent
from coalition.core.clock import now
from coalition.roles import SeatRole
from coalition.workspaces.permissions import Access, access_to
from documents.contacts.actions import ContactData, add_contact
from documents.drafts.actions.manage import change_draft, name_version
from documents.files.actions import upload_file
from documents.models import ApprovalRound
from documents.publication.actions import publish_approved, withdraw_publication
from documents.publication.embargo.actions import schedule_publication
from events.press.coverage.models import CoverageKind
from tests.campaigns.media_package.builders import CREDIT, blocks
from tests.campaigns.media_package.notices.builders import correction_address
from tests.campaigns.media_package.outlets.builders import agreed as agree_by_link
from tests.consent.builders import caseworker_of, consent_asked, shown_under_consent
from tests.documents.approval.builders import Stage
from tests.factories import MembershipFactory, OrganisationFactory, ParticipationFactory, seat
from tests.permissions.world import DECIDERS, EVERYONE, READERS, World

OFFICER, PARTNER = "press_officer", "partner"  # with a seat; of a media partner that takes part, without one
DESK = READERS | {OFFICER}
SERVING = frozenset({"coordinator", OFFICER})  # who give links, and read the names of outlets
PRESS_DESK = frozenset({"editor", "coordinator", "admitted", OFFICER})
PUT = DECIDERS | {OFFICER}  # whom a text is put to
OPEN, KEPT, ELSEWHERE = "mediaopen", "mediakept", "mediaelsewhere"  # packages
AGREED, SILENT, BLOGGER = "open_agreed", "open_silent", "open_blogger"  # outlets of the open package
TOLD, ASKED, ENDED = "kept_agreed", "kept_silent", "kept_ended"  # of the one for outlets
HOLDERS = frozenset({AGREED, SILENT, BLOGGER, TOLD, ASKED, ENDED})
ALL = EVERYONE | HOLDERS | {OFFICER, PARTNER}

KNOWING = {"mediarestricted": "admitted", "mediabeyond": "neighbour", "medialicence": "editor"}
# Who did not prove their address; a file of an item under a consent that ended.
NOWHERE = (
    "mediaunprovedaddress",
    *(f"mediaconsentfile{one}" for one in ("words", "alt", "caption", "credit")),
)


@dataclass(frozen=True)
class State:
    """Who reads an item: its words, its name and that of its files, what is in its files. `package`: of which
    it is one."""

    package: str
    words: frozenset[str]
    names: frozenset[str]
    files: frozenset[str]
    by: str = "coordinator"
    around: frozenset[str] = PUT


def _state(
    package: str,
    words: Collection[str],
    files: Collection[str],
    *,
    names: Collection[str] = (),
    by: str = "coordinator",
    around: frozenset[str] = PUT,
) -> State:
    told = frozenset(words) | frozenset(files) | frozenset(names)
    return State(package, frozenset(words), told, frozenset(files), by, around)


STATES = {
    "mediapublic": _state(OPEN, ALL, ALL),
    "mediaawaiting": _state(OPEN, PUT, DESK),
    "mediascheduled": _state(OPEN, PUT | {AGREED}, DESK | {AGREED}),
    # Scheduled, taken by an outlet, and taken out before anybody else saw it.
    "mediadropped": _state(OPEN, PUT, DESK, names={AGREED}),
    "mediawithdrawn": _state(OPEN, PUT, DESK, names={AGREED, BLOGGER}),
    # Its words were published, and stand on the approval sheet: the package shows nothing of them.
    "medialicence": _state(OPEN, ALL, DESK),
    "mediaconsent": _state(OPEN, PUT, ()),
    "mediahidden": _state(KEPT, PUT | {TOLD}, DESK | {TOLD}),
    "mediaheld": _state(KEPT, ALL, DESK | {TOLD}),
    "mediarestricted": _state(
        OPEN, {"admitted"}, {"admitted"}, by="admitted", around=frozenset({"admitted"})
    ),
    "mediabeyond": _state(
        ELSEWHERE, {"neighbour"}, {"neighbour"}, by="neighbour", around=frozenset({"neighbour"})
    ),
}


@dataclass
class Media:
    """The packages, items and links by name, beside the world in which they are."""

    made: World
    packages: dict[str, MediaPackage] = field(default_factory=dict)
    items: dict[str, MediaItem] = field(default_factory=dict)
    rounds: dict[str, ApprovalRound] = field(default_factory=dict)
    links: dict[str, PackageLink] = field(default_factory=dict)

    def access(self, role: str = "coordinator") -> Access:
        workspace = self.made.elsewhere if role == "neighbour" else self.made.workspace
        return access_to(self.made.people[role], workspace.uuid)


def add_media(made: World) -> Media:
    """Make everything, by the product's own functions."""
    media = Media(made)
    _people(made)
    _packages(media)
    for state in STATES:
        _item(media, state)
    _decide(media)
    for package in media.packages.values():
        publish_package(access=_owner(media, package), package=package)
    set_access(
        access=media.access(),
        package=media.packages[KEPT],
        audience=PackageAudience.OUTLETS,
        opens_at=now() + datetime.timedelta(days=3),
    )
    _outlets(media)
    _end(media)
    _notices(media)
    _upload(media)
    for holder, state in ((one, f"media_link_{one}") for one in HOLDERS):
        made.links[state] = made.links[f"media_answer_{holder}"] = _read_by(made, holder)
    made.links["media_address"] = _read_by(made, BLOGGER)
    return media


def _read_by(made: World, role: str) -> frozenset[str]:
    return frozenset(word for word, roles in made.audience.items() if role in roles)


def _people(made: World) -> None:
    lead = made.people["coordinator"].memberships.get().organisation
    officer = seat(workspace=made.workspace, role=SeatRole.REVIEWER, organisation=lead).person
    give_office(by=None, person=officer, kind=OfficeKind.PRESS_OFFICER, organisation=lead)
    made.audience["Canaryworkspacetitle"] |= {OFFICER, PARTNER}
    outlet = OrganisationFactory(kind=OrganisationKind.MEDIA_PARTNER)
    ParticipationFactory(workspace=made.workspace, organisation=outlet)
    made.people |= {OFFICER: officer, PARTNER: MembershipFactory(organisation=outlet).person}


def _owner(media: Media, package: MediaPackage) -> Access:
    is_beyond = package == media.packages[ELSEWHERE]
    return media.access("neighbour" if is_beyond else "coordinator")


def _packages(media: Media) -> None:
    """Their titles, and press contacts, which stand on the page."""
    made = media.made
    readers = {
        OPEN: (ALL, ALL, "coordinator"),
        KEPT: (DESK | {TOLD}, DESK | {TOLD, ASKED, PARTNER}, "coordinator"),
        ELSEWHERE: (ALL, ALL, "neighbour"),
    }
    for state, (titled, contacts, by) in readers.items():
        access = media.access(by)
        title = made.canary(state, "title", titled)
        contact = {what: made.canary(state, f"contact{what}", contacts) for what in ("name", "phone", "mail")}
        slug = f"canary{state}slug"
        made.audience[slug] = frozenset(titled)
        media.packages[state] = create_package(
            access=access,
            title=dict.fromkeys(("kk", "ru", "en"), title),
            slug=slug,
            contact_name=contact["name"],
            contact_phone=contact["phone"],
            contact_mail=f"{contact['mail']}@tests.example",
        )


def _item(media: Media, state: str) -> None:
    """An item with words in Kazakh, and a file of no language."""
    made, who = media.made, STATES[state]
    access, package = media.access(who.by), media.packages[who.package]
    name = f"canary{state}name"
    made.audience[name] = who.names
    item = create_item(
        access=access,
        package=package,
        title=made.canary(state, "drafttitle", who.around),
        kind=ItemKind.VIDEO,
        name=name,
    )
    if state == "mediarestricted":
        change_draft(
            access=access,
            draft=item.draft,
            title=item.draft.title,
            kind=item.draft.kind,
            handling=item.draft.handling,
            restricted_to=[access.organisation],
        )
    desk = who.around & DESK | who.around & {"neighbour"}
    content = made.canary(state, "filewords", who.files).encode()
    said = {what: made.canary(state, f"file{what}", desk) for what in ("alt", "caption", "credit")}
    file = upload_file(
        access=access,
        content=io.BytesIO(content),
        size=len(content),
        name=made.canary(state, "filename", desk) + ".txt",
        restricted_to=[access.organisation] if state == "mediarestricted" else [],
        **said,
    )
    rendition = add_rendition(access=access, item=item, file=file, rendition_format=Format.DOCUMENT)
    prepare_rendition(str(rendition.uuid))
    rendition.refresh_from_db()
    media.items[state] = item
    made.things[state] = {
        "workspace": package.workspace.uuid,
        "package": package.uuid,
        "slug": package.slug,
        "item": item.uuid,
        "kind": MEDIA_ITEM,
        "rendition": rendition.uuid,
        "name": rendition.file_name,
        "format": "a4",
        "draft": item.draft.uuid,
        "file": file.uuid,
        "language": "kk",
    }
    _write(media, state)


def _write(media: Media, state: str) -> None:
    """Write the words, and put them to approval, also to organisations that are not to be named."""
    made, who, item = media.made, STATES[state], media.items[state]
    access = media.access(who.by)
    stage = Stage(access.workspace, made.people[who.by], item.draft)
    content = blocks(
        ("", made.canary(state, "body", who.words)),
        (CREDIT["kk"], made.canary(state, "credit", who.words)),
        ("Сипаттама", made.canary(state, "description", who.words)),
    )
    text = stage.write_blocks(content, "kk", title=made.canary(state, "title", who.words))
    desk = who.around & DESK | who.around & {"neighbour"}
    version = name_version(access=access, text=text, name=made.canary(state, "versionname", desk))
    if state in {"mediarestricted", "mediabeyond"}:
        return
    for role in ("coordinator", "representative", Listing.WITHHELD.value, Listing.CONFIDENTIAL.value):
        organisation: Organisation = made.people[role].memberships.get().organisation
        stage.organisations.append(organisation)
        stage.representatives[organisation.pk] = made.people[role]
    message = made.canary(state, "message", PUT)
    round_ = stage.put(versions=[version], message=message)
    media.rounds[state] = round_
    made.things[state]["round_uuid"] = round_.uuid
    if state != "mediaawaiting":
        stage.approve_all(round_)


def _decide(media: Media) -> None:
    """Publish, or schedule for tomorrow, what is approved."""
    access = media.access()
    for state, round_ in media.rounds.items():
        if state in {"mediascheduled", "mediadropped", "mediahidden"}:
            at = now() + datetime.timedelta(days=1)
            made = schedule_publication(access=access, round_=round_, at=at)
        elif state != "mediaawaiting":
            made = publish_approved(access=access, round_=round_)
        else:
            continue
        media.made.things[state]["publication"] = made.uuid


def _link(media: Media, package: str, holder: str, *, desk: frozenset[str] = SERVING) -> PackageLink:
    """A link of an outlet that reads Kazakh, mailed to it."""
    made = media.made
    word = holder.replace("_", "")
    address = made.canary(f"media{word}", "address", SERVING) + "@tests.example"
    link = give_link(
        access=media.access(),
        package=media.packages[package],
        outlet=made.canary(f"media{word}", "outlet", desk | {holder}),
        address=address,
        language=Language.KK,
    )
    mail_link(access=media.access(), link=link)
    made.outlets[address] = holder
    made.things[f"media_link_{holder}"] = {"token": token_of(link)}
    made.things[f"media_desk_{holder}"] = {"package": link.package.uuid, "link": link.uuid}
    media.links[holder] = link
    return link


def _outlets(media: Media) -> None:
    """Who agreed, who did not; a contact of the press desk, and a media partner, who did not either."""
    made, items = media.made, media.items
    agreed = _link(media, OPEN, AGREED, desk=PRESS_DESK)  # its airing is read at the press desk
    told, ended = _link(media, KEPT, TOLD), _link(media, KEPT, ENDED)
    for one in (agreed, told, ended):
        agree_by_link(one)
    _link(media, OPEN, SILENT)
    _link(media, KEPT, ASKED)
    note_taken(agreed, [items[one].renditions.get() for one in _TAKEN])
    note_taken(media.links[SILENT], [items["mediapublic"].renditions.get()])
    for one in (told, ended):
        note_taken(one, [items[state].renditions.get() for state in ("mediahidden", "mediaheld")])
    end_link(access=media.access(), link=ended)
    said = {
        what: made.canary("mediacontact", what, {"editor", *SERVING})
        for what in ("name", "address", "phone", "messenger", "outlet")
    }
    made.audience["Canarymediacontactoutlet"] |= {"admitted"}
    said["address"] += "@tests.example"
    contact = add_contact(access=media.access(), person=ContactData(**said, language=Language.KK))
    package = media.packages[OPEN]
    own = give_to_contacts(access=media.access(), package=package, contacts=[contact.uuid])[0]
    note_taken(own, [items["mediapublic"].renditions.get()])
    partner: User = made.people[PARTNER]
    give_link(
        access=media.access(),
        package=media.packages[KEPT],
        organisation=partner.memberships.get().organisation,
        language=Language.KK,
    )
    for state, word in ((AddressState.ACTIVE, "blogger"), (AddressState.UNPROVED, "unproved")):
        owner = {BLOGGER} if state == AddressState.ACTIVE else ()
        address = made.canary(f"media{word}", "address", owner) + "@tests.example"
        row = correction_address(package, address, state=state, language=Language.KK)
        if state == AddressState.ACTIVE:
            made.outlets[address] = BLOGGER
            made.things["media_address"] = {"token": ADDRESSES.token(row), "slug": package.slug}


_TAKEN = ("mediapublic", "mediascheduled", "mediadropped", "mediawithdrawn", "medialicence")


def _end(media: Media) -> None:
    """A licence ends, a consent, a text is withdrawn, one is taken out; an airing is logged before."""
    made, access = media.made, media.access()
    log_airing(
        source=media.links[AGREED],
        item=media.items["mediapublic"],
        title=made.canary("mediaairing", "title", PRESS_DESK | {AGREED}),
        kind=CoverageKind.TELEVISION,
        on=localdate(now()),
        aired_at=None,
        programme=made.canary("mediaairing", "programme", PRESS_DESK | {AGREED}),
        link="",
    )
    yesterday = localdate(now()) - datetime.timedelta(days=1)
    change_item(access=access, item=media.items["medialicence"], licence_until=yesterday)
    consent = consent_asked()
    shown_under_consent(consent, MEDIA_ITEM, str(media.items["mediaconsent"].uuid))
    withdraw_consent(by=caseworker_of(consent.organisation), consent=consent)
    made.audience["Canarymediaconsenttitle"] |= {"observer"}  # its workspace remembers it
    publication = media.items["mediawithdrawn"].draft.publications.get()
    note = made.canary("mediawithdrawn", "note", ALL)
    withdraw_publication(access=access, publication=publication, note=note)
    made.audience["Canarymediawithdrawntitle"] |= {"observer"}  # its workspace remembers it
    withdraw_item(access=access, item=media.items["mediadropped"])


def _notices(media: Media) -> None:
    """A correction that nobody has answered for long, but one outlet by telephone."""
    made, officer = media.made, media.access(OFFICER)
    notice = send_notice(access=officer, item=media.items["mediapublic"], kind=NoticeKind.CORRECTION)
    ItemNotice.objects.filter(pk=notice.pk).update(sent_at=now() - datetime.timedelta(days=3))
    row = notice.recipients.get(link=media.links[SILENT])
    answer = OutletAnswer.NOT_USED
    record_answer(access=officer, recipient=row, answer=answer, way=AnswerWay.PHONE)
    made.things["media_notice"] = {
        "workspace": made.workspace.uuid,
        "notice": notice.uuid,
        "recipient": notice.recipients.get(link=media.links[AGREED]).uuid,
    }
    answers = {
        AGREED: notice.recipients.get(link=media.links[AGREED]),
        SILENT: row,
        BLOGGER: notice.recipients.get(link=None),
    }
    for holder, recipient in answers.items():
        token = answer_path(recipient).strip("/").rpartition("/")[2]
        made.things[f"media_answer_{holder}"] = {"token": token}


def _upload(media: Media) -> None:
    """An upload that has begun: of nobody else's business."""
    made, item = media.made, media.items["medialicence"]
    upload = begin_upload(
        access=media.access("editor"),
        item=item,
        name=made.canary("mediaupload", "name", {"editor"}) + ".pdf",
        size=100_000,
        rendition_format=Format.A3,
        language="kk",
    )
    made.things["media_upload"] = {"item": item.uuid, "upload": upload.uuid}
