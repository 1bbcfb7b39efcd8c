"""Dashboard entries of questions: those an organisation of the person has yet to answer."""

import datetime
from collections.abc import Iterable

from django.utils.translation import gettext as _

from coalition.accounts.models import User
from coalition.accounts.naming import Viewer, display_name_for
from coalition.core.clock import now
from coalition.workspaces.dashboard import WaitingItem
from coalition.workspaces.dashboard_prefilter import only_if
from documents.resolutions.queries import possibly_unanswered_for, waiting_questions

ANSWER_SOON = datetime.timedelta(hours=48)


@only_if(possibly_unanswered_for)
def questions_to_answer(user: User, viewer: Viewer) -> Iterable[WaitingItem]:
    """Yield questions awaiting the answer of an organisation the person may answer for: one query.

    None after the deadline, when nothing can be answered any more.
    """
    moment = now()
    for asked in waiting_questions(user).filter(question__deadline__gt=moment):
        question = asked.question
        name = display_name_for(viewer, asked.organisation)
        yield WaitingItem(
            icon="speech",
            title=question.title,
            detail=_("%(organisation)s is asked to decide.") % {"organisation": name},
            url=question.get_absolute_url(),
            action=_("Read and answer"),
            due=question.deadline,
            urgent=question.deadline - moment < ANSWER_SOON,
        )
