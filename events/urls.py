"""Addresses of all capabilities: `desk` below `/workspaces/`, `public` below `/<language>/`, `root`."""

from importlib import import_module

from django.urls import URLPattern, URLResolver, include, path

from events.registry import CAPABILITIES

type Patterns = list[URLPattern | URLResolver]


def _of(part: str) -> Patterns:
    modules = [import_module(capability.urls) for capability in CAPABILITIES if capability.urls]
    return [pattern for module in modules for pattern in getattr(module, part, [])]


app_name = "events"
urlpatterns: Patterns = _of("desk")
public: Patterns = [path("events/", include(_of("public_event"))), *_of("public")]
root: Patterns = _of("root")
