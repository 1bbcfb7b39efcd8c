"""Every way out of the system: found by walking the code, and listed with its class in surfaces.toml."""

import json
import tomllib
from collections.abc import Collection, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import jsonschema
from channels.routing import URLRouter
from django.apps import apps
from django.core.management import find_commands
from django.template.engine import Engine
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import LocalePrefixPattern

from coalition.realtime.consumers import refuse_unknown_address

LISTED = Path(__file__).with_name("surfaces.toml")
PROJECT = Path(__file__).resolve().parents[2]
CLASSES = ("public", "member", "seat", "right", "representative", "secretariat", "token", "closed")
MAIL_FOLDERS = frozenset({"email", "emails", "mail", "notifications"})
SECTION = {
    "type": "object",
    # A class, and after a colon what exactly is asked for: "right: publish", "right: newsroom".
    "additionalProperties": {"type": "string", "pattern": f"^({'|'.join(CLASSES)})(: .+)?$"},
}
# A whole branch of another package's addresses: one class for all of them, and why that is true.
BRANCHES = {
    "type": "object",
    "patternProperties": {
        "^/.+/$": {
            "type": "object",
            "properties": {
                "class": SECTION["additionalProperties"],
                "because": {"type": "string", "minLength": 20},
            },
            "required": ["class", "because"],
            "additionalProperties": False,
        }
    },
    "additionalProperties": False,
}
SCHEMA = {
    "type": "object",
    "properties": {
        "third_party": BRANCHES,
        "urls": SECTION,
        "demo": SECTION,
        "sockets": SECTION,
        "mails": SECTION,
        "commands": SECTION,
    },
    "required": ["third_party", "urls", "demo", "sockets", "mails", "commands"],
    "additionalProperties": False,
}
OURS = frozenset({"coalition", "demo", "documents", "events", "home"})

type Surfaces = dict[str, set[str]]


class Address(NamedTuple):
    """A URL pattern with everything before it, and what answers there."""

    pattern: str
    view: Any

    @property
    def is_ours(self) -> bool:
        return self.view.__module__.partition(".")[0] in OURS


def listed() -> dict[str, dict[str, Any]]:
    """Section → surface → class, from surfaces.toml. Raises `jsonschema.ValidationError`."""
    content: dict[str, dict[str, Any]] = tomllib.loads(LISTED.read_text(encoding="utf-8"))
    jsonschema.validate(content, SCHEMA)
    return content


def found(branches: Collection[str] = ()) -> Surfaces:
    """Section → surfaces that exist; of the `branches`, one entry each for what is not ours in them."""
    every = list(addresses(get_resolver().url_patterns))
    branch_of = {one: next((b for b in branches if one.pattern.startswith(b)), None) for one in every}
    return {
        "third_party": {branch for one, branch in branch_of.items() if branch and not one.is_ours},
        "urls": {one.pattern for one, branch in branch_of.items() if one.is_ours or not branch},
        "demo": set(url_patterns(import_module("demo.urls").demo_urls)),
        "sockets": set(socket_patterns()),
        "mails": set(mails()),
        "commands": set(commands()),
    }


def as_toml(surfaces: Surfaces) -> str:
    """Lines to paste into surfaces.toml, each waiting for its class in place of the question mark."""
    sections = []
    for section, names in surfaces.items():
        if names:
            lines = [f'{json.dumps(name, ensure_ascii=False)} = "?"' for name in sorted(names)]
            sections.append("\n".join([f"[{section}]", *lines]))
    return "\n\n".join(sections)


def addresses(patterns: Iterable[URLPattern | URLResolver], prefix: str = "/") -> Iterator[Address]:
    """Every address, includes followed; the language prefix reads `<lang>/`."""
    for entry in patterns:
        is_language = isinstance(entry.pattern, LocalePrefixPattern)
        part = "<lang>/" if is_language else str(entry.pattern).removeprefix("^")
        if isinstance(entry, URLResolver):
            yield from addresses(entry.url_patterns, prefix + part)
        else:
            yield Address(prefix + part, entry.callback)


def url_patterns(patterns: Iterable[URLPattern | URLResolver]) -> Iterator[str]:
    """The full pattern of every address."""
    return (one.pattern for one in addresses(patterns))


def socket_patterns() -> Iterator[str]:
    """The pattern of every WebSocket route but the one that refuses all other addresses, whatever middleware
    is wrapped around the router."""
    waiting: list[Any] = list(vars(import_module("coalition.asgi")).values())
    seen: set[int] = set()
    while waiting:
        part = waiting.pop()
        if id(part) in seen:
            continue
        seen.add(id(part))
        if isinstance(part, URLRouter):
            for route in part.routes:
                if route.callback is refuse_unknown_address:
                    continue
                yield "/" + str(route.pattern).removeprefix("^")
                waiting.append(route.callback)
        waiting.extend(_inside(part))


def _inside(part: Any) -> list[Any]:
    """What a piece of ASGI wraps: middlewares keep it under one of a few names."""
    kept = getattr(part, "__dict__", {})
    inner = [kept[name] for name in ("application", "app", "inner") if name in kept]
    mapping = kept.get("application_mapping")
    return [*inner, *(mapping.values() if isinstance(mapping, dict) else ())]


def mails() -> Iterator[str]:
    """Every template that a mail is made from, ours and those that other packages would send.

    Subject and text of one mail count once.
    """
    engine = Engine.get_default()
    for folder in [*map(Path, engine.dirs), *_app_template_dirs()]:
        for path in folder.rglob("*"):
            name = path.relative_to(folder)
            if path.suffix in {".txt", ".html"} and MAIL_FOLDERS & set(name.parts[:-1]):
                yield str(name.with_suffix("")).removesuffix("_subject").removesuffix("_message")


def _app_template_dirs() -> list[Path]:
    return [path for app in apps.get_app_configs() if (path := Path(app.path) / "templates").is_dir()]


def commands() -> Iterator[str]:
    """The project's own management commands: what they print leaves the system too."""
    for app in apps.get_app_configs():
        if Path(app.path).is_relative_to(PROJECT) and ".venv" not in Path(app.path).parts:
            yield from find_commands(str(Path(app.path) / "management"))
