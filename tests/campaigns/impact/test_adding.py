"""Lines add up to totals, whoever reads them."""

import pytest
from hypothesis import given, settings, strategies as st

from coalition.accounts.models import Listing, Organisation
from coalition.accounts.naming import PUBLIC
from coalition.campaigns.impact.adding import Lines, add_up
from coalition.campaigns.impact.enums import MOST_LINES_SHOWN
from coalition.campaigns.impact.hidden_names import HiddenNames
from coalition.campaigns.impact.presenters import shown_content

COALITIONS = st.dictionaries(
    st.none() | st.integers(min_value=1, max_value=60), st.integers(min_value=0, max_value=5_000), max_size=60
)


@settings(max_examples=1_000)
@given(values=COALITIONS, named=st.sets(st.integers(min_value=1, max_value=60)), of_people=st.booleans())
def test_lines_equal_the_total_with_withheld_organisations(
    values: dict[int | None, int], named: set[int], of_people: bool
) -> None:
    made = add_up(values, named=named, of_people=of_people)
    assert sum(value for _organisation, value in made.named) + made.withheld + made.others == made.total
    assert made.total == add_up(values, named=(), of_people=of_people).total  # the same for every reader
    assert {organisation for organisation, _value in made.named} <= named
    assert made.others >= 0
    if of_people:
        assert all(value % 10 == 0 for _organisation, value in made.named)
        assert made.total % 10 == 0
    else:
        assert made.total == sum(values.values())


def test_a_withheld_organisation_is_counted_and_not_named() -> None:
    made = add_up({1: 5, 2: 3, 3: 4, None: 2}, named={1}, of_people=False)
    assert made == Lines(14, ((1, 5),), withheld=7, withheld_organisations=2, others=2)


def test_people_stand_in_full_tens_and_a_withheld_organisation_with_the_rest() -> None:
    made = add_up({1: 128, 2: 7, 3: 40}, named={1, 2}, of_people=True)
    assert made == Lines(170, ((1, 120),), others=50)


def test_a_negative_value_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        add_up({1: -1}, named={1}, of_people=False)


@settings(max_examples=200)
@given(
    values=COALITIONS,
    withheld_since=st.sets(st.integers(min_value=1, max_value=60)),
    is_complete=st.booleans(),
    of_people=st.booleans(),
)
def test_shown_lines_equal_the_total_also_shortened_and_with_organisations_withheld_since(
    values: dict[int | None, int], withheld_since: set[int], is_complete: bool, of_people: bool
) -> None:
    organisations = {
        number: Organisation(
            name_en=f"Organisation {number}",
            listing=Listing.WITHHELD if number in withheld_since else Listing.PUBLIC,
        )
        for number in range(1, 61)
    }
    made = add_up(values, named=range(1, 61), of_people=of_people)
    figure = {
        "rung": "action",
        **({"code": "letters"} if of_people else {"measure": "m", "words": {"en": "Letters"}}),
        "proof": "",
        "total": made.total,
        "as_of": None,
        "lines": [{"organisation": number, "value": value} for number, value in made.named],
        "withheld": {"organisations": 0, "value": made.withheld},
        "others": made.others,
        "details": [],
    }
    (rung,) = shown_content(
        {"figures": [figure], "changes": []},
        organisations,
        PUBLIC,
        hidden=HiddenNames(organisations.values(), PUBLIC),
        complete=None if is_complete else (),
    )
    (shown,) = rung.figures
    assert sum(line.value for line in shown.lines) == shown.total
    hidden = {organisations[number].name_en for number in withheld_since}
    assert not hidden & {line.name for line in shown.lines}
    assert is_complete or len(shown.lines) <= MOST_LINES_SHOWN + 3
