import unittest

from layers import merged
from overrides import overridden
from paths import get


class Settings(unittest.TestCase):
    def test_later_layers_win(self):
        self.assertEqual(merged({"a": 1, "b": 2}, {"b": 3}), {"a": 1, "b": 3})

    def test_mappings_are_merged(self):
        self.assertEqual(merged({"s": {"a": 1}}, {"s": {"b": 2}}), {"s": {"a": 1, "b": 2}})

    def test_paths(self):
        self.assertEqual(get({"a": {"b": 0}}, "a.b", 7), 0)
        self.assertEqual(get({"a": 1}, "a.b", 7), 7)

    def test_overrides(self):
        self.assertEqual(overridden({"s": {"p": 1}}, ["s.p=80", "s.t=true"]), {"s": {"p": 80, "t": True}})
