"""Posters to test with: a figure of the register, texts that hold it, what was set of them."""

from typing import Any

from coalition.accounts.models import User
from coalition.campaigns.media_package.actions.renditions import prepare_rendition
from coalition.campaigns.media_package.enums import ItemKind, RenditionState
from coalition.campaigns.media_package.models import MediaItem, Rendition
from coalition.campaigns.media_package.posters.setting import set_posters
from coalition.roles import SeatRole
from documents.drafts.actions.manage import name_version
from documents.facts.actions import change_fact, check_fact
from documents.facts.models import fact_run
from documents.models import Fact, Publication
from documents.publication.actions import publish_approved
from tests.campaigns.media_package.builders import CREDIT, LANGUAGES, LICENCE, Press, blocks
from tests.documents.approval.builders import Stage
from tests.documents.facts.writing import fact_content, soon, write_down
from tests.factories import seat
from tests.recording import recorded

FUNDING = {"kk": "Қаржыландыру", "ru": "Финансирование", "en": "Funding"}
TITLES = {"kk": "Үндемеу — жауап емес", "ru": "Молчание — не ответ", "en": "Silence is no answer"}


def checker(here: Press) -> User:
    """Another editor of the coordinator's organisation, who checks what she wrote."""
    found = here.made.workspace.seats.filter(role=SeatRole.EDITOR).first()
    if found is None:
        found = seat(
            workspace=here.made.workspace, role=SeatRole.EDITOR, organisation=here.made.organisations[0]
        )
    return found.person


@recorded
def figure(here: Press, numeral: str = "17 %") -> Fact:
    """A checked figure of the register."""
    fact = write_down(here.made.coordinator, numeral)
    return check_fact(person=checker(here), fact=fact, seen=1, next_check=soon())


@recorded
def changed(here: Press, fact: Fact, numeral: str = "19 %", *, checked: bool = True, **given: Any) -> Fact:
    """The figure with another numeral, checked by somebody else."""
    seen = Fact.objects.get(pk=fact.pk).current.number
    row = change_fact(
        person=here.made.coordinator,
        fact=fact,
        why="A new survey",
        next_check=soon(),
        seen=seen,
        **fact_content(numeral, **given),
    )
    if checked:
        row = check_fact(person=checker(here), fact=row, seen=seen + 1, next_check=soon())
    return row


def own_stage(here: Press, item: MediaItem) -> Stage:
    """The stage of the item's own text."""
    made = here.made
    return Stage(made.workspace, made.coordinator, item.draft, made.organisations, made.representatives)


def content_with(fact: Fact | None, language: str) -> dict[str, Any]:
    """The editor's JSON: a sentence with the figure, and the parts that outlets look for."""
    body = blocks(
        ("", "What is known:"),
        (CREDIT[language], f"Сурет: коалиция ({language})"),
        (LICENCE[language], "Free to air"),
        (FUNDING[language], f"Қор ({language})"),
    )
    if fact is not None:
        version = fact.current
        run = fact_run(version, version.words.get(language=language))
        body["content"][0]["content"] += [
            {"type": "text", "text": " "},
            {"type": "fact", "attrs": dict(run)},
            {"type": "text", "text": "."},
        ]
    return body


@recorded
def poster(here: Press, name: str = "poster", kind: ItemKind = ItemKind.POSTER, **fields: Any) -> MediaItem:
    """An item whose files are set from the template."""
    return here.item(name, kind, **{"sets_formats": ["a4", "1x1"], **fields})


@recorded
def write(here: Press, item: MediaItem, fact: Fact | None, **titles: str) -> None:
    """Write the item's text in every language. `titles`: other titles by language."""
    own = own_stage(here, item)
    for language in LANGUAGES:
        own.write_blocks(content_with(fact, language), language, title=(TITLES | titles)[language])


@recorded
def publish(here: Press, item: MediaItem) -> Publication:
    """Have the item's text approved as it stands in every language, and publish it."""
    own = own_stage(here, item)
    versions = [name_version(access=here.access, text=own.text(code), name="As agreed") for code in LANGUAGES]
    round_ = own.put(versions=versions)
    own.approve_all(round_)
    return publish_approved(access=here.access, round_=round_)


def set_and_prepare(publication: Publication) -> list[Rendition]:
    """Do the work that publishing scheduled, as the workers do; return the files of this publication."""
    set_posters(str(publication.uuid))
    rows = Rendition.objects.filter(publication=publication)
    for row in rows.filter(state=RenditionState.PREPARING):
        prepare_rendition(str(row.uuid))
    return list(rows.select_related("file").order_by("pk"))
