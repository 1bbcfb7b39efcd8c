"""What words of an entry must not tell: names of organisations that are not listed, addresses of places."""

import pytest

from coalition.accounts.models import Listing
from coalition.campaigns.helplines.actions.entries import UnlistedName, stamp_of
from coalition.campaigns.helplines.enums import RunBy
from coalition.campaigns.helplines.models import Helpline, HelplineEntry
from coalition.campaigns.helplines.wording import fields_naming_unlisted, looks_like_address
from coalition.core.localized_text import LocalizedText
from tests.campaigns.helplines.register import Register, filled
from tests.conftest import new_client
from tests.factories import OrganisationFactory

SECRET = "Foundation “Quiet Garden”"


@pytest.mark.parametrize(
    "text",
    [
        "Паналау орны: Абай көшесі, 12",
        "Достық даңғылы 85-үй",
        "Самал-2 шағын ауданы, 33",
        "Приют на ул. Абая, 12",
        "улица Сатпаева 7",
        "пр. Достык 5",
        "мкр. Самал 33",
        "Shelter at 12 Abai St, ring twice",
        "Abai street 12",
        "7 Dostyk avenue",
    ],
)
def test_addresses_of_streets_are_recognised(text):
    assert looks_like_address(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "150 нөміріне қоңырау шалыңыз",
        "Жұмыс уақыты: 09:00–18:00, дүйсенбі 1 наурыз",
        "Для женщин и детей до 18 лет, круглосуточно",
        "Номер 150, звонок с улицы бесплатный",
        "From 9 to 18, the first answer within 5 minutes",
        "Best at night",
    ],
)
def test_numbers_and_hours_are_no_addresses(text):
    assert not looks_like_address(text)


def named(text):
    return fields_naming_unlisted(HelplineEntry(summary=LocalizedText({"ru": text}))) == ("summary",)


@pytest.fixture
def hidden(db):
    return OrganisationFactory(
        name_en=SECRET, name_kk="Тыныш бақ", name_ru="Тихий сад", listing=Listing.CONFIDENTIAL
    )


@pytest.mark.parametrize(
    "text",
    [SECRET, "  foundation  «quiet garden» ", "тихий сад", "Линия организации «Тихий Сад» для женщин"],
)
def test_names_of_unlisted_organisations_are_found_however_they_are_written(hidden, text):
    assert named(text)


@pytest.mark.parametrize("text", ["", "Garden", "Тихий садовник", "Қоғамдық қор"])
def test_other_words_are_no_names(hidden, text):
    assert not named(text)


def test_a_name_of_one_word_counts_alone_or_in_quotation_marks(db):
    OrganisationFactory(name_kk="Бірге", name_ru="Вместе", name_en="Birge", listing=Listing.WITHHELD)
    assert named("БІРГЕ")
    assert named("«Бірге» қоры")
    assert not named("Біз сізбен бірге боламыз")


def test_names_of_listed_organisations_may_be_written(db):
    OrganisationFactory(name_en=SECRET, listing=Listing.PUBLIC)
    assert not named(SECRET)


@pytest.mark.django_db
@pytest.mark.parametrize("field", ["operator", "name", "summary"])
@pytest.mark.parametrize("listing", [Listing.WITHHELD, Listing.CONFIDENTIAL])
def test_a_withheld_name_is_refused_in_what_the_public_reads(field, listing):
    register = Register()
    register.centre.listing = listing
    register.centre.save()
    given = {"run_by": RunBy.OTHER, "operator": LocalizedText({"en": "Somebody"})}
    given[field] = LocalizedText({"en": register.centre.name_en.upper()})
    with pytest.raises(UnlistedName) as refused:
        register.proposed(**given)
    assert refused.value.fields == (field,)
    assert register.centre.name_en.casefold() not in str(refused.value.message).casefold()
    assert not Helpline.objects.exists()


def test_the_name_is_refused_beside_its_field_and_nothing_typed_is_lost(hidden):
    answer = new_client(Register().author).post(
        "/workspaces/helplines/new/", filled(summary_ru="Тихий сад отвечает на всё")
    )
    assert answer.status_code == 422
    assert "Тихий сад отвечает на всё" in answer.text
    assert answer.context["form"].errors.keys() == {"summary"}
    assert not Helpline.objects.exists()


@pytest.mark.django_db
def test_who_reviews_is_warned_of_a_name_that_became_unlisted():
    register = Register()
    entry = register.proposed(name=LocalizedText({"en": SECRET}))
    address = f"/workspaces/helplines/{entry.helpline.uuid}/"
    warning = "names an organisation that is not to be named to the public"
    assert warning not in new_client(register.reviewer).get(address).text
    OrganisationFactory(name_en=SECRET, listing=Listing.WITHHELD)
    assert warning in new_client(register.reviewer).get(address).text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "typed", [{"summary_ru": "Приют: ул. Абая, 12"}, {"channel-1-note_ru": "приходите: ул. Абая, 12"}]
)
def test_an_address_is_asked_about_before_it_is_proposed(typed):
    author = new_client(Register().author)
    answer = author.post("/workspaces/helplines/new/", filled(**typed))
    assert answer.status_code == 422
    assert "This looks like the address of a street." in answer.text
    assert 'name="address_is_open"' in answer.text
    assert not Helpline.objects.exists()
    assert author.post("/workspaces/helplines/new/", filled(address_is_open="on", **typed)).status_code == 302
    assert Helpline.objects.count() == 1


@pytest.mark.django_db
def test_nobody_is_asked_about_addresses_where_there_is_none():
    assert (
        'name="address_is_open"' not in new_client(Register().author).get("/workspaces/helplines/new/").text
    )


@pytest.mark.django_db
def test_who_publishes_says_that_no_shelters_address_stands_in_it():
    register = Register()
    entry = register.proposed()
    client = new_client(register.reviewer)
    address = f"/workspaces/helplines/{entry.helpline.uuid}/publish/"
    answer = client.post(address, {"seen": stamp_of(entry)})
    assert answer.status_code == 422
    assert "Read every word" in answer.text
    assert not HelplineEntry.objects.filter(state="published").exists()
    assert client.post(address, {"seen": stamp_of(entry), "no_shelter": "on"}).status_code == 302
    assert HelplineEntry.objects.filter(state="published").exists()
