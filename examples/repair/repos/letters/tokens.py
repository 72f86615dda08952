"""Templates as plain texts and names between square brackets; two opening brackets are one."""


def tokens(template):
    found, rest = [], template
    while rest:
        before, bracket, after = rest.partition("[")
        if before:
            found.append(("text", before))
        if not bracket:
            break
        if after.startswith("["):
            found.append(("text", "["))
            rest = after[1:]
            continue
        name, closed, rest = after.partition("]")
        if not closed:
            raise ValueError("a bracket is not closed")
        found.append(("name", name.strip()))
    return found
