"""Rows for the nodes of a graph, and their order within the rows."""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from itertools import combinations
from typing import Final

type Edge[Node: Hashable] = tuple[Node, Node]
type Rows[Node: Hashable] = list[list[Node]]

_SWEEPS: Final = 8


def break_cycles(nodes: Iterable[str], edges: Sequence[Edge[str]]) -> list[Edge[str]]:
    """Return the edges without cycles: the edges back to an earlier node are reversed."""
    followers = find_followers(edges)
    finished: dict[str, bool] = {}
    forward: list[Edge[str]] = []

    def visit(node: str) -> None:
        finished[node] = False
        for target in followers[node]:
            # Seen and unfinished: the way leads back to where it came from.
            forward.append((node, target) if finished.get(target, True) else (target, node))
            if target not in finished:
                visit(target)
        finished[node] = True

    for node in nodes:
        if node not in finished:
            visit(node)
    return list(dict.fromkeys(forward))


def assign_rows(nodes: Sequence[str], edges: Sequence[Edge[str]], first: str) -> dict[str, int]:
    """Return each node's row: one below the lowest of its leaders.

    A node without leaders is just above its first follower, but below the first node.

    Args:
        nodes: all nodes.
        edges: edges without cycles, each from an upper to a lower row.
        first: the node that has row 0 for itself; the others begin at 1.
    """
    leaders = find_followers([(target, source) for source, target in edges])
    followers = find_followers(edges)
    rows: dict[str, int] = {}

    def row_of(node: str) -> int:
        if node not in rows:
            start = 0 if node == first else 1
            rows[node] = max((row_of(leader) + 1 for leader in leaders[node]), default=start)
        return rows[node]

    for node in nodes:
        row_of(node)
    for node in nodes:
        if node != first and not leaders[node] and followers[node]:
            rows[node] = min(rows[follower] for follower in followers[node]) - 1
    return rows


def order_rows[Node: Hashable](rows: Rows[Node], edges: Sequence[Edge[Node]]) -> Rows[Node]:
    """Return the rows in an order with few crossings of their edges.

    A sweep moves each node to the middle of its neighbours. The first sweep decides much, so
    there are four starts: from above and from below, with the given and the reverse order.

    Args:
        rows: the rows in their first order.
        edges: edges between neighbouring rows.
    """
    reverse = [row[::-1] for row in rows]
    found = [
        order
        for start in (rows, reverse)
        for from_above in (True, False)
        for order in _sweep(start, edges, from_above=from_above)
    ]
    return min(found, key=lambda order: _count_crossings(order, edges), default=rows)


def _sweep[Node: Hashable](
    rows: Rows[Node], edges: Sequence[Edge[Node]], *, from_above: bool
) -> Iterator[Rows[Node]]:
    above = find_followers([(target, source) for source, target in edges])
    below = find_followers(edges)
    for sweep in range(_SWEEPS):
        if (sweep % 2 == 0) == from_above:
            rows = _sort_rows(rows, above)
        else:
            rows = _sort_rows(rows[::-1], below)[::-1]
        yield rows


def _sort_rows[Node: Hashable](
    rows: Rows[Node], neighbours: Mapping[Node, list[Node]]
) -> Rows[Node]:
    """Sort each row by the places of its nodes' neighbours in the row before."""
    sorted_rows = [rows[0]]
    for row in rows[1:]:
        places = {node: place for place, node in enumerate(sorted_rows[-1])}

        def middle(
            node: Node, places: Mapping[Node, int] = places, own: Sequence[Node] = row
        ) -> float:
            found = [places[each] for each in neighbours[node] if each in places]
            return sum(found) / len(found) if found else float(own.index(node))

        sorted_rows.append(sorted(row, key=middle))
    return sorted_rows


def _count_crossings[Node: Hashable](rows: Rows[Node], edges: Sequence[Edge[Node]]) -> int:
    places = {
        node: (index, place) for index, row in enumerate(rows) for place, node in enumerate(row)
    }
    ends = [(*places[source], places[target][1]) for source, target in edges]
    return sum(
        row == other_row and (source - other_source) * (target - other_target) < 0
        for (row, source, target), (other_row, other_source, other_target) in combinations(ends, 2)
    )


def find_followers[Node: Hashable](edges: Iterable[Edge[Node]]) -> defaultdict[Node, list[Node]]:
    """Return the targets of each node's edges."""
    followers: defaultdict[Node, list[Node]] = defaultdict(list)
    for source, target in edges:
        followers[source].append(target)
    return followers
