"""Comments that come in with a Word file: under whose name, told to whom, forgotten when."""

import pytest
from django.utils.translation import gettext, override

from coalition.accounts.enums import Listing
from coalition.accounts.naming import viewer_for
from documents.comments.actions.edit import edit_comment
from documents.comments.actions.post import Said
from documents.comments.presenters.panel import panel_of
from documents.history.actions.anonymise import forget_writers
from documents.models import Comment, ExportedFile
from tests.documents.interchange.test_accept import LAWYER, edited, sent, taken, word_file
from tests.documents.interchange.word import WordFile
from tests.factories import OrganisationFactory

pytestmark = pytest.mark.django_db
NOT_TOLD = "Somebody by a Word file"
with override("kk"):
    NOT_TOLD_KK = gettext(NOT_TOLD)


@pytest.fixture
def written(room, text):
    return room.write(text, "editor", "Біз заң сұраймыз.", title="Мәлімдеме")


def _author_shown(room, text, who):
    (card,) = panel_of(room.access(who), viewer_for(room.user(who)), text).cards
    return card.said[0].name


@pytest.mark.parametrize("sender", ["hidden", "editor"])
def test_who_commented_in_a_file_is_named_where_the_organisation_that_brought_it_may_be(
    room, written, sender
):
    """Whoever takes it in: the name is of the confidential organisation's lawyer, or of the editor's."""
    hidden = OrganisationFactory(listing=Listing.CONFIDENTIAL)
    room.take("editor", name="hidden", organisation=hidden)
    name, content = edited(room, written, ("comment", "Неге осылай?", LAWYER, {"on": "заң"}))
    taken(room, sent(room, written, content, name, by=sender))
    told = f"{LAWYER}, by a Word file"
    assert _author_shown(room, written, "coordinator") == (told if sender == "editor" else NOT_TOLD)
    assert _author_shown(room, written, "reviewer") == (told if sender == "editor" else NOT_TOLD)
    again = WordFile(word_file(room, written, by="reviewer")[1])
    everything = b"".join(again.parts.values()).decode(errors="replace")
    assert "Неге осылай?" in everything
    assert LAWYER not in everything
    assert LAWYER not in str(list(ExportedFile.objects.values_list("shown", flat=True)))


def test_a_confidential_organisations_own_lawyer_is_named_to_coordinators_alone(room, written):
    hidden = OrganisationFactory(listing=Listing.CONFIDENTIAL)
    room.take("editor", name="hidden", organisation=hidden)
    name, content = edited(room, written, ("comment", "Неге осылай?", LAWYER, {"on": "заң"}))
    taken(room, sent(room, written, content, name, by="hidden"), by="hidden")
    assert _author_shown(room, written, "coordinator") == f"{LAWYER}, by a Word file"
    assert _author_shown(room, written, "reviewer") == NOT_TOLD
    forget_writers(written.draft)
    assert _author_shown(room, written, "coordinator") == NOT_TOLD


def test_words_of_a_file_that_somebody_changes_are_theirs(room, written):
    name, content = edited(room, written, ("comment", "Неге осылай?", LAWYER, {"on": "заң"}))
    taken(room, sent(room, written, content, name))
    said = Comment.objects.select_related("thread__text__draft__workspace").get()
    edit_comment(access=room.access("editor"), comment=said, said=Said("Басқа сөз."))
    assert _author_shown(room, written, "reviewer") == room.user("editor").name


@pytest.mark.parametrize("listing", [Listing.WITHHELD, Listing.CONFIDENTIAL])
def test_a_lawyer_of_an_organisation_that_is_not_told_stands_in_no_file(room, written, listing):
    """Nobody knows where a file ends. The same file comes back once all the same, whoever is named in it."""
    room.take("editor", name="hidden", organisation=OrganisationFactory(listing=listing))
    name, content = edited(room, written, ("replace", "сұраймыз", "талап етеміз", LAWYER), by="hidden")
    assert taken(room, sent(room, written, content, name, by="hidden"), by="hidden").suggestions == 1
    assert taken(room, sent(room, written, content, name, by="hidden"), by="hidden").suggestions == 0
    again, later = word_file(room, written, by="reviewer")
    everything = b"".join(WordFile(later).parts.values()).decode(errors="replace")
    assert "талап етеміз" in everything
    assert LAWYER not in everything
    assert NOT_TOLD_KK in everything
    assert LAWYER not in str(list(ExportedFile.objects.values_list("shown", flat=True)))
    assert taken(room, sent(room, written, later, again)).suggestions == 0
