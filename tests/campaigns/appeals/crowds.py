"""Crowds to try the rules against: people behind one carrier, and somebody who asks in the name of many."""

import itertools
import random
from collections.abc import Iterator, Sequence
from string import ascii_lowercase

_FIRST = """
aigerim aigul aidana aliya altynai ainur asel asem assel aruzhan balnur bota botagoz dana danagul
diana dinara elmira fatima gaukhar gulmira gulnar gulnaz gulsim indira inkar kamila karlygash
kunsulu laura leila madina makpal malika marzhan meruert nazgul nazym nurgul perizat raushan raikhan
roza saltanat samal sandugash saule symbat togzhan toty ulbolsyn ulzhan zarina zhanar zhanna
zhansaya zhibek zulfiya alibek almas anuar arman askar azamat baurzhan berik bolat daniyar daulet
dias erlan galym ilyas kairat kanat marat medet nurlan olzhas rustam samat sanzhar serik talgat
timur yerbol zhandos anna darya elena irina kseniya lyudmila mariya nataliya olga svetlana tatyana
viktoriya yuliya aleksey dmitriy igor ivan
"""
FIRST = _FIRST.split()
_LAST = """
abdrakhmanova abenova akhmetova alimova amanova baimukhanova bekova dosymova dzhaksybekova ermekova
esenova ibragimova iskakova ismailova kaliyeva karimova kasenova kenzhebekova mukhametova
nurgaliyeva nurmagambetova omarova ospanova rakhimova sadykova saparova sarsenova seitova
suleimenova tleubayeva tulegenova umarova zhakupova zhumabayeva ivanova petrova sidorova kuznetsova
kim li pak tsoi shevchenko
"""
LAST = _LAST.split()
COMMON = ["gmail.com"] * 9 + ["mail.ru"] * 8 + ["inbox.ru", "bk.ru", "yandex.ru", "icloud.com", "list.ru"]


def honest(count: int, seed: int = 1) -> list[str]:
    """Addresses as people in one city have them: some at the domains of where they work or learn."""
    draw = random.Random(seed)
    found: dict[str, None] = {}
    while len(found) < count:
        found[_honest(draw)] = None
    return list(found)


def _honest(draw: random.Random) -> str:
    first, last, year = draw.choice(FIRST), draw.choice(LAST), draw.randint(60, 108) % 100
    local = draw.choice(
        [
            f"{first}.{last}",
            f"{first}{last[:1]}",
            f"{first[:1]}.{last}",
            f"{last}_{first[:1]}",
            f"{first}{year:02}",
            f"{first}_{last}{draw.randint(1, 99)}",
            f"{last}{draw.randint(1960, 2008)}",
            f"{first}.{draw.randint(1, 31):02}{draw.randint(1, 12):02}",
            f"{first[:3]}{last[:4]}{draw.randint(1, 999)}",
        ]
    )
    domain = draw.choice(COMMON) if draw.random() < 0.94 else f"{draw.choice(LAST)}.example"
    return f"{local}@{domain}"


KINDS = ("disposable", "own domain", "subdomains", "series", "rotation")
STEMS = 12  # of the rotation


def stuffed(count: int, seed: int = 2, kinds: Sequence[str] = KINDS) -> Iterator[str]:
    """Addresses as somebody has them who confirms by a program, of each kind in turn.

    Disposable; of one domain; each of a subdomain of its own; one series; a series of several words; not in
    `KINDS`, a series of several common names.
    """
    draw = random.Random(seed)
    words = ["".join(draw.choices(ascii_lowercase, k=8)) for _stem in range(STEMS)]
    names = draw.sample(FIRST, STEMS)
    for number, kind in zip(range(count), itertools.cycle(kinds), strict=False):
        local = f"{draw.choice(FIRST)}{draw.choice(LAST)[: draw.randint(2, 6)]}{number}"
        yield {
            "disposable": f"{local}@throw-away.example",
            "own domain": f"{local}@catch-all.example",
            "subdomains": f"{local}@{draw.randbytes(5).hex()}.evil.example",
            "series": f"supporter{number:05}@mail.ru",
            "rotation": f"{words[number // len(kinds) % STEMS]}{number}@mail.ru",
            "common names": f"{names[number // len(kinds) % STEMS]}{number}@mail.ru",
        }[kind]
