"""Groups tags that go together: the regions of the map, and its legend.

Louvain's two steps (Blondel et al., "Fast unfolding of communities in large networks", 2008),
without chance: tags are visited in the order given, and ties go to the earlier group.
"""

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float64]
Groups = npt.NDArray[np.int64]

ROUNDS = 50  # of moving tags; a dozen is common, and no graph may keep a build waiting


def group_tags(weights: Matrix, most: int) -> Groups:
    """Return the group of each tag, the largest group 0; tags beside no other are -1.

    `weights` says how much two tags go together, with zeros for a tag beside itself. More
    than `most` groups are joined, the weakest with the one it has most in common with.
    """
    groups = np.arange(len(weights))
    graph = weights.copy()
    while len(graph):
        moved = _number(_move(graph))
        if len(np.unique(moved)) == len(graph):
            break
        groups = moved[groups]
        graph = _sum_within(graph, moved)
    lonely = ~weights.any(axis=1)
    groups[lonely] = -1
    return _by_size(_join_small(weights, groups, most))


def _move(graph: Matrix) -> Groups:
    """Move each node to the neighbouring group that gains most modularity, until none gains."""
    groups = np.arange(len(graph))
    strength = graph.sum(axis=1)
    total = strength.sum()
    if not total:
        return groups
    sums = strength.copy()
    for _ in range(ROUNDS):
        before = groups.copy()
        for node in range(len(graph)):
            home = groups[node]
            sums[home] -= strength[node]
            links = graph[node].copy()
            links[node] = 0
            towards = np.bincount(groups, links, len(graph))
            gain = towards - strength[node] * sums / total
            best = int(np.argmax(gain))
            if gain[best] <= gain[home] + 1e-12:
                best = int(home)
            groups[node] = best
            sums[best] += strength[node]
        if (groups == before).all():
            break
    return groups


def _sum_within(graph: Matrix, groups: Groups) -> Matrix:
    """Return the graph of groups: what their members have in common, added up."""
    member = np.eye(groups.max() + 1)[groups]
    together: Matrix = member.T @ graph @ member
    return together


def _join_small(weights: Matrix, groups: Groups, most: int) -> Groups:
    """Join a smallest group with the one it has most in common with, until `most` are left."""
    groups = groups.copy()
    while len(names := np.unique(groups[groups >= 0])) > most:
        member = (groups[:, None] == names[None, :]).astype(float)
        sizes = member.sum(axis=0)
        common = member.T @ weights @ member / np.outer(sizes, sizes)
        np.fill_diagonal(common, -1.0)
        common[sizes > sizes.min()] = -1.0
        small, other = np.unravel_index(np.argmax(common), common.shape)
        groups[groups == names[small]] = names[other]
    return groups


def _by_size(groups: Groups) -> Groups:
    """Rename groups by size, the largest 0, equals by their first tag; -1 stays."""
    names = [int(name) for name in np.unique(groups) if name >= 0]
    order = sorted(
        names, key=lambda name: (-int((groups == name).sum()), np.argmax(groups == name))
    )
    place = {name: i for i, name in enumerate(order)}
    return np.array([place.get(int(name), -1) for name in groups], np.int64)


def _number(groups: Groups) -> Groups:
    """Rename groups from 0 on, in the order of their names."""
    _, numbers = np.unique(groups, return_inverse=True)
    return np.asarray(numbers, np.int64)
