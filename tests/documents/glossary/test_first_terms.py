"""The terms that a site begins with."""

import pytest

from documents.drafts.models import GlossaryField
from documents.glossary.models import LONGEST_NOTE, LONGEST_WORDS
from documents.glossary.queries import FIELDS, LANGUAGES, first_terms, split_variants, term_pattern
from documents.models import GlossaryTerm

TERMS = list(first_terms())


def test_there_are_at_least_two_hundred_in_every_language():
    assert len(TERMS) >= 200
    assert {term["field"] for term in TERMS} == set(GlossaryField.values)
    for term in TERMS:
        assert term.keys() == set(FIELDS), term
        for code in LANGUAGES:
            assert all(term_pattern(one, code) for one in split_variants(term[code])), term
            assert len(term[code]) <= LONGEST_WORDS
            assert len(term[f"note_{code}"]) <= LONGEST_NOTE


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_term_stands_twice_and_none_is_to_be_avoided_for_itself(language):
    seen = [one.casefold() for term in TERMS for one in split_variants(term[language])]
    twice = {one for one in seen if seen.count(one) > 1}
    assert twice <= {"обращение"}  # both an appeal and a person's request for help
    for term in TERMS:
        assert not set(split_variants(term[language])) & set(split_variants(term[f"avoid_{language}"])), term


def test_a_note_is_said_in_all_languages_or_none():
    for term in TERMS:
        assert len({bool(term[f"note_{code}"]) for code in LANGUAGES}) == 1, term


@pytest.mark.django_db
def test_a_new_site_has_them():
    assert GlossaryTerm.objects.filter(removed_at=None).count() == len(TERMS)
    survivor = GlossaryTerm.objects.get(en="survivor")
    assert "жертва" in survivor.words
