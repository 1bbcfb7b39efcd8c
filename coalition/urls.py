"""Every address of the site (docs/architecture.md lists them; tests/permissions classifies them)."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from coalition.accounts.secretariat_urls import partner_patterns
from coalition.accounts.views.person import sign_out_everywhere_page
from coalition.campaigns import urls as campaigns_urls
from coalition.workspaces.secretariat_urls import workspace_patterns
from documents import urls as documents_urls
from events.exhibitions.guest_book import urls as guest_book_urls
from events.exhibitions.school_groups import urls as school_groups_urls
from events.exhibitions.visitors import urls as visitors_urls
from events.exhibitions.works import urls as works_urls
from events.feeds import urls as feeds_urls
from events.invitations import urls as invitations_urls
from events.press import urls
from events.press.coverage import urls as coverage_urls
from events.press.kit import urls as kit_urls
from events.press.registration import urls as registration_urls
from events.press.spokespersons import urls as spokespersons_urls
from events.press.talking_points import urls as talking_points_urls
from events.production.speakers import urls as speakers_urls
from events.public import urls as public_urls
from events.questions import urls as questions_urls
from events.volunteers import urls as volunteers_urls
from home.urls import cms_shadows, page_shadows, root_urls
from home.urls import public_urls as site_urls

secretariat_patterns = [*partner_patterns, *workspace_patterns, *documents_urls.secretariat]

urlpatterns = [
    *root_urls,
    path("workspaces/secretariat/", include((secretariat_patterns, "secretariat"))),
    path("workspaces/", include("coalition.workspaces.urls")),
    path("workspaces/", include("documents.urls")),
    path("workspaces/", include("events.urls")),
    path("workspaces/", include("coalition.campaigns.urls")),
    *documents_urls.root,
    *feeds_urls.urls,
    *invitations_urls.urls,
    *urls.urls,
    *registration_urls.urls,
    *speakers_urls.urls,
    *spokespersons_urls.urls,
    *volunteers_urls.urls,
    *works_urls.urls,
    *talking_points_urls.urls,
    *coverage_urls.urls,
    *school_groups_urls.urls,
    *visitors_urls.urls,
    *kit_urls.urls,
    *guest_book_urls.urls,
    *campaigns_urls.root,
    path("accounts/leave-everywhere/", sign_out_everywhere_page, name="leave_everywhere"),
    path("accounts/", include("coalition.accounts.urls")),
    path("accounts/", include("allauth.urls")),
    *cms_shadows,
    path("cms/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    *i18n_patterns(
        path("events/", include(public_urls.urls)),
        *volunteers_urls.public,
        *questions_urls.links,
        *campaigns_urls.public,
        *site_urls,
        *page_shadows,
        path("", include(wagtail_urls)),
    ),
]

handler404 = "home.views.errors.not_found"
handler500 = "home.views.errors.server_error"
