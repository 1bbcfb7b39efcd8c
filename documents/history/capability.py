"""What histories of texts hand over to `documents.registry`."""

import datetime

from coalition.workspaces.capability import Recurring
from documents.capability import Capability
from documents.history import actions

HISTORY = Capability(
    name="history",
    urls="documents.history.urls",
    due_work={actions.GATHER: actions.gather_writing},
    recurring=(
        Recurring("documents.tend_histories", actions.tend_histories, every=datetime.timedelta(minutes=10)),
    ),
    connect=actions.register,
)
