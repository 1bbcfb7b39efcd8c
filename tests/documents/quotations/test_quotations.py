"""A quotation is published only if its speaker approved it, and only as long as it says the same."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from coalition.accounts.models import Language
from coalition.accounts.naming import PUBLIC
from coalition.core.errors import Refused
from coalition.mail.models import OutboxMail
from coalition.roles import SeatRole
from coalition.workspaces.models import Notification
from coalition.workspaces.permissions import NotAllowed, access_to
from documents.approval.actions.open_round import renew_round
from documents.approval.queries.boards import board_of, publishing_obstacles
from documents.drafts.access import NoSuchLink
from documents.drafts.actions.manage import name_version, save_text
from documents.quotations.actions import answer_by_link, ask_speaker, record_consent
from documents.quotations.queries import quotations_in
from tests.documents.approval.builders import stage
from tests.documents.approval.inherited_builders import another, put_framed
from tests.factories import seat

pytestmark = pytest.mark.django_db
WAITS = "has not approved these words yet"


def written(made, words="We are not alone.", speaker="Gulnar Canaryspeaker", language="kk"):
    said = {"type": "paragraph", "content": [{"type": "text", "text": words}]}
    quotation = {"type": "quotation", "attrs": {"speaker": speaker, "role": "director"}, "content": [said]}
    text = made.text(language)
    body = {"type": "doc", "content": [quotation]}
    save_text(access=made.access, text=text, title="A law", lead="", body=body)
    return name_version(access=made.access, text=made.text(language), name="As agreed")


def put(made, **given):
    round_ = made.put(versions=[written(made, **given)])
    made.approve_all(round_)
    return round_


def reasons(round_):
    with translation.override("en"):  # a page that was asked for speaks another language
        return " ".join(publishing_obstacles(board_of(round_, PUBLIC)))


def digest_in(made):
    (asked,) = quotations_in(made.draft)
    return asked.statement.digest


def ask(made, **given):
    asked = {"email": "gulnar@tests.example", "language": Language.EN, "digest": digest_in(made), **given}
    return ask_speaker(access=made.access, draft=made.draft, **asked)


def test_the_speaker_approves_by_a_link_and_a_change_asks_anew(client):
    made = stage()
    round_ = put(made)
    assert "Gulnar Canaryspeaker" in reasons(round_)
    assert WAITS in reasons(round_)
    _row, token = ask(made)
    mail = OutboxMail.objects.get(template="documents/quotation")
    assert "alone" not in str(mail.context), "the mail tells nothing of the words"
    address = reverse("quotation", args=[token])
    assert b"We are not alone." in client.get(address).content
    assert WAITS in reasons(round_), "looking approves nothing"
    assert client.post(address, {"answer": "yes"}).status_code == 302
    assert reasons(round_) == ""
    assert Notification.objects.filter(kind="quotation_approved").exists()
    assert Notification.objects.filter(kind="approvals_complete").exists()
    assert client.post(address, {"answer": "no"}).status_code == 404, "once"
    newer = written(made, words="We are never alone.")
    renew_round(access=made.access, round_=round_, versions=[newer], acknowledged=True)
    made.approve_all(round_)
    assert WAITS in reasons(round_)


@pytest.mark.parametrize("change", [{"speaker": "Another Speaker"}, {"words": "We are not alone!"}])
def test_consent_is_bound_to_words_and_speaker(change):
    made = stage()
    round_ = put(made)
    record_consent(access=made.access, draft=made.draft, digest=digest_in(made), how="In a call")
    assert reasons(round_) == ""
    renew_round(access=made.access, round_=round_, versions=[written(made, **change)], acknowledged=True)
    assert WAITS in reasons(round_)


def test_a_refusal_takes_an_earlier_yes_back():
    made = stage()
    round_ = put(made)
    record_consent(access=made.access, draft=made.draft, digest=digest_in(made), how="In a call")
    _row, token = ask(made)
    answer_by_link(token=token, approves=False)
    assert WAITS in reasons(round_)
    with pytest.raises(NoSuchLink):
        answer_by_link(token=token, approves=True)


def test_only_coordinators_write_it_down_and_say_how():
    made = stage()
    written(made)
    digest = digest_in(made)
    with pytest.raises(Refused, match="Say how and when"):
        record_consent(access=made.access, draft=made.draft, digest=digest, how=" ")
    with pytest.raises(Refused, match="changed or taken out"):
        record_consent(access=made.access, draft=made.draft, digest="0" * 64, how="In a call")
    editor = access_to(seat(workspace=made.workspace, role=SeatRole.EDITOR).person, made.workspace.uuid)
    with pytest.raises(NotAllowed):
        record_consent(access=editor, draft=made.draft, digest=digest, how="In a call")


def test_the_page_asks_and_writes_down(client_of):
    made = stage()
    written(made)
    lead, address = client_of(made.coordinator), reverse("documents:quotations", args=[made.draft.uuid])
    digest = digest_in(made)
    prefix = digest[:12]
    page = lead.post(
        address,
        {"digest": digest, "act": "ask", f"{prefix}-email": "a@tests.example", f"{prefix}-language": "kk"},
    )
    assert re.search(rb"/quotation/[\w-]{20,}/", page.content)
    assert lead.post(address, {"digest": digest, "act": "record"}).status_code == 422
    lead.post(address, {"digest": digest, "act": "record", f"{prefix}-how": "In a call"})
    assert b"Approved by the speaker" in lead.get(address).content
    reviewer = client_of(seat(workspace=made.workspace, role=SeatRole.REVIEWER).person)
    assert b"Canaryspeaker" in reviewer.get(address).content
    assert reviewer.post(address, {"digest": digest, "act": "record"}).status_code == 403


def framed_letter():
    """A text with a quotation that all approved, and a letter that says it again in a frame."""
    made = stage()
    source = made.put(versions=[written(made)])
    made.approve_all(source)
    letter, again = put_framed(made, source)
    return made, letter, again


def test_a_quotation_in_approved_words_waits_for_its_speaker_too():
    made, letter, again = framed_letter()
    assert WAITS in reasons(again)
    record_consent(access=made.access, draft=made.draft, digest=digest_in(made), how="In a call")
    assert not reasons(again), "what the speaker said where the words come from counts"
    (asked,) = quotations_in(letter.draft)
    assert asked.is_given


def test_the_last_answer_counts_wherever_it_was_given():
    made, letter, again = framed_letter()
    _row, token = ask(letter)
    record_consent(access=made.access, draft=made.draft, digest=digest_in(made), how="In a call")
    _other, later = ask(made)
    answer_by_link(token=token, approves=True)
    assert not reasons(again)
    answer_by_link(token=later, approves=False)
    assert WAITS in reasons(again)
    assert not quotations_in(letter.draft)[0].is_given


def test_consent_to_a_quotation_elsewhere_is_none_for_the_same_words_without_a_frame():
    made, _letter, _again = framed_letter()
    record_consent(access=made.access, draft=made.draft, digest=digest_in(made), how="In a call")
    third = another(made)
    assert WAITS in reasons(third.put(versions=[written(third)]))
