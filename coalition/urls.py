"""Every address of the site (docs/architecture.md lists them; tests/permissions classifies them)."""

from django.conf import settings
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as wagtailadmin_urls
from wagtail.documents import urls as wagtaildocs_urls

from coalition.partners.secretariat_urls import partner_patterns
from coalition.partners.views.person import leave_everywhere
from coalition.workspaces.secretariat_urls import workspace_patterns
from documents import embargo_urls, guest_urls, ways_urls
from documents.agreement_urls import agreement_patterns
from documents.asking_urls import asking_patterns
from events.addresses import coverage as coverage_urls
from events.addresses import feeds as feed_urls
from events.addresses import guest_book as book_urls
from events.addresses import invitations as invitation_urls
from events.addresses import kit as kit_urls
from events.addresses import message_guide as briefing_urls
from events.addresses import press_desk as press_urls
from events.addresses import press_guests as press_guest_urls
from events.addresses import public as public_urls
from events.addresses import questions as question_urls
from events.addresses import school_groups as group_urls
from events.addresses import shifts as shift_urls
from events.addresses import speakers as event_speaker_urls
from events.addresses import spokespersons as speaker_urls
from events.addresses import visitors as visitor_urls
from events.addresses import works as work_urls
from home.urls import cms_shadows, demo_urls, page_shadows, root_urls
from home.urls import public_urls as site_urls

secretariat_patterns = [*partner_patterns, *workspace_patterns, *agreement_patterns, *asking_patterns]

urlpatterns = [
    *root_urls,
    *(demo_urls if settings.DEMO else []),
    path("workspaces/secretariat/", include((secretariat_patterns, "secretariat"))),
    path("workspaces/", include("coalition.workspaces.urls")),
    path("workspaces/", include("documents.urls")),
    path("workspaces/", include("events.urls")),
    *guest_urls.urls,
    *ways_urls.urls,
    *embargo_urls.urls,
    *feed_urls.urls,
    *invitation_urls.urls,
    *press_urls.urls,
    *press_guest_urls.urls,
    *event_speaker_urls.urls,
    *speaker_urls.urls,
    *shift_urls.urls,
    *work_urls.urls,
    *briefing_urls.urls,
    *coverage_urls.urls,
    *group_urls.urls,
    *visitor_urls.urls,
    *kit_urls.urls,
    *book_urls.urls,
    path("accounts/leave-everywhere/", leave_everywhere, name="leave_everywhere"),
    path("accounts/", include("coalition.partners.urls")),
    path("accounts/", include("allauth.urls")),
    *cms_shadows,
    path("cms/", include(wagtailadmin_urls)),
    path("documents/", include(wagtaildocs_urls)),
    *i18n_patterns(
        path("events/", include(public_urls.urls)),
        *shift_urls.public,
        *question_urls.links,
        *site_urls,
        *page_shadows,
        path("", include(wagtail_urls)),
    ),
]

handler404 = "home.views.errors.not_found"
handler500 = "home.views.errors.server_error"
