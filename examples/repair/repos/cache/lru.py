"""A cache that forgets what was not used for longest."""


class Cache:
    def __init__(self, size):
        self.size = size
        self.values = {}

    def get(self, key, default=None):
        if key not in self.values:
            return default
        self.values[key] = self.values.pop(key)
        return self.values[key]

    def put(self, key, value):
        self.values.pop(key, None)
        self.values[key] = value
        while len(self.values) > self.size:
            self.values.pop(next(iter(self.values)))
