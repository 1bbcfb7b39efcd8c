"""Declaration of a capability for the layers below its package, passed to `register_capability`."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module

from django.urls import URLPattern, URLResolver

from coalition.audit.log import ActionLabel, register_actions
from coalition.core import retention as core_retention
from coalition.jobs import scheduler
from coalition.workspaces import dashboard
from coalition.workspaces.notifications.kinds import NotificationKind, register_kinds
from coalition.workspaces.sentence_params import register_activity_sentences


@dataclass(frozen=True)
class RecurringWork:
    """A recurring job; `run` must be idempotent."""

    kind: str
    run: Callable[[], object]
    every: datetime.timedelta


@dataclass(frozen=True, kw_only=True)
class Capability:
    """A feature in one package. All but the name may stay empty.

    `urls`: dotted name of its URL module, which has the optional lists `desk` (below `/workspaces/`),
    `public` (below `/<language>/`) and `root` (at the root of the site). `connect` is called last, for
    everything without a field here.
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


def url_patterns(capabilities: Sequence[Capability], part: str) -> list[URLPattern | URLResolver]:
    """Return the patterns of the list `part` in the URL modules of these capabilities, in their order.

    Capabilities may share a module: it is read once."""
    modules = dict.fromkeys(capability.urls for capability in capabilities if capability.urls)
    return [pattern for name in modules for pattern in getattr(import_module(name), part, [])]


def register_capability(capability: Capability) -> None:
    """Add a capability to the registries of the layers below. Call once, from `AppConfig.ready()`."""
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
