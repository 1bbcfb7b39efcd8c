"""What work leaves behind: pieces that were done, who edited what in the newsroom, who had which news."""

from django_tasks_db.models import DBTaskResult
from wagtail.models import ModelLogEntry, PageLogEntry

from coalition.core.retention import days_ago, delete, empty, long_ago
from coalition.jobs.models import DueWork
from coalition.mail.retention import ONCE, forget_named
from home.models import NewsByMail

DAYS_DONE = 30


def forget_done() -> int:
    """Delete work that was done, and tasks, with what they were given. Returns how many rows."""
    before = days_ago(DAYS_DONE)
    return delete(DueWork.objects.filter(done_at__lt=before)) + delete(
        DBTaskResult.objects.filter(finished_at__lt=before)
    )


def forget_editors() -> int:
    """The newsroom's histories name nobody after `AUDIT_PERSON_MONTHS`. Returns how many rows."""
    return sum(
        empty(log.objects.filter(timestamp__lt=long_ago(), user__isnull=False), user=None)
        for log in (PageLogEntry, ModelLogEntry)
    )


def forget_news_sent() -> int:
    """Delete what news went to addresses that do not get it any more. Returns how many rows."""
    return forget_named(
        ONCE, still=lambda: {str(one) for one in NewsByMail.objects.values_list("uuid", flat=True)}
    )
