"""Slugs that are given out once."""

from slugs import slug


class Registry:
    def __init__(self):
        self.taken = set()

    def claim(self, title):
        base = name = slug(title)
        count = 1
        while name in self.taken:
            count += 1
            name = f"{base}-{count}"
        self.taken.add(name)
        return name
