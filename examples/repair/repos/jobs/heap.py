"""A heap: the least comes first, equals in the order that they came."""


class Heap:
    def __init__(self):
        self.items = []
        self.count = 0

    def push(self, rank, value):
        self.items.append((rank, self.count, value))
        self.count += 1
        at = len(self.items) - 1
        while at and self.items[at] < self.items[(at - 1) // 2]:
            above = (at - 1) // 2
            self.items[at], self.items[above] = self.items[above], self.items[at]
            at = above

    def pop(self):
        least, last = self.items[0], self.items.pop()
        if self.items:
            self.items[0] = last
            self.sink()
        return least[2]

    def sink(self):
        at = 0
        while True:
            below = [i for i in (2 * at + 1, 2 * at + 2) if i < len(self.items)]
            if not below:
                return
            least = min(below, key=lambda i: self.items[i][:2])
            if self.items[at][:2] <= self.items[least][:2]:
                return
            self.items[at], self.items[least] = self.items[least], self.items[at]
            at = least

    def __len__(self):
        return len(self.items)
