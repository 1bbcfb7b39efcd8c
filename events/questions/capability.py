"""What questions to an event bring to events and to the layers below."""

from django.utils.translation import gettext_lazy as _

from coalition.core.retention import RetentionRule
from events.core.capability import EventCapability, LiveTopic
from events.questions import actions
from events.questions.actions import KIND, last_questions_id, may_subscribe_to_questions
from events.questions.presenters import questions_action, questions_area, questions_of_journalist

QUESTIONS = EventCapability(
    name="questions",
    urls="events.questions.urls",
    audit_actions={
        "event.questions_opened": _("Questions online opened"),
        "event.questions_terms": _("Questions online opened again, or the terms changed"),
        "event.questions_stopped": _("Questions online closed"),
        "event.question_moved": _("A question taken, answered or not taken"),
        "event.question_summarised": _("A moderator wrote a summary of a question, or to whom it is"),
        "event.questions_merged": _("Questions merged, or parted again"),
        "event.stage_link_made": _("A link to the stage view made"),
        "event.stage_link_taken_back": _("The link to the stage view taken back"),
    },
    retention_rules=(
        RetentionRule(
            "events.forget_questions",
            forget=actions.forget_questions,
            of="events.Question, Asker: what was asked of an event, under which name",
            until=f"{actions.DAYS_KEPT} days after the event",
        ),
    ),
    areas={40: questions_area},
    live_topics=(LiveTopic(KIND, may_subscribe_to_questions, last_questions_id),),
    press_page_parts={"questions": questions_of_journalist},
    public_actions={40: questions_action},
)
