"""Date conflicts and sittings: below `/workspaces/`."""

from django.urls import URLPattern, URLResolver

urls: list[URLPattern | URLResolver] = []
