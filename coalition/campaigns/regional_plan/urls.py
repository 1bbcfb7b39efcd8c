"""Addresses of the regional plan. It has no public one."""

from django.urls import URLPattern, URLResolver, path

from coalition.campaigns.regional_plan import views

_PLAN = "<uuid:workspace>/who-does-what/"
_PROMISE = "who-does-what/<uuid:commitment>/"

desk: list[URLPattern | URLResolver] = [
    path(_PLAN, views.plan, name="regional_plan"),
    path(f"{_PLAN}new/", views.new_commitment, name="commitment_new"),
    path(f"{_PLAN}settings/", views.plan_settings, name="regional_plan_settings"),
    path(f"{_PLAN}plan.csv", views.plan_csv, name="regional_plan_csv"),
    path(_PROMISE, views.commitment, name="commitment"),
    path(f"{_PROMISE}end/", views.end, name="commitment_end"),
    path(f"{_PROMISE}resume/", views.resume, name="commitment_resume"),
]
public: list[URLPattern | URLResolver] = []
root: list[URLPattern | URLResolver] = []
