"""How long the site keeps what tells of people, and what work leaves behind. Called once from `ready()`."""

from coalition.core.retention import rule
from coalition.mail import retention
from coalition.storage import cleanup
from home.domain.forget_leftovers import DAYS_DONE, forget_done, forget_editors, forget_news_sent
from home.domain.news_mail import DAYS, forget_unconfirmed


def register() -> None:
    """Say how long."""
    retention.register()
    cleanup.register()
    rule(
        "home.forget_unconfirmed",
        forget_unconfirmed,
        of="home.NewsByMail: addresses that asked for news",
        until=f"unconfirmed {DAYS} days; confirmed until their owner ends it",
    )
    rule(
        "home.forget_news_sent",
        forget_news_sent,
        of="outbox.OutboxMail: which news went to an address",
        until="a day after the address is gone",
    )
    rule(
        "home.forget_done",
        forget_done,
        of="clock.DueWork, django_tasks_database.DBTaskResult: work that was done",
        until=f"{DAYS_DONE} days",
    )
    rule(
        "home.forget_editors",
        forget_editors,
        of="wagtailcore.PageLogEntry, ModelLogEntry: who did what in the newsroom",
        until="AUDIT_PERSON_MONTHS; then nobody's",
    )
