"""Convert blocks of the data files to the stream of a page that the newsroom writes."""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from demo.body import Node, inline

StreamPart = tuple[str, Any]


def story(blocks: Sequence[Mapping[str, Any]], *, facts: Mapping[str, str]) -> list[StreamPart]:
    """Parts of `StoryBlock`: running text as one rich text, quotations, and facts (id → UUID).

    A picture comes out as `("picture", block)` with its `art`: only the caller knows the stored image.
    """
    parts: list[StreamPart] = []
    for block in blocks:
        if block["type"] in _RICH:
            html = _RICH[block["type"]](block)
            if parts and parts[-1][0] == "text":
                html = parts.pop()[1] + html
            parts.append(("text", html))
        elif block["type"] == "quotation":
            quote = {"words": block["text"], "speaker": block["speaker"], "role": block.get("role", "")}
            parts.append(("quote", quote))
        elif block["type"] == "figure":
            parts.append(("fact", facts[block["fact"]]))
        else:
            parts.append((block["type"], block))
    return parts


def _heading(block: Mapping[str, Any]) -> str:
    level = block.get("level", 2)
    return f"<h{level}>{_html(block['text'])}</h{level}>"


def _list(block: Mapping[str, Any]) -> str:
    tag = "ol" if block.get("ordered") else "ul"
    return f"<{tag}>{''.join(f'<li>{_html(item)}</li>' for item in block['items'])}</{tag}>"


def _html(text: str) -> str:
    return "".join(_run(node) for node in inline(text))


def _run(node: Node) -> str:
    """An inline node as HTML. Pages have neither footnotes nor gaps: their numbers stand in blocks."""
    html = escape(node["text"], quote=False)
    for mark in node.get("marks", ()):
        match mark["type"]:
            case "bold":
                html = f"<b>{html}</b>"
            case "italic":
                html = f"<i>{html}</i>"
            case "link":
                html = f'<a href="{escape(mark["attrs"]["href"])}">{html}</a>'
    return html


_RICH = {"paragraph": lambda block: f"<p>{_html(block['text'])}</p>", "heading": _heading, "list": _list}
