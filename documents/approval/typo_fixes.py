"""Detect whether two versions differ only by a typo: one word, three letters at most. No I/O.

Excluded is whatever could change the meaning: numbers and number words, negation (as a word, prefix, suffix,
or syllable of a Kazakh verb), modal words, names, links, quotations, facts, gaps and notes; also punctuation,
spaces and formatting. Another form of a word is no typo either: its beginning or ending changed, or the text
uses the earlier form elsewhere. In doubt the change is no typo, and organisations approve anew.
"""

import re
from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _

from coalition.core.edit_distance import edit_distance
from coalition.core.errors import Refused
from documents.canonical.compare import ChangeKind, Op, PassageChange, compare_documents
from documents.canonical.form import Document
from documents.canonical.passages import Token

MOST_LETTERS: Final = 3
PASSAGES: Final = re.compile(r"title|lead|paragraph|heading-\d|caption|alt")
CLOSED: Final = {"quotation", "quote", "approved_block"}
OPENING, CLOSING, STRAIGHT = "«“„‘‹", "»”’›", '"'
NEGATIONS: Final = {
    "ru": "не нет ни нельзя без кроме против никто никого никому никем ничто ничего ничему ничем нигде никуда"
    " никогда никак никакой никакая никакое никакие ничей невозможно отсутствует",
    "kk": "емес жоқ ешкім ешқашан ешқайда ешқандай ештеңе ешбір ешкімді бірде қарсы болмаса тек",
    "en": "no not never nor none neither nobody nothing nowhere without cannot against except hardly un non",
}
PREFIXES: Final = {
    "ru": ("не", "ни", "без", "бес", "анти", "контр", "противо", "а"),
    "kk": ("бей", "ан", "ешқ"),
    "en": ("un", "in", "im", "il", "ir", "non", "dis", "anti", "mis", "de", "counter", "a"),
}
SUFFIXES: Final = {"ru": (), "kk": ("сыз", "сіз"), "en": ("less", "n't", "n’t", "free")}
# A Kazakh verb is negated by a syllable after its stem: бар-ма-ды, кел-ме-йді, айт-па-ған.
KAZAKH_SYLLABLE: Final = re.compile(r"(?<=\w)[мбп][ае]")
NUMBERS: Final = {
    "ru": "ноль один одна одно одни два две три четыре пять шесть семь восемь девять десять сто тысяч миллион"
    " перв втор трет четверт пят шест седьм восьм девят десят пол полтор двое трое четверо оба обе весь вся"
    " двух трех трёх двум трем трём двумя тремя пяти шести семи восьми девяти десяти ста сот"
    " всё все каждый каждая многие некоторые больше меньше более менее",
    "kk": "нөл бір екі үш төрт бес алты жеті сегіз тоғыз он жиырма отыз қырық елу алпыс жетпіс сексен тоқсан"
    " жүз мың миллион бірінші екінші үшінші жарты екеуі үшеуі барлық бәрі кейбір көп аз артық кем барлығы"
    " екеуі мыңға мыңда мыңнан жүзде жүзге",
    "en": "zero one two three four five six seven eight nine ten eleven twelve hundred thousand million first"
    " second third fourth fifth sixth seventh eighth ninth tenth half twice once both all any some few many"
    " more less fewer most least",
}
# Modal words (duty, permission, prohibition, possibility): whole words; `-` marks a prefix.
MODALS: Final = {
    "ru": "обяз- долж- мож- мог- смож- смог- возможн- надо надлежит нужн- необходим- вправе следует следова-"
    " разреш- запре- позвол- допус- вынужд- хоч- хот- жела- будет будут буд- бы пусть только лишь или либо"
    " если",
    "kk": "міндет- тиіс- керек- қажет- мүмкін- рұқсат- тыйым- құқы- лазым жөн шарт- алады алатын аламыз"
    " болады болсын еді немесе егер ғана",
    "en": "must may might can could shall should will would ought need- has have had let oblig- requir-"
    " permit- allow- forbid- forbad- prohibit- ban right rights only or if unless",
}
SHORTEST_STEM: Final = 3


class NotATypoFix(Refused):
    """Raised when the change is more than a typo; the message gives the reason."""


@dataclass(frozen=True)
class CorrectedWord:
    """The one word that changed, before and after, and the number of changed letters."""

    before: str
    after: str
    letters: int


def find_typo_fix(before: Document, after: Document, *, names: Collection[str] = ()) -> CorrectedWord:
    """Return the typo fix that leads from one document to the other. Raises NotATypoFix with the reason.
    `names`: words that are always names, beside those with a capital letter."""
    comparison = compare_documents(before, after)
    changed = [one for one in comparison.changes if one.kind != ChangeKind.UNCHANGED]
    if len(changed) != 1 or changed[0].kind != ChangeKind.CHANGED or changed[0].form_changed:
        raise NotATypoFix(_("A slip of the pen changes one word in one place, and nothing else."))
    change = changed[0]
    old, new = _one_word(change)
    language = after["language"]
    _check_place(change)
    # every word of the newer text except the new one, as it is written
    used = Counter(
        token.text
        for one in comparison.changes
        for piece in one.pieces
        if piece.op == Op.EQUAL
        for token in piece.tokens
    )
    _check_case(old, new, names, used)
    for token in (old, new):
        _check_word(token, language)
    _check_form(old.text.casefold(), new.text.casefold(), used)
    if _negations(old.text, language) != _negations(new.text, language):
        raise NotATypoFix(_("A word that says no, or says it no more, is no slip of the pen."))
    letters = edit_distance(old.text.casefold(), new.text.casefold())
    if letters > MOST_LETTERS or 2 * letters > max(len(old.text), len(new.text)):
        raise NotATypoFix(_("More than three letters, or more than half of the word, have changed."))
    return CorrectedWord(old.text, new.text, letters)


def _one_word(change: PassageChange) -> tuple[Token, Token]:
    pieces = [piece for piece in change.pieces if piece.op != Op.EQUAL]
    old = [token for piece in pieces if piece.op == Op.DELETE for token in piece.tokens]
    new = [token for piece in pieces if piece.op == Op.INSERT for token in piece.tokens]
    words = [*old, *new]
    if len(pieces) != 2 or len(old) != 1 or len(new) != 1:
        raise NotATypoFix(_("A slip of the pen changes one word in one place, and nothing else."))
    if old[0].marks != new[0].marks or any(token.kind != "word" for token in words):
        raise NotATypoFix(_("Facts, gaps, notes and marks are no slips of the pen."))
    if any(name == "link" for name, _href in new[0].marks):
        raise NotATypoFix(_("What a link says or where it leads is no slip of the pen."))
    return old[0], new[0]


def _check_place(change: PassageChange) -> None:
    """Check the position of the new word: not in a quotation, a name, an address."""
    passage = change.passage
    if not PASSAGES.fullmatch(passage.kind) or any(step.name in CLOSED for step in passage.path):
        raise NotATypoFix(_("Quotations, speakers, credits and approved passages have no slips of the pen."))
    newer = [piece for piece in change.pieces if piece.op != Op.DELETE]
    tokens = [token for piece in newer for token in piece.tokens]
    operations = [piece.op for piece in newer for _token in piece.tokens]
    at = operations.index(Op.INSERT)
    depth = straight = 0
    for token in tokens[:at]:
        depth += token.text in OPENING
        depth -= token.text in CLOSING and depth > 0
        straight += token.text == STRAIGHT
    if depth or straight % 2:
        raise NotATypoFix(_("What stands in quotation marks is no slip of the pen."))
    # the word with adjacent characters, up to the next space
    spaces = [index for index, token in enumerate(tokens) if token.is_space]
    begin = max((index + 1 for index in spaces if index < at), default=0)
    end = min((index for index in spaces if index > at), default=len(tokens))
    run = "".join(token.text for token in tokens[begin:end]).rstrip(".:,;!?…")
    if re.search(r"[\d@/_\\#]|\w[.:]\w|www", run):
        raise NotATypoFix(_("Addresses and numbers are no slips of the pen."))


def _check_word(token: Token, language: str) -> None:
    word = token.text.casefold()
    if not re.fullmatch(r"[^\W\d_]+(?:['’\u2010\u2011-][^\W\d_]+)*", token.text):
        raise NotATypoFix(_("Numbers and signs are no slips of the pen."))
    # short number words match exactly, longer ones with an ending
    numbers = NUMBERS[language].split()
    if any(word == one or (len(one) > SHORTEST_STEM and word.startswith(one)) for one in numbers):
        raise NotATypoFix(_("Words that count are no slips of the pen."))
    modals = MODALS[language].split()
    if any(word.startswith(one[:-1]) if one.endswith("-") else word == one for one in modals):
        raise NotATypoFix(_("Words that oblige, allow or forbid are no slips of the pen."))
    if word in NEGATIONS[language].split():
        raise NotATypoFix(_("A word that says no, or says it no more, is no slip of the pen."))


def _check_form(old: str, new: str, used: Counter[str]) -> None:
    """Check that the old word was mistyped, and is not another form of the new one. Forms differ at the ends,
    different words in their first letter, and a word used elsewhere in the text was not mistyped here."""
    ahead = _shared_prefix_length(old, new)
    rest = (old[ahead:], new[ahead:])
    behind = _shared_prefix_length(rest[0][::-1], rest[1][::-1])
    doubled = {*rest} == {"", old[ahead - 1 : ahead]}  # one doubled letter
    if used[old] or not ahead or not (behind or doubled):
        raise NotATypoFix(_("Another word, or another form of it, is no slip of the pen."))


def _shared_prefix_length(one: str, other: str) -> int:
    """Return the length of the common prefix."""
    pairs = zip(one, other, strict=False)
    return next((place for place, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


def _check_case(old: Token, new: Token, names: Collection[str], used: Counter[str]) -> None:
    """Check that it is no name: a capitalised word is one, unless the text has it in lower case elsewhere."""
    if old.text[:1].isupper() != new.text[:1].isupper():
        raise NotATypoFix(_("Names and capital letters are no slips of the pen."))
    word = new.text
    rest = word[1:]
    known = {name.casefold() for name in names}
    named = any(
        folded == name or (len(name) > SHORTEST_STEM and folded.startswith(name[:-1]))
        for folded in (old.text.casefold(), new.text.casefold())
        for name in known
    )
    if named or rest != rest.lower() or (word[0].isupper() and not used[word.lower()]):
        raise NotATypoFix(_("Names and capital letters are no slips of the pen."))


def _negations(word: str, language: str) -> Counter[str]:
    """Count the negation markers in a word."""
    folded = word.casefold()
    found = Counter(prefix for prefix in PREFIXES[language] if folded.startswith(prefix))
    found.update(suffix for suffix in SUFFIXES[language] if suffix in folded)
    if language == "kk":
        found["syllable"] = len(KAZAKH_SYLLABLE.findall(folded))
    return found
