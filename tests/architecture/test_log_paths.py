"""Every path that is masked in our log is one that a proxy's log has to be kept from."""

import re

import pytest

from coalition.log_masks import PATHS, masked
from tests.architecture.source import ROOT


@pytest.mark.parametrize("page", ["running.md", "security.md"])
@pytest.mark.parametrize("path", PATHS)
def test_a_masked_path_is_named_where_the_proxy_is_told_of(page: str, path: str) -> None:
    said = (ROOT / "docs" / page).read_text(encoding="utf-8")
    line = next(one for one in said.splitlines() if "proxy's log knows nothing of masks" in one)
    named = re.findall(r"`(/[a-z/-]+/)`", line)
    assert any(path.startswith(one) for one in named), path


@pytest.mark.parametrize("path", PATHS)
def test_each_of_them_is_masked(path: str) -> None:
    assert masked(f"{path}kR4nary-Token/") == f"{path}***/"
