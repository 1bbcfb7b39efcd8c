"""Which characters an approved text may hold, and what becomes of white space."""

import pytest

from documents.canonical.characters import normal_text
from documents.canonical.form import CanonicalError

SCOTLAND = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"

REFUSED = [
    *((character, "direction_character") for character in "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e"),
    *((character, "direction_character") for character in "\u2066\u2067\u2068\u2069"),
    *((character, "control_character") for character in "\x00\x01\x07\x08\x1b\x7f\x80\x9f"),
    *(
        (character, "hidden_character")
        for character in "\u2061\u2064\u206a\ufff9\ufffb\u3164\u2800\u034f\ufffc"
    ),
    *((character, "hidden_character") for character in "\U000e0041\U000e0001\U000e0100\U0001d173"),
    *((character, "unknown_character") for character in "\ue000\uf8ff\U000f0000\ufffe\uffff\U0010ffff\u0378"),
    *((character, "broken_character") for character in "\ud800\udfff"),
]


@pytest.mark.parametrize("character, code", REFUSED, ids=[f"U+{ord(one):04X}" for one, _code in REFUSED])
@pytest.mark.parametrize("around", ["{}", "сөз {} сөз", "🌷{}"])
def test_it_is_refused_wherever_it_stands(character, code, around):
    with pytest.raises(CanonicalError) as caught:
        normal_text(around.format(character), "title")
    assert caught.value.code == code
    assert f"U+{ord(character):04X}" in caught.value.message


@pytest.mark.parametrize(
    "text, normal",
    [
        ("  a \t\r\n b\u2028c\u3000d\x0be ", "a b c d e"),
        ("2018\u00a0жыл", "2018\u00a0жыл"),
        ("25\u202f000\u2009₸\u200a–\u20075", "25\u202f000\u2009₸\u200a–\u20075"),
        ("\u00a0 a \u2009", "a"),
        ("a \u00a0 b", "a \u00a0 b"),
        ("и\u0306", "й"),
        ("cafe\u0301", "café"),
        ("\u212b", "Å"),
        ("қо\u00adғам\u200b \ufeffүні\u2060", "қоғам үні"),
        ("қо\u200dғам", "қоғам"),
        ("\u200d🌷\u200c", "🌷"),
        ("👩\u200d⚖\ufe0f", "👩\u200d⚖\ufe0f"),
        ("👩🏽\u200d💻", "👩🏽\u200d💻"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        (SCOTLAND, SCOTLAND),
        ("🇰🇿 \U0001fae9", "🇰🇿 \U0001fae9"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("Ә Ғ Қ Ң Ө Ұ Ү Һ І", "Ә Ғ Қ Ң Ө Ұ Ү Һ І"),
    ],
)  # fmt: skip
def test_the_normal_form_of_words(text, normal):
    assert normal_text(text, "title") == normal


def test_words_cannot_be_hidden_in_a_flag():
    hidden = "".join(chr(0xE0000 + ord(letter)) for letter in "transfermoney")
    with pytest.raises(CanonicalError) as caught:
        normal_text(f"🏴{hidden}\U000e007f", "title")
    assert caught.value.code == "hidden_character"
