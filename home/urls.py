"""URL patterns of the public site."""

from django.urls import URLPattern, URLResolver, include, path

from documents.open_letters import urls as open_letters_urls
from home import feeds
from home.views import public, root as views_root
from home.views.newsroom import hidden_cms_page, redirect_to_password_reset, redirect_to_sign_in
from home.views.public import article, first_page, news_list, share_news

root_urls: list[URLPattern | URLResolver] = [
    path("", views_root.root, name="root"),
    path("robots.txt", views_root.robots, name="robots"),
    path("sitemap.xml", feeds.sitemap, name="sitemap"),
    path("healthz", views_root.healthz, name="healthz"),
    path("readyz", views_root.readyz, name="readyz"),
    path("internal/pages-version", views_root.pages_version, name="pages_version"),
    path("media/<path:path>", public.media, name="media"),
]
# Paths answered 404 before Wagtail's own URL patterns.
_HIDDEN_CMS_PATHS = (
    *("cms/users/", "cms/users/<path:rest>", "cms/groups/", "cms/groups/<path:rest>"),
    "cms/bulk/partners/<path:rest>",
    "cms/failwhale/",  # Wagtail's view that raises an exception
    # Not used by the newsroom's views, and executed without calling our hooks.
    "cms/api/main/pages/<int:pk>/action/<path:rest>",
    *("cms/api/main/documents/<path:rest>", "cms/api/main/documents/"),
    *("cms/api/main/images/<path:rest>", "cms/api/main/images/"),
    *("cms/images/<int:pk>/generate_url/<path:rest>", "cms/images/<int:pk>/generate_url/"),
    "cms/images/<int:pk>/preview/<path:rest>",
)
cms_shadows: list[URLPattern | URLResolver] = [
    path("cms/login/", redirect_to_sign_in),
    path("cms/password_reset/", redirect_to_password_reset),
    path("cms/password_reset/<path:rest>", redirect_to_password_reset),
    *(path(route, hidden_cms_page) for route in _HIDDEN_CMS_PATHS),
]
# The same for password-protected pages: `_util/login/` would sign in without the second factor.
page_shadows: list[URLPattern | URLResolver] = [
    path("_util/login/", redirect_to_sign_in),
    path("_util/<path:rest>", hidden_cms_page),
]
public_urls: list[URLPattern | URLResolver] = [
    path("", first_page, name="first_page"),
    path("news/", news_list, name="news_index"),
    path("news/rss.xml", feeds.rss, name="news_rss"),
    path("news/atom.xml", feeds.atom, name="news_atom"),
    path("news/feed.json", feeds.json_feed, name="news_json"),
    path("news/topics/<slug:topic>/rss.xml", feeds.rss, name="topic_rss"),
    path("news/topics/<slug:topic>/atom.xml", feeds.atom, name="topic_atom"),
    path("news/topics/<slug:topic>/feed.json", feeds.json_feed, name="topic_json"),
    path("news/<str:slug>/", article, name="news_article"),
    path("news/<str:slug>/pass-on/", share_news, name="news_pass_on"),
    path("news-by-mail/", public.NewsSubscribeView.as_view(), name="news_by_mail"),
    path("news-by-mail/sent/", public.NewsSentView.as_view(), name="news_by_mail_sent"),
    path("news-by-mail/<str:token>/", public.NewsSubscriptionView.as_view(), name="news_by_mail_own"),
    path("news-by-mail/<str:token>/end/", public.NewsUnsubscribeView.as_view(), name="news_by_mail_end"),
    path("partners/<slug:slug>/", views_root.organisation, name="public_organisation"),
    path("partners/<slug:slug>/logo/<uuid:logo>.png", views_root.logo, name="public_logo"),
    path("facts/", public.facts, name="public_facts"),
    path("facts/<uuid:fact>/", public.fact, name="public_fact"),
    path("search/", public.search, name="search"),
    path("membership/", public.MembershipRequestView.as_view(), name="membership"),
    path("membership/sent/", public.MembershipSentView.as_view(), name="membership_sent"),
    path(
        "membership/confirm/<str:token>/",
        public.MembershipConfirmView.as_view(),
        name="membership_confirm",
    ),
    path("open-letter/", include(open_letters_urls.public_urls)),
    path("publications/", include("documents.publication.urls")),
]
