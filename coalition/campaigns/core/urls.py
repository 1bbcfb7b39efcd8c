"""Addresses of what all capabilities share."""

from django.urls import URLPattern, URLResolver, path

from coalition.campaigns.core import views

desk: list[URLPattern | URLResolver] = [
    path("<uuid:workspace>/campaign/", views.campaign, name="campaign"),
]
