import unittest

from columns import table
from wrap import wrap


class Columns(unittest.TestCase):
    def test_wrapped(self):
        self.assertEqual(wrap("one two three", 7), ["one two", "three"])

    def test_long_words_are_cut(self):
        self.assertEqual(wrap("abcdefgh", 3), ["abc", "def", "gh"])

    def test_numbers_stand_to_the_right(self):
        self.assertEqual(table([["ab", 5], ["c", 12]]), ["ab   5", "c   12"])
