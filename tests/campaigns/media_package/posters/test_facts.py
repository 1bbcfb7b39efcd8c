"""Changed figures: who is shown them, and taking the checked words into the text."""

import pytest
from django.urls import reverse

from coalition.accounts.models import User
from coalition.accounts.naming import viewer_for
from coalition.audit.models import AuditEntry
from coalition.campaigns.media_package.models import MediaItem
from coalition.campaigns.media_package.posters.dashboard import changed_figures
from coalition.campaigns.media_package.posters.facts import update_fact_in_text
from coalition.campaigns.media_package.posters.presenters import fact_flags
from coalition.core.errors import Refused
from coalition.roles import SeatRole
from coalition.workspaces.permissions import NotAllowed, access_to
from tests.campaigns.media_package.builders import Press
from tests.campaigns.media_package.posters.builders import changed, checker, figure, poster, publish, write
from tests.conftest import sign_in
from tests.documents.facts.writing import fact_content
from tests.factories import seat

pytestmark = pytest.mark.django_db


def said(item: MediaItem) -> set[str]:
    """The words of the figure in the item's draft texts, by value."""
    found = set()
    for text in item.draft.texts.all():
        nodes = text.body["content"][0]["content"]
        found |= {node["attrs"]["words"] for node in nodes if node["type"] == "fact"}
    return found


def rows_for(user: User) -> list[tuple[str, str]]:
    return [(one.title, one.url) for one in changed_figures(user, viewer_for(user))]


@pytest.fixture
def flagged(here: Press) -> MediaItem:
    """A published poster whose figure has changed since."""
    item, fact = poster(here), figure(here)
    write(here, item, fact)
    publish(here, item)
    changed(here, fact)
    return item


def test_editors_read_which_posters_have_an_older_figure(here: Press, flagged: MediaItem) -> None:
    title = "The figure on 1 poster has changed"
    url = reverse("campaigns:media_item", args=[flagged.uuid])
    assert rows_for(here.made.coordinator) == [(title, url)]
    assert rows_for(checker(here)) == [(title, url)]
    observer = seat(workspace=here.made.workspace, role=SeatRole.OBSERVER).person
    assert rows_for(observer) == []
    elsewhere = seat(role=SeatRole.COORDINATOR).person
    assert rows_for(elsewhere) == []


def test_several_posters_are_one_line(here: Press) -> None:
    fact = figure(here)
    for name in ("first", "second"):
        item = poster(here, name)
        write(here, item, fact)
        publish(here, item)
    assert rows_for(here.made.coordinator) == []
    changed(here, fact)
    url = reverse("campaigns:media_packages", args=[here.made.workspace.uuid])
    assert rows_for(here.made.coordinator) == [("The figure on 2 posters has changed", url)]


def test_three_items_are_flagged_with_as_many_queries_as_one(
    here: Press, django_assert_max_num_queries
) -> None:
    fact, items = figure(here), []
    for name in ("first", "second", "third"):
        items.append(poster(here, name))
        write(here, items[-1], fact)
        publish(here, items[-1])
    changed(here, fact)
    for some in (items[:1], items):
        with django_assert_max_num_queries(3) as captured:
            assert len(fact_flags(some)) == len(some)
        assert len(captured) == 3


def test_a_figure_that_only_changed_its_words_is_shown_by_them(here: Press) -> None:
    item, fact = poster(here), figure(here)
    write(here, item, fact)
    publish(here, item)
    words = fact_content("17 %")["words"]
    changed(here, fact, "17 %", words=words | {"en": {**words["en"], "sentence": "verdicts in 20 years."}})
    (line,) = fact_flags([item])[item.pk]
    assert "17 % convictions in 20 years." in line
    assert "17 % verdicts in 20 years." in line


def test_words_that_nobody_checked_neither_flag_nor_enter_the_text(here: Press) -> None:
    item, fact = poster(here), figure(here)
    write(here, item, fact)
    publish(here, item)
    changed(here, fact, "18 %", checked=False)
    assert fact_flags([item]) == {}
    assert update_fact_in_text(access=here.access, item=item) == 0
    assert said(item) >= {"17 % айыптау үкімі шықты"}


def test_newer_words_that_wait_for_a_check_are_refused(here: Press, flagged: MediaItem) -> None:
    fact = flagged.draft.texts.get(language="kk").fact_uses.get().fact_version.fact
    changed(here, fact, "20 %", checked=False)
    before = said(flagged)
    with pytest.raises(Refused):
        update_fact_in_text(access=here.access, item=flagged)
    assert said(flagged) == before


def test_the_text_gets_the_new_words_in_every_language(here: Press, flagged: MediaItem) -> None:
    assert update_fact_in_text(access=here.access, item=flagged) == 3
    assert said(flagged) == {
        "19 % айыптау үкімі шықты",
        "19 % приговоров вынесли",
        "19 % convictions in 20 years",
    }
    assert AuditEntry.objects.filter(action="media_item.figure_updated", target=flagged.uuid).count() == 1
    assert update_fact_in_text(access=here.access, item=flagged) == 0


def test_a_language_that_lacks_the_new_words_stops_all(here: Press) -> None:
    item, fact = poster(here), figure(here)
    write(here, item, fact)
    publish(here, item)
    words = fact_content("19 %")["words"]
    changed(here, fact, words={"kk": words["kk"], "en": words["en"]})
    with pytest.raises(Refused):
        update_fact_in_text(access=here.access, item=item)
    assert all(one.startswith("17 %") for one in said(item))


def test_who_only_observes_changes_nothing(here: Press, flagged: MediaItem) -> None:
    observer = seat(workspace=here.made.workspace, role=SeatRole.OBSERVER).person
    with pytest.raises(NotAllowed):
        update_fact_in_text(access=access_to(observer, here.made.workspace.uuid), item=flagged)


def test_the_button_at_the_desk_says_what_it_did(client, here: Press, flagged: MediaItem) -> None:
    desk, url = (
        sign_in(client, here.made.coordinator),
        reverse("campaigns:media_item_figure", args=[flagged.uuid]),
    )
    assert desk.get(url).status_code == 405
    page = desk.post(url, follow=True, headers={"Accept-Language": "en"}).content.decode()
    assert "The new figure is in the text, in 3 places." in page
    assert "19 % айыптау үкімі шықты" in said(flagged)
