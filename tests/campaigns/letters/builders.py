"""A letter action of a published letter, with people to write to; all of them are invented."""

from collections.abc import Sequence

import factory
from django.utils.timezone import localdate

from coalition.campaigns.letters.queries import action_at
from coalition.campaigns.models import Body, LetterAction, Target
from coalition.core.clock import now
from documents.drafts.actions.manage import create_draft, name_version, save_text
from documents.drafts.models import TextKind
from documents.models import Publication
from documents.publication.actions import publish_approved
from tests.campaigns.appeals.factories import hashes_of
from tests.documents.approval.builders import Stage, stage
from tests.documents.conftest import body
from tests.factories import Factory, numbered
from tests.recording import recorded

PARAGRAPHS = ("We ask for a law.", "It costs little & helps = many + more #1.")


class BodyFactory(Factory):
    """Needs `workspace`."""

    class Meta:
        model = Body

    kind = "parliament"
    name = numbered(lambda n: {"kk": f"Құрылтай {n}", "en": f"Body {n}"})
    address = factory.LazyFunction(lambda: {"kk": "Астана, Сынақ көшесі, 1", "en": "1 Test street, Astana"})
    as_of = factory.LazyFunction(lambda: localdate(now()))


class TargetFactory(Factory):
    """Needs `body`."""

    class Meta:
        model = Target

    external_id = numbered(lambda n: f"t{n}")
    name = numbered(lambda n: {"kk": f"Депутат {n}", "en": f"Deputy {n}"})
    position = factory.LazyFunction(lambda: {"kk": "депутат", "en": "member"})
    email = numbered(lambda n: f"deputy{n}@tests.example")
    languages = factory.LazyFunction(lambda: ["kk", "ru"])
    as_of = factory.LazyFunction(lambda: localdate(now()))


class LetterActionFactory(Factory):
    """Needs `workspace`, `organisation` and `publication`: `open_letters()` brings all of it."""

    class Meta:
        model = LetterAction

    slug = numbered(lambda n: f"letter-{n}")
    hashes = factory.LazyAttribute(lambda o: hashes_of(o.publication))
    created_at = factory.LazyFunction(now)
    opened_at = factory.LazyFunction(now)


@recorded
def publish_letter(
    made: Stage,
    *languages: str,
    kind: TextKind = TextKind.DEPUTY_LETTER,
    paragraphs: Sequence[str] = PARAGRAPHS,
) -> Publication:
    """Publish a letter in the stage's workspace, beside its draft."""
    draft = create_draft(access=made.access, title="A letter", kind=kind)
    other = Stage(made.workspace, made.coordinator, draft, made.organisations, made.representatives)
    versions = []
    for code in languages or ("kk", "en"):
        text = other.text(code)
        save_text(access=made.access, text=text, title="About the law", lead="", body=body(*paragraphs))
        versions.append(name_version(access=made.access, text=other.text(code), name="As agreed"))
    round_ = other.put(versions=versions)
    other.approve_all(round_)
    return publish_approved(access=made.access, round_=round_)


@recorded
def open_letters(
    made: Stage | None = None, *, people: int = 3, slug: str = "to-deputies", **given: object
) -> LetterAction:
    """A letter action that is open, to the people of one body."""
    made = made or stage()
    if "publication" not in given:
        given["publication"] = publish_letter(made)
    row = LetterActionFactory(
        workspace=made.workspace, organisation=made.organisations[0], slug=slug, **given
    )
    parliament = BodyFactory(workspace=made.workspace)
    row.bodies.set([parliament])
    for _number in range(people):
        TargetFactory(body=parliament)
    return row if row.opened_at is None else action_at(slug)


NAMES = ("Серікбаев Нұрлан Ерланұлы", "Әбдірахманова Гүлнәр Тілеуқызы", "Қасымбеков Дәурен Мұратұлы")
COMMITTEES = (
    "Заңнама және сот-құқықтық реформа комитеті",
    "Әлеуметтік-мәдени даму комитеті",
    "Қаржы және бюджет комитеті",
    "Халықаралық істер, қорғаныс және қауіпсіздік комитеті",
    "Аграрлық мәселелер комитеті",
    "Экономикалық реформа және өңірлік даму комитеті",
    "Экология мәселелері және табиғат пайдалану комитеті",
    "Қоғамдық бақылау комитеті",
)
LISTS = ("«Алғы шеп» партиясы", "«Дала» партиясы", "«Өріс» партиясы", "«Бірге» партиясы")


def open_deputies(number: int, *, made: Stage | None = None, slug: str = "to-deputies") -> LetterAction:
    """An open letter action to as many people as a parliament has: with committees, lists, long names, and
    eight paragraphs to add."""
    made = made or stage()
    written = [f"{'Бұл заң бізге қажет, өйткені '.capitalize() * 6}{one}." for one in range(8)]
    found = open_letters(
        made, people=0, slug=slug, publication=publish_letter(made, "kk", paragraphs=written)
    )
    parliament = found.bodies.get()
    Target.objects.bulk_create(
        Target(
            body=parliament,
            external_id=f"deputy-{one}",
            name={"kk": f"{NAMES[one % 3]} {one}", "ru": "Имя Фамилия"},
            position={"kk": "Құрылтай депутаты"},
            committee={"kk": COMMITTEES[one % 8]},
            electoral_list={"kk": LISTS[one % 4]},
            languages=["kk", "ru"],
            email=f"n.serikbaev{one}@parlam.example",
            address=dict(parliament.address),
            as_of=localdate(now()),
        )
        for one in range(number)
    )
    return found
