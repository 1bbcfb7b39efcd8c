"""Everything of events below `/workspaces/`."""

from events.conflicts import urls as conflicts_urls
from events.exhibitions.guest_book import urls as guest_book_urls
from events.exhibitions.school_groups import urls as school_groups_urls
from events.exhibitions.visitors import urls as visitors_urls
from events.exhibitions.works import urls as works_urls
from events.feeds import urls as feeds_urls
from events.invitations import urls as invitations_urls
from events.partner_calendars import urls as partner_calendars_urls
from events.planning import urls as planning_urls
from events.press import urls
from events.press.coverage import urls as coverage_urls
from events.press.enquiries import urls as enquiries_urls
from events.press.kit import urls as kit_urls
from events.press.registration import urls as registration_urls
from events.press.spokespersons import urls as spokespersons_urls
from events.press.talking_points import urls as talking_points_urls
from events.production.checklist import urls as checklist_urls
from events.production.debrief import urls as debrief_urls
from events.production.running_order import urls as running_order_urls
from events.production.safety import urls as safety_urls
from events.production.speakers import urls as speakers_urls
from events.questions import urls as questions_urls
from events.volunteers import urls as volunteers_urls

app_name = "events"
urlpatterns = [
    *planning_urls.urls,
    *feeds_urls.desk,
    *invitations_urls.desk,
    *partner_calendars_urls.urls,
    *conflicts_urls.urls,
    *running_order_urls.urls,
    *urls.desk,
    *checklist_urls.urls,
    *registration_urls.desk,
    *spokespersons_urls.desk,
    *enquiries_urls.desk,
    *debrief_urls.urls,
    *safety_urls.urls,
    *volunteers_urls.desk,
    *works_urls.desk,
    *talking_points_urls.desk,
    *coverage_urls.desk,
    *speakers_urls.desk,
    *school_groups_urls.desk,
    *visitors_urls.desk,
    *questions_urls.desk,
    *kit_urls.desk,
    *guest_book_urls.desk,
]
