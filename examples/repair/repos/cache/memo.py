"""Functions that remember what they gave."""

from lru import Cache

NOTHING = object()


def memo(size):
    def around(function):
        cache = Cache(size)

        def asked(*arguments, **named):
            key = (arguments, tuple(sorted(named.items())))
            found = cache.get(key, NOTHING)
            if found is NOTHING:
                found = function(*arguments, **named)
                cache.put(key, found)
            return found

        return asked

    return around
