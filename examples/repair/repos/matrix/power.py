"""Powers, and what they are good for."""

from matrix import identity, times


def power(a, n):
    found = identity(len(a))
    while n:
        if n % 2:
            found = times(found, a)
        a = times(a, a)
        n //= 2
    return found


def fibonacci(n):
    return power([[1, 1], [1, 0]], n)[0][1]
