"""Texts as the editor can hold them, wild but allowed, for the property tests."""

from hypothesis import strategies as st

ALPHABET = (
    "абғёйқңөұһі ABc12 .,;:!?«»()-—'\"<>&*_`#[]{}|~$^\\/@+=%"
    "\t\n\u00a0\u2009\u202f\u3000\u2028\u00ad\u200b\ufeff\u2060\u200c\u200d\u0301\u0306\u0308"
    "🌷👩⚖\ufe0f💻🏽🇰🇿가あ\u3099ا"
)
words = st.text(st.sampled_from(ALPHABET), max_size=24)
named = st.text(st.sampled_from("абқ і\u00a0AB-.<&*"), max_size=12).map(lambda text: f"Ә{text}")
uuids = st.uuids().map(str)
hashes = st.binary(min_size=32, max_size=32).map(bytes.hex)
hrefs = st.sampled_from(
    [
        "https://example.org/a?b=1&c=(2)#z",
        "HTTP://Example.ORG",
        "https://қорғау.қаз/*",
        "mailto:press@example.org?subject=Q",
        "tel:+7 (727) 000-00-00",
    ]
)
MARKS = st.lists(
    st.one_of(
        st.just({"type": "bold"}),
        st.just({"type": "italic"}),
        st.just({"type": "comment", "attrs": {"id": "1"}}),
        hrefs.map(lambda href: {"type": "link", "attrs": {"href": href, "target": None}}),
    ),
    max_size=3,
    unique_by=lambda mark: mark["type"],
)


def node(kind, content=None, /, **attrs):
    """A strategy for a node whose parts are strategies."""
    parts = {"type": st.just(kind)}
    if content is not None:
        parts["content"] = content
    if attrs:
        parts["attrs"] = st.fixed_dictionaries(attrs)
    return st.fixed_dictionaries(parts)


def marked(strategy):
    return st.builds(lambda one, marks: {**one, "marks": marks} if marks else one, strategy, MARKS)


inline = st.one_of(
    marked(st.builds(lambda text: {"type": "text", "text": text}, words)),
    marked(st.builds(lambda text: {"type": "text", "text": text}, words)),
    marked(node("fact", id=st.sampled_from(["f1", "f2"]), words=named, source=named)),
    marked(node("gap", name=named, kind=st.sampled_from(["place", "date", "number"]), value=words)),
    node("footnote", text=named),
)
runs = st.lists(inline, max_size=5)
paragraph = node("paragraph", runs)
heading = node("heading", runs, level=st.sampled_from([2, 3, 4]))


def lists(inner):
    items = st.lists(node("listItem", st.lists(inner, min_size=1, max_size=3)), min_size=1, max_size=3)
    return st.one_of(node("bulletList", items), node("orderedList", items, start=st.integers(1, 30)))


list_block = lists(st.one_of(paragraph, lists(paragraph)))
texts = st.lists(st.one_of(paragraph, paragraph, list_block), min_size=1, max_size=3)
quote = node("blockquote", texts)
quotation = node("quotation", st.lists(paragraph, min_size=1, max_size=2), speaker=named, role=words)
PICTURES = {
    f"0192f3a4-7c5e-7d21-9b6a-2f4c8e1d0a3{number}": {
        "sha256": f"{number}" * 64, "alt": "Алаң 🌷", "caption": "Алматы", "credit": ""
    }
    for number in range(3)
}  # fmt: skip
picture = node("picture", id=st.sampled_from(sorted(PICTURES)))
cell = st.one_of(node("tableCell", texts), node("tableHeader", texts))


@st.composite
def tables(draw):
    width = draw(st.integers(1, 3))
    row = node("tableRow", st.lists(cell, min_size=width, max_size=width))
    return {"type": "table", "content": draw(st.lists(row, min_size=1, max_size=3))}


block = st.one_of(paragraph, heading, list_block, quote, quotation, picture, tables())
approved = node("approvedBlock", st.lists(block, min_size=1, max_size=3), version=uuids, hash=hashes)
bodies = st.lists(st.one_of(block, block, approved), min_size=1, max_size=5).map(
    lambda blocks: {"type": "doc", "content": blocks}
)
ATTACHMENTS = st.lists(
    st.fixed_dictionaries(
        {
            "sha256": hashes,
            "name": named,
            "type": st.sampled_from(["application/pdf", "image/png"]),
        }
    ),
    max_size=2,
    unique_by=lambda one: one["sha256"],
)
texts_to_build = st.fixed_dictionaries(
    {
        "body": bodies,
        "title": named,
        "lead": words,
        "language": st.sampled_from(["kk", "ru", "en"]),
        "attachments": ATTACHMENTS,
    }
)
