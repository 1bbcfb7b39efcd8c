"""Short ways to write marked texts in tests, and what stands around them."""

import datetime
from itertools import count

from documents.interchange.file_properties import FileProperties
from documents.interchange.suggest.marked_text import FileContext, FileThread, ThreadRemark

PEOPLE = {
    "0192f3a4-7c5e-7d21-9b6a-2f4c8e1d0a31": "Асель Қасымова (Ұйым)",
    "0192f3a4-7c5e-7d21-9b6a-2f4c8e1d0a32": "Дана О. (Центр)",
}
ASEL, DANA = PEOPLE
ORGANISATION = "0192f3a4-7c5e-7d21-9b6a-2f4c8e1d0aff"
AT = "mdqxw1s0"  # 31 July 2025 in milliseconds, base 36
NOON = datetime.datetime(2026, 11, 24, 12, tzinfo=datetime.UTC)
_counter = count(1)


def identity(person=ASEL, number=None):
    return f"{person}.{ORGANISATION}.{AT}.{number or next(_counter)}"


def name_of(suggestion):
    return PEOPLE[suggestion.split(".")[0]]


def text(words, *marks):
    return {"type": "text", "text": words, **({"marks": list(marks)} if marks else {})}


def ins(identifier=None):
    return {"type": "insertion", "attrs": {"id": identifier or identity()}}


def gone(identifier=None):
    return {"type": "deletion", "attrs": {"id": identifier or identity()}}


def comment(thread):
    return {"type": "comment", "attrs": {"id": thread}}


def node(kind, /, *content, marks=(), **attrs):
    made = {"type": kind}
    if content:
        made["content"] = [text(one) if isinstance(one, str) else one for one in content]
    if attrs:
        made["attrs"] = attrs
    if marks:
        made["marks"] = list(marks)
    return made


def para(*content, marks=()):
    return node("paragraph", *content, marks=marks)


def doc(*blocks, title="Мәлімдеме", lead=""):
    head = [node("title", title) if title else node("title"), node("lead", lead) if lead else node("lead")]
    return {"type": "doc", "content": [*head, *blocks]}


def footnote(words):
    return {"type": "footnote", "attrs": {"text": words}}


def fact(words, source="ІІМ, 2024"):
    return {"type": "fact", "attrs": {"id": "f1", "words": words, "source": source}}


def gap(name, value=""):
    return {"type": "gap", "attrs": {"name": name, "kind": "place", "value": value}}


def thread(identifier, *remarks):
    said = remarks or (("Дана О. (Центр)", "Неге?"),)
    return FileThread(identifier, tuple(ThreadRemark(author, NOON, words) for author, words in said))


def around(*threads, pictures=None):
    return FileContext(name_of, {one.id: one for one in threads}, pictures or {})


SHEET = FileProperties("Мәлімдеме", "kk", "TLP:AMBER · Тек осы жұмыс тобы", token="signed-token")
