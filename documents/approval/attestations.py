"""Translations on which an organisation may rely: for matrix, pages, calls and links. No I/O.

A reviewer attests that two languages say the same, bound to both hashes. An attestation is valid
while exactly these versions are current; it works in both directions and is transitive.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from documents.approval.round_data import RoundData

type LanguageLinks = Mapping[str, Collection[str]]  # language → languages attested to say the same


def attestation_links(data: RoundData) -> LanguageLinks:
    """Return the languages attested to say the same, in both directions, without stale ones."""
    put = {text.language: text.hash for text in data.texts}
    links: dict[str, set[str]] = defaultdict(set)
    for one in data.attested:
        if put.get(one.language) == one.hash and put.get(one.source) == one.source_hash:
            links[one.language].add(one.source)
            links[one.source].add(one.language)
    return links


def reachable_languages(languages: Iterable[str], links: LanguageLinks) -> set[str]:
    """Return these languages and every other reachable from them by attestations."""
    reached = set(languages)
    waiting = list(reached)
    while waiting:
        found = set(links.get(waiting.pop(), ())) - reached
        reached |= found
        waiting.extend(found)
    return reached


def reliable_languages(data: RoundData, own: Collection[str] | None = None) -> list[str]:
    """Return the other languages on which a reader of the `own` ones may rely; without `own`, those
    on which a reader of some other language could."""
    links = attestation_links(data)
    reached = (
        {code for code in links if links[code]} if own is None else reachable_languages(own, links) - set(own)
    )
    return [text.language for text in data.texts if text.language in reached]
