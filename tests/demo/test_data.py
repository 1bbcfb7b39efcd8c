"""The demo's data fits its schema, refers only to what exists, and uses the coalition's words."""

import datetime
import json
import re
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from demo import load as demo_files
from demo.art import COVERS
from demo.body import editor_body
from demo.load import DATA, load, read, text_at
from demo.seed.dates import campaign_day
from documents.canonical.build import build
from documents.drafts.models import Handling, TextKind
from events.core.enums import EventKind

LANGUAGES = ("kk", "ru", "en")
MAIN = "article-123"
PERSONAS = {
    "coordinator@demo.example": ("representative", "coordinator"),
    "editor@demo.example": ("member", "editor"),
    "contributor@demo.example": ("member", "contributor"),
    "reviewer@demo.example": ("representative", "reviewer"),
    "observer@demo.example": ("member", "observer"),
    "press@demo.example": ("member", "contributor"),
    "withheld@demo.example": ("representative", "reviewer"),
    "outsider@demo.example": ("representative", None),
    "outlet@demo.example": ("representative", None),
    "newsroom@demo.example": (None, None),
    "secretariat@demo.example": (None, None),
    "admin@demo.example": (None, None),
}
# Words with a meaning in law, or that make a person smaller than she is.
AVOIDED = re.compile(
    r"жәбірлен|жертв|\bvictim|петици|\bpetition|подпис|қол қо|\bsignature|\bsigned\b|релиз|press release|"
    r"аккредит|\baccredit",
    re.IGNORECASE,
)
CLAIMS = re.compile(
    r"25 (?:айыптау|обвинительных|convictions)|5.000 (?:үлгі карточка|карточек|template)"
    r"|2014(?: to |–| по )2017"
)
# What the message guide says not to say, and the state of a loan's agreement, which is no word on a page.
NO_WORDS = re.compile(r'kind = "not_say"\nhead = .*|agreement = "signed"')
YEAR_SAID = re.compile(r"2018")

demo = load()


def all_strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from all_strings(item)
    elif isinstance(value, list):
        for item in value:
            yield from all_strings(item)


TEXTS = [
    pytest.param(draft, language, text, id=f"{draft['id']}-{language}")
    for draft in demo.drafts
    for language, text in draft["texts"].items()
]
# The wall labels are unfinished in Russian, to show a text in the middle of its making.
TRANSLATIONS = [
    param for param in TEXTS if "translated_from" in param.values[2] and param.id != "wall-labels-ru"
]


def workspace(identifier):
    return next(item for item in demo.workspaces if item["id"] == identifier)


# --- shape -------------------------------------------------------------------------------------


def test_the_data_fits_its_schema_and_the_schema_refuses_something():
    schema = json.loads(Path(demo_files.HERE, "schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    validator = Draft202012Validator(schema)
    assert [f"{error.json_path}: {error.message}" for error in validator.iter_errors(read())] == []
    broken = read()
    broken["organisations"][2]["listing"] = "secret"
    del broken["news"][0]["title"]["kk"]
    places = {error.json_path for error in validator.iter_errors(broken)}
    assert places == {"$.organisations[2].listing", "$.news[0].title"}


def test_states_and_kinds_are_those_of_the_documents():
    assert {draft["kind"] for draft in demo.drafts} <= set(TextKind.values)
    assert {draft["handling"] for draft in demo.drafts} <= set(Handling.values)


@pytest.mark.parametrize(
    "field",
    [
        *("organisations", "workspaces", "drafts", "facts", "topics", "events", "calendars"),
        *("decisions", "requests"),
    ],
)
def test_ids_are_unique(field):
    ids = [record["id"] for record in getattr(demo, field)]
    assert len(ids) == len(set(ids))


# --- the coalition of contract.md --------------------------------------------------------------


def test_sixteen_organisations_in_eight_regions_or_more():
    listings = [organisation["listing"] for organisation in demo.organisations]
    assert len(listings) == 16
    assert listings.count("withheld") == 3
    assert listings.count("confidential") == 1
    assert [organisation["kind"] for organisation in demo.organisations].count("media_partner") == 1
    assert len({organisation["regions"][0] for organisation in demo.organisations}) >= 8


def test_names_are_unique_in_each_language():
    for language in LANGUAGES:
        assert len({organisation["name"][language] for organisation in demo.organisations}) == 16


@pytest.mark.parametrize("email, expected", PERSONAS.items())
def test_a_persona_has_the_role_and_seat_of_the_contract(email, expected):
    person = demo.person(email)
    memberships = person.get("memberships", [])
    role = memberships[0]["role"] if memberships else None
    assert (role, person.get("seat")) == expected
    assert person["persona"] is True


def test_the_personas_come_first_and_belong_to_different_organisations_where_the_contract_says_so():
    assert [person["email"] for person in demo.people[:12]] == list(PERSONAS)
    assert sum(person.get("persona", False) for person in demo.people) == 12
    four = [
        demo.person(f"{name}@demo.example") for name in ("coordinator", "editor", "contributor", "reviewer")
    ]
    assert len({person["memberships"][0]["organisation"] for person in four}) == 4
    lead = four[0]["memberships"][0]["organisation"]
    assert demo.person("press@demo.example")["offices"] == [{"kind": "press_officer", "organisation": lead}]
    withheld = demo.person("withheld@demo.example")["memberships"][0]["organisation"]
    assert demo.organisation(withheld)["listing"] == "withheld"
    outlet = demo.person("outlet@demo.example")["memberships"][0]["organisation"]
    assert demo.organisation(outlet)["kind"] == "media_partner"
    assert [person["email"] for person in demo.people if person.get("superuser")] == ["admin@demo.example"]


def test_people_speak_all_three_languages_and_have_unique_addresses():
    assert {person["language"] for person in demo.people[:12]} == set(LANGUAGES)
    assert len({person["email"] for person in demo.people}) == len(demo.people)


def test_twelve_organisations_take_part_each_with_a_representative_who_has_a_seat():
    organisations = workspace(MAIN)["organisations"]
    assert len(organisations) == 12
    listings = {demo.organisation(identifier)["listing"] for identifier in organisations}
    assert listings == {"public", "withheld", "confidential"}
    for identifier in organisations:
        assert demo.representative_of(identifier).get("seat"), identifier
    assert len({demo.organisation(identifier)["hue"] for identifier in organisations}) == 12


def test_seats_belong_to_organisations_that_take_part():
    for person in demo.people:
        if person.get("seat"):
            assert person["memberships"][0]["organisation"] in workspace(MAIN)["organisations"], person[
                "email"
            ]


def test_the_second_workspace_has_people_of_its_own():
    other = workspace("helpline-rota")
    sitting = {seat["person"] for seat in other["seats"]}
    assert not sitting & {person["email"] for person in demo.people if person.get("seat")}
    assert "coordinator" in {seat["role"] for seat in other["seats"]}
    for seat in other["seats"]:
        person = demo.person(seat["person"])
        assert seat["organisation"] in {membership["organisation"] for membership in person["memberships"]}
        assert seat["organisation"] in other["organisations"]
    assert [draft["id"] for draft in demo.drafts if draft.get("workspace") == other["id"]]


def test_every_reference_leads_somewhere():
    organisations = {organisation["id"] for organisation in demo.organisations}
    topics = {topic["id"] for topic in demo.topics}
    for person in demo.people:
        assert {membership["organisation"] for membership in person.get("memberships", [])} <= organisations
    for item in [*demo.news, *demo.published]:
        assert set(item["topics"]) <= topics
        assert item["cover"] in COVERS
    for item in demo.news:
        for block in (block for body in item["body"].values() for block in body):
            assert block["type"] != "figure" or demo.fact(block["fact"])
    for section in [*demo.home["sections"], *demo.campaign["sections"]]:
        assert all(demo.fact(one)["checked"] for one in section.get("facts", ()))
        assert set(section.get("topics", ())) <= topics
        assert {demo.organisation(one)["listing"] for one in section.get("organisations", ())} <= {"public"}


# --- drafts ------------------------------------------------------------------------------------


def test_drafts_are_in_all_states():
    states = {draft["id"]: draft["state"] for draft in demo.drafts}
    assert set(states.values()) == {"written", "in_approval", "published"}
    assert {item["draft"] for item in demo.published} == {
        key for key, state in states.items() if state == "published"
    }
    for item in demo.published:
        assert set(demo.draft(item["draft"])["texts"]) == set(LANGUAGES)


def test_the_letter_is_older_in_russian_and_empty_in_english():
    letter = demo.draft("letter-to-deputies")["texts"]
    assert set(letter) == {"kk", "ru"}
    assert letter["ru"]["translated_from"]["version"] < len(letter["kk"]["versions"])


@pytest.mark.parametrize("draft, language, text", TEXTS)
def test_a_text_and_its_versions_have_a_canonical_form(draft, language, text):
    pictures = {"convictions": "0192f0c4-7a52-7d11-8a55-3a5d0c1f9e01"}
    known = {pictures["convictions"]: {"sha256": "0" * 64}}
    states = [text, *(text_at(text, number) for number in range(1, len(text.get("versions", [])) + 1))]
    for state in states:
        document = build(
            editor_body(state["body"], pictures=pictures),
            title=state["title"],
            lead=state["lead"],
            language=language,
            pictures=known,
            holding_statement=draft["kind"] == "holding",
        )
        assert not re.search(r"\*|\^\[|\]\(|\{\{", json.dumps(document, ensure_ascii=False)), (
            "an inline mark was not read"
        )


@pytest.mark.parametrize("draft, language, text", TEXTS)
def test_a_version_differs_in_sentences_that_stand_in_the_text(draft, language, text):
    versions = text.get("versions", [])
    words = "\n".join(all_strings([text["title"], text["lead"], text["body"]]))
    for version in versions:
        for change in version.get("differs", []):
            assert words.count(change["now"]) == 1, change["now"]
    assert [version["days_ago"] for version in versions] == sorted(
        (version["days_ago"] for version in versions), reverse=True
    )
    if versions:
        assert not versions[-1].get("differs") or draft["state"] == "written"
        assert versions[0]["days_ago"] <= draft["days_ago"]


@pytest.mark.parametrize("draft, language, text", TRANSLATIONS)
def test_a_translation_has_the_blocks_of_what_it_was_translated_from(draft, language, text):
    source = draft["texts"][text["translated_from"]["language"]]
    assert [block["type"] for block in text["body"]] == [block["type"] for block in source["body"]]
    assert [len(block.get("items", [])) for block in text["body"]] == [
        len(block.get("items", [])) for block in source["body"]
    ]


@pytest.mark.parametrize(
    "draft", [draft for draft in demo.drafts if "round" in draft], ids=lambda draft: draft["id"]
)
def test_a_round_asks_who_takes_part_and_each_decides_on_what_was_put(draft):
    asked = draft["round"]
    assert set(asked["organisations"]) <= set(workspace(MAIN)["organisations"])
    for language, number in asked["put"].items():
        versions = draft["texts"][language]["versions"]
        assert number == len(versions) or "correction" in draft
        assert versions[number - 1]["days_ago"] >= asked["opened_days_ago"]
    decided = set()
    for decision in asked.get("decisions", []):
        assert decision["organisation"] in asked["organisations"]
        assert demo.representative_of(decision["organisation"])["email"] == decision["by"]
        assert decision["days_ago"] <= asked["opened_days_ago"]
        cells = {(decision["organisation"], language) for language in decision["languages"]}
        assert not cells & decided
        decided |= cells


def test_the_open_round_shows_every_answer():
    asked = demo.draft("media-advisory")["round"]
    kinds = {decision["decision"] for decision in asked["decisions"]}
    assert kinds == {"approved", "changes", "read"}
    answered = {decision["organisation"] for decision in asked["decisions"]}
    assert len(set(asked["organisations"]) - answered) >= 3


# --- events ------------------------------------------------------------------------------------


@pytest.mark.parametrize("event", demo.events, ids=lambda event: event["id"])
def test_an_event_is_of_people_and_organisations_of_its_workspace(event):
    place = workspace(event.get("workspace", MAIN))
    hosts = [one["organisation"] for one in event.get("co_hosts", [])]
    assert set(hosts) | set(event.get("restricted_to", [])) <= set(place["organisations"])
    assert demo.person(event["by"])["memberships"][0]["organisation"] in place["organisations"]
    assert all(demo.person(one["person"])["seat"] for one in event.get("invited", []))
    if "draft" in event:
        assert demo.draft(event["draft"])["days_ago"] >= event["planned_days_ago"]


def test_events_are_in_every_state_and_public_ones_in_three_languages():
    public = [one for one in demo.events if one.get("announced", {}).get("visibility") == "public"]
    assert len(public) >= 5
    for event in public:
        assert set(event["texts"]) == set(LANGUAGES)
        assert event["handling"] == Handling.PUBLIC
    assert any("moved" in one for one in public)
    assert any("cancelled" in one for one in public)
    assert any("announced" not in one for one in demo.events)
    assert {one["kind"] for one in demo.events} == set(EventKind.values)


@pytest.mark.parametrize("today", ["2026-11-24", "2027-03-02", "2027-03-03", "2027-03-04", "2028-02-29"])
def test_the_press_conference_is_never_over(today):
    day = datetime.date.fromisoformat(today)
    assert day <= campaign_day("03-03", day) <= day + datetime.timedelta(days=366)
    assert campaign_day("04-30", day).year == campaign_day("03-03", day).year


# --- words -------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", sorted(DATA.rglob("*.toml")), ids=lambda path: path.stem)
def test_words_that_the_coalition_avoids_are_nowhere(path):
    words = "\n".join(
        line for line in path.read_text(encoding="utf-8").splitlines() if not line.lstrip().startswith("#")
    )
    assert AVOIDED.search(NO_WORDS.sub("", words)) is None


def test_no_text_tells_a_name_that_must_not_be_told():
    hidden = [organisation for organisation in demo.organisations if organisation["listing"] != "public"]
    told = "\n".join(
        all_strings(
            [
                *(
                    demo.drafts,
                    demo.news,
                    demo.published,
                    demo.home,
                    demo.campaign,
                    demo.partners,
                    demo.about,
                ),
                *(demo.workspaces, demo.events, demo.calendars, demo.sittings),
                *([one["title"] for one in demo.decisions], [one["words"] for one in demo.decisions]),
            ]
        )
    )
    for organisation in hidden:
        for name in organisation["name"].values():
            quoted = re.search(r"«(.+?)»", name)
            assert (quoted[1] if quoted else name) not in told


def test_facts_carry_year_scope_and_source():
    for fact in demo.facts:
        assert fact["year"] == 2018
        for language in LANGUAGES:
            assert "2018" in fact["scope"][language]
            assert "Internews" in fact["source_line"][language]
        assert fact["source"]["publisher"] == "Internews"


@pytest.mark.parametrize("draft, language, text", TEXTS)
def test_a_figure_in_a_text_stands_with_its_year_and_source(draft, language, text):
    for block in text["body"]:
        said = {key: value for key, value in block.items() if key != "alt"}
        rows = [" ".join(row) for row in said.pop("rows", [])]  # a source stands in the row of its figure
        for words in [*rows, *all_strings(said)]:
            if CLAIMS.search(words):
                assert YEAR_SAID.search(words)
                assert "Internews" in words


def test_published_news_is_in_three_languages_with_equal_blocks():
    assert sum(item["placement"] == "lead" for item in [*demo.news, *demo.published]) == 1
    for item in [*demo.news, {"body": demo.about["body"]}]:
        kinds = [[block["type"] for block in item["body"][language]] for language in LANGUAGES]
        assert kinds[0] == kinds[1] == kinds[2]


def test_kazakh_is_written_with_kazakh_letters():
    for words in (draft["texts"]["kk"] for draft in demo.drafts if "kk" in draft["texts"]):
        assert len(re.findall(r"[әғқңөұүһі]", " ".join(all_strings(words["body"])))) > 20
