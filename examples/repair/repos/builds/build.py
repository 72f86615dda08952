"""What has to be built again after a change."""

from graph import order


def stale(needs, changed):
    again = set(changed)
    for name in order(needs):
        if again & set(needs.get(name, ())):
            again.add(name)
    return [name for name in order(needs) if name in again]
