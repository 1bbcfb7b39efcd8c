"""A row of the age that is asked for, for each rule of what is kept how long, and whether it is over."""

import datetime
from typing import Any
from uuid import UUID, uuid4

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django_tasks_db.models import DBTaskResult
from wagtail.models import ModelLogEntry, Page, PageLogEntry

from coalition.accounts.models import Invitation, MembershipRequest, User
from coalition.audit.models import AuditEntry
from coalition.core.clock import now
from coalition.jobs.models import DueWork
from coalition.mail.models import OutboxMail
from coalition.workspaces.models import Activity, Notification, Presence, PushSubscription
from documents import models
from home.models import NewsByMail
from tests.filled import filled
from tests.home.aged_campaigns import CASES as OF_CAMPAIGNS
from tests.home.aged_consent import CASES as OF_CONSENT
from tests.home.aged_events import CASES as OF_EVENTS
from tests.home.ageing import LONG, Case, day_of, days, gone, without


def edited(age: datetime.timedelta) -> dict[str, Any]:
    """What somebody did in the newsroom so long ago."""
    return {"action": "wagtail.edit", "timestamp": now() - age, "user": filled(User)}


CASES: list[Case] = [
    *OF_EVENTS,
    *OF_CAMPAIGNS,
    *OF_CONSENT,
    (
        "audit.forget_persons",
        "actor",
        LONG,
        lambda age: filled(AuditEntry, at=now() - age, actor=filled(User)),
        without("actor"),
    ),
    (
        "audit.forget_persons",
        "target",
        LONG,
        lambda age: filled(AuditEntry, at=now() - age, target_kind="person", target=uuid4()),
        lambda row: type(row).objects.get(pk=row.pk).target == UUID(int=0),
    ),
    (
        "documents.forget_files",
        "made",
        days(1),
        lambda age: filled(models.ExportedFile, made_at=now() - age, format="pdf"),
        gone,
    ),
    (
        "documents.forget_files",
        "author",
        LONG,
        lambda age: filled(models.ImportedAuthor, created_at=now() - age, name="Aru"),
        without("name"),
    ),
    (
        "documents.forget_guests",
        "link",
        LONG,
        lambda age: filled(models.GuestLink, expires_at=now() - age),
        without("name", "email"),
    ),
    (
        "documents.forget_guests",
        "once",
        LONG,
        lambda age: filled(models.OneTimeLink, ended_at=now() - age, expires_at=now()),
        without("name", "email"),
    ),
    (
        "documents.forget_guests",
        "quotation",
        LONG,
        lambda age: filled(models.QuotationConsent, asked_at=now() - age, email="aru@tests.example"),
        without("email"),
    ),
    (
        "documents.forget_joinings",
        "unconfirmed",
        days(7),
        lambda age: filled(models.Joining, day=day_of(age), state="unconfirmed"),
        gone,
    ),
    (
        "documents.forget_joinings",
        "ended",
        LONG,
        lambda age: filled(
            models.Joining,
            ended_at=now() - age,
            state="withdrawn",
            contact="Aru",
            address="aru@tests.example",
        ),
        without("contact", "address"),
    ),
    (
        "documents.forget_readings",
        "",
        LONG,
        lambda age: filled(models.EmbargoUse, at=now() - age),
        gone,
    ),
    ("home.forget_done", "work", days(30), lambda age: filled(DueWork, done_at=now() - age), gone),
    (
        "home.forget_done",
        "task",
        days(30),
        lambda age: filled(DBTaskResult, finished_at=now() - age, run_after=now(), exception_class_path=""),
        gone,
    ),
    (
        "home.forget_editors",
        "page",
        LONG,
        lambda age: filled(
            PageLogEntry,
            action="wagtail.edit",
            page=Page.objects.first(),
            timestamp=now() - age,
            user=filled(User),
        ),
        without("user"),
    ),
    (
        "home.forget_editors",
        "snippet",
        LONG,
        lambda age: filled(
            ModelLogEntry, action="wagtail.edit", timestamp=now() - age, user=filled(User), object_id="1"
        ),
        without("user"),
    ),
    (
        "home.forget_unconfirmed",
        "",
        days(7),
        lambda age: filled(NewsByMail, day=day_of(age), address_print=uuid4().hex),
        gone,
    ),
    (
        "notifications.forget",
        "read",
        days(90),
        lambda age: filled(Notification, at=now() - age, read_at=now() - age),
        gone,
    ),
    ("notifications.forget", "unread", days(365), lambda age: filled(Notification, at=now() - age), gone),
    (
        "notifications.forget",
        "push",
        days(365),
        lambda age: filled(PushSubscription, created_at=now() - age),
        gone,
    ),
    (
        "outbox.forget_sent",
        "",
        LONG,
        lambda age: filled(OutboxMail, created_at=now() - age, state="sent", person=uuid4()),
        gone,
    ),
    (
        "partners.forget_invitations",
        "expired",
        LONG,
        lambda age: filled(Invitation, expires_at=now() - age),
        gone,
    ),
    (
        "partners.forget_invitations",
        "accepted",
        LONG,
        lambda age: filled(Invitation, expires_at=now(), accepted_at=now() - age),
        without("name", "email"),
    ),
    (
        "partners.forget_requests",
        "unconfirmed",
        days(7),
        lambda age: filled(MembershipRequest, state="unconfirmed", day=day_of(age)),
        gone,
    ),
    (
        "partners.forget_requests",
        "declined",
        days(90),
        lambda age: filled(MembershipRequest, state="declined", decided_at=now() - age),
        gone,
    ),
    (
        "partners.forget_sessions",
        "session",
        days(0),
        lambda age: filled(Session, session_key=uuid4().hex, expire_date=now() - age),
        gone,
    ),
    (
        "partners.forget_sessions",
        "listed",
        days(0),
        lambda age: filled(
            UserSession,
            ip="127.0.0.1",
            session_key=filled(Session, session_key=uuid4().hex, expire_date=now() - age).session_key,
        ),
        gone,
    ),
    (
        "workspaces.forget_actors",
        "",
        LONG,
        lambda age: filled(Activity, at=now() - age, actor=filled(User)),
        without("actor"),
    ),
    (
        "workspaces.forget_presence",
        "",
        datetime.timedelta(seconds=75),
        lambda age: filled(Presence, seen_at=now() - age),
        gone,
    ),
]
