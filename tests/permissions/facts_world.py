"""Facts in the world in which every secret has a word: one that members keep, used in a draft for few; and
one that is open to everyone, with what it said before and why it changed."""

import datetime
from typing import Any

from coalition.workspaces.permissions import access_to
from documents.drafts.live.backend import edit_text
from documents.facts.actions import change_fact, check_fact, create_fact, set_fact_public
from documents.facts.models import FactKind, FactTopic, fact_run
from documents.facts.queries import local_today
from documents.models import Draft, Fact
from tests.permissions.world import EVERYONE, SEATED, World

MEMBERS = SEATED | {"neighbour"}  # whoever holds a seat anywhere
SOON = datetime.timedelta(days=90)


def add_facts(made: World) -> None:
    kept = _written(made, "keptfact", MEMBERS)
    _use_in_a_draft_for_few(made, kept)
    opened = _written(made, "beforefact", MEMBERS)
    person = made.people["admitted"]
    changed = change_fact(
        person=person,
        fact=opened,
        **_content(made, "openfact", EVERYONE),
        why=made.canary("openfact", "why", MEMBERS),
        next_check=local_today() + SOON,
        seen=1,
    )
    check_fact(
        person=made.people["coordinator"],
        fact=changed,
        seen=2,
        next_check=local_today() + SOON,
        note=made.canary("openfact", "note", MEMBERS),
    )
    set_fact_public(person=person, fact=changed, opened=True)
    made.things["keptfact"] = {"fact": kept.uuid}
    made.things["openfact"] = {"fact": opened.uuid}


def _written(made: World, about: str, readers: object) -> Fact:
    person = made.people["admitted"]
    return create_fact(
        person=person,
        owner=person.memberships.get().organisation.uuid,
        kind=FactKind.STATEMENT,
        topic=FactTopic.LAW,
        **_content(made, about, readers),
        next_check=local_today() + SOON,
    )


def _content(made: World, about: str, readers: object) -> dict[str, Any]:
    parts = {name: made.canary(about, name, readers) for name in ("sentence", "scope", "source", "how")}
    words = dict.fromkeys(("kk", "ru", "en"), parts)
    publisher, title = (made.canary(about, name, readers) for name in ("publisher", "title"))
    return {"as_of": 2018, "publisher": publisher, "title": title, "words": words}


def _use_in_a_draft_for_few(made: World, fact: Fact) -> None:
    """Whoever looks at the fact must not learn of the draft."""
    draft = Draft.objects.get(uuid=made.things["restricted"]["draft"])
    access = access_to(made.people["admitted"], made.workspace.uuid)
    version = fact.current
    assert version is not None
    node = {"type": "fact", "attrs": dict(fact_run(version, version.words.get(language="kk")))}
    paragraph = {"type": "paragraph", "content": [node]}
    edit_text(
        text=draft.texts.get(language="kk"),
        author=access.user,
        organisation=access.organisation,
        change=lambda marked: {**marked, "content": [*marked["content"], paragraph]},
    )
