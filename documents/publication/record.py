"""What a record and its names keep beside the words: slips of the pen, gaps that were filled, and what was
carried over."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists

from documents.approval.approved_blocks import framed_in
from documents.approval.matrix import Standing
from documents.approval.models import Approval, ApprovalRound, Slip
from documents.approval.queries.inherited import carried_in, publications_of, sources_of
from documents.canonical.form import Document
from documents.canonical.serialise import canonical_hash
from documents.gaps.models import Filling
from documents.gaps.rules import filled_since
from documents.history.actions import document_of
from documents.publication.chain import moment_words


@dataclass(frozen=True)
class Beside:
    """`carried`: organisation and language → the decisions elsewhere that its approval hangs on."""

    slips: list[dict[str, str]]
    fillings: list[dict[str, Any]] = field(default_factory=list)
    blocks: list[dict[str, str | None]] = field(default_factory=list)
    carried: Mapping[tuple[int, str], list[Approval]] = field(default_factory=dict)

    @property
    def in_record(self) -> dict[str, Any]:
        """The parts of the record that `chain.build_record` takes."""
        return {"slips": self.slips, "fillings": self.fillings, "blocks": self.blocks}

    def decisions_of(self, standing: Standing) -> list[dict[str, Any]]:
        """What is kept with a name: each decision, and of one that was carried over what it hangs on."""
        return [
            {**one, "carried": [_source(row) for row in found]}
            if (found := self.carried.get((standing.organisation.pk, one["language"])))
            else one
            for one in standing.record
        ]


def recorded_beside(
    round_: ApprovalRound, documents: Mapping[str, Document], standing: Sequence[Standing]
) -> Beside:
    """What leads to these words (language → document) beside decisions on them."""
    decisions = [decision for one in standing for decision in one.decisions]
    hashes = [canonical_hash(document) for document in documents.values()]
    mended, filled = _led_to(round_, hashes)
    slips = [_slip(row) for row in mended]
    fillings = [_filling(row) for row in filled] if any(one.filled for one in decisions) else []
    if not any(one.carried for one in decisions):
        return Beside(slips, fillings)
    carried = {
        (row.organisation_id, row.language): [one for one in sources_of(row) if one.language == row.language]
        for row in carried_in(round_)
        if _counts(row, standing)
    }
    blocks = _blocks(documents, [one for rows in carried.values() for one in rows])
    return Beside(slips, fillings, blocks, carried)


def _counts(row: Approval, standing: Iterable[Standing]) -> bool:
    return any(
        one.organisation.pk == row.organisation_id
        and any(by.carried and by.language == row.language for by in one.decisions)
        for one in standing
    )


def _blocks(documents: Mapping[str, Document], sources: Iterable[Approval]) -> list[dict[str, str | None]]:
    """The blocks of each language in which approvals were carried over, in the record's order."""
    rounds: dict[tuple[str, str], list[int]] = {}
    for one in sources:
        rounds.setdefault((one.language, one.hash), []).append(one.round_id)
    sheets = publications_of({pk for pks in rounds.values() for pk in pks})
    found: list[dict[str, str | None]] = []
    for language in sorted({language for language, _hash in rounds}):
        for block in framed_in(documents[language]):
            public = [sheets[pk] for pk in rounds.get((language, block.source), ()) if pk in sheets]
            found.append(
                {
                    "language": language,
                    "source": block.source,
                    "words": block.words,
                    "publication": str(public[0].uuid) if public else None,
                }
            )
    return found


def _source(row: Approval) -> dict[str, str]:
    return {
        "source": row.hash,
        "decision": str(row.decision),
        "way": str(row.way),
        "at": moment_words(row.at),
    }


def _led_to(round_: ApprovalRound, hashes: Iterable[str]) -> tuple[list[Slip], list[Filling]]:
    """Slips of the pen and fillings that lead to these words, each the last one first. One query where there
    are none, three where there are."""
    slips = round_.slips.filter(counts_from__isnull=False).select_related("before", "after")
    fillings = round_.fillings.select_related("before", "after")
    known = ApprovalRound.objects.filter(pk=round_.pk).values_list(Exists(slips), Exists(fillings))
    if not any(known.get()):
        return [], []
    waiting: list[Slip | Filling] = [*slips.order_by("-pk"), *fillings.order_by("-pk")]
    reached, found = set(hashes), []
    while more := [row for row in waiting if row.after.hash in reached]:
        reached |= {row.before.hash for row in more}
        waiting = [row for row in waiting if row not in more]
        found += more
    return (
        sorted((row for row in found if isinstance(row, Slip)), key=lambda row: -row.pk),
        sorted((row for row in found if isinstance(row, Filling)), key=lambda row: -row.pk),
    )


def _slip(row: Slip) -> dict[str, str]:
    return {"language": row.after.language, "before": row.before.hash, "after": row.after.hash}


def _filling(row: Filling) -> dict[str, Any]:
    """Which gaps; what they say stands in the text alone, and goes with it if it is withdrawn."""
    gaps = filled_since(document_of(row.before), document_of(row.after))
    return {
        "language": row.after.language,
        "before": row.before.hash,
        "after": row.after.hash,
        "gaps": gaps,
    }
