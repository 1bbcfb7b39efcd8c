"""What is said beside the demo's drafts."""

import pytest

from demo.load import load
from tests.demo.test_data import all_strings

demo = load()
COMMENTED = [draft for draft in demo.drafts if "comments" in draft]


@pytest.mark.parametrize("draft", COMMENTED, ids=lambda draft: draft["id"])
def test_comments_quote_what_the_text_says_and_are_made_by_people_of_the_workspace(draft):
    seated = {person["email"] for person in demo.people if "seat" in person}
    for comment in draft["comments"]:
        words = "\n".join(all_strings(draft["texts"][comment["language"]]))
        assert comment.get("quote", "") in words
        said = [comment, *comment.get("answers", ())]
        assert {one["by"] for one in said} <= seated
        days = [one["days_ago"] for one in said]
        assert days == sorted(days, reverse=True)


def test_the_demo_has_a_thread_of_each_kind():
    comments = [comment for draft in COMMENTED for comment in draft["comments"]]
    assert {comment.get("audience", "workspace") for comment in comments} == {
        "workspace",
        "organisation",
        "legal",
    }
    assert any("resolved" in comment for comment in comments)
