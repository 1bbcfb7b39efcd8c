"""Addresses of the public site."""

from django.urls import URLPattern, URLResolver

root_urls: list[URLPattern | URLResolver] = []
demo_urls: list[URLPattern | URLResolver] = []
cms_shadows: list[URLPattern | URLResolver] = []
public_urls: list[URLPattern | URLResolver] = []
