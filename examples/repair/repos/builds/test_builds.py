import unittest

from build import stale
from graph import Cycle, order

NEEDS = {"app": ["lib", "ui"], "ui": ["lib"], "lib": []}


class Builds(unittest.TestCase):
    def test_order(self):
        self.assertEqual(order(NEEDS), ["lib", "ui", "app"])

    def test_a_diamond_is_no_cycle(self):
        self.assertEqual(order({"a": ["b", "c"], "b": ["d"], "c": ["d"]}), ["d", "b", "c", "a"])

    def test_a_cycle_is_named(self):
        with self.assertRaisesRegex(Cycle, "b -> c -> b"):
            order({"a": ["b"], "b": ["c"], "c": ["b"]})

    def test_stale(self):
        self.assertEqual(stale(NEEDS, ["ui"]), ["ui", "app"])
