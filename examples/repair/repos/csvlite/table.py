"""Rows as mappings from the names in the first line."""

from reader import values


def rows(text):
    head, *rest = [values(each) for each in text.splitlines() if each.strip()]
    for each in rest:
        if len(each) != len(head):
            raise ValueError(f"{len(each)} values under {len(head)} names")
    return [dict(zip(head, each, strict=True)) for each in rest]
