import unittest

from lru import Cache
from memo import memo


class Caches(unittest.TestCase):
    def test_the_oldest_goes(self):
        cache = Cache(2)
        for key in "abc":
            cache.put(key, key.upper())
        self.assertEqual([cache.get(key) for key in "abc"], [None, "B", "C"])

    def test_what_is_read_stays(self):
        cache = Cache(2)
        cache.put("a", 1)
        cache.put("b", 2)
        cache.get("a")
        cache.put("c", 3)
        self.assertEqual(cache.get("a"), 1)

    def test_a_memo_asks_once(self):
        asked = []
        find = memo(3)(lambda key: asked.append(key))
        find("x"), find("x")
        self.assertEqual(asked, ["x"])
