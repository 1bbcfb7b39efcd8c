"""A design prints exactly the words that were approved, and all of them."""

import json

import pytest
from django.utils.timezone import localdate
from django.utils.translation import override

from coalition.audit.models import AuditEntry
from coalition.campaigns.models import Body, CardDesign, Target
from coalition.campaigns.postcards.actions import (
    change_design,
    create_design,
    make_batches,
    publish_design,
    unpublish_design,
)
from coalition.campaigns.postcards.layout import (
    CardTooFull,
    card_content,
    check_fits,
    content_of,
    recipient_lines,
    too_long,
)
from coalition.campaigns.postcards.queries import designs_with_parts
from coalition.campaigns.postcards.words import CardWords, card_words, stop_reason, usable_publications
from coalition.consent.enums import Place
from coalition.consent.items import Taker, takers_of
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.roles import SeatRole
from coalition.workspaces.permissions import NotAllowed
from documents.canonical.form import canonical_hash
from documents.drafts.models import Handling, TextKind
from documents.models import Publication, PublicationText, Version
from documents.publication.actions import withdraw_publication
from tests.campaigns.postcards.builders import WORDS, picture_of, publish_words
from tests.consent.builders import consent_asked, put_under_consent, shown_under_consent
from tests.documents.approval.builders import stage

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("no_pages")]


def reread(design: CardDesign) -> CardDesign:
    return designs_with_parts().get(pk=design.pk)


def words(language: str, *paragraphs: str, title: str = "Title") -> CardWords:
    return CardWords(language, title, paragraphs, has_lead=False)


def write_document(design: CardDesign, language: str, *, hashed: bool = True, **changed: object) -> None:
    """Change the published document; with its hash unless `hashed` is off."""
    text = design.publication.texts.select_related("version").get(language=language)
    document = {**text.version.document, **changed}
    Version.objects.filter(pk=text.version.pk).update(canonical=json.dumps(document))
    if hashed:
        PublicationText.objects.filter(pk=text.pk).update(hash=canonical_hash(document))


def given_of(design: CardDesign, **given: object) -> dict[str, object]:
    return {
        "publication": design.publication,
        "slug": design.slug,
        "languages": design.languages,
        "action": design.action,
        "target": design.target,
        **given,
    }


def test_all_the_words_stand_on_the_card_in_the_order_of_its_languages(here):
    shown = content_of(here.design).words
    assert [(one.language, one.paragraphs) for one in shown] == [
        (code, (text,)) for code, text in WORDS.items()
    ]
    assert here.design.hashes == {one.language: one.hash for one in here.design.publication.texts.all()}
    assert AuditEntry.objects.filter(action="card_design.created", target=here.design.uuid).exists()


def test_only_kinds_for_cards_that_are_public_are_offered(here):
    table = publish_words(here.made, {"kk": "Table"}, kind=TextKind.COMPARATIVE_TABLE)
    caption = publish_words(here.made, {"kk": "Caption"}, kind=TextKind.CAPTION)
    offered = list(usable_publications(here.access))
    assert caption in offered
    assert table not in offered
    with pytest.raises(Refused, match="not of a kind for cards"):
        create_design(access=here.access, **given_of(here.design, publication=table, slug="other"))


def test_a_text_of_another_workspace_is_refused(here):
    elsewhere = stage()
    other = publish_words(elsewhere, {"kk": "Words"})
    with pytest.raises(Refused, match="another workspace"):
        create_design(access=here.access, **given_of(here.design, publication=other, slug="other"))


def test_only_coordinators_make_designs(here):
    editor = here.seated(SeatRole.EDITOR)
    with pytest.raises(NotAllowed):
        create_design(access=editor, **given_of(here.design, slug="other"))
    with pytest.raises(NotAllowed):
        make_batches(
            access=editor, design=here.design, count=1, quantity=5, organisations=[editor.organisation]
        )
    with pytest.raises(NotAllowed):
        publish_design(access=editor, design=here.design)


def test_an_address_belongs_to_one_design(here):
    with pytest.raises(Refused, match="Another design has this address"):
        create_design(access=here.access, **given_of(here.design))
    with pytest.raises(Refused, match="between 1 and 60"):
        create_design(access=here.access, **given_of(here.design, slug="a" * 61))


def test_a_language_in_which_it_is_not_published_is_named(here):
    only_kazakh = publish_words(here.made, {"kk": "Words"})
    with pytest.raises(Refused, match=r"not published in: Русский, English"):
        create_design(access=here.access, **given_of(here.design, publication=only_kazakh, slug="other"))
    made = create_design(
        access=here.access,
        **given_of(here.design, publication=only_kazakh, slug="other", languages=["kk", "kk"]),
    )
    assert made.languages == ["kk"]


def test_words_that_are_not_those_that_were_approved_are_refused(here):
    write_document(here.design, "ru", hashed=False, lead="Something else")
    with pytest.raises(Refused, match="not the one that was approved"):
        content_of(reread(here.design))


def test_a_text_withdrawn_between_form_and_save_is_refused(here):
    publication = publish_words(here.made, {"kk": "Words"})
    withdraw_publication(access=here.access, publication=publication, note="A mistake")
    with pytest.raises(Refused, match="not public now"):
        create_design(
            access=here.access,
            **given_of(here.design, publication=publication, slug="other", languages=["kk"]),
        )


def test_a_withdrawn_text_stops_new_batches_and_the_printed_ones_stay(here):
    [batch] = here.batches()
    withdraw_publication(access=here.access, publication=here.design.publication, note="A mistake")
    assert "was withdrawn" in str(stop_reason(reread(here.design)))
    with pytest.raises(Refused, match="Those that are printed stay"):
        here.batches()
    batch.refresh_from_db()
    assert batch.closed_at is None


def test_other_hashes_stop_new_batches(here):
    PublicationText.objects.filter(publication=here.design.publication, language="kk").update(hash="0" * 64)
    with pytest.raises(Refused, match="not the one that was approved"):
        here.batches()


def test_a_corrected_or_awaiting_text_stops_new_batches(here):
    publications = Publication.objects.filter(pk=here.design.publication.pk)
    publications.update(awaiting_since=now())
    assert "awaited" in str(stop_reason(reread(here.design)))
    publications.update(awaiting_since=None)
    corrected = publish_words(here.made, {"kk": "Corrected"})
    Publication.objects.filter(pk=corrected.pk).update(replaces=here.design.publication)
    assert "was corrected" in str(stop_reason(reread(here.design)))


def test_a_picture_is_marked_public_and_stays_that_of_the_design(here):
    inner = picture_of(here.access, handling=Handling.WORKSPACE)
    with pytest.raises(Refused, match="not marked as public"):
        create_design(access=here.access, **given_of(here.design, slug="other", front_picture=inner))
    picture = picture_of(here.access)
    made = create_design(access=here.access, **given_of(here.design, slug="other", front_picture=picture))
    content = content_of(reread(made))
    assert content.picture.startswith(b"\xff\xd8")
    assert (content.picture_alt, content.credit) == ("A sea", "A. Photographer")
    picture.delete()
    assert "picture on its front was deleted" in str(stop_reason(reread(made)))


@pytest.mark.parametrize("put_under", [put_under_consent, shown_under_consent])
def test_no_picture_under_consent_is_printed_whatever_she_agreed_to(here, put_under):
    picture, copy = picture_of(here.access), picture_of(here.access)
    assert picture.sha256 == copy.sha256
    given = given_of(here.design, slug="other")
    made = create_design(access=here.access, **{**given, "front_picture": picture})
    put_under(consent_asked(), "file", str(picture.uuid))
    for one in (picture, copy):
        with pytest.raises(Refused, match="cannot be printed on cards"):
            create_design(access=here.access, **{**given, "slug": "third", "front_picture": one})
    assert "picture on its front cannot be printed" in str(stop_reason(reread(made)))
    with pytest.raises(Refused, match="cannot be printed on cards"):
        content_of(reread(made))


def test_cards_that_were_printed_with_a_picture_stand_on_the_list(here):
    picture, copy = picture_of(here.access), picture_of(here.access)
    made = create_design(access=here.access, **given_of(here.design, slug="other", front_picture=picture))
    assert takers_of("file", str(picture.uuid)) == []
    make_batches(
        access=here.access, design=made, count=2, quantity=500, organisations=here.made.organisations[:1]
    )
    with override("en"):
        for key in (picture.uuid, copy.uuid):
            assert takers_of("file", str(key)) == [Taker("Printed postcards “other”, 1000 cards", Place.SITE)]
    assert takers_of("file", "nonsense") == []


def test_the_recipient_stands_on_the_card_in_its_first_language(here):
    body = Body.objects.create(
        workspace=here.made.workspace,
        kind="parliament",
        name={"kk": "Құрылтай", "ru": "Курултай"},
        address={"kk": "Астана, 1-үй"},
    )
    person = Target.objects.create(
        body=body,
        external_id="1",
        name={"kk": "А. Айтбаева"},
        position={"kk": "Депутат"},
        as_of=localdate(now()),
    )
    assert recipient_lines(person, "kk") == ["А. Айтбаева", "Депутат", "Құрылтай", "Астана, 1-үй"]
    assert recipient_lines(body, "ru") == ["Курултай", "Астана, 1-үй"]
    made = create_design(access=here.access, **given_of(here.design, slug="other", recipient=person))
    assert (made.recipient_target, made.recipient_body) == (person, None)
    Target.objects.filter(pk=person.pk).update(gone_on=localdate(now()))
    assert "not in office" in str(stop_reason(reread(made)))
    person.refresh_from_db()
    with pytest.raises(Refused, match="not in office"):
        create_design(access=here.access, **given_of(here.design, slug="third", recipient=person))


def test_a_recipient_of_another_workspace_is_refused(here):
    body = Body.objects.create(workspace=stage().workspace, kind="other", name={"kk": "Орган"})
    with pytest.raises(Refused, match="cannot be chosen here"):
        create_design(access=here.access, **given_of(here.design, slug="other", recipient=body))


def test_what_a_code_leads_to_is_public_in_the_workspace(here):
    with pytest.raises(Refused, match="not public any more"):
        create_design(
            access=here.access, **given_of(here.design, slug="other", target=stage().workspace.uuid)
        )


def test_a_design_is_changed_until_cards_are_ordered(here):
    changed = change_design(
        access=here.access, design=here.design, **given_of(here.design, slug="new", languages=["ru", "kk"])
    )
    assert (changed.slug, changed.languages, list(changed.hashes)) == ("new", ["ru", "kk"], ["kk", "ru"])
    entry = AuditEntry.objects.get(action="card_design.changed")
    assert sorted(entry.detail["fields"]) == ["hashes", "languages", "slug"]
    here.batches()
    with pytest.raises(Refused, match="cannot be changed"):
        change_design(access=here.access, design=here.design, **given_of(here.design, languages=["kk"]))


def test_numbers_become_public_by_a_press_and_go_by_another(here):
    with pytest.raises(Refused, match="make a batch first"):
        publish_design(access=here.access, design=here.design)
    here.batches()
    assert publish_design(access=here.access, design=here.design).published_at is not None
    assert unpublish_design(access=here.access, design=here.design).published_at is None
    actions = AuditEntry.objects.filter(target=here.design.uuid).values_list("action", flat=True)
    assert {"card_design.published", "card_design.unpublished"} <= set(actions)


# What fits on a card.


def test_what_is_too_long_is_said_by_language_and_never_cut(here):
    long = {**WORDS, "ru": "Мы просим принять закон. " * 60}
    publication = publish_words(here.made, long)
    with pytest.raises(CardTooFull) as caught:
        create_design(access=here.access, **given_of(here.design, publication=publication, slug="other"))
    [excess] = caught.value.excess
    assert (excess.language, excess.length) == ("ru", len(long["ru"].strip()))
    assert (
        f"Русский: about {excess.characters} of {excess.length} characters too many." in caught.value.message
    )
    shorter = long["ru"].strip()[: excess.length - excess.characters]
    check_fits(
        card_content(
            words=[words("kk", WORDS["kk"]), words("ru", shorter), words("en", WORDS["en"])],
            recipient=None,
            picture=None,
        )
    )


@pytest.mark.parametrize(
    ("heights", "excess"),
    [
        ((100, 100, 100), {}),
        ((50, 50, 200), {}),
        ((50, 50, 400), {"en": 500}),
        ((200, 200, 200), {"kk": 500, "ru": 500, "en": 500}),
        ((20, 200, 400), {"ru": 300, "en": 650}),
        ((100, 100, 101), {"en": 100}),
    ],
)
def test_room_that_a_short_language_leaves_goes_to_the_others(heights, excess):
    text = [words(language, "x" * 1000) for language in ("kk", "ru", "en")]
    found = too_long(text, heights, 300, line=10)
    assert {one.language: one.characters for one in found} == excess


def test_titles_or_a_recipient_that_do_not_fit_are_refused():
    with pytest.raises(CardTooFull, match="titles are too long"):
        check_fits(
            card_content(words=[words("kk", "Short", title="Зорлық " * 120)], recipient=None, picture=None)
        )
    body = Body(name={"kk": "Министрлік " * 30}, kind="ministry")
    with pytest.raises(CardTooFull, match="recipient are too long"):
        check_fits(card_content(words=[words("kk", "Short")], recipient=body, picture=None))


def test_a_card_holds_six_hundred_characters_in_each_of_three_languages():
    sentence = "Біз зорлықтан қорғайтын заңды сұраймыз. "
    text = (sentence * 20)[:450]
    check_fits(
        card_content(
            words=[words(language, text) for language in ("kk", "ru", "en")], recipient=None, picture=None
        )
    )


def test_a_table_or_a_picture_in_the_text_cannot_stand_on_a_card(here):
    cell = {"header": False, "blocks": []}
    write_document(here.design, "kk", blocks=[{"type": "table", "rows": [[cell]]}])
    with pytest.raises(Refused, match="a table or a picture"):
        card_words(reread(here.design).publication, ["kk"])


def test_lists_and_quotes_keep_all_their_words(here):
    def paragraph(said: str) -> dict[str, object]:
        return {"type": "paragraph", "content": [{"type": "text", "text": said, "marks": []}]}

    items = [[paragraph("one")], [paragraph("two")]]
    blocks = [
        paragraph("First"),
        {"type": "list", "ordered": True, "start": 1, "items": items},
        {"type": "quote", "blocks": [paragraph("A law")]},
    ]
    write_document(here.design, "kk", lead="Lead", blocks=blocks)
    [shown] = card_words(reread(here.design).publication, ["kk"])
    assert shown.has_lead
    assert shown.paragraphs[:2] == ("Lead", "First")
    assert all(said in "\n".join(shown.paragraphs) for said in ("one", "two", "A law"))
