"""URL patterns of the public site."""

from django.urls import URLPattern, URLResolver, include, path

from documents.open_letters import urls as open_letters_urls
from home import feeds
from home.views import cms_redirects, facts, media, news, public_forms, search
from home.views import root as views_root

root_urls: list[URLPattern | URLResolver] = [
    path("", views_root.root, name="root"),
    path("robots.txt", views_root.robots, name="robots"),
    path("sitemap.xml", feeds.sitemap, name="sitemap"),
    path("healthz", views_root.healthz, name="healthz"),
    path("readyz", views_root.readyz, name="readyz"),
    path("internal/pages-version", views_root.pages_version, name="pages_version"),
    path("media/<path:path>", media.media, name="media"),
]
# Before Wagtail's own URL patterns, to override them.
cms_shadows: list[URLPattern | URLResolver] = [
    path("cms/login/", cms_redirects.redirect_to_sign_in, name="cms_login"),
    path("cms/password_reset/", cms_redirects.redirect_to_password_reset, name="cms_password_reset"),
    path(
        "cms/password_reset/<path:rest>",
        cms_redirects.redirect_to_password_reset,
        name="cms_password_reset_rest",
    ),
    path("cms/users/", cms_redirects.hidden_cms_page, name="cms_users"),
    path("cms/users/<path:rest>", cms_redirects.hidden_cms_page, name="cms_users_rest"),
    path("cms/groups/", cms_redirects.hidden_cms_page, name="cms_groups"),
    path("cms/groups/<path:rest>", cms_redirects.hidden_cms_page, name="cms_groups_rest"),
    path("cms/bulk/partners/<path:rest>", cms_redirects.hidden_cms_page, name="cms_people_in_bulk"),
    path(
        "cms/failwhale/", cms_redirects.hidden_cms_page, name="cms_error_test"
    ),  # Wagtail's view that raises an exception
    # Not used by the newsroom's views, and executed without calling our hooks.
    path(
        "cms/api/main/pages/<int:pk>/action/<path:rest>",
        cms_redirects.hidden_cms_page,
        name="cms_acts_on_pages",
    ),
    path("cms/api/main/documents/<path:rest>", cms_redirects.hidden_cms_page, name="cms_documents_listed"),
    path("cms/api/main/documents/", cms_redirects.hidden_cms_page, name="cms_documents_list"),
    path("cms/api/main/images/<path:rest>", cms_redirects.hidden_cms_page, name="cms_images_listed"),
    path("cms/api/main/images/", cms_redirects.hidden_cms_page, name="cms_images_list"),
    path(
        "cms/images/<int:pk>/generate_url/<path:rest>",
        cms_redirects.hidden_cms_page,
        name="cms_image_address_made",
    ),
    path("cms/images/<int:pk>/generate_url/", cms_redirects.hidden_cms_page, name="cms_image_address"),
    path("cms/images/<int:pk>/preview/<path:rest>", cms_redirects.hidden_cms_page, name="cms_image_drawn"),
]
# The same for password-protected pages: `_util/login/` would sign in without the second factor.
page_shadows: list[URLPattern | URLResolver] = [
    path("_util/login/", cms_redirects.redirect_to_sign_in, name="page_login"),
    path("_util/<path:rest>", cms_redirects.hidden_cms_page, name="page_password"),
]
public_urls: list[URLPattern | URLResolver] = [
    path("", news.first_page, name="first_page"),
    path("news/", news.news_list, name="news_index"),
    path("news/rss.xml", feeds.rss, name="news_rss"),
    path("news/atom.xml", feeds.atom, name="news_atom"),
    path("news/feed.json", feeds.json_feed, name="news_json"),
    path("news/topics/<slug:topic>/rss.xml", feeds.rss, name="topic_rss"),
    path("news/topics/<slug:topic>/atom.xml", feeds.atom, name="topic_atom"),
    path("news/topics/<slug:topic>/feed.json", feeds.json_feed, name="topic_json"),
    path("news/<str:slug>/", news.article, name="news_article"),
    path("news/<str:slug>/pass-on/", news.share_news, name="news_pass_on"),
    path("news-by-mail/", public_forms.news_subscribe, name="news_by_mail"),
    path("news-by-mail/sent/", public_forms.news_subscribe_sent, name="news_by_mail_sent"),
    path("news-by-mail/<str:token>/", public_forms.news_subscription, name="news_by_mail_own"),
    path("news-by-mail/<str:token>/end/", public_forms.news_unsubscribe, name="news_by_mail_end"),
    path("partners/<slug:slug>/", views_root.organisation, name="public_organisation"),
    path("partners/<slug:slug>/logo/<uuid:logo>.png", views_root.logo, name="public_logo"),
    path("facts/", facts.facts, name="public_facts"),
    path("facts/<uuid:fact>/", facts.fact, name="public_fact"),
    path("search/", search.search, name="search"),
    path("membership/", public_forms.membership_request, name="membership"),
    path("membership/sent/", public_forms.membership_request_sent, name="membership_sent"),
    path(
        "membership/confirm/<str:token>/", public_forms.membership_request_confirm, name="membership_confirm"
    ),
    path("open-letter/", include(open_letters_urls.public_urls)),
    path("publications/", include("documents.publication.urls")),
]
