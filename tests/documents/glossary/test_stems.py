"""Terms are found in their inflected forms, and words that only begin alike are not."""

import pytest

from documents.glossary.queries import patterns_of, split_variants, term_pattern
from tests.documents.glossary.matcher import hits

FORMS = {
    "kk": {
        "жыныстық қудалау": ["жыныстық қудалауға", "Жыныстық қудалаудың", "жыныстық қудалау"],
        "дағдарыс орталығы": ["дағдарыс орталығына", "дағдарыс орталығының"],
        "құқық": ["құқықтар", "құқығы", "құқығын"],
        "айып": ["айыбы", "айыпты", "айыптың"],
        "бап": ["бабы", "бапты", "баптың"],
        "қорғау нұсқамасы": ["қорғау нұсқамасын", "қорғау нұсқамасымен"],
        "зардап шеккен": ["зардап шеккендер", "зардап шеккенге", "зардап шеккен"],
        "заң жобасы": ["заң жобасына", "заң жобасы"],
    },
    "ru": {
        "сексуальное домогательство": ["сексуальных домогательствах", "сексуальным домогательствам"],
        "защитное предписание": ["защитного предписания", "защитные предписания"],
        "пострадавшая": ["пострадавшей", "пострадавшую", "пострадавшие"],
        "законопроект": ["законопроекта", "законопроектами"],
        "согласовать": ["согласовали", "согласовать"],
        "учёт": ["учета", "учёте"],
        "суд": ["суда", "судом", "суды"],
    },
    "en": {
        "survivor": ["survivors", "survivor’s", "Survivor's"],
        "abuse": ["abused", "abusing", "abuses"],
        "draft law": ["draft laws"],
        "penalty": ["penalties", "penalty"],
        "crisis centre": ["crisis centres"],
    },
}
OTHERS = {
    "kk": {"сот": ["сотка", "сотталған"], "үндеу": ["үндемей"], "заң": ["заңгер"], "анықтау": ["анықтама"]},
    "ru": {"суд": ["судно", "судьба"], "закон": ["законченный"], "право": ["правый берег реки"[:6] + "ило"]},
    "en": {"law": ["lawn", "lawyer"], "act": ["actor", "action"]},
}


def found(text, term, language):
    patterns = patterns_of("x", {language: term}, {})
    return [text[hit.start : hit.end] for hit in hits(text, language, patterns)]


@pytest.mark.parametrize(
    ("language", "term", "form"),
    [(code, term, form) for code, terms in FORMS.items() for term, forms in terms.items() for form in forms],
)
def test_an_inflected_form_is_found_whole(language, term, form):
    assert found(f"— {form}, .", term, language) == [form]


@pytest.mark.parametrize(
    ("language", "term", "word"),
    [(code, term, word) for code, terms in OTHERS.items() for term, words in terms.items() for word in words],
)
def test_a_word_that_begins_alike_is_another(language, term, word):
    assert found(word, term, language) == []


def test_variants_and_brackets():
    assert split_variants(" a ;b;; ") == ["a", "b"]
    assert term_pattern("victim (procedural status)", "en") == [["victim"]]
    assert term_pattern("123 (…)", "en") == [["123"]]
    assert term_pattern("…", "en") == []


def test_of_two_the_longer_counts_and_a_word_to_avoid_first():
    patterns = [
        *patterns_of("short", {"en": "harassment"}, {}),
        *patterns_of("long", {"en": "sexual harassment"}, {}),
        *patterns_of("status", {"en": "victim"}, {}),
        *patterns_of("person", {"en": "survivor"}, {"en": "victim"}),
    ]
    made = hits("Sexual harassment: the victim.", "en", patterns)
    assert [(hit.pattern["term"], hit.pattern["avoid"]) for hit in made] == [
        ("long", False),
        ("person", True),
    ]


def test_another_language_is_not_looked_at():
    assert hits("law", "kk", patterns_of("x", {"en": "law"}, {})) == []
