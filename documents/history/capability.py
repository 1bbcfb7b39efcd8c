"""What histories of texts hand over to `documents.registry`."""

import datetime

from django.utils.translation import gettext_lazy as _

from coalition.workspaces.capability import RecurringWork
from documents.capability import Capability, SidePanel
from documents.history import actions
from documents.hooks import Hooks

HISTORY = Capability(
    name="history",
    urls="documents.history.urls",
    due_work={actions.GATHER: actions.gather_writing},
    recurring=(
        RecurringWork(
            "documents.tend_histories", actions.maintain_histories, every=datetime.timedelta(minutes=10)
        ),
    ),
    panels=(
        SidePanel(
            "history",
            _("History"),
            "documents/history/_panel.html",
            "documents.history.views.history_panel_context",
            place=30,
            fresh=True,
        ),
    ),
    hooks=Hooks(
        text_changed=[actions.record_change],
        suggestions_decided=[actions.record_suggestion_decisions],
        published=[actions.record_publication],
    ),
)
