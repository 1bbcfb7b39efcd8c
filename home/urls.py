"""Addresses of the public site."""

from django.urls import URLPattern, URLResolver, include, path

from home import feeds, sitemap
from home.views import cms_doors, demo, media, news, organisation, root, styleguide

root_urls: list[URLPattern | URLResolver] = [
    path("", root.root, name="root"),
    path("robots.txt", root.robots, name="robots"),
    path("sitemap.xml", sitemap.sitemap, name="sitemap"),
    path("healthz", root.healthz, name="healthz"),
    path("readyz", root.readyz, name="readyz"),
    path("media/<path:path>", media.media, name="media"),
]
demo_urls: list[URLPattern | URLResolver] = [
    path("demo/", demo.start, name="demo_start"),
    path("demo/sign-in/", demo.sign_in, name="demo_sign_in"),
    path("styleguide/", styleguide.style_guide, name="styleguide"),
]
# Before Wagtail's own addresses, so that these answer in their place.
cms_shadows: list[URLPattern | URLResolver] = [
    path("cms/login/", cms_doors.to_sign_in, name="cms_login"),
    path("cms/password_reset/", cms_doors.to_password_reset, name="cms_password_reset"),
    path("cms/password_reset/<path:rest>", cms_doors.to_password_reset, name="cms_password_reset_rest"),
    path("cms/users/", cms_doors.shut, name="cms_users"),
    path("cms/users/<path:rest>", cms_doors.shut, name="cms_users_rest"),
    path("cms/groups/", cms_doors.shut, name="cms_groups"),
    path("cms/groups/<path:rest>", cms_doors.shut, name="cms_groups_rest"),
    path("cms/bulk/partners/<path:rest>", cms_doors.shut, name="cms_people_in_bulk"),
]
# The same for Wagtail's pages behind a password: `_util/login/` would sign in past the second factor.
page_shadows: list[URLPattern | URLResolver] = [
    path("_util/login/", cms_doors.to_sign_in, name="page_login"),
    path("_util/<path:rest>", cms_doors.shut, name="page_password"),
]
public_urls: list[URLPattern | URLResolver] = [
    path("news/rss.xml", feeds.rss, name="news_rss"),
    path("news/atom.xml", feeds.atom, name="news_atom"),
    path("news/feed.json", feeds.json_feed, name="news_json"),
    path("news/<str:slug>/", news.article, name="news_article"),
    path("partners/<slug:slug>/", organisation.organisation, name="public_organisation"),
    path("publications/", include("documents.public_urls")),
]
