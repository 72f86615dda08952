"""Orders in which everything comes after what it needs."""


class Cycle(Exception):
    pass


def order(needs):
    done, doing, found = set(), [], []

    def visit(name):
        if name in done:
            return
        if name in doing:
            raise Cycle(" -> ".join([*doing[doing.index(name) :], name]))
        doing.append(name)
        for other in sorted(needs.get(name, ())):
            visit(other)
        doing.pop()
        done.add(name)
        found.append(name)

    for name in sorted(needs):
        visit(name)
    return found
