"""Records of consent with a photograph, a film and stories; one was taken back and waits for a taker."""

import datetime
import io
from collections.abc import Collection, Iterable
from pathlib import Path
from uuid import UUID

from django.core.files.base import ContentFile
from uuid_utils.compat import uuid7
from wagtail.models import Page

from coalition.accounts.models import Language, Organisation, User
from coalition.consent.actions.records import BOUNDARY_WORK, Scope, ask_consent
from coalition.consent.actions.roles import give_consent_role
from coalition.consent.actions.uses import record_answer, record_question, request_uses
from coalition.consent.actions.withdraw import withdraw_consent
from coalition.consent.enums import Answer, ConsentRoleKind, DetailKind, Form, Place
from coalition.consent.models import (
    ConsentItem,
    ConsentRecord,
    ConsentRole,
    ConsentUse,
    ConsentWithdrawal,
    LegalReading,
    RemovalRequest,
)
from coalition.consent.site import page_key
from coalition.core.clock import freeze_clock_at, now
from coalition.jobs import scheduler
from coalition.jobs.models import DueWork
from coalition.workspaces.models import Workspace
from demo import art
from demo.load import DATA, Record
from demo.seed.accounts import Accounts, mark_as_demo
from demo.seed.history import History
from demo.seed.workspaces import access_of
from documents.drafts.models import Handling
from documents.files.actions import upload_file
from documents.models import StoredFile
from home.models import CampaignPage, FilmPage, HomePage, PublicImage, PublicVideo, StoryIndexPage, StoryPage

NEWSROOM = "newsroom@demo.example"
FILM = DATA / "film.webm"
AGREED_AFTER = 3  # days after she was asked for consent she was asked about each use
LASTS = datetime.timedelta(days=2 * 365)


def seed_consent(record: Record, accounts: Accounts, workspace: Workspace, history: History) -> None:
    """Create everything. After the site is open: she agrees to pages as they stand."""
    by, lawyer = (accounts.people[record[role]] for role in ("caseworker", "lawyer"))
    with freeze_clock_at(history.day(70)):
        centre = _appoint(by, ConsentRoleKind.CASEWORKER)
        _appoint(lawyer, ConsentRoleKind.LAWYER)
    consents = {one["id"]: _ask(one, by, centre, record["contact"], history) for one in record["records"]}
    asked = {one["id"]: one["asked_days_ago"] - AGREED_AFTER for one in record["records"]}
    items = _photograph(record["photograph"], lawyer, workspace)
    items |= _film(record["film"], workspace)
    items |= _stories(record["stories"])
    _lead_to_both(record)
    for (kind, key, language), (name, forms) in items.items():
        with freeze_clock_at(history.day(asked[name])):
            maker = lawyer if kind == "file" else accounts.people[NEWSROOM]
            _request(consents[name], maker, kind, key, forms, [Language(language)] if language else Language)
            _agree(consents[name], by)
    for one in record["records"]:
        if "withdrawn_days_ago" in one:
            with freeze_clock_at(history.day(one["withdrawn_days_ago"])):
                _take_back(consents[one["id"]], by)


def remove_consent(organisations: Collection[int]) -> None:
    """Delete the records of these organisations, roles of their people, and work that waits for a date."""
    records = ConsentRecord.objects.filter(organisation__in=organisations)
    items = ConsentItem.objects.filter(consent__in=records)
    for kind, key in items.values_list("kind", "key"):
        LegalReading.objects.filter(kind=kind, key=key).delete()
    LegalReading.objects.filter(organisation__in=organisations).delete()
    withdrawals = ConsentWithdrawal.objects.filter(consent__in=records)
    scheduler.delete_work(str(uuid) for uuid in withdrawals.values_list("uuid", flat=True))
    for uuid in records.values_list("uuid", flat=True):
        DueWork.objects.filter(kind=BOUNDARY_WORK, key__startswith=f"{uuid}:").delete()
    records.delete()
    ConsentRole.objects.filter(organisation__in=organisations).delete()


type Items = dict[tuple[str, str, str], tuple[str, list[Form]]]  # kind, key, language → record, forms


def _appoint(person: User, kind: ConsentRoleKind) -> Organisation:
    """Let a representative appoint themselves; return the organisation."""
    organisation: Organisation = (
        person.memberships.select_related("organisation").get(ended_at=None).organisation
    )
    give_consent_role(by=person, organisation=organisation, person=person, kind=kind)
    return organisation


def _ask(record: Record, by: User, centre: Organisation, contact: str, history: History) -> ConsentRecord:
    scopes = [
        Scope(Form(form), Place(place), language)
        for form in record["forms"]
        for place in record["places"]
        for language in Language
    ]
    with freeze_clock_at(history.day(record["asked_days_ago"])):
        return ask_consent(
            by=by,
            organisation=centre,
            contact=contact,
            is_adult=True,
            until=(now() + LASTS).date(),
            scopes=scopes,
            apart=[[DetailKind(kind) for kind in record["apart"]]] if record["apart"] else [],
        )


def _request(
    consent: ConsentRecord,
    by: User,
    kind: str,
    key: str,
    forms: Iterable[Form],
    languages: Iterable[Language],
) -> None:
    places = {Place(one) for one in consent.scopes.values_list("place", flat=True)}
    places -= {Place.PACKAGE} if kind != "file" else {Place.SCREENING}
    membership = by.memberships.select_related("organisation").filter(ended_at=None).first()
    request_uses(
        by=by,
        organisation=membership.organisation if membership is not None else None,
        code=consent.code,
        kind=kind,
        key=key,
        forms=list(forms),
        places=sorted(places),
        languages=list(languages),
    )


def _agree(consent: ConsentRecord, by: User) -> None:
    uses = ConsentUse.objects.filter(item__consent=consent, asked_at=None)
    record_question(by=by, consent=consent, uses=uses)
    asked = ConsentUse.objects.filter(item__consent=consent, answer=Answer.WAITING)
    record_answer(by=by, consent=consent, uses=asked, agrees=True)


def _take_back(consent: ConsentRecord, by: User) -> None:
    made = withdraw_consent(by=by, consent=consent)
    item = ConsentItem.objects.filter(consent=consent).earliest("pk")
    RemovalRequest.objects.create(withdrawal=made, item=item, taker="«Алатау таңы» газеті")


def _photograph(record: Record, by: User, workspace: Workspace) -> Items:
    content = art.png(art.cover("letters"))
    file = upload_file(
        access=access_of(by, workspace),
        content=io.BytesIO(content),
        size=len(content),
        name=record["file"],
        alt=record["alt"],
        caption=record["title"]["kk"],
        credit=record["credit"],
        handling=Handling.PUBLIC,
    )
    StoredFile.objects.filter(pk=file.pk).update(uploaded_at=now())
    return {("file", str(file.uuid), ""): (record["record"], [Form.FACE])}


def _film(record: Record, workspace: Workspace) -> Items:
    poster = PublicImage(
        title=record["title"]["en"],
        alt=record["title"]["kk"],
        file=ContentFile(art.cover_png("exhibition"), name="film.png"),
    )
    poster.save()
    mark_as_demo(poster)
    video = PublicVideo(title=record["title"]["kk"], poster=poster, credit=record["credit"])
    video.file = ContentFile(Path(FILM).read_bytes(), "film.webm")
    for language in Language.values:
        setattr(video, f"transcript_{language}", record["transcript"][language])
        captions = f"WEBVTT\n\n00:00:01.000 --> 00:00:07.000\n{record['captions'][language]}\n"
        setattr(video, f"captions_{language}", ContentFile(captions.encode(), "captions.vtt"))
    video.save()
    mark_as_demo(video)
    key: UUID = uuid7()
    for home in HomePage.objects.select_related("locale").order_by("pk"):
        language = home.locale.language_code
        page = FilmPage(
            slug=record["slug"],
            locale=home.locale,
            translation_key=key,
            video=video,
            screenings_open=True,
            screenings_workspace=workspace,
            **{name: record[name] for name in ("minutes", "age", "certificate")},
            **{
                name: record[name][language]
                for name in ("title", "lead", "director", "content_note", "guide")
            },
        )
        _add(home, page)
    return {("video", str(video.pk), ""): (record["record"], [Form.TEXT])}


def _stories(record: Record) -> Items:
    found: Items = {}
    indexes, own = {}, uuid7()
    for home in HomePage.objects.select_related("locale").order_by("pk"):
        language = home.locale.language_code
        index = StoryIndexPage(
            title=record["title"][language], slug="stories", locale=home.locale, translation_key=own
        )
        _add(home, index)
        indexes[language] = index
    for one in record["pages"]:
        key: UUID = uuid7()
        for language, index in indexes.items():
            text = "".join(f"<p>{words}</p>" for words in one["body"][language])
            page = StoryPage(
                title=one["title"][language],
                slug=one["slug"],
                lead=one["lead"][language],
                locale=index.locale,
                translation_key=key,
                body=[("text", text)],
            )
            _add(index, page)
            found["page", page_key(page), language] = (one["record"], [Form.TEXT])
    return found


def _lead_to_both(record: Record) -> None:
    """Let the campaign's pages lead to the film and the stories."""
    for page in CampaignPage.objects.select_related("locale"):
        film = FilmPage.objects.get(slug=record["film"]["slug"], locale=page.locale)
        page.sections.append(("film", {"heading": "", "film": film, "text": ""}))
        page.sections.append(("stories", {"heading": "", "most": 3}))
        page.save_revision().publish()


def _add(parent: Page, page: Page) -> None:
    parent.add_child(instance=page)
    mark_as_demo(page.page_ptr)
    page.save_revision().publish()
