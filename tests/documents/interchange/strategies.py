"""Wild marked texts: those of the canonical form's property tests, with suggestions sprinkled over them."""

import json

from hypothesis import strategies as st

from tests.documents.canonical.strategies import bodies, named, words
from tests.documents.interchange.made import ASEL, DANA, ORGANISATION

IDS = [f"{person}.{ORGANISATION}.mdqxw1s0.{number}" for person in (ASEL, DANA) for number in range(1, 5)]
CHANGES = st.none() | st.builds(
    lambda kind, identity: {"type": kind, "attrs": {"id": identity}},
    st.sampled_from(["insertion", "deletion"]),
    st.sampled_from(IDS),
)
MARKABLE = {"text", "footnote", "fact", "gap", "paragraph", "heading"}


@st.composite
def marked_texts(draw):
    body = json.loads(json.dumps(draw(bodies)))
    heads = [
        {"type": "title", "content": [{"type": "text", "text": draw(named)}]},
        {"type": "lead", "content": [{"type": "text", "text": draw(words) or " "}]},
    ]
    marked = {"type": "doc", "content": [*heads, *body["content"]]}
    _sprinkle(draw, marked, inside=False)
    return marked


def _sprinkle(draw, node, *, inside):
    for child in node.get("content") or []:
        marks = [one for one in child.get("marks", []) if one["type"] != "comment"]
        change = None if inside or child["type"] not in MARKABLE else draw(CHANGES)
        if change is not None and child.get("text") != "":
            marks.append(change)
        if marks:
            child["marks"] = marks
        else:
            child.pop("marks", None)
        _sprinkle(draw, child, inside=inside or change is not None)
