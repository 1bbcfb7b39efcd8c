"""Allowlist sanitiser for all HTML that this package renders."""

from typing import Final

import nh3
from django.utils.safestring import SafeString, mark_safe

_TAGS: Final = {
    "a", "b", "blockquote", "br", "del", "div", "em", "figcaption", "figure", "footer", "h1", "h2", "h3",
    "h4", "h5", "h6", "img", "ins", "li", "ol", "p", "section", "small", "span", "strong", "sup", "table",
    "tbody", "td", "th", "thead", "tr", "ul",
}  # fmt: skip

_ATTRIBUTES: Final = {
    "a": {"href", "id", "rel", "aria-label"},
    "div": {"lang", "role", "tabindex", "aria-label"},
    "h2": {"id"}, "h3": {"id"}, "h4": {"id"}, "h5": {"id"}, "h6": {"id"},
    "img": {"src", "alt", "width", "height", "loading", "decoding"},
    "li": {"id"},
    "ol": {"start"},
    "section": {"aria-labelledby"},
    "th": {"scope"},
}  # fmt: skip

_CLASSES: Final = {
    "a": {"note-back"},
    "blockquote": {"extract", "quotation"},
    "del": {"gone"},
    "div": {"prose", "table-scroll", "approved", "compare"},
    "figure": {"picture"},
    "ins": {"new"},
    "p": {
        "lead", "approved__label", "compare__passage", "compare__passage--unchanged",
        "compare__passage--changed", "compare__passage--added", "compare__passage--removed",
        "compare__passage--heading", "compare__passage--inside", "compare__passage--title",
        "compare__passage--lead", "compare__passage--item", "compare__passage--quote",
        "compare__passage--cell", "compare__skipped", "compare__form",
    },
    "section": {"notes", "stack"},
    "small": {"credit"},
    "span": {"fact", "gap", "gap--open", "vh"},
    "sup": {"note-ref"},
    "table": {"comparative"},
}  # fmt: skip

_CLEANER: Final = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    allowed_classes=_CLASSES,
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel=None,
)


def sanitise(html: str) -> SafeString:
    """Return HTML that is safe to insert into a page."""
    return mark_safe(_CLEANER.clean(html))  # noqa: S308  # nosec B308 B703  nh3 has just cleaned it
