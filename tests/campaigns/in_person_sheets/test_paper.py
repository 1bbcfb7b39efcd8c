"""What stands on the paper: the words that were published, the number, the code; no name that is withheld."""

import time

import pytest
from django.utils.timezone import localdate

from coalition.accounts.models import Listing, Organisation
from coalition.campaigns.in_person.sheets.pdf import paper_notes, run_pdf
from coalition.campaigns.models import Appeal, AppealVersion, SheetRun
from coalition.core.clock import now
from coalition.core.errors import Refused
from documents.canonical.form import short_hash
from documents.drafts.models import PublicationState, TextKind
from documents.models import Draft, Publication
from documents.publication.actions import publish_approved
from events.core.pdf.typeset import address_in_capitals
from tests.campaigns.appeals.factories import AppealFactory, AppealVersionFactory
from tests.campaigns.in_person_sheets.builders import ALMATY, Paper
from tests.documents.approval.builders import stage
from tests.poppler import pdf_text, reads_pdf
from tests.square_codes import read_from

pytestmark = pytest.mark.django_db


def text_of(run: SheetRun, folder) -> list[str]:
    """The words of each page, with single spaces."""
    path = folder / "sheets.pdf"
    path.write_bytes(run_pdf(SheetRun.objects.get(pk=run.pk)))
    return [" ".join(page.split()) for page in pdf_text(path).split("\f") if page.strip()]


@reads_pdf
def test_the_code_and_the_number_are_read_from_the_paper(here, tmp_path, settings):
    settings.SITE_URL = "https://coalition.example"
    here.run(quantity=41)
    run = here.run(quantity=2)
    assert read_from(run_pdf(run), tmp_path) == address_in_capitals(run.referral.code)
    first, second = text_of(run, tmp_path)
    assert "Парақ № 42" in first or "Sheet No. 42" in first
    assert "43" in second
    assert run.referral.code in first


@reads_pdf
def test_the_words_are_those_of_the_version_with_their_hash(here, tmp_path):
    (page,) = text_of(here.run(quantity=1, language="en"), tmp_path)
    assert "A law on harassment" in page
    assert "We ask for a law, in en." in page
    assert short_hash(here.version.hashes["en"]) in page
    for word in ("Signature", "signature", "mail address"):
        assert word not in page
    for word in ("Name", "I support it", "Town or village", "Date", "no e-mail"):
        assert word in page


@reads_pdf
def test_a_long_text_stands_whole_before_the_lines(no_pages, tmp_path):
    words = [f"Sentence {number} of the appeal stands here in full length." for number in range(600)]
    made = stage(regions=[ALMATY])
    Draft.objects.filter(pk=made.draft.pk).update(kind=TextKind.APPEAL)
    made.draft.refresh_from_db()
    version = made.version(" ".join(words), "en")
    round_ = made.put(versions=[version])
    made.approve_all(round_)
    publication = publish_approved(access=made.access, round_=round_)
    appeal = AppealFactory(workspace=made.workspace, organisation=made.organisations[0])
    here = Paper(made, AppealVersionFactory(appeal=appeal, publication=publication))
    pages = text_of(here.run(quantity=2, language="en"), tmp_path)
    whole = " ".join(pages)
    assert all(whole.count(one) == 2 for one in words)
    assert "Name" in pages[-1]
    assert "Name" not in pages[0]


@reads_pdf
@pytest.mark.parametrize("listing", [Listing.WITHHELD, Listing.CONFIDENTIAL])
def test_a_withheld_name_is_not_on_the_paper(here, tmp_path, listing):
    Organisation.objects.filter(pk=here.access.organisation.pk).update(listing=listing)
    name = Organisation.objects.get(pk=here.access.organisation.pk).name_en
    (page,) = text_of(here.run(quantity=1, language="en"), tmp_path)
    assert name not in page
    assert "The organisation that gave you the sheet keeps it" in page


def test_other_words_than_those_published_are_not_printed(here):
    run = here.run()
    AppealVersion.objects.update(hashes={"kk": "0" * 64})
    with pytest.raises(Refused, match="not the one that was published"):
        run_pdf(SheetRun.objects.get(pk=run.pk))


def test_the_paper_says_when_it_is_destroyed():
    day = localdate(now()).replace(year=2031, month=3, day=4)
    assert "4 March 2031 at the latest" in " ".join(paper_notes("Union", day))
    assert "Union keeps the sheet" in " ".join(paper_notes("Union", None))


@pytest.mark.slow
def test_two_hundred_sheets_are_set_within_five_seconds_of_processor_time(here):
    Appeal.objects.update(personal_data_until=localdate(now()))
    run = here.run(quantity=200)
    run_pdf(run)  # typeface and template are read
    begun = time.process_time()
    run_pdf(run)
    assert time.process_time() - begun < 5


def test_a_withdrawn_text_is_not_printed(here):
    run = here.run()
    Publication.objects.filter(pk=run.version.publication_id).update(state=PublicationState.WITHDRAWN)
    with pytest.raises(Refused, match="not public now"):
        run_pdf(SheetRun.objects.get(pk=run.pk))
