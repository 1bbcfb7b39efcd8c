"""Everything of events below `/workspaces/`."""

from events.addresses import afterwards as afterwards_urls
from events.addresses import checklist as checklist_urls
from events.addresses import conflicts as conflict_urls
from events.addresses import coverage as coverage_urls
from events.addresses import desk as desk_urls
from events.addresses import enquiries as enquiry_urls
from events.addresses import feeds as feed_urls
from events.addresses import guest_book as book_urls
from events.addresses import invitations as invitation_urls
from events.addresses import kit as kit_urls
from events.addresses import message_guide as guide_urls
from events.addresses import partner_calendars as intake_urls
from events.addresses import press_desk as press_urls
from events.addresses import press_guests as press_guest_urls
from events.addresses import questions as question_urls
from events.addresses import running_order as running_urls
from events.addresses import safety as safety_urls
from events.addresses import school_groups as group_urls
from events.addresses import shifts as shift_urls
from events.addresses import speakers as event_speaker_urls
from events.addresses import spokespersons as speaker_urls
from events.addresses import visitors as visitor_urls
from events.addresses import works as work_urls

app_name = "events"
urlpatterns = [
    *desk_urls.urls,
    *feed_urls.desk,
    *invitation_urls.desk,
    *intake_urls.urls,
    *conflict_urls.urls,
    *running_urls.urls,
    *press_urls.desk,
    *checklist_urls.urls,
    *press_guest_urls.desk,
    *speaker_urls.desk,
    *enquiry_urls.desk,
    *afterwards_urls.urls,
    *safety_urls.urls,
    *shift_urls.desk,
    *work_urls.desk,
    *guide_urls.desk,
    *coverage_urls.desk,
    *event_speaker_urls.desk,
    *group_urls.desk,
    *visitor_urls.desk,
    *question_urls.desk,
    *kit_urls.desk,
    *book_urls.desk,
]
