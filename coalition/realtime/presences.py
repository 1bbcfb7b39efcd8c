"""Who is here: the awareness states of one document's browsers, under the identity that the server knows."""

from collections.abc import Iterable

from coalition.realtime import frames
from coalition.realtime.client import Client
from coalition.realtime.frames import Presence


class Presences:
    """The states of all browsers, and which socket of this process each one's replica belongs to.

    What changed waits in `changed` until the room tells it: carets move with every letter, and a frame for
    each of them to everybody would be most of what the server sends.
    """

    def __init__(self) -> None:
        self.states: dict[int, Presence] = {}
        self.changed: dict[int, Presence] = {}
        self._owners: dict[int, Client] = {}

    def all(self) -> bytes:
        """The frame with everybody's state."""
        return frames.awareness_frame(list(self.states.values()))

    def take_changed(self) -> bytes | None:
        """The frame with what changed since the last time, None if nothing did."""
        changed, self.changed = self.changed, {}
        return frames.awareness_frame(list(changed.values())) if changed else None

    def of_others(self, client: Client, replica: int) -> bool:
        """Whether a replica is that of another person's open socket, which has brought all it has.

        Before that others may bring what it wrote: a server that died had told it and not kept it.
        """
        owner = self._owners.get(replica)
        return owner is not None and owner.in_sync and owner.grant.author != client.grant.author

    def claim(self, client: Client, replica: int) -> None:
        """This replica writes through this socket."""
        if replica not in self._owners:
            self._owners[replica] = client
            client.replicas.add(replica)

    def take(self, client: Client, payload: bytes) -> list[Presence]:
        """Take a browser's own state, under the person's identity; drop all others. Returns what was
        taken. Raises BadFrame."""
        taken = []
        for one in frames.read_presences(payload):
            if not self._is_own(client, one) or one.clock < client.presences.get(one.client, 0):
                continue
            state = None if one.state is None else {**one.state, "user": client.grant.identity}
            mine = Presence(one.client, one.clock, state)
            if state is None:
                client.presences.pop(one.client, None)
            else:
                self._own(client, one)
            self._keep(mine)
            taken.append(mine)
        return taken

    def leave(self, client: Client) -> list[Presence]:
        """Forget a browser. Returns that it has gone, for the other processes."""
        gone = [Presence(one, clock + 1, None) for one, clock in client.presences.items()]
        for presence in gone:
            self._keep(presence)
        client.presences.clear()
        for replica in client.replicas:
            if self._owners.get(replica) is client:
                del self._owners[replica]
        client.replicas.clear()
        return gone

    def take_from_elsewhere(self, presences: Iterable[Presence]) -> bool:
        """Who is here in other processes. Returns whether anything changed."""
        fresh = [one for one in presences if self._is_fresh(one)]
        for one in fresh:
            self._keep(one)
        return bool(fresh)

    def here(self) -> list[Presence]:
        """The states of this process' own browsers."""
        return [one for one in self.states.values() if one.client in self._owners]

    def _is_own(self, client: Client, one: Presence) -> bool:
        """A socket has one state. A person who comes back, before the server has noticed that the old
        socket is dead, takes it over."""
        if one.client in client.presences:
            return True
        owner = self._owners.get(one.client)
        if one.state is None or client.presences or (owner and owner.grant.author != client.grant.author):
            return False
        known = self.states.get(one.client)
        return known is None or (known.state or {}).get("user") == client.grant.identity

    def _own(self, client: Client, one: Presence) -> None:
        before = self._owners.get(one.client)
        if before is not None and before is not client:
            before.presences.pop(one.client, None)
            before.replicas.discard(one.client)
        self._owners[one.client] = client
        client.replicas.add(one.client)
        client.presences[one.client] = one.clock

    def _is_fresh(self, one: Presence) -> bool:
        if one.client in self._owners:
            return False
        known = self.states.get(one.client)
        return (known is None and one.state is not None) or (known is not None and one.clock > known.clock)

    def _keep(self, one: Presence) -> None:
        if one.state is None:
            self.states.pop(one.client, None)
        else:
            self.states[one.client] = one
        self.changed[one.client] = one
