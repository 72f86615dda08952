"""Jobs by urgency; one that fails is tried again, less urgently, three times at most."""

from heap import Heap

TRIES = 3


def run(jobs):
    heap, log = Heap(), []
    for name, urgency, failures in jobs:
        heap.push(-urgency, (name, urgency, failures, 1))
    while len(heap):
        name, urgency, failures, attempt = heap.pop()
        log.append(name)
        if attempt <= failures and attempt < TRIES:
            heap.push(-(urgency - 1), (name, urgency - 1, failures, attempt + 1))
    return log
