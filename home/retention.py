"""Retention of by-products: finished tasks, the newsroom's editing history, the log of news
sent."""

from django_tasks_db.models import DBTaskResult
from wagtail.models import ModelLogEntry, PageLogEntry

from coalition.core.retention import (
    anonymise_cutoff,
    days_ago,
    delete_in_batches,
    empty_in_batches,
    register_retention_rule,
)
from coalition.jobs.models import DueWork
from coalition.mail import retention as mail_retention
from coalition.mail.retention import NEWS_KEY_PREFIX, delete_named_mail
from coalition.storage import cleanup
from home.actions.news_mail import CONFIRMATION_DAYS, delete_unconfirmed_addresses
from home.models import NewsByMail

DAYS_DONE = 30


def delete_finished_work() -> int:
    """Delete finished jobs and tasks with their arguments. Return the number of rows."""
    before = days_ago(DAYS_DONE)
    return delete_in_batches(DueWork.objects.filter(done_at__lt=before)) + delete_in_batches(
        DBTaskResult.objects.filter(finished_at__lt=before)
    )


def anonymise_editors() -> int:
    """Clear names in the newsroom's histories after `AUDIT_PERSON_MONTHS`. Return the number of
    rows."""
    return sum(
        empty_in_batches(log.objects.filter(timestamp__lt=anonymise_cutoff(), user__isnull=False), user=None)
        for log in (PageLogEntry, ModelLogEntry)
    )


def delete_sent_news_records() -> int:
    """Delete the log of news sent to addresses that no longer subscribe. Return the number of
    rows."""
    return delete_named_mail(
        NEWS_KEY_PREFIX, still=lambda: {str(one) for one in NewsByMail.objects.values_list("uuid", flat=True)}
    )


# --- retention ---
# Retention rules of the site for personal data and by-products. Called once from `ready()`.


def register_site_retention() -> None:
    """Register the rules."""
    mail_retention.register_mail_retention()
    cleanup.register_cleanup()
    register_retention_rule(
        "home.forget_unconfirmed",
        delete_unconfirmed_addresses,
        of="home.NewsByMail: addresses that asked for news",
        until=f"unconfirmed {CONFIRMATION_DAYS} days; confirmed until their owner ends it",
    )
    register_retention_rule(
        "home.forget_news_sent",
        delete_sent_news_records,
        of="outbox.OutboxMail: which news went to an address",
        until="a day after the address is gone",
    )
    register_retention_rule(
        "home.forget_done",
        delete_finished_work,
        of="clock.DueWork, django_tasks_database.DBTaskResult: work that was done",
        until=f"{DAYS_DONE} days",
    )
    register_retention_rule(
        "home.forget_editors",
        anonymise_editors,
        of="wagtailcore.PageLogEntry, ModelLogEntry: who did what in the newsroom",
        until="AUDIT_PERSON_MONTHS; then nobody's",
    )
