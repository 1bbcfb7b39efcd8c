"""Addresses of all capabilities: `urlpatterns` below `/workspaces/`, `root`, and the `secretariat`'s."""

from importlib import import_module

from django.urls import URLPattern, URLResolver

from documents.registry import CAPABILITIES

type Patterns = list[URLPattern | URLResolver]


def _of(part: str) -> Patterns:
    modules = [import_module(capability.urls) for capability in CAPABILITIES if capability.urls]
    return [pattern for module in modules for pattern in getattr(module, part, [])]


app_name = "documents"
urlpatterns: Patterns = _of("desk")
root: Patterns = _of("root")
secretariat: Patterns = _of("secretariat")
