"""Matrices as lists of rows."""


def transpose(a):
    return [list(row) for row in zip(*a, strict=True)]


def times(a, b):
    if len(a[0]) != len(b):
        raise ValueError("shapes do not fit")
    return [[sum(x * y for x, y in zip(row, column, strict=True)) for column in transpose(b)] for row in a]


def identity(n):
    return [[int(i == j) for j in range(n)] for i in range(n)]
