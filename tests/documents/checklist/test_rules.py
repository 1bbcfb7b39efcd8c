"""Each rule of the table on a sheet that it means, and on one that it does not."""

import pytest

from documents.canonical.form import CanonicalError
from documents.checklist.check import Checked, check_subject
from documents.checklist.lines import ChecklistSubject, RegisteredFact, read_text
from documents.checklist.rules import RULES, RuleLevel
from documents.drafts.models import TextKind


def words(text):
    return {"type": "paragraph", "content": [{"type": "text", "text": text}]}


def sheet(*blocks, kind=TextKind.LETTER, title="A title", lead="A lead.", **given):
    body = {"type": "doc", "content": list(blocks)}
    return ChecklistSubject(
        kind, "en", title=title, lead=lead, reading=read_text(title=title, lead=lead, body=body), **given
    )


def found(*blocks, **given):
    return {one.rule.name: one for one in check_subject(sheet(*blocks, **given))}


def quotation(speaker="A. Name"):
    return {"type": "quotation", "attrs": {"speaker": speaker, "role": ""}, "content": [words("We ask.")]}


def fact():
    attrs = {"id": "f", "words": "25 cases", "source": "Internews"}
    return {"type": "paragraph", "content": [{"type": "fact", "attrs": attrs}]}


def picture(**words_of_it):
    return {"type": "picture", "attrs": {"id": "p", **words_of_it}}


GAP = {
    "type": "paragraph",
    "content": [{"type": "gap", "attrs": {"name": "when", "kind": "date", "value": ""}}],
}
SURVIVOR = "The survivor, a nurse at the hospital in Kegen, was beaten on 5 May."
TOO_LONG = "w" * 400
MEANT = [
    ("survivor_known", {"blocks": [words(SURVIVOR)]}),
    ("older", {"is_older": True}),
    ("suggestions", {"suggestions": 2}),
    ("comments", {"threads": 1}),
    ("placeholders", {"blocks": [words("On [date] we meet.")]}),
    ("placeholders", {"blocks": [GAP]}),
    ("placeholders", {"title": "[Title]"}),
    ("placeholders", {"blocks": [words("On ____ at XX o'clock")]}),
    ("no_speaker", {"blocks": [quotation(speaker=" ")]}),
    ("unsaid", {"blocks": [words("“We want to live without fear in our town” is all.")]}),
    ("unsaid", {"blocks": [{"type": "blockquote", "content": [words("We want to live.")]}]}),
    ("no_source", {"blocks": [words("There are 49 centres.")]}),
    ("fact_altered", {"blocks": [fact()]}),
    (
        "fact_altered",
        {"blocks": [fact()], "register": {"f": RegisteredFact("26 cases", "Internews", is_newest=True)}},
    ),
    (
        "fact_older",
        {"blocks": [fact()], "register": {"f": RegisteredFact("25 cases", "Internews", is_newest=False)}},
    ),
    ("title_missing", {"title": " "}),
    ("title_long", {"title": TOO_LONG}),
    ("lead_missing", {"lead": "", "kind": TextKind.PRESS_RELEASE}),
    ("lead_long", {"lead": TOO_LONG}),
    ("no_alt", {"blocks": [picture(credit="C")]}),
    ("no_credit", {"blocks": [picture(alt="A")]}),
    ("no_help", {"blocks": [words("Violence is no private matter.")], "kind": TextKind.STATEMENT}),
    ("form", {"fault": CanonicalError("table_ragged", "The rows differ.", "content[2]")}),
]
FINE = [
    ("placeholders", {"blocks": [words("They said: “The law […] is old”, and left.")]}),
    ("placeholders", {"blocks": [GAP], "kind": TextKind.HOLDING}),
    ("no_speaker", {"blocks": [quotation()]}),
    ("unsaid", {"blocks": [words("“We want to live without fear in our town,” says A. Name.")]}),
    (
        "unsaid",
        {"blocks": [words("The law “On the prevention of violence in families and at work” is new.")]},
    ),
    ("unsaid", {"blocks": [{"type": "blockquote", "content": [words("We want to live. — A. Name")]}]}),
    ("no_source", {"blocks": [words("There are 49 centres.")], "kind": TextKind.MINUTES}),
    ("no_source", {"blocks": [quotation()]}),
    (
        "fact_altered",
        {"blocks": [fact()], "register": {"f": RegisteredFact("25 cases", "Internews", is_newest=False)}},
    ),
    (
        "fact_older",
        {"blocks": [fact()], "register": {"f": RegisteredFact("25 cases", "Internews", is_newest=True)}},
    ),
    ("lead_missing", {"lead": ""}),
    ("no_alt", {"blocks": [picture()], "pictures": {"p": {"alt": "A", "credit": "C"}}}),
    ("no_credit", {"blocks": [picture()], "pictures": {"p": {"alt": "A", "credit": "C"}}}),
    ("no_help", {"blocks": [words("Violence is no private matter.")]}),  # a letter
    (
        "no_help",
        {"blocks": [words("Violence? The helpline 111 answers.")], "kind": TextKind.STATEMENT},
    ),
    ("form", {"fault": CanonicalError("quotation_unattributed", "No speaker.", "content[2]")}),
]


def ids(cases):
    return [f"{name}-{number}" for number, (name, _given) in enumerate(cases)]


@pytest.mark.parametrize(("name", "given"), MEANT, ids=ids(MEANT))
def test_a_rule_finds_what_it_means(name, given):
    made = found(*given.pop("blocks", []), **given)
    assert name in made
    assert "%(" not in made[name].message


@pytest.mark.parametrize(("name", "given"), FINE, ids=ids(FINE))
def test_a_rule_leaves_alone_what_it_does_not_mean(name, given):
    assert name not in found(*given.pop("blocks", []), **given)


def test_every_rule_has_a_case():
    assert {rule.name for rule in RULES} - {name for name, _given in MEANT} == {"not_written"}


def test_a_text_that_nobody_wrote_has_one_finding():
    (finding,) = check_subject(ChecklistSubject(TextKind.STATEMENT, "kk", is_empty=True))
    assert (finding.rule.name, finding.rule.level) == ("not_written", RuleLevel.SHOULD)


def test_a_finding_says_where():
    made = found(words("Fine."), words("There are 49 centres in the country."))["no_source"]
    assert (made.place.block, made.place.quote) == (2, "There are 49 centres in the country.")
    assert made.message == "No source stands with these numbers: 49."


def test_details_of_a_survivor_are_named_in_words():
    message = found(words(SURVIVOR))["survivor_known"].message
    assert "a post" in message
    assert "a workplace or school" in message


def test_details_that_stand_apart_are_seen_together():
    first = "The survivor is a nurse and lives in the village of Qaratal; she was beaten."
    assert "survivor_known" in found(words(first))
    apart = [words("She was beaten by her husband for years."), words("A nurse of 34, she lives in Kegen.")]
    assert "survivor_known" in found(*apart)


def test_a_source_anywhere_in_a_table_counts_for_it():
    def cell(*content):
        return {"type": "tableCell", "content": [{"type": "paragraph", "content": list(content)}]}

    number = cell({"type": "text", "text": "49 centres"})
    source = cell({"type": "text", "text": "Union"}, {"type": "footnote", "attrs": {"text": "2024"}})
    with_source = {"type": "table", "content": [{"type": "tableRow", "content": [number, source]}]}
    without = {"type": "table", "content": [{"type": "tableRow", "content": [number]}]}
    assert "no_source" not in found(with_source)
    assert "no_source" in found(without)


def test_what_has_to_be_done_comes_first():
    made = check_subject(sheet(words("There are 49 centres."), words("[Place]")))
    assert [one.rule.name for one in made] == ["placeholders", "no_source"]


def test_only_the_languages_that_are_put_count_and_what_concerns_the_draft():
    kk = check_subject(ChecklistSubject(TextKind.LETTER, "kk", is_empty=True))
    ru = check_subject(
        ChecklistSubject(
            TextKind.LETTER, "ru", threads=1, title="T", reading=read_text(title="T", lead="", body={})
        )
    )
    checked = Checked((*kk, *ru), {"kk": "", "ru": "a", "en": "b"})
    counting = checked.of(["en"])
    assert [one.rule.name for one in counting.findings] == ["not_written"]
    assert counting.hashes == {"en": "b"}
    assert checked.of(["en"], whole=False).findings == ()
    assert checked.of(["ru"]).counted() == {"not_written": 1}
    assert [one.rule.name for one in checked.of(["ru"]).musts] == ["comments"]
