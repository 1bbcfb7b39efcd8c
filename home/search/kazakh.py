"""Kazakh word forms: what is left of a word when its endings are taken off, one after the other.

Works on folded letters (`folding`), so that “кызметкерлерге” and “қызметкерлерге” are the same word. The
endings and after which letter each may stand are those of the school grammar: plural, possession, cases,
and the most frequent forms of verbs. What counts is not that the rest is a root of the language but that
all forms of a word end in the same rest; therefore endings go as long as one can.
"""

VOWELS = frozenset("аеиоуыэюя")
VOICELESS = frozenset("пфктсшщхцчбвгд")  # б, в, г, д at the end of a word are spoken voiceless
SONANTS = frozenset("рлйумнзж")
AFTER_VOWEL_OR_SONANT = VOWELS | SONANTS
CONSONANTS = VOICELESS | SONANTS
THIRD_PERSON = frozenset("ыи")  # “its”: заңы, мәселесі

# Words of two letters that have forms: ел, іс, ер, ат, от, үй, ой, ай, су, ас, ит, ет, құ.
SHORT = frozenset({"ел", "ис", "ер", "ат", "от", "уй", "ой", "ай", "су", "ас", "ит", "ет"})
# A vowel that is lost before “its”: халық – халқы, орын – орны.
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
    """Endings in back vowels, and the same in front vowels as vowel harmony has them."""
    front = str.maketrans({"а": "е", "ы": "и"})
    return {form: after for one in back.split() for form in (one, one.translate(front))}


ENDINGS: dict[str, frozenset[str]] = {
    # plural
    **_both("лар", VOWELS | frozenset("рй")),
    **_both("дар", frozenset("лмнзж")),
    **_both("тар", VOICELESS),
    # whose, whom, whither, where, whence, with what; then “that is there”
    **_both("нын", VOWELS | frozenset("мн")),
    **_both("дын", frozenset("рлйузж")),
    **_both("тын", VOICELESS),
    **_both("ны", VOWELS),
    **_both("ды", SONANTS | VOWELS),  # also the past of verbs: қорғады
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
    # its, my, our, your
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
    """What is left of a folded word when no ending can be taken off any more.

    Mostly one; more where the word can be read in two ways: “қабылдады” is қабылда-ды, and could be
    қабылд-ады. A word without known endings is its own stem.
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
    """Whether a back ending follows a front syllable. Folding leaves only “е” to be sure of."""
    last = next((letter for letter in reversed(rest) if letter in VOWELS), "")
    first = next((letter for letter in ending if letter in VOWELS), "")
    return last == "е" and first in {"а", "ы"}


def _settled(rest: str) -> str:
    rest = LOST_VOWEL.get(rest, rest)
    if rest.endswith("ис") and len(rest) > 5:
        return rest + "т"  # журналист – журналистер
    return rest[:-1] + HARD.get(rest[-1], rest[-1]) if len(rest) > 2 else rest
