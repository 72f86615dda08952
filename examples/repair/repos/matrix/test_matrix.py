import unittest

from matrix import times
from power import fibonacci, power
from rotate import clockwise, turned


class Matrices(unittest.TestCase):
    def test_times(self):
        self.assertEqual(times([[1, 2]], [[3], [4]]), [[11]])

    def test_power(self):
        self.assertEqual(power([[2, 0], [0, 3]], 3), [[8, 0], [0, 27]])

    def test_fibonacci(self):
        self.assertEqual([fibonacci(n) for n in range(8)], [0, 1, 1, 2, 3, 5, 8, 13])

    def test_turns(self):
        self.assertEqual(clockwise([[1, 2], [3, 4]]), [[3, 1], [4, 2]])
        self.assertEqual(turned([[1, 2]], 2), [[2, 1]])
