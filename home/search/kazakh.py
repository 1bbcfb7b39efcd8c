"""Stemmer for Kazakh: strips the endings of a word one after the other.

Works on folded letters (`folding`), so that “кызметкерлерге” and “қызметкерлерге” are the same
word. The endings, and the letters that each may follow, are those of the school grammar: plural,
possession, cases, and the most frequent forms of verbs. The rest need not be a root of the
language; all forms of a word must have the same rest, so endings are stripped as long as possible.
"""

VOWELS = frozenset("аеиоуыэюя")
VOICELESS = frozenset("пфктсшщхцчбвгд")  # final б, в, г, д are devoiced
SONANTS = frozenset("рлйумнзж")
AFTER_VOWEL_OR_SONANT = VOWELS | SONANTS
CONSONANTS = VOICELESS | SONANTS
THIRD_PERSON = frozenset("ыи")  # third-person possessive: заңы, мәселесі

# Two-letter words with inflected forms: ел, іс, ер, ат, от, үй, ой, ай, су, ас, ит, ет, құ.
SHORT = frozenset({"ел", "ис", "ер", "ат", "от", "уй", "ой", "ай", "су", "ас", "ит", "ет"})
# A vowel dropped before the possessive: халық – халқы, орын – орны.
LOST_VOWEL = {
    "халк": "халык",
    "орн": "орын",
    "мойн": "мойын",
    "ерн": "ерин",
    "мурн": "мурын",
    "карн": "карын",
    "даус": "дауыс",
    "конл": "конил",
}
HARD = {"б": "п", "г": "к"}  # мектеп – мектебі, құқық – құқығы


def _both(back: str, after: frozenset[str]) -> dict[str, frozenset[str]]:
    """Return endings with back vowels, and their front-vowel variants by vowel harmony."""
    front = str.maketrans({"а": "е", "ы": "и"})
    return {form: after for one in back.split() for form in (one, one.translate(front))}


ENDINGS: dict[str, frozenset[str]] = {
    # plural
    **_both("лар", VOWELS | frozenset("рй")),
    **_both("дар", frozenset("лмнзж")),
    **_both("тар", VOICELESS),
    # cases: genitive, dative, accusative, locative, ablative, instrumental; then “that is there”
    **_both("нын", VOWELS | frozenset("мн")),
    **_both("дын", frozenset("рлйузж")),
    **_both("тын", VOICELESS),
    **_both("ны", VOWELS),
    **_both("ды", SONANTS | VOWELS),  # also the past tense of verbs: қорғады
    **_both("ты", VOICELESS),
    **_both("га", AFTER_VOWEL_OR_SONANT),
    **_both("ка", VOICELESS),
    **_both("на нда нан ндагы", THIRD_PERSON),
    **_both("да дагы", AFTER_VOWEL_OR_SONANT),
    **_both("та тагы", VOICELESS),
    **_both("дан", VOWELS | frozenset("рлйузж")),
    **_both("тан", VOICELESS),
    **_both("нан", frozenset("мн") | THIRD_PERSON),
    "мен": VOWELS | frozenset("рлйумн"),
    "бен": frozenset("зж"),
    "пен": VOICELESS,
    # possessive: its, my, our, your
    **_both("сы сын", VOWELS),
    **_both("ы ын ым ымыз ыныз", CONSONANTS),
    **_both("мыз ныз", VOWELS),
    # verbs: has done, does, does not, will do
    **_both("ган", AFTER_VOWEL_OR_SONANT),
    **_both("кан", VOICELESS),
    **_both("йды йтын", VOWELS),
    **_both("ады атын", CONSONANTS),
    "иды": CONSONANTS,
    "иди": CONSONANTS,
    **_both("майды", AFTER_VOWEL_OR_SONANT),
    **_both("байды", frozenset("мнзж")),
    **_both("пайды", VOICELESS),
    "у": CONSONANTS | VOWELS,
}
LONGEST = max(map(len, ENDINGS))


def kazakh_stems(word: str) -> list[str]:
    """Return the stems of a folded word, after no more endings can be stripped.

    Mostly one; more if the word is ambiguous: “қабылдады” is қабылда-ды, and could be қабылд-ады. A
    word without known endings is its own stem.
    """
    left: dict[str, None] = {}
    ways = [word]
    while ways:
        form = ways.pop()
        shorter = _without_ending(form)
        ways.extend(shorter)
        if not shorter:
            left[_settled(form)] = None
    return list(left)


def _without_ending(word: str) -> list[str]:
    found = []
    for length in range(min(LONGEST, len(word) - 2), 0, -1):
        rest, ending = word[:-length], word[-length:]
        after = ENDINGS.get(ending)
        if after is not None and rest[-1] in after and _can_stand(rest, ending):
            found.append(rest)
    return found


def _can_stand(rest: str, ending: str) -> bool:
    if len(rest) < 3:
        return rest in SHORT
    return bool(VOWELS.intersection(rest)) and not _against_harmony(rest, ending)


def _against_harmony(rest: str, ending: str) -> bool:
    """Whether a back ending follows a front syllable. After folding only “е” is unambiguous."""
    last = next((letter for letter in reversed(rest) if letter in VOWELS), "")
    first = next((letter for letter in ending if letter in VOWELS), "")
    return last == "е" and first in {"а", "ы"}


def _settled(rest: str) -> str:
    rest = LOST_VOWEL.get(rest, rest)
    if rest.endswith("ис") and len(rest) > 5:
        return rest + "т"  # журналист – журналистер
    return rest[:-1] + HARD.get(rest[-1], rest[-1]) if len(rest) > 2 else rest
