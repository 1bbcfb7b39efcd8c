"""Short ways to write editor nodes in tests."""


def text(words, *marks):
    return {"type": "text", "text": words, **({"marks": list(marks)} if marks else {})}


def node(kind, /, *content, **attrs):
    made = {"type": kind, "content": [text(one) if isinstance(one, str) else one for one in content]}
    return {**made, "attrs": attrs} if attrs else made


def paragraph(*content):
    return node("paragraph", *content)


def link(href, **attrs):
    return {"type": "link", "attrs": {"href": href, **attrs}}


def footnote(words):
    return {"type": "footnote", "attrs": {"text": words}}


BOLD = {"type": "bold"}
ITALIC = {"type": "italic"}
