"""A text made only of approved blocks: whose approval is carried over, who is asked, and when it falls."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from coalition.accounts.models import Mandate, MembershipRole
from coalition.audit.models import AuditEntry
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.mail.models import OutboxMail
from coalition.roles import SeatRole
from coalition.workspaces.models import Notification
from coalition.workspaces.permissions import NotAllowed, access_to
from documents.approval.actions.decide import approve, attest, object_to, withdraw_attestation
from documents.approval.actions.inherit import reopen_inherited_approvals
from documents.approval.actions.open_round import close_round, renew_round
from documents.approval.actions.typo_fixes import confirm_typo_fix, propose_typo_fix
from documents.approval.queries.rounds import rounds_to_settle, undecided_for
from documents.drafts.models import ApprovalRule, CellState, TextKind, Voice, Way
from documents.models import Approval
from documents.publication.actions import NotPublishable, publish_approved, remove_name, withdraw_publication
from tests.documents.approval.builders import stage
from tests.documents.approval.inherited_builders import another, framed, put_framed, states, versions_put, who
from tests.documents.conftest import body
from tests.factories import FreezeFactory, MembershipFactory, seat

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]


def told(made, number, kind):
    person = made.representatives[made.organisations[number].pk]
    return Notification.objects.filter(kind=kind, person=person).exists()


def test_who_approved_all_of_it_is_not_asked_again(source):
    made, round_ = source
    letter, again = put_framed(made, round_)
    assert states(again) == [CellState.APPROVED] * 2
    rows = Approval.objects.filter(round=again)
    assert {row.way for row in rows} == {Way.CARRIED_OVER}
    assert {row.hash for row in rows} == {versions_put(again)["kk"].hash}
    sources = {one.source.hash for row in rows for one in row.carried_from.all()}
    assert sources == {versions_put(round_)["kk"].hash}
    publication = publish_approved(access=letter.access, round_=again)
    assert {name.organisation for name in publication.names.all()} == set(made.organisations)


def test_everyone_is_told_and_the_log_says_which_words(source):
    made, round_ = source
    _letter, again = put_framed(made, round_)
    for number in (1,):
        assert told(made, number, "words_carried")
        assert not Notification.objects.filter(
            kind="approval_asked", subject=again.uuid, person=who(made, number)["person"]
        ).exists()
    entries = AuditEntry.objects.filter(action="approval.carried_over", target=again.uuid)
    assert {entry.organisation for entry in entries} == {one.uuid for one in made.organisations}
    assert {tuple(entry.detail["approved_hashes"]) for entry in entries} == {
        (versions_put(round_)["kk"].hash,)
    }
    assert all("Canary" not in str(mail.context) for mail in OutboxMail.objects.all())


def test_only_the_others_are_asked(source):
    made, round_ = source
    newcomer = made.organisation()
    _letter, again = put_framed(made, round_, rule=ApprovalRule.ALL)
    assert states(again) == [CellState.APPROVED] * 2 + [CellState.NOT_OPENED]
    assert told(made, 2, "approval_asked")
    assert not told(made, 2, "words_carried")
    with pytest.raises(NotPublishable, match="Not opened"):
        publish_approved(access=made.access, round_=again)
    assert not undecided_for(made.representatives[made.organisations[1].pk]).filter(round=again).exists()
    assert undecided_for(made.representatives[newcomer.pk]).filter(round=again).exists()


def _title(letter, version):
    return framed(letter, [version], title="Another title")


def _lead(letter, version):
    return framed(letter, [version], lead="A lead nobody approved")


def _paragraph(letter, version):
    return framed(letter, [version], more=body("A sentence more.")["content"])


def _bare(letter, version):
    """The same words, of which nobody says whose they are."""
    return letter.version("We ask for a law, in kk.")


@pytest.mark.parametrize("spoil", [_title, _lead, _paragraph, _bare])
def test_one_word_beside_them_and_everyone_is_asked(source, spoil):
    made, round_ = source
    letter = another(made)
    again = letter.put(versions=[spoil(letter, versions_put(round_)["kk"])])
    assert states(again) == ([CellState.NOT_OPENED] * 2)


def test_bare_words_that_are_the_same_to_the_letter_are_another_matter(source):
    """The hash is the same, and still nobody is taken at a word that no frame shows."""
    made, round_ = source
    letter = another(made)
    version = letter.version("We ask for a law, in kk.")
    assert version.hash == versions_put(round_)["kk"].hash
    assert not Approval.objects.filter(round=letter.put(versions=[version])).exists()


def test_two_texts_make_one_and_each_must_be_approved():
    made = stage(3)
    first = made.put("kk", rule=ApprovalRule.JOINED)
    made.approve_all(first)
    other = another(made)
    second = other.put(versions=[other.version("We also ask for shelters.")], rule=ApprovalRule.JOINED)
    for organisation in made.organisations[:2]:
        other.approve(second, organisation)
    letter = another(made)
    both = [versions_put(first)["kk"], versions_put(second)["kk"]]
    again = letter.put(versions=[framed(letter, both)], rule=ApprovalRule.JOINED)
    assert states(again) == [CellState.APPROVED] * 2 + [CellState.NOT_OPENED]
    row = Approval.objects.filter(round=again).first()
    assert [one.source.hash for one in row.carried_from.all()] == [one.hash for one in both]


def test_every_language_must_be_theirs():
    made = stage()
    round_ = made.put("kk", "ru", rule=ApprovalRule.JOINED)
    made.approve(round_, made.organisations[0])
    made.approve(round_, made.organisations[1], "kk")
    _letter, again = put_framed(made, round_)
    assert states(again) == [CellState.APPROVED] * 2 + [CellState.NOT_OPENED] * 2


def test_a_title_of_another_language_is_no_approved_title():
    made = stage()
    round_ = made.put("kk", "ru")
    made.approve_all(round_)
    letter, put = another(made), versions_put(round_)
    kk = framed(letter, [put["kk"]], "kk")
    ru = framed(letter, [put["ru"]], "ru", title="Other")
    assert CellState.APPROVED not in states(letter.put(versions=[kk, ru]))


def relying():
    """Three organisations; the first reads both languages, the second relies on English, which the third's
    reviewer answers for."""
    made = stage(3)
    round_ = made.put("kk", "en", rule=ApprovalRule.JOINED)
    reviewer = seat(
        workspace=made.workspace, role=SeatRole.REVIEWER, organisation=made.organisations[2]
    ).person
    access = access_to(reviewer, made.workspace.uuid)
    hashes = made.hashes(round_)
    answer = attest(
        access=access, round_=round_, translation=("en", hashes["en"]), source=("kk", hashes["kk"])
    )
    made.approve(round_, made.organisations[0])
    approve(
        round_=round_,
        hashes={"kk": hashes["kk"]},
        relies={"en": hashes["en"]},
        **who(made, 1),
    )
    return made, round_, access, answer


def test_relying_is_carried_as_relying_and_hangs_on_the_answer():
    made, round_, access, answer = relying()
    _letter, again = put_framed(made, round_, rule=ApprovalRule.JOINED)
    assert states(again)[:4] == [
        CellState.APPROVED,
        CellState.APPROVED,
        CellState.APPROVED,
        CellState.RELIES,
    ]
    withdraw_attestation(access=access, round_=round_, attestation=answer)
    assert states(again)[:4] == [*[CellState.APPROVED] * 3, CellState.REOPENED]


def _object(made, round_):
    object_to(round_=round_, hashes=made.hashes(round_), **who(made, 1))


def _close(made, round_):
    close_round(access=made.access, round_=round_)


def _newer(made, round_):
    renew_round(access=made.access, round_=round_, versions=[made.version("Other words.")], acknowledged=True)


@pytest.mark.parametrize("fell", [_object, _close, _newer])
def test_it_falls_with_what_it_hangs_on_and_the_organisation_is_asked(source, fell):
    made, round_ = source
    letter, again = put_framed(made, round_)
    fell(made, round_)
    assert CellState.REOPENED in states(again)
    with pytest.raises(NotPublishable, match="Does not stand any more under the approved words"):
        publish_approved(access=letter.access, round_=again)
    person = who(made, 1)["person"]
    assert undecided_for(person).filter(round=again).exists()
    (waits,) = (one for one in rounds_to_settle(made.coordinator) if one.pk == again.pk)
    assert waits.lacks
    letter.approve(again, made.organisations[0])
    letter.approve(again, made.organisations[1])
    assert states(again) == [CellState.APPROVED] * 2
    publish_approved(access=letter.access, round_=again)


def _withdraw(made, publication):
    withdraw_publication(access=made.access, publication=publication, note="A figure was wrong.")


def _take_off(made, publication):
    remove_name(publication=publication, **who(made, 1))


def _correct(made, publication):
    round_ = made.put(versions=[made.version("Corrected words.")])
    made.approve_all(round_)
    publish_approved(access=made.access, round_=round_)


@pytest.mark.parametrize("fell", [_withdraw, _take_off, _correct])
def test_public_words_count_while_they_are_public_as_they_were_with_the_name(fell):
    made = stage()
    publication = made.publish("kk")
    letter, again = put_framed(made, publication.round)
    assert states(again) == [CellState.APPROVED] * 2
    fell(made, publication)
    assert states(again)[1] == CellState.REOPENED
    with pytest.raises(NotPublishable):
        publish_approved(access=letter.access, round_=again)
    third = another(made)
    version = framed(third, [versions_put(publication.round)["kk"]])
    assert states(third.put(versions=[version]))[1] == CellState.NOT_OPENED


def test_what_is_public_stands_when_its_source_falls(source):
    made, round_ = source
    letter, again = put_framed(made, round_)
    publication = publish_approved(access=letter.access, round_=again)
    _close(made, round_)
    again.refresh_from_db()
    assert states(again) == [CellState.APPROVED] * 2
    assert publication.names.filter(taken_off_at=None).count() == 2


def test_one_press_decides_anew(source):
    made, round_ = source
    letter, again = put_framed(made, round_)
    with pytest.raises(NotAllowed):
        reopen_inherited_approvals(round_=again, organisation=made.organisations[1], person=made.coordinator)
    reopen_inherited_approvals(round_=again, **who(made, 1))
    assert states(again) == [CellState.APPROVED, CellState.NOT_OPENED]
    with pytest.raises(Refused, match="Nothing was carried over"):
        reopen_inherited_approvals(round_=again, **who(made, 1))
    close_round(access=letter.access, round_=again)
    third = letter.put(versions=[versions_put(again)["kk"]])
    assert states(third) == [CellState.APPROVED, CellState.NOT_OPENED], "it is not taken for granted again"
    letter.approve(third, made.organisations[1])
    assert states(third) == [CellState.APPROVED] * 2


def test_who_decides_itself_takes_the_place_of_what_was_carried_over(source):
    made, round_ = source
    letter, again = put_framed(made, round_)
    letter.approve(again, made.organisations[1])
    (row,) = Approval.objects.filter(round=again, organisation=made.organisations[1], superseded_at=None)
    assert row.way == Way.MEMBERS_AREA
    _close(made, round_)
    assert states(again) == [CellState.REOPENED, CellState.APPROVED]


def test_another_voice_is_another_matter(source):
    made, round_ = source
    _letter, again = put_framed(
        made, round_, voice=Voice.ONE, speaker=made.organisations[0], rule=ApprovalRule.JOINED
    )
    assert states(again) == [CellState.NOT_OPENED] * 2


def test_a_call_that_counts_later_counts_later(source):
    made, round_ = source
    later = now() + datetime.timedelta(hours=24)
    Approval.objects.filter(round=round_, organisation=made.organisations[1]).update(
        way=Way.PHONE_LATER, counts_from=later
    )
    letter = another(made)
    version = framed(letter, [versions_put(round_)["kk"]])
    first = letter.put(versions=[version], rule=ApprovalRule.JOINED)
    assert states(first) == [CellState.APPROVED, CellState.NOT_OPENED]


def test_who_is_frozen_when_newer_words_are_put_is_not_counted(source):
    made, round_ = source
    letter = another(made)
    again = letter.put(versions=[letter.version("Not yet approved.")], rule=ApprovalRule.JOINED)
    FreezeFactory(organisation=made.organisations[1], frozen_at=now())
    version = framed(letter, [versions_put(round_)["kk"]])
    renew_round(access=letter.access, round_=again, versions=[version], acknowledged=True)
    assert states(again) == [CellState.APPROVED, CellState.NOT_OPENED]


def test_newer_words_made_of_approved_ones_are_carried_too(source):
    made, round_ = source
    letter = another(made)
    again = letter.put(versions=[letter.version("Not yet approved.")])
    version = framed(letter, [versions_put(round_)["kk"]])
    renew_round(access=letter.access, round_=again, versions=[version], acknowledged=True)
    assert states(again) == [CellState.APPROVED] * 2
    assert told(made, 1, "words_carried")
    assert not told(made, 1, "approval_again")


def test_it_takes_the_same_queries_for_two_and_for_six():
    counts = []
    for asked in (2, 6):
        made = stage(asked)
        round_ = made.put("kk", "ru")
        made.approve_all(round_)
        _letter, again = put_framed(made, round_)
        with CaptureQueriesContext(connection) as queries:
            assert set(states(again)) == {CellState.APPROVED}
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_a_slip_of_the_pen_keeps_nothing_that_was_carried_over():
    made = stage(4)
    round_ = made.put("en")
    made.approve_all(round_)
    letter, again = put_framed(made, round_)
    version = framed(letter, [versions_put(round_)["en"]], "en", title="A law on harasment")
    renew_round(access=letter.access, round_=again, versions=[version], acknowledged=True)
    slip = propose_typo_fix(access=letter.access, round_=again, language="en")
    for number in (1, 2):
        confirm_typo_fix(slip=slip, **who(made, number))
    assert set(states(again)) == {CellState.REOPENED}


@pytest.mark.parametrize(
    ("subject", "kind", "counts"),
    [
        (TextKind.STATEMENT, TextKind.STATEMENT, True),
        (TextKind.STATEMENT, TextKind.APPEAL, False),
        ("", TextKind.APPEAL, True),
    ],
)
def test_what_was_decided_by_mandate_is_carried_within_its_subject_only(subject, kind, counts):
    made = stage()
    organisation, moment = made.organisations[1], now()
    membership = MembershipFactory(organisation=organisation, role=MembershipRole.MEMBER)
    Mandate.objects.create(
        membership=membership,
        subject=subject,
        valid_from=moment - datetime.timedelta(days=1),
        valid_until=moment + datetime.timedelta(days=1),
    )
    round_ = made.put("kk")
    made.approve(round_, made.organisations[0])
    (approval,) = made.approve(round_, organisation, person=membership.person)
    assert approval.capacity == "mandate"
    letter = another(made, kind=kind)
    again = letter.put(versions=[framed(letter, versions_put(round_).values())])
    carried = Approval.objects.filter(round=again, way=Way.CARRIED_OVER)
    assert carried.filter(organisation=organisation).exists() is counts
    assert carried.filter(organisation=made.organisations[0]).exists()
