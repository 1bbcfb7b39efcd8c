"""Numbers, names and addresses: what is accepted, how it is shown, where it leads."""

import pytest
from django.core.exceptions import ValidationError

from coalition.campaigns.helplines.contact import channels_of, clean_channel
from coalition.campaigns.helplines.enums import ChannelKind
from coalition.core.localized_text import LocalizedText

GOOD = [
    ("phone", "150", "150", "tel:150"),
    ("phone", " 8  800 080 77 77 ", "8 800 080 77 77", "tel:88000807777"),
    ("phone", "+7 (727) 123-45-67", "+7 (727) 123-45-67", "tel:+77271234567"),
    ("whatsapp", "8 701 123 45 67", "+7 701 123 45 67", "https://wa.me/77011234567"),
    ("whatsapp", "https://wa.me/77011234567", "+7 701 123 45 67", "https://wa.me/77011234567"),
    ("whatsapp", "+44 20 7946 0958", "+442079460958", "https://wa.me/442079460958"),
    ("telegram", "@help_line", "@help_line", "https://t.me/help_line"),
    ("telegram", "https://t.me/help_line/", "@help_line", "https://t.me/help_line"),
    ("telegram", "8 701 123 45 67", "+7 701 123 45 67", "https://t.me/+77011234567"),
    ("mail", "help@line.example", "help@line.example", "mailto:help@line.example"),
    ("chat", "https://line.example/chat", "line.example", "https://line.example/chat"),
]
BAD = [
    ("phone", "150a", "letters"),
    ("phone", "сто", "letters"),
    ("phone", "12", "from 3 to 15 digits"),
    ("phone", "+7 727 123 45 67 890 123", "from 3 to 15 digits"),
    ("phone", "150;ext=1", "letters"),
    ("phone", "*150#", "digits, spaces"),
    ("phone", "١٥٠", "digits, spaces"),
    ("whatsapp", "150", "with its country"),
    ("whatsapp", "701 123 45 67", "with its country"),
    ("telegram", "abc", "5 to 32"),
    ("telegram", "имя_линии", "5 to 32"),
    ("telegram", "@name/../other", "5 to 32"),
    ("mail", "nobody", "not an e-mail"),
    ("chat", "https://", "beginning with https://"),
    ("chat", "http://line.example/", "beginning with https://"),
    ("chat", "javascript:alert(1)", "beginning with https://"),
    ("chat", "https:///chat", "beginning with https://"),
    ("chat", "https://bank.example@line.example/", "user name"),
]


@pytest.mark.parametrize(("kind", "typed", "shown", "link"), GOOD)
def test_what_people_type_is_shown_and_leads_there(kind, typed, shown, link):
    value = clean_channel(ChannelKind(kind), typed)
    (channel,) = channels_of([{"kind": kind, "value": value, "note": {}}])
    assert (channel.shown, channel.link) == (shown, link)
    assert clean_channel(ChannelKind(kind), value) == value


@pytest.mark.parametrize(("kind", "typed", "words"), BAD)
def test_what_leads_nowhere_is_refused_in_words(kind, typed, words):
    with pytest.raises(ValidationError, match=words):
        clean_channel(ChannelKind(kind), typed)


def test_chat_and_messengers_come_first():
    rows = [
        {"kind": kind, "value": "x", "note": {}} for kind in ("phone", "telegram", "mail", "chat", "gone")
    ]
    assert [one.kind for one in channels_of(rows)] == ["chat", "telegram", "mail", "phone"]


def test_a_note_is_in_the_readers_language():
    (channel,) = channels_of([{"kind": "phone", "value": "150", "note": {"ru": "только SMS"}}])
    assert channel.note == LocalizedText({"ru": "только SMS"})
