"""One person's own calendar addresses: made, given a new secret, ended. Their secret is shown once."""

import datetime
import secrets
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coalition.accounts.models import User
from coalition.audit import log
from coalition.core.clock import now
from coalition.core.errors import Refused
from coalition.core.tokens import hash_token
from coalition.workspaces.models import Workspace
from coalition.workspaces.queries import workspaces_for
from events.core.models import PrivateFeed
from events.feeds.queries import feeds_of

MOST = 20
NOTED_EVERY = datetime.timedelta(hours=1)


@transaction.atomic
def create_feed(
    *,
    person: User,
    name: str,
    language: str,
    only_mine: bool = False,
    with_public: bool = False,
    with_tasks: bool = False,
    workspaces: Iterable[Workspace] = (),
) -> tuple[PrivateFeed, str]:
    """A new address, and its token, which is kept nowhere. Raises Refused for a foreign workspace.

    Without `workspaces` it holds all in which the person has a seat, now and later.
    """
    User.objects.select_for_update().get(pk=person.pk)  # two presses at once must not pass the limit
    chosen = list(workspaces)
    allowed = set(workspaces_for(person).values_list("pk", flat=True))
    if any(workspace.pk not in allowed for workspace in chosen):
        raise Refused(_("Choose among the workspaces in which you have a seat."))
    if feeds_of(person).count() >= MOST:
        too_many = _("You have %(number)d calendar addresses: end one that you no longer use.")
        raise Refused(too_many, number=MOST)
    token = secrets.token_urlsafe(32)
    feed = PrivateFeed.objects.create(
        person=person,
        name=name.strip(),
        language=language,
        only_mine=only_mine,
        with_public=with_public,
        with_tasks=with_tasks,
        token_hash=hash_token(token),
        created_at=now(),
    )
    feed.workspaces.set(chosen)
    _record("feed.created", feed)
    return feed, token


@transaction.atomic
def rotate_feed(*, person: User, feed: PrivateFeed) -> tuple[PrivateFeed, str]:
    """A new secret for the same feed: the old address is from now on like one that never was."""
    row = _hold(person, feed)
    token = secrets.token_urlsafe(32)
    row.token_hash, row.rotated_at, row.last_used_at = hash_token(token), now(), None
    row.save(update_fields=["token_hash", "rotated_at", "last_used_at"])
    _record("feed.rotated", row)
    return row, token


@transaction.atomic
def revoke_feed(*, person: User, feed: PrivateFeed) -> PrivateFeed:
    """End the feed. Its address is from now on like one that never was."""
    row = _hold(person, feed)
    row.revoked_at = now()
    row.save(update_fields=["revoked_at"])
    _record("feed.revoked", row)
    return row


def note_use(feed: PrivateFeed) -> None:
    """Keep when the feed was last asked for, at most once an hour: its person sees whether it is in use."""
    moment = now()
    due = Q(last_used_at=None) | Q(last_used_at__lt=moment - NOTED_EVERY)
    if feed.last_used_at is None or feed.last_used_at < moment - NOTED_EVERY:
        PrivateFeed.objects.filter(due, pk=feed.pk).update(last_used_at=moment)


def _hold(person: User, feed: PrivateFeed) -> PrivateFeed:
    """Lock the feed. Raises PrivateFeed.DoesNotExist if it is not the person's or was ended already."""
    return PrivateFeed.objects.select_for_update().get(pk=feed.pk, person=person, revoked_at=None)


def _record(action: str, feed: PrivateFeed) -> None:
    log.record_audit(action, actor=feed.person, target_kind="feed", target=feed.uuid)
