"""Regions of Kazakhstan have their names in every language of the site."""

import pytest
from django.utils.translation import override

from coalition.accounts.models import REGIONS, region_names


def test_seventeen_regions_and_three_cities() -> None:
    assert len(REGIONS) == 20
    assert {"KZ-10", "KZ-33", "KZ-62"} <= set(REGIONS)  # Abai, Zhetisu, Ulytau: regions since 2022


@pytest.mark.parametrize("language", ["kk", "ru"])
def test_names_are_translated(language: str) -> None:
    with override(language):
        names = region_names(REGIONS)
    assert len(set(names)) == len(REGIONS)
    assert not [name for name in names if name.isascii()]


def test_unknown_codes_are_skipped() -> None:
    with override("en"):
        assert region_names(["KZ-75", "KZ-00"]) == ["Almaty"]
