"""Who asks to be forgotten is in no row any more; what their organisation decided is still there."""

import io

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db.models import EmailField
from django.urls import reverse

from coalition.accounts.models import Invitation, MembershipRole, OfficeKind, User
from coalition.audit import log
from coalition.audit.models import AuditEntry
from coalition.campaigns.appeals.counting import count_of, recount
from coalition.campaigns.appeals.enums import SupportState
from coalition.campaigns.models import AppealVersion, ContactConsent, ContactOffer, Support
from coalition.core.clock import now
from coalition.core.crypto import SealedTextField
from coalition.mail import outbox
from coalition.roles import SeatRole
from coalition.workspaces.models import Seat
from documents.comments.actions import start_thread
from documents.drafts.models import Audience
from documents.history.models import pack_json, unpack_json
from documents.models import Approval, Comment, DraftText, HistoryPoint, Publication
from events.models import EventInvitation
from home.data_export.rows import ADDRESS_ROWS
from home.data_export.write import StillNeeded, forget_person
from home.models import NewsByMail
from tests.campaigns.appeals.builders import ask, support
from tests.campaigns.appeals.factories import open_appeal
from tests.documents.approval.builders import Stage, stage
from tests.documents.conftest import Room
from tests.documents.guests import builders
from tests.factories import MembershipFactory, OfficeFactory, OrganisationFactory, UserFactory, seat
from tests.filled import filled

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]
NAME, ADDRESS, PHONE = "Kanarenvogel Testova", "kanarienvogel@tests.example", "+7 700 736 17 36"


def everything() -> str:
    """Every value of every row, sealed ones opened."""
    values = [
        str(getattr(row, field.attname))
        for model in apps.get_models()
        for row in model._default_manager.order_by("pk")
        for field in model._meta.concrete_fields
    ]
    return "\n".join(values).casefold()


@pytest.fixture
def made() -> Stage:
    """Somebody who wrote, commented, approved, published, gave seats, and got mail."""
    made = stage(2)
    person = made.representatives[made.organisations[1].pk]
    User.objects.filter(pk=person.pk).update(name=NAME, email=ADDRESS)
    person.refresh_from_db()
    person.phone = PHONE
    person.save()
    taken = seat(
        workspace=made.workspace, role=SeatRole.COORDINATOR, organisation=made.organisations[1], person=person
    )
    MembershipFactory(organisation=made.organisations[1], role=MembershipRole.REPRESENTATIVE)
    made.publish()
    start_thread(access=made.access, text=made.text(), audience=Audience.WORKSPACE, body="Which year?")
    Comment.objects.update(author=person)
    outbox.queue_mail(
        key="k", template="partners/left_coalition", language="en", person=person.uuid, context={}
    )
    log.record_audit(
        "seat.given", actor=made.coordinator, target_kind="seat", target=taken.uuid, person=str(person.uuid)
    )
    log.record_audit("person.changed", actor=person, target_kind="person", target=person.uuid)
    return made


@pytest.fixture
def person(made: Stage) -> User:
    return User.objects.get(email=ADDRESS)


def said(*words: str, **options: object) -> str:
    out = io.StringIO()
    call_command("forget_person", *words, stdout=out, **options)
    return out.getvalue()


def test_nothing_names_them_any_more(made: Stage, person: User) -> None:
    uuid = str(person.uuid)
    assert NAME.casefold() in everything()
    assert "The person is forgotten" in said(ADDRESS.upper(), "--yes")
    left = everything()
    for trace in (NAME, ADDRESS, PHONE, uuid):
        assert trace.casefold() not in left


def test_what_the_organisation_decided_stays(made: Stage, person: User) -> None:
    approvals = set(Approval.objects.values_list("pk", "hash", "organisation"))
    entries = AuditEntry.objects.count()
    seats = Seat.objects.count()
    forget_person(ADDRESS)
    assert set(Approval.objects.values_list("pk", "hash", "organisation")) == approvals
    assert Publication.objects.get().hash
    assert Comment.objects.get().body == "Which year?"
    assert AuditEntry.objects.count() == entries + 1
    assert AuditEntry.objects.first().action == "person.forgotten"
    assert AuditEntry.objects.first().organisation == made.organisations[1].uuid
    assert Seat.objects.count() == seats - 1
    call_command("check_grants", stdout=io.StringIO())
    call_command("verify_publication", "--all", stdout=io.StringIO())


def test_pages_tell_it_without_them(made: Stage, person: User, client_of) -> None:
    forget_person(ADDRESS)
    client = client_of(made.coordinator)
    room = made.workspace.uuid
    for address in (
        reverse("workspaces:workspace", args=[room]),
        reverse("documents:text", args=[made.draft.uuid, "kk"]),
        reverse("workspaces:activity", args=[room]),
    ):
        answer = client.get(address)
        assert answer.status_code == 200, address
        assert NAME not in answer.text


def test_the_history_of_a_text_is_the_organisations(made: Stage, person: User) -> None:
    text = DraftText.objects.first()
    point = HistoryPoint.objects.create(text=text, began_at=now(), at=now(), closed_at=now(), revision=9)
    point.parts.create(person=person, organisation=made.organisations[1], amount=3)
    org, other = made.organisations[1].pk, made.coordinator.pk
    point.origins = pack_json({"authors": [[[org, person.pk], [org, other]]], "lines": [[[4, 0]]]})
    point.save()
    forget_person(ADDRESS)
    point.refresh_from_db()
    assert unpack_json(point.origins)["authors"] == [[[org, None], [org, other]]]
    assert list(point.parts.values_list("person", "organisation", "amount")) == [(None, org, 3)]


def test_a_dry_run_tells_and_changes_nothing(made: Stage, person: User) -> None:
    before = everything()
    told = said(ADDRESS, "--dry-run")
    assert everything() == before
    assert "1 × partners.User" in told
    assert "documents.Approval.person: an organisation's decision on these words" in told
    assert "backups that were made before" in told
    assert "Nothing was changed." in told


def test_it_asks_before(made: Stage, person: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("builtins.input", lambda _question: "no")
    with pytest.raises(CommandError, match="Nothing was changed"):
        said(ADDRESS)
    assert User.objects.filter(pk=person.pk).exists()


def test_whoever_is_still_needed_is_not_forgotten(made: Stage, person: User) -> None:
    made.organisations[1].memberships.exclude(person=person).delete()
    Seat.objects.exclude(person=person).delete()
    OfficeFactory(person=person, kind=OfficeKind.SECRETARIAT)
    before = everything()
    with pytest.raises(StillNeeded) as told:
        forget_person(ADDRESS)
    assert len(told.value.args) == 3
    assert everything() == before
    with pytest.raises(CommandError, match="no other representative"):
        said(ADDRESS, "--dry-run")


def test_sessions_end(made: Stage, person: User, client_of) -> None:
    client = client_of(person)
    assert client.get(reverse("workspaces:dashboard")).status_code == 200
    forget_person(ADDRESS)
    assert client.get(reverse("workspaces:dashboard")).status_code == 302


def test_people_without_an_account(made: Stage) -> None:
    room = Room(made.workspace, {"coordinator": Seat.objects.get(person=made.coordinator)})
    guest, _token = builders.invite(room, made.draft)
    filled(NewsByMail, address=ADDRESS)
    Invitation.objects.create(
        organisation=OrganisationFactory(), email=ADDRESS, name=NAME, expires_at=now(), token_hash="i"
    )
    Invitation.objects.update(email=builders.EMAIL, name=builders.NAME)
    NewsByMail.objects.update(address=builders.EMAIL.upper())
    forget_person(builders.EMAIL.title())
    left = everything()
    assert builders.EMAIL.casefold() not in left
    assert builders.NAME.casefold() not in left
    guest.refresh_from_db()
    assert guest.ended_at is not None
    assert not NewsByMail.objects.exists()
    assert Invitation.objects.count() == 1


@pytest.fixture
def version() -> AppealVersion:
    return open_appeal()


def forget_supporter(version: AppealVersion, **given: object) -> Support:
    """Somebody supports, another mailbox too; the first is forgotten under another spelling of it."""
    row = support(version, "a.ru+law@gmail.com", **given)
    support(version, "other@mail.example")
    forget_person("Aru@gmail.com")
    return row


def test_a_supporter_whose_address_was_erased_is_withdrawn_and_totals_follow(version: AppealVersion) -> None:
    row = forget_supporter(version, name=NAME, is_listed=True)
    left = everything()
    for trace in (NAME, row.address_print, row.owner_print):
        assert trace.casefold() not in left
    row.refresh_from_db()
    assert row.state == SupportState.WITHDRAWN
    assert count_of(version) == 1
    assert recount() == 0
    assert Support.objects.filter(state=SupportState.COUNTED).count() == 1


def test_a_tag_that_may_be_another_persons_address_is_another_person(version: AppealVersion) -> None:
    """No provider says that `+` begins a tag there."""
    other = support(version, "aru+law@corp.example")
    forget_person("aru@corp.example")
    other.refresh_from_db()
    assert other.state == SupportState.COUNTED


def test_a_supporter_whose_address_organisations_may_use_is_forgotten(version: AppealVersion) -> None:
    organisation = version.appeal.organisation
    ContactOffer.objects.create(appeal=version.appeal, organisation=organisation, offered_at=now())
    row = forget_supporter(version, contact=(organisation,))
    row.refresh_from_db()
    assert row.address == row.address_print == ""
    assert not ContactConsent.objects.exists()
    assert "gmail.com" not in everything()


def test_of_who_did_not_confirm_nothing_is_left(version: AppealVersion) -> None:
    ask(version, "Aru@gmail.com", name=NAME, is_listed=True)
    ask(version, "other@mail.example")
    asked = Support.objects.first()
    told = said("aru@gmail.com", "--dry-run")
    assert "1 × campaigns.Support\n" in told
    assert "supports that were withdrawn before" in told
    forget_person("aru@gmail.com")
    left = everything()
    assert Support.objects.count() == 1
    for trace in (NAME, "aru@gmail.com", str(asked.uuid)):
        assert trace.casefold() not in left


def test_others_stay(made: Stage, person: User) -> None:
    other = UserFactory(email="other@tests.example")
    filled(NewsByMail, address="x" + ADDRESS)
    forget_person(ADDRESS)
    assert User.objects.filter(pk=other.pk).exists()
    assert NewsByMail.objects.count() == 1


def test_an_unknown_address(db: None) -> None:
    assert "Nothing is kept" in said("nobody@tests.example")


def test_every_kind_that_holds_an_address_has_its_fields() -> None:
    """A name that is misspelt in the table would silently keep somebody."""
    for kept in ADDRESS_ROWS:
        there = {field.name for field in kept.model._meta.concrete_fields}
        assert {*kept.fields, *kept.emptied} <= there
        assert kept.owner_print in {"", *there}
        assert bool(kept.emptied) == bool(kept.why)
    assert EventInvitation in {kept.model for kept in ADDRESS_ROWS}


NO_PERSONS_MAIL = {
    "partners.User.email",  # goes with the account
    "account.EmailAddress.email",
    "workspaces.PushSubscription.address",  # a browser's, goes with the account
    "events.PartnerCalendar.address",  # of a calendar
    "events.Loan.address",  # a postal one
    "campaigns.Body.email",  # a public body's
    "campaigns.Target.email",  # the official one of somebody in public office
}


def test_no_model_that_keeps_an_address_is_left_out() -> None:
    """A new one comes into `addresses.KEPT`, or says here why it is nobody's mail."""
    known = {f"{kept.model._meta.label}.{name}" for kept in ADDRESS_ROWS for name in kept.fields}
    there = {
        f"{model._meta.label}.{one.name}"
        for model in apps.get_models()
        for one in model._meta.concrete_fields
        if isinstance(one, EmailField) or (isinstance(one, SealedTextField) and one.name.endswith("address"))
    }
    assert there - known == NO_PERSONS_MAIL
