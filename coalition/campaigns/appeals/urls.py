"""Addresses of appeals."""

from django.urls import URLPattern, URLResolver

desk: list[URLPattern | URLResolver] = []
public: list[URLPattern | URLResolver] = []
root: list[URLPattern | URLResolver] = []
