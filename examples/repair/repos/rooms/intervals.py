"""Half-open intervals of minutes."""


def merged(intervals):
    found = []
    for start, end in sorted(intervals):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def overlap(a, b):
    return a[0] < b[1] and b[0] < a[1]
