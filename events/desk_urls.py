"""The members' calendar and the planning of events: below `/workspaces/`."""

from django.urls import URLPattern, URLResolver

urls: list[URLPattern | URLResolver] = []
