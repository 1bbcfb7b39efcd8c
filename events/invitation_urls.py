"""Invitations: `desk` below `/workspaces/`, `urls` (answers by link) below the site's root."""

from django.urls import URLPattern, URLResolver

urls: list[URLPattern | URLResolver] = []
desk: list[URLPattern | URLResolver] = []
