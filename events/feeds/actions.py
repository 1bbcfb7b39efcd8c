"""Private calendar feeds: create, rotate the secret, revoke. The secret is displayed once."""

import datetime
import secrets
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import User
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.throttling import hash_token
from coalition.workspaces.models import Workspace
from coalition.workspaces.queries import workspaces_for
from events.core.models import PrivateFeed
from events.feeds.queries import feeds_of

MAX_FEEDS = 20
USE_RECORD_INTERVAL = datetime.timedelta(hours=1)


@transaction.atomic
def create_feed(
    *, person: User, workspaces: Iterable[Workspace] = (), **fields: Any
) -> tuple[PrivateFeed, str]:
    """Create a feed; return it with its token, which is not stored. `fields`: of PrivateFeed.

    Without `workspaces` it includes all of the person's, now and later. Raises Refused for a foreign one.
    """
    User.objects.select_for_update().get(pk=person.pk)  # two requests must not exceed the limit
    chosen = list(workspaces)
    allowed = set(workspaces_for(person).values_list("pk", flat=True))
    if any(workspace.pk not in allowed for workspace in chosen):
        raise Refused(_("Choose among the workspaces in which you have a seat."))
    if feeds_of(person).count() >= MAX_FEEDS:
        too_many = _("You have %(number)d calendar addresses: end one that you no longer use.")
        raise Refused(too_many, number=MAX_FEEDS)
    token = secrets.token_urlsafe(32)
    feed = PrivateFeed.objects.create(person=person, token_hash=hash_token(token), created_at=now(), **fields)
    feed.workspaces.set(chosen)
    _audit_feed("feed.created", feed)
    return feed, token


@transaction.atomic
def rotate_feed(*, person: User, feed: PrivateFeed) -> tuple[PrivateFeed, str]:
    """Replace the feed's secret: the old address is then indistinguishable from one that never existed."""
    row = _lock_feed(person, feed)
    token = secrets.token_urlsafe(32)
    row.token_hash, row.rotated_at, row.last_used_at = hash_token(token), now(), None
    row.save(update_fields=["token_hash", "rotated_at", "last_used_at"])
    _audit_feed("feed.rotated", row)
    return row, token


@transaction.atomic
def revoke_feed(*, person: User, feed: PrivateFeed) -> PrivateFeed:
    """Revoke the feed. Its address is then indistinguishable from one that never existed."""
    row = _lock_feed(person, feed)
    row.revoked_at = now()
    row.save(update_fields=["revoked_at"])
    _audit_feed("feed.revoked", row)
    return row


def record_feed_use(feed: PrivateFeed) -> None:
    """Record when the feed was last requested, at most once an hour; its owner reads it."""
    moment = now()
    if feed.last_used_at is None or feed.last_used_at < moment - USE_RECORD_INTERVAL:
        PrivateFeed.objects.filter(pk=feed.pk, last_used_at=feed.last_used_at).update(last_used_at=moment)


def _lock_feed(person: User, feed: PrivateFeed) -> PrivateFeed:
    """Lock the feed. Raises PrivateFeed.DoesNotExist if it is not the person's or was revoked."""
    return PrivateFeed.objects.select_for_update().get(pk=feed.pk, person=person, revoked_at=None)


def _audit_feed(action: str, feed: PrivateFeed) -> None:
    log.record_audit(action, actor=feed.person, target_kind="feed", target=feed.uuid)
