import unittest

from calc import value
from lexer import lexed


class Calc(unittest.TestCase):
    def test_tokens(self):
        self.assertEqual(lexed("2 ** .5"), [2.0, "**", 0.5])

    def test_products_come_before_sums(self):
        self.assertEqual(value("1 + 2 * 3"), 7)

    def test_sums_go_from_left_to_right(self):
        self.assertEqual(value("10 - 4 - 3"), 3)

    def test_signs(self):
        self.assertEqual(value("-2 * -3"), 6)
