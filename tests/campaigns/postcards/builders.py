"""A published text on a card whose code leads to an open appeal, and batches of it."""

import io
from dataclasses import dataclass

from PIL import Image

from coalition.accounts.models import Listing, Organisation
from coalition.campaigns.models import Appeal, Batch, CardDesign
from coalition.campaigns.postcards.actions import create_design, make_batches
from coalition.roles import SeatRole
from coalition.workspaces.permissions import Access, access_to
from documents.drafts.actions.manage import create_draft, name_version
from documents.drafts.models import Handling, TextKind
from documents.files.actions import upload_file
from documents.models import Publication, StoredFile
from documents.publication.actions import publish_approved
from tests.campaigns.appeals.factories import open_appeal
from tests.documents.approval.builders import Stage, stage
from tests.factories import OrganisationFactory, ParticipationFactory, seat
from tests.recording import recorded

WORDS = {
    "kk": "Құрметті депутат! Біз әр әйел мен әр бала қауіпсіз өмір сүретін заңды сұраймыз.",
    "ru": "Уважаемый депутат! Мы просим закон, с которым каждая женщина живёт в безопасности.",
    "en": "Dear deputy! We ask for a law under which every woman and every child lives in safety.",
}
SLUG = "cards-for-a-law"


@recorded
def publish_words(
    made: Stage,
    words: dict[str, str],
    *,
    kind: TextKind = TextKind.STATEMENT,
    title: str = "A card for a law",
) -> Publication:
    """Publish these words by language, as a text of this kind in the stage's workspace."""
    draft = create_draft(access=made.access, title="Words of a card", kind=kind)
    other = Stage(made.workspace, made.coordinator, draft, made.organisations, made.representatives)
    versions = []
    for language, text in words.items():
        row = other.write(text, language, title=f"{title} ({language})")
        versions.append(name_version(access=made.access, text=row, name="As agreed"))
    round_ = other.put(versions=versions)
    other.approve_all(round_)
    return publish_approved(access=made.access, round_=round_)


@dataclass
class Cards:
    """A workspace with an open appeal and a design whose code leads to it."""

    made: Stage
    appeal: Appeal
    design: CardDesign

    @property
    def access(self) -> Access:
        """The coordinator's."""
        return self.made.access

    @property
    def organisation(self) -> Organisation:
        return self.made.organisations[0]

    def batches(
        self, count: int = 1, quantity: int = 500, *organisations: Organisation, region: str = ""
    ) -> list[Batch]:
        """Make batches, of the coordinator's organisation unless others are given."""
        return make_batches(
            access=self.access,
            design=self.design,
            count=count,
            quantity=quantity,
            organisations=organisations or [self.organisation],
            region=region,
        )

    def seated(self, role: SeatRole, **given: object) -> Access:
        """Somebody with a role in the workspace, of the given or of another organisation."""
        person = seat(workspace=self.made.workspace, role=role, **given).person
        return access_to(person, self.made.workspace.uuid)

    @recorded
    def partner(self, **given: object) -> Organisation:
        """Another organisation that takes part."""
        made = OrganisationFactory(**given)
        ParticipationFactory(workspace=self.made.workspace, organisation=made)
        return made


@recorded
def cards(words: dict[str, str] | None = None, **given: object) -> Cards:
    """A design of these words, all languages in the site's order."""
    made = stage()
    appeal = open_appeal("kk", "ru", "en", made=made).appeal
    design = design_of(made, appeal, publish_words(made, words or WORDS), **given)
    return Cards(made, appeal, design)


@recorded
def design_of(made: Stage, appeal: Appeal, publication: Publication, **given: object) -> CardDesign:
    return create_design(
        access=made.access,
        **{
            "publication": publication,
            "slug": SLUG,
            "languages": ["kk", "ru", "en"],
            "action": "appeal",
            "target": appeal.uuid,
            **given,
        },
    )


@recorded
def picture_of(access: Access, *, handling: Handling = Handling.PUBLIC, **given: object) -> StoredFile:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), "teal").save(out, "PNG")
    content = out.getvalue()
    made = upload_file(
        access=access, content=io.BytesIO(content), size=len(content), name="front.png", alt="A sea", **given
    )
    StoredFile.objects.filter(pk=made.pk).update(handling=handling, credit="A. Photographer")
    made.refresh_from_db()
    return made


@recorded
def withheld(here: Cards, name: str) -> Organisation:
    """An organisation that takes part and is not named in public."""
    return here.partner(name_kk=name, name_ru=name, name_en=name, listing=Listing.WITHHELD)
