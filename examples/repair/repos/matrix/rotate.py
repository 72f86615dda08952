"""Quarter turns."""

from matrix import transpose


def clockwise(a):
    return [row[::-1] for row in transpose(a)]


def turned(a, quarters):
    for _ in range(quarters % 4):
        a = clockwise(a)
    return a
