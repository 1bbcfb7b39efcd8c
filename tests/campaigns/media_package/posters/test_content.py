"""What stands on a poster is taken from the approved words, and from nowhere else."""

import pytest

from coalition.campaigns.media_package.enums import PackageAudience
from coalition.campaigns.media_package.models import MediaItem
from coalition.campaigns.media_package.posters.content import PosterContent, content_of, numerals_in
from documents.canonical.form import Document
from documents.drafts.actions.texts import document_as_written, text_content
from tests.campaigns.media_package.builders import Press, blocks
from tests.campaigns.media_package.posters.builders import (
    TITLES,
    changed,
    content_with,
    figure,
    own_stage,
    poster,
    write,
)

pytestmark = pytest.mark.django_db


def document(item: MediaItem, language: str = "kk") -> Document:
    text = item.draft.texts.get(language=language)
    return document_as_written(draft=item.draft, language=language, words=text_content(text))


def content(item: MediaItem, language: str = "kk") -> PosterContent:
    own = document(item, language)
    return content_of(item, own, numerals_in([own]))


def test_the_figure_is_split_by_the_numeral_of_the_register(here: Press) -> None:
    item = poster(here)
    write(here, item, figure(here))
    made = content(item)
    assert (made.title, made.numeral, made.figure) == (TITLES["kk"], "17 %", "айыптау үкімі шықты")
    assert made.source.startswith("Қазақстан, 20 жыл. Internews, 2018.")
    assert made.terms == (
        ("Авторлары", "Сурет: коалиция (kk)"),
        ("Қаржыландыру", "Қор (kk)"),
    )
    assert made.address.endswith("/kk/media/package/")
    assert content(item, "ru").figure == "приговоров вынесли"


def test_a_poster_of_a_package_for_outlets_leads_to_the_site(here: Press) -> None:
    item = poster(here)
    write(here, item, None)
    here.package.audience = item.package.audience = PackageAudience.OUTLETS
    made = content(item, "ru")
    assert made.address.endswith("/ru/")
    assert "media" not in made.address


def test_the_words_stay_as_approved_when_the_figure_changes(here: Press) -> None:
    item, fact = poster(here), figure(here)
    write(here, item, fact)
    changed(here, fact)
    assert content(item).numeral == "17 %"


def test_other_words_than_the_registers_have_no_large_numeral(here: Press) -> None:
    item, fact = poster(here), figure(here, "25")
    body = content_with(fact, "kk")
    body["content"][0]["content"][2]["attrs"]["words"] = "2500 айыптау үкімі шықты"
    own_stage(here, item).write_blocks(body, "kk", title=TITLES["kk"])
    made = content(item)
    assert (made.numeral, made.figure) == ("", "2500 айыптау үкімі шықты")


def test_the_description_of_the_text_is_the_alternative_text(here: Press) -> None:
    item = poster(here)
    write(here, item, None)
    assert content(item).alt == TITLES["kk"]
    body = blocks(("Көрмейтіндерге сипаттама", "Қызыл фонда ақ сөздер. " * 30))
    own_stage(here, item).write_blocks(body, "kk", title=TITLES["kk"])
    alt = content(item).alt
    assert alt.startswith("Қызыл фонда ақ сөздер.")
    assert len(alt) <= 300


def test_numerals_of_all_languages_take_one_query(here: Press, django_assert_num_queries) -> None:
    item = poster(here)
    write(here, item, figure(here))
    documents = [document(item, code) for code in ("kk", "ru", "en")]
    with django_assert_num_queries(1):
        numerals_in(documents[:1])
    with django_assert_num_queries(1):
        numerals_in(documents)
