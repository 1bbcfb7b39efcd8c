"""What an organisation takes along is its own, all of it, and nothing of others."""

import datetime
import hashlib
import io
import json
import stat
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.management import CommandError, call_command
from django.utils.timezone import localdate

from coalition.accounts.models import Organisation, User
from coalition.campaigns.appeals.enums import SupportState
from coalition.campaigns.models import (
    Appeal,
    AppealVersion,
    ContactConsent,
    ContactOffer,
    FigureAgreement,
    FigureLine,
    FigureMonth,
    FigurePublication,
    HandOver,
    Helpline,
    HelplineEntry,
    HelpMonth,
    Hold,
    HoldDecision,
    OperatorLink,
    PetitionPlan,
    PetitionPledge,
    PetitionStep,
    ReferralCode,
    ReferralDay,
    Support,
    SupportTotal,
)
from coalition.core.clock import now
from documents.comments.actions import start_thread
from documents.drafts.models import Audience
from documents.models import Comment, Contact, Draft, DraftText, Outlet, Question, StoredFile
from events.models import (
    Asker,
    Call,
    CallSheet,
    Event,
    EventKit,
    EventText,
    GuestBook,
    GuestEntry,
    KitItem,
    Question as EventQuestion,
    QuestionPeriod,
    VisitorTick,
)
from home.data_export.rows import OWN_ROWS, STAYS
from tests.documents.approval.builders import Stage, stage, withheld
from tests.factories import UserFactory, seat
from tests.filled import filled

OURS = {"coalition", "documents", "events", "home"}
OWN_WORD, OTHER_WORD = "Eigenvogel", "Fremdvogel"
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]


def fill(made: Stage, organisation: Organisation, person: User, word: str) -> None:
    """Everything that this organisation could bring, each with its word."""
    User.objects.filter(pk=person.pk).update(name=f"{word} Testova", email=f"{word}@tests.example".lower())
    person.refresh_from_db()
    for field in ("description_kk", "website"):
        setattr(organisation, field, f"https://{word}.example")
    organisation.save()
    where = {"workspace": made.workspace, "organisation": organisation}
    draft = Draft.objects.create(title=f"{word} draft", kind="statement", created_by=person, **where)
    DraftText.objects.create(draft=draft, language="kk", title=f"{word} title", lead=f"{word} lead")
    file = StoredFile(name=f"{word}.txt", content_type="text/plain", size=3, uploaded_by=person, **where)
    file.file.save(f"{word}.txt", ContentFile(f"{word} content".encode()))
    outlet = Outlet.objects.create(organisation=organisation.uuid, name=f"{word} outlet")
    Contact.objects.create(
        outlet=outlet, organisation=organisation.uuid, name=f"{word} contact", added_at=now()
    )
    moments = {name: now() for name in ("starts_at", "ends_at", "created_at", "changed_at")}
    moments |= {"starts_on": localdate(now()), "ends_on": localdate(now())}
    event = Event.objects.create(created_by=person, slug=word.lower(), **moments, **where)
    EventText.objects.create(event=event, language="kk", title=f"{word} event")


@pytest.fixture
def made() -> Stage:
    """Two organisations in one workspace; the second one's name is withheld."""
    made = stage(1)
    other = withheld(made)
    Organisation.objects.filter(pk=other.pk).update(kind="crisis_centre")
    other.name_kk = other.name_ru = other.name_en = f"{OTHER_WORD} centre"
    other.save()
    fill(made, made.organisations[0], made.coordinator, OWN_WORD)
    fill(made, other, made.representatives[other.pk], OTHER_WORD)
    round_ = made.put()
    made.ask_changes(round_, other, f"{OTHER_WORD} reason")
    made.approve(round_, made.organisations[0])
    thread = start_thread(
        access=made.access,
        text=made.text(),
        audience=Audience.WORKSPACE,
        body=f"{OWN_WORD} comment",
    )
    Comment.objects.create(
        thread=thread,
        author=made.representatives[other.pk],
        organisation=other,
        body=f"{OTHER_WORD} comment",
        created_at=now(),
    )
    seat(workspace=made.workspace, organisation=other, person=UserFactory(name=f"{OTHER_WORD} member"))
    return made


def taken(made: Stage, folder: Path, organisation: Organisation) -> dict[str, str]:
    """File → text of what was written."""
    call_command("export_organisation", str(organisation.uuid), str(folder), stdout=io.StringIO())
    files = (one for one in folder.rglob("*") if one.is_file())
    return {str(one.relative_to(folder)): one.read_text(encoding="utf-8") for one in files}


def part(found: dict[str, str], name: str) -> dict[str, list[dict[str, Any]]]:
    content: dict[str, list[dict[str, Any]]] = json.loads(found[f"{name}.json"])
    return content


def test_nothing_of_others_leaves(made: Stage, tmp_path: Path) -> None:
    found = taken(made, tmp_path / "out", made.organisations[0])
    told = [name for name, text in found.items() if OTHER_WORD.casefold() in (name + text).casefold()]
    assert told == []


def test_the_other_takes_its_own_and_nothing_of_the_first(made: Stage, tmp_path: Path) -> None:
    found = taken(made, tmp_path / "out", made.organisations[1])
    everything = "\n".join(f"{name}\n{text}" for name, text in found.items()).casefold()
    assert OWN_WORD.casefold() not in everything
    assert f"{OTHER_WORD} centre".casefold() in everything


def test_all_that_is_its_own_leaves(made: Stage, tmp_path: Path) -> None:
    found = taken(made, tmp_path / "out", made.organisations[0])
    assert f"{OWN_WORD} Testova" in found["people.json"]
    for words in ("draft", "title", "lead", "comment"):
        assert f"{OWN_WORD} {words}" in found["drafts.json"]
    assert f"{OWN_WORD} contact" in found["contacts.json"]
    assert f"{OWN_WORD} event" in found["events.json"]
    approval = part(found, "approvals")["Approval"][0]
    version = part(found, "drafts")["Version"][0]
    assert approval["hash"] == version["hash"]
    assert json.loads(version["canonical"])
    assert part(found, "log")["AuditEntry"]


def test_files_are_there_with_their_hashes(made: Stage, tmp_path: Path) -> None:
    found = taken(made, tmp_path / "out", made.organisations[0])
    hashes = json.loads(found["hashes.json"])
    row = part(found, "files")["StoredFile"][0]
    content = found[f"files/{row['file']}"]
    assert content == f"{OWN_WORD} content"
    assert hashes[f"files/{row['file']}"] == hashlib.sha256(content.encode()).hexdigest()


def test_a_page_in_each_language_and_closed_to_others(made: Stage, tmp_path: Path) -> None:
    found = taken(made, tmp_path / "out", made.organisations[0])
    assert {"README.kk.md", "README.ru.md", "README.en.md"} <= found.keys()
    for one in (tmp_path / "out").rglob("*"):
        assert stat.S_IMODE(one.stat().st_mode) == (0o700 if one.is_dir() else 0o600)


def test_keys_of_links_do_not_leave(made: Stage, tmp_path: Path) -> None:
    found = taken(made, tmp_path / "out", made.organisations[0])
    for text in found.values():
        assert "token" not in text
        assert "password" not in text


def test_a_file_that_is_gone_is_named(made: Stage, tmp_path: Path) -> None:
    row = StoredFile.objects.get(organisation=made.organisations[0])
    row.file.storage.delete(row.file.name)
    errors = io.StringIO()
    code = made.organisations[0].code
    call_command("export_organisation", code, str(tmp_path / "out"), stdout=io.StringIO(), stderr=errors)
    assert f"{row.file.name} is named and not there" in errors.getvalue()


@pytest.mark.parametrize("word", ["nobody", "01a21c92-acaf-7728-b18c-65736b7a4b7f"])
def test_an_organisation_that_is_none(db: None, tmp_path: Path, word: str) -> None:
    with pytest.raises(CommandError, match="No organisation"):
        call_command("export_organisation", word, str(tmp_path / "out"))


def test_a_folder_with_something_in_it_is_refused(made: Stage, tmp_path: Path) -> None:
    (tmp_path / "a").write_text("a")
    with pytest.raises(CommandError, match="not an empty folder"):
        call_command("export_organisation", made.organisations[0].code, str(tmp_path))


def test_every_row_of_the_table_can_be_asked_for(made: Stage) -> None:
    for own in OWN_ROWS:
        assert own.rows(made.organisations[0]).count() >= 0
    assert Question._meta.label not in {own.model for own in OWN_ROWS}


def leading_to_organisations() -> set[str]:
    """Models that point at an organisation, directly or by another one: not by people, who belong to several,
    nor by workspaces, which belong to all."""
    ours = [one for one in apps.get_models() if one.__module__.partition(".")[0] in OURS]
    reached: set[type] = {Organisation}
    while more := {one for one in ours if one not in reached and reached & _points_at(one)}:
        reached |= more
    return {one._meta.label for one in reached}


def _points_at(model: Any) -> set[type]:
    return {one.related_model for one in model._meta.concrete_fields if one.is_relation}


def test_every_model_that_leads_to_an_organisation_leaves_or_has_a_reason(db: None) -> None:
    taken_along = {own.model for own in OWN_ROWS}
    forgotten = leading_to_organisations() - taken_along - STAYS.keys()
    assert not forgotten, f"in home/data_export/rows.py: OWN, or STAYS with the reason: {sorted(forgotten)}"
    assert not STAYS.keys() & taken_along
    assert STAYS.keys() <= {one._meta.label for one in apps.get_models()}


def test_referral_codes_leave_with_how_often_they_were_opened(made: Stage, tmp_path: Path) -> None:
    for number, organisation in enumerate(made.organisations):
        code = filled(
            ReferralCode,
            workspace=made.workspace,
            organisation=organisation,
            action="appeal",
            code=f"CODE{number}",
        )
        filled(ReferralDay, code=code, opened=40 + number)
    found = part(taken(made, tmp_path / "out", made.organisations[0]), "referral_codes")
    assert [row["code"] for row in found["ReferralCode"]] == ["CODE0"]
    assert [row["opened"] for row in found["ReferralDay"]] == [40]


def with_appeal(organisation: Organisation, word: str, number: int) -> Appeal:
    """An appeal with what organisers and supporters left at it, each with its word or number."""
    appeal = filled(Appeal, organisation=organisation, slug=word.lower(), official_number=f"{word} petition")
    version = filled(AppealVersion, appeal=appeal, hashes={"kk": f"{word} hash"})
    plan = filled(PetitionPlan, appeal=appeal, needed=number)
    filled(PetitionStep, plan=plan, name=f"{word} step")
    filled(PetitionPledge, plan=plan, organisation=organisation, promised=number)
    filled(ContactOffer, appeal=appeal, organisation=organisation)
    filled(HoldDecision, hold=filled(Hold, appeal=appeal, rule=f"{word} rule"), organisation=organisation)
    hand_over = filled(
        HandOver,
        appeal=appeal,
        version=version,
        count=number,
        pdf_sha256=f"{word} print",
        file_key=f"{word} opens it",
    )
    for one in (hand_over.pdf, hand_over.csv):
        one.save("names", ContentFile(f"{word} supporter".encode()))
    support = filled(
        Support,
        appeal=appeal,
        version=version,
        state=SupportState.COUNTED,
        address=f"{word}@mail.example",
        name=f"{word} supporter",
    )
    filled(ContactConsent, support=support, organisation=organisation, words=f"{word} may write")
    filled(SupportTotal, version=version, count=number, region=f"KZ-{number}")
    return appeal


def test_an_appeal_leaves_with_its_organisation_and_no_supporter_does(made: Stage, tmp_path: Path) -> None:
    for number, word in ((21, OWN_WORD), (34, OTHER_WORD)):
        with_appeal(made.organisations[number == 34], word, number)
    found = taken(made, tmp_path / "out", made.organisations[0])
    appeals = part(found, "appeals")
    assert [row["official_number"] for row in appeals["Appeal"]] == [f"{OWN_WORD} petition"]
    assert [row["hashes"] for row in appeals["AppealVersion"]] == [{"kk": f"{OWN_WORD} hash"}]
    assert [row["needed"] for row in appeals["PetitionPlan"]] == [21]
    assert [row["name"] for row in appeals["PetitionStep"]] == [f"{OWN_WORD} step"]
    assert [row["promised"] for row in appeals["PetitionPledge"]] == [21]
    assert len(appeals["ContactOffer"]) == len(appeals["HoldDecision"]) == 1
    assert [(row["count"], row["pdf_sha256"]) for row in appeals["HandOver"]] == [(21, f"{OWN_WORD} print")]
    everything = "\n".join(f"{name}\n{text}" for name, text in found.items())
    for secret in (
        OTHER_WORD,
        f"{OWN_WORD}@mail.example",
        "supporter",
        "may write",
        "opens it",
        "KZ-21",
        "hand-overs/",
    ):
        assert secret.casefold() not in everything.casefold()


def test_figures_of_a_helpline_leave_and_links_of_its_operators_do_not(made: Stage, tmp_path: Path) -> None:
    for number, organisation in ((21, made.organisations[0]), (34, made.organisations[1])):
        line = filled(Helpline, organisation=organisation)
        filled(HelplineEntry, helpline=line, written_for=organisation, name={"kk": f"line {number}"})
        filled(HelpMonth, helpline=line, month=datetime.date(2026, 1, 1), contacts=number)
        publication = filled(FigurePublication, organisation=organisation)
        filled(FigureAgreement, publication=publication, organisation=organisation, answer=f"a{number}")
        figures = filled(FigureLine, publication=publication, helpline=line, organisation=organisation)
        filled(FigureMonth, line=figures, helpline=line, month=datetime.date(2026, number % 12, 1))
        filled(OperatorLink, helpline=line, organisation=organisation, label=f"phone {number}")
    found = taken(made, tmp_path / "out", made.organisations[0])
    lines = part(found, "helplines")
    assert [row["name"] for row in lines["HelplineEntry"]] == [{"kk": "line 21"}]
    assert [row["contacts"] for row in lines["HelpMonth"]] == [21]
    assert [row["answer"] for row in lines["FigureAgreement"]] == ["a21"]
    assert [row["month"] for row in lines["FigureMonth"]] == ["2026-09-01"]
    assert len(lines["FigurePublication"]) == len(lines["FigureLine"]) == 1
    assert "phone" not in found["helplines.json"]


def test_the_page_in_each_language_names_every_file(made: Stage, tmp_path: Path) -> None:
    found = taken(made, tmp_path / "out", made.organisations[0])
    there = {name for name in found if name.endswith(".json") and "/" not in name}
    for language in ("kk", "ru", "en"):
        assert {name for name in there if name not in found[f"README.{language}.md"]} == set()


def test_what_hangs_on_an_event_leaves_with_it(made: Stage, tmp_path: Path) -> None:
    """Kit, questions, guest book, counts: of its own event, and not of the other one's."""
    for organisation, word in zip(made.organisations, (OWN_WORD, OTHER_WORD), strict=False):
        event = Event.objects.get(organisation=organisation)
        kit = filled(EventKit, event=event, token_hash=f"key of {word}")
        filled(KitItem, kit=kit, title=f"{word} handout")
        period = filled(QuestionPeriod, event=event)
        asker = filled(Asker, period=period, token_hash=f"key of {word}")
        filled(EventQuestion, period=period, asker=asker, words=f"{word} asked", state="waiting")
        filled(GuestEntry, book=filled(GuestBook, event=event), text=f"{word} entry")
        filled(VisitorTick, event=event, number=7, hour=1)
        sheet = filled(CallSheet, workspace=made.workspace, organisation=organisation, event=event)
        filled(Call, sheet=sheet, note=f"{word} said")
    found = taken(made, tmp_path / "out", made.organisations[0])
    for words in ("handout", "asked", "entry"):
        assert f"{OWN_WORD} {words}" in found["events.json"]
    assert part(found, "events")["VisitorTick"][0]["number"] == 7
    assert f"{OWN_WORD} said" in found["contacts.json"]
    everything = "\n".join(found.values())
    assert OTHER_WORD.casefold() not in everything.casefold()
    assert "key of" not in everything
