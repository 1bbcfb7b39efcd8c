"""What a capability brings to the layers below its package: one object, handed over by `register`."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from coalition.audit.words import Words, register_actions
from coalition.core import retention
from coalition.jobs import scheduler
from coalition.workspaces import dashboard
from coalition.workspaces.activity_words import register_words
from coalition.workspaces.notifications.kinds import Kind, register_kinds


@dataclass(frozen=True)
class Recurring:
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
    audit_actions: Mapping[str, Words] = field(default_factory=dict)
    activities: Mapping[str, Words] = field(default_factory=dict)
    activity_links: Mapping[str, str] = field(default_factory=dict)
    notification_kinds: Mapping[str, Kind] = field(default_factory=dict)
    retention_rules: Sequence[retention.Rule] = ()
    due_work: Mapping[str, scheduler.Handler] = field(default_factory=dict)
    recurring: Sequence[Recurring] = ()
    waiting: Sequence[dashboard.Source[dashboard.Waiting]] = ()
    seated: Sequence[dashboard.Source[dashboard.Waiting]] = ()
    coming: Sequence[dashboard.Source[dashboard.Coming]] = ()
    connect: Callable[[], None] | None = None


def register(capability: Capability) -> None:
    """Hand a capability to the registries of the layers below. Call once, from `AppConfig.ready()`."""
    register_actions(capability.audit_actions)
    register_words(capability.activities, links=capability.activity_links)
    register_kinds(capability.notification_kinds)
    for rule in capability.retention_rules:
        retention.rule(rule.name, rule.forget, of=rule.of, until=rule.until)
    for kind, handler in capability.due_work.items():
        scheduler.register(kind, handler)
    for one in capability.recurring:
        scheduler.recur(one.kind, one.run, every=one.every)
    dashboard.waiting_sources.extend(capability.waiting)
    dashboard.seated_sources.extend(capability.seated)
    dashboard.coming_sources.extend(capability.coming)
    if capability.connect is not None:
        capability.connect()
