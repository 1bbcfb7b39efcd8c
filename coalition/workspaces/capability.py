"""What a capability brings to the layers below its package: one object, handed over by `register`."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from coalition.audit.labels import ActionLabel, register_actions
from coalition.core import retention as core_retention
from coalition.jobs import scheduler
from coalition.workspaces import dashboard
from coalition.workspaces.activity_sentences import register_activity_sentences
from coalition.workspaces.notifications.kinds import NotificationKind, register_kinds


@dataclass(frozen=True)
class RecurringWork:
    """Work that runs again and again; `run` must be idempotent."""

    kind: str
    run: Callable[[], object]
    every: datetime.timedelta


@dataclass(frozen=True, kw_only=True)
class Capability:
    """A feature in one package. All but the name may stay empty.

    `urls`: dotted name of its module of addresses, which has `desk` (below `/workspaces/`), `public` (below
    `/<language>/`) and `root` (at the root of the site), each a list, each optional. `connect` is called last
    and does what has no field here.
    """

    name: str
    urls: str = ""
    audit_actions: Mapping[str, ActionLabel] = field(default_factory=dict)
    activities: Mapping[str, ActionLabel] = field(default_factory=dict)
    activity_links: Mapping[str, str] = field(default_factory=dict)
    notification_kinds: Mapping[str, NotificationKind] = field(default_factory=dict)
    retention_rules: Sequence[core_retention.RetentionRule] = ()
    due_work: Mapping[str, scheduler.Handler] = field(default_factory=dict)
    recurring: Sequence[RecurringWork] = ()
    waiting: Sequence[dashboard.DashboardSource[dashboard.WaitingItem]] = ()
    seated: Sequence[dashboard.DashboardSource[dashboard.WaitingItem]] = ()
    coming: Sequence[dashboard.DashboardSource[dashboard.UpcomingItem]] = ()
    connect: Callable[[], None] | None = None


def register_capability(capability: Capability) -> None:
    """Hand a capability to the registries of the layers below. Call once, from `AppConfig.ready()`."""
    register_actions(capability.audit_actions)
    register_activity_sentences(capability.activities, links=capability.activity_links)
    register_kinds(capability.notification_kinds)
    for rule in capability.retention_rules:
        core_retention.register_retention_rule(rule.name, rule.forget, of=rule.of, until=rule.until)
    for kind, handler in capability.due_work.items():
        scheduler.register_handler(kind, handler)
    for one in capability.recurring:
        scheduler.register_recurring(one.kind, one.run, every=one.every)
    dashboard.waiting_sources.extend(capability.waiting)
    dashboard.seated_sources.extend(capability.seated)
    dashboard.coming_sources.extend(capability.coming)
    if capability.connect is not None:
        capability.connect()
