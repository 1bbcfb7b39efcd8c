"""A publication with everything that readers get of one: a picture, a correction note, a withheld name."""

from coalition.accounts.models import Listing
from documents.drafts.actions.manage import name_version, save_text
from documents.models import Publication
from documents.publication.actions import publish_approved, withdraw_publication
from tests.documents.approval.builders import Stage, stage
from tests.documents.conftest import body
from tests.home.pictured import picture
from tests.recording import recorded


@recorded
def approvers() -> Stage:
    """Three organisations that may be named; the third is asked with its name withheld (`corrected`)."""
    made = stage(2)
    made.organisation(name_en="Canary", name_kk="Canary kk", name_ru="Canary ru")
    return made


@recorded
def corrected(made: Stage) -> Publication:
    """The correction of a text that was public, in Kazakh: with a picture and a note."""
    first = made.put("kk")
    made.approve_all(first)
    publish_approved(access=made.access, round_=first)
    words = body("We ask for a law at once.")
    words["content"].append({"type": "picture", "attrs": {"id": picture(made), "alt": "A red field"}})
    save_text(access=made.access, text=made.text("kk"), title="A law", lead="What we ask for.", body=words)
    version = name_version(access=made.access, text=made.text("kk"), name="Corrected")
    round_ = made.put(versions=[version], listings={made.organisations[2].uuid: Listing.WITHHELD})
    made.approve_all(round_)
    return publish_approved(access=made.access, round_=round_, correction_note="A number was wrong.")


@recorded
def taken_back(made: Stage, publication: Publication) -> Publication:
    """Withdraw it."""
    return withdraw_publication(access=made.access, publication=publication, note="A source was wrong.")
