"""The shortest way from one row of things to another (Myers, "An O(ND) Difference Algorithm", 1986), given up where it would be long."""

from collections.abc import Sequence

MOST_CHANGES = 500

Stretch = tuple[str, int, int, int, int]


def shortest_edit(old: Sequence[object], new: Sequence[object], most_steps: int) -> tuple[list[Stretch] | None, int]:
    """Equal and unequal stretches as ("equal" or "replace", old from, to, new from, to), and the steps it took. None where there are too many changes."""
    numbers: dict[object, int] = {}
    first = [numbers.setdefault(item, len(numbers)) for item in old]
    second = [numbers.setdefault(item, len(numbers)) for item in new]
    reached = {1: 0}
    rounds: list[dict[int, int]] = []
    steps = 0
    for changes in range(min(MOST_CHANGES, len(first) + len(second)) + 1):
        rounds.append(reached.copy())
        for diagonal in range(-changes, changes + 1, 2):
            goes_down = diagonal == -changes or (diagonal != changes and reached[diagonal - 1] < reached[diagonal + 1])
            x = begun = reached[diagonal + 1] if goes_down else reached[diagonal - 1] + 1
            y = x - diagonal
            while x < len(first) and y < len(second) and first[x] == second[y]:
                x, y = x + 1, y + 1
            reached[diagonal] = x
            steps += x - begun + 1
            if x >= len(first) and y >= len(second):
                return _stretches(_matches(rounds, len(first), len(second)), len(first), len(second)), steps
        if steps > most_steps:
            break
    return None, steps


def _matches(rounds: list[dict[int, int]], x: int, y: int) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for changes in range(len(rounds) - 1, -1, -1):
        reached, diagonal = rounds[changes], x - y
        goes_down = diagonal == -changes or (diagonal != changes and reached[diagonal - 1] < reached[diagonal + 1])
        before = diagonal + 1 if goes_down else diagonal - 1
        x_before = reached[before]
        y_before = x_before - before
        while x > x_before and y > y_before:
            x, y = x - 1, y - 1
            found.append((x, y))
        if changes:
            x, y = x_before, y_before
    return found[::-1]


def _stretches(matches: list[tuple[int, int]], old_length: int, new_length: int) -> list[Stretch]:
    made: list[Stretch] = []
    x = y = 0
    for match_x, match_y in [*matches, (old_length, new_length)]:
        if match_x > x or match_y > y:
            made.append(("replace", x, match_x, y, match_y))
        if match_x < old_length and match_y < new_length:
            if made and made[-1][0] == "equal" and made[-1][2] == match_x and made[-1][4] == match_y:
                made[-1] = ("equal", made[-1][1], match_x + 1, made[-1][3], match_y + 1)
            else:
                made.append(("equal", match_x, match_x + 1, match_y, match_y + 1))
        x, y = match_x + 1, match_y + 1
    return made
