"""Where links may lead."""

import pytest

from documents.canonical.form import CanonicalError
from documents.canonical.html import normal_href


@pytest.mark.parametrize(
    "href, code",
    [
        ("javascript:alert(1)", "link_scheme"),
        ("JaVaScRiPt:alert(1)", "link_scheme"),
        (" javascript:alert(1)", "link_scheme"),
        ("java\nscript:alert(1)", "link_relative"),
        ("java\tscript:alert(1)", "link_relative"),
        ("java\x00script:alert(1)", "control_character"),
        ("\x01javascript:alert(1)", "control_character"),
        ("java\u200bscript:alert(1)", "link_scheme"),
        ("data:text/html;base64,PHNjcmlwdD4=", "link_scheme"),
        ("vbscript:x", "link_scheme"),
        ("file:///etc/passwd", "link_scheme"),
        ("blob:https://example.org/1", "link_scheme"),
        ("ftp://example.org", "link_scheme"),
        ("", "link_empty"),
        ("/kk/news/", "link_relative"),
        ("//example.org/", "link_relative"),
        ("#anchor", "link_relative"),
        ("example.org", "link_relative"),
        ("https://", "link_broken"),
        ("https:///path", "link_broken"),
        ("https:example.org", "link_broken"),
        ("https://exa mple.org", "link_broken"),
        ("https://example.org\\@evil.example", "link_broken"),
        ("https://example.org:99999/", "link_broken"),
        ("https://[::1", "link_broken"),
        ('https://example.org/"onmouseover="alert(1)', "link_broken"),
        ("https://bank.example@evil.example/", "link_disguised"),
        ("https://user:word@example.org/", "link_disguised"),
        ("https://example.org/\u202egnp.exe", "direction_character"),
        ("https://example.org/\ud800", "broken_character"),
        ("https://example.org/" + "a" * 2048, "link_long"),
        ("mailto:", "link_broken"),
        ("mailto:nobody", "link_broken"),
        ("mailto:a@example.org,b@example.org", "link_broken"),
        ("mailto:a@example.org?bcc=b@example.org", "link_broken"),
        ("tel:", "link_broken"),
        ("tel:call-me", "link_broken"),
    ],
)
def test_a_link_is_refused_in_words(href, code):
    with pytest.raises(CanonicalError) as caught:
        normal_href(href, "content[0]")
    assert caught.value.code == code
    assert "%(" not in caught.value.message


@pytest.mark.parametrize(
    "href, normal",
    [
        ("HTTPS://Example.ORG/Path?Q=1#Z", "https://example.org/Path?Q=1#Z"),
        (" https://example.org ", "https://example.org"),
        ("http://example.org:8080/", "http://example.org:8080/"),
        ("https://қорғау.қаз/жаңалық", "https://қорғау.қаз/жаңалық"),
        ("https://[2001:db8::1]/", "https://[2001:db8::1]/"),
        ("mailto:press@example.org?subject=Hello%20you", "mailto:press@example.org?subject=Hello%20you"),
        ("MAILTO:press@example.org", "mailto:press@example.org"),
        ("tel:+7 (727) 000-00-00", "tel:+77270000000"),
    ],
)
def test_the_normal_form_of_an_address(href, normal):
    assert normal_href(href, "content[0]") == normal
    assert normal_href(normal, "content[0]") == normal
