"""On which translations an organisation may rely: the one rule, for matrix, pages, calls and links. Pure.

A reviewer answers that two languages say the same, for both hashes. An answer holds while these very words
are put; it leads either way, and from language to language.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

from documents.approval.round_data import RoundData

type Links = Mapping[str, Collection[str]]  # language → those that reviewers answer say the same


def links_of(data: RoundData) -> Links:
    """Languages put that reviewers answer say the same, each way. What is stale links nothing."""
    put = {text.language: text.hash for text in data.texts}
    links: dict[str, set[str]] = defaultdict(set)
    for one in data.attested:
        if put.get(one.language) == one.hash and put.get(one.source) == one.source_hash:
            links[one.language].add(one.source)
            links[one.source].add(one.language)
    return links


def reached_from(languages: Iterable[str], links: Links) -> set[str]:
    """These languages, and every other to which answers lead from them."""
    reached = set(languages)
    waiting = list(reached)
    while waiting:
        found = set(links.get(waiting.pop(), ())) - reached
        reached |= found
        waiting.extend(found)
    return reached


def reliable(data: RoundData, own: Collection[str] | None = None) -> list[str]:
    """Languages put on which whoever reads the `own` ones may rely, beside these; without them, those on
    which somebody could, who reads some other language."""
    links = links_of(data)
    reached = {code for code in links if links[code]} if own is None else reached_from(own, links) - set(own)
    return [text.language for text in data.texts if text.language in reached]
