"""Who may see what, written from docs/roles.md, docs/guests.md and the design: no line of the product."""

from dataclasses import dataclass

SEE, READ, CREATE, EDIT, LEAD = range(5)  # the seats in their order: each may what those before it may
LINK_ASKS = {
    "workspace": LEAD,
    "coalition": EDIT,
    "public": EDIT,
}  # a mark, and who lets a guest read under it


@dataclass(eq=False)
class Thing:  # a draft, file or event. kept_to: organisations; told: nobody, workspace, coalition, public
    kind: str
    workspace: str
    organisation: str
    kept_to: frozenset[str] | None = None
    mark: str = "workspace"
    named: frozenset[str] = frozenset()
    told: str = "nobody"


class Rights:  # seats: (person, workspace, organisation) → what they may; links: (thing, seat, number)
    def __init__(self, members, takes_part, seats):
        self.members, self.takes_part, self.seats = members, takes_part, seats
        self.frozen, self.links, self.signed_in = set(), set(), {person for person, _organisation in members}

    def belongs(self, person, organisations=None):
        mine = {there for who, there in self.members if who == person} - self.frozen
        return bool(mine if organisations is None else mine & organisations)

    def rank(self, person, workspace, only=None):
        held = {o: rank for (who, w, o), rank in self.seats.items() if (who, w) == (person, workspace)}
        counts = {o for o in held if self.belongs(person, {o}) and (o, workspace) in self.takes_part}
        return max((held[o] for o in counts if only is None or o in only), default=-1)

    def sees(self, person, it):
        if it.kind == "event" and it.told in {"coalition", "public"}:
            return it.told == "public" or self.belongs(person)
        by_mark = {"organisation": self.rank(person, it.workspace, {it.organisation}) >= READ}
        by_mark["named"] = person in it.named
        needed = SEE if it.told == "workspace" else READ
        return self.rank(person, it.workspace, it.kept_to) >= needed and by_mark.get(it.mark, True)

    def opens(self, link):
        it, (who, workspace, organisation), _number = link
        kept = it.kept_to is None or organisation in it.kept_to
        counts = link in self.links and self.rank(who, workspace, {organisation}) >= LINK_ASKS.get(it.mark, 9)
        return kept and counts
