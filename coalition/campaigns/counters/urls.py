"""Addresses of counters, below those of the appeal that they belong to."""

from django.urls import URLPattern, URLResolver, path

from coalition.campaigns.counters import share, views

_SUBJECT = "support/<slug:slug>/"

desk: list[URLPattern | URLResolver] = []
public: list[URLPattern | URLResolver] = [
    path(f"{_SUBJECT}counters.json", views.counters, name="counters_json"),
    path(f"{_SUBJECT}share.png", share.share_picture, name="share_picture"),
    path(f"{_SUBJECT}story.png", share.story_picture, name="story_picture"),
    path(f"{_SUBJECT}from/<str:code>/story.png", share.code_story_picture, name="code_story_picture"),
]
root: list[URLPattern | URLResolver] = []
