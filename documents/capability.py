"""What a capability of documents hands over: a `Capability` of workspaces, and what only documents have."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.urls import reverse
from django.utils.functional import Promise

from coalition import live_push
from coalition.audit.log import ActionLabel
from coalition.workspaces import capability as workspaces_capability, dashboard as workspaces_dashboard
from coalition.workspaces.notifications.kinds import NotificationSubject, register_subject
from coalition.workspaces.sentence_params import register_labels
from documents.hooks import HOOKS, Hooks


@dataclass(frozen=True)
class Topic:
    """A kind of topic of the live socket: who may hear it, and the id of the last row of which
    they may hear."""

    may_hear: live_push.SubscribePermission
    last_id: live_push.LastId | None = None


@dataclass(frozen=True)
class SidePanel:
    """One tab beside a text.

    `context`: dotted name of a function `(request, text) -> dict`, for the template. `place`: tabs stand in
    this order. `fresh`: what it shows follows the text, so that opening it asks for it anew.
    """

    key: str
    label: str | Promise
    template: str
    context: str
    place: int
    fresh: bool = False


@dataclass(frozen=True, kw_only=True)
class Capability(workspaces_capability.Capability):
    """A feature of documents in one package. All but the name may stay empty.

    `urls`: dotted name of its module of addresses, which has `desk` (below `/workspaces/`), `root` (at the
    root of the site) and `secretariat` (below `/workspaces/secretariat/`), each a list, each optional.
    `labels`: of values in details of activities. `work`: sources of the texts in work on the dashboard.
    `panels`: tabs beside a text. `hooks`: what follows here from actions in capabilities below.
    """

    labels: Mapping[str, Mapping[str, ActionLabel]] = field(default_factory=dict)
    subjects: Mapping[str, NotificationSubject] = field(default_factory=dict)
    topics: Mapping[str, Topic] = field(default_factory=dict)
    work: Sequence[workspaces_dashboard.DashboardSource[workspaces_dashboard.WorkItem]] = ()
    panels: Sequence[SidePanel] = ()
    hooks: Hooks = field(default_factory=Hooks)


_panels: list[SidePanel] = []


def text_panels() -> list[SidePanel]:
    """The tabs beside a text, in their order."""
    return sorted(_panels, key=lambda panel: panel.place)


def register_document_capability(capability: Capability) -> None:
    """Hand a capability to the registries of the layers below. Call once, from `AppConfig.ready()`."""
    workspaces_capability.register_capability(capability)
    register_labels(capability.labels)
    for kind, subject in capability.subjects.items():
        register_subject(kind, visible=subject.visible, describe=subject.describe, address=subject.address)
    for kind, topic in capability.topics.items():
        live_push.register_topic(kind, topic.may_hear, topic.last_id)
    workspaces_dashboard.work_sources.extend(capability.work)
    _panels.extend(capability.panels)
    HOOKS.extend(capability.hooks)


def address_of(name: str) -> Callable[[UUID], str]:
    """The address of this name in the members' area, which takes a UUID alone."""
    return lambda uuid: reverse(f"documents:{name}", args=[uuid])
