"""URL patterns of the site (docs/architecture.md lists them; tests/permissions classifies them)."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from coalition.accounts.secretariat_urls import partner_patterns
from coalition.accounts.views.person import sign_out_everywhere_page
from coalition.campaigns import urls as campaigns_urls
from coalition.consent import urls as consent_urls
from coalition.workspaces.secretariat_urls import workspace_patterns
from documents import urls as documents_urls
from events import urls as events_urls
from home.urls import cms_shadows, page_shadows, public_urls as site_urls, root_urls

secretariat_patterns = [*partner_patterns, *workspace_patterns, *documents_urls.secretariat]

urlpatterns = [
    *root_urls,
    path("workspaces/secretariat/", include((secretariat_patterns, "secretariat"))),
    path("workspaces/", include("coalition.workspaces.urls")),
    path("workspaces/", include("coalition.consent.urls")),
    path("workspaces/", include("documents.urls")),
    path("workspaces/", include("events.urls")),
    path("workspaces/", include("coalition.campaigns.urls")),
    *documents_urls.root,
    *events_urls.root,
    *campaigns_urls.root,
    path("accounts/leave-everywhere/", sign_out_everywhere_page, name="leave_everywhere"),
    path("accounts/", include("coalition.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    *cms_shadows,
    path("cms/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    *i18n_patterns(
        *events_urls.public,
        *campaigns_urls.public,
        *consent_urls.public,
        *site_urls,
        *page_shadows,
        path("", include(wagtail_urls)),
    ),
]

handler404 = "home.views.root.not_found"
handler500 = "home.views.root.server_error"
