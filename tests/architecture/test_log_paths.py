"""Every path that is masked in our log is one that a proxy's log has to be kept from."""

import re

import pytest

from coalition.core.log_redaction import SECTIONS, TOKEN_PATHS, mask_tokens
from tests.architecture.source import ROOT
from tests.permissions import surfaces


@pytest.mark.parametrize("page", ["running.md", "security.md"])
def test_the_masked_paths_are_named_where_the_proxy_is_described(page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    line = next(one for one in text.splitlines() if "proxy's log knows nothing of masks" in one)
    named = tuple(re.findall(r"`(/[a-zA-Z/-]+/)`", line))
    missing = [path for path in TOKEN_PATHS if not path.startswith(named)]
    assert not missing, f"docs/{page} does not name: {' '.join(missing)}"


def test_each_of_them_is_masked() -> None:
    shown = [path for path in TOKEN_PATHS if mask_tokens(f"{path}kR4nary-Token/") != f"{path}***/"]
    assert not shown, f"not masked: {' '.join(shown)}"


SECRET = re.compile(r"<(?:str:)?(?:token|key)>|\(\?P<key>")


def test_every_address_with_a_secret_is_masked() -> None:
    """An address that comes tomorrow is masked tomorrow."""
    there = [one for one in surfaces.found(["/cms/", "/documents/"])["urls"] if SECRET.search(one)]
    assert len(there) > 20
    for pattern in there:
        before = SECRET.split(pattern)[0].replace("<lang>", "kk").replace("^", "")
        told = before.partition("(")[0]  # what allauth puts before its key
        assert mask_tokens(f"{told}kR4nary-Token/") == f"{told}***/", pattern


def test_the_proxy_masks_the_same() -> None:
    conf = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    found = re.search(r"\?/\(\?:([^)]+)\)/\)\[", conf)
    assert found
    assert {f"/{one}/" for one in found[1].split("|")} == set(TOKEN_PATHS)


def test_the_proxy_leaves_out_the_same_quiet_pages() -> None:
    conf = (ROOT / "deploy" / "nginx.conf").read_text(encoding="utf-8")
    sections = "|".join(SECTIONS)
    assert f'"~*(?:^|\\s)/+(?:(?:kk|ru|en)/+)?{sections}(?:[/?;\\s]|%3b|$)"  0;' in conf
    assert f'location ~* "^/(?:(?:kk|ru|en)/)?{sections}(?:[/;]|$)" {{' in conf


@pytest.mark.parametrize("page", ["running.md", "security.md", "help.md"])
def test_quiet_pages_are_named_where_the_proxy_is_described(page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    assert [name for name in SECTIONS if f"`/<language>/{name}/`" not in text] == []
