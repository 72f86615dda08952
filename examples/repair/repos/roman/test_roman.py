import unittest

from roman import read, written


class Romans(unittest.TestCase):
    def test_written(self):
        self.assertEqual([written(n) for n in (4, 9, 14, 2024)], ["IV", "IX", "XIV", "MMXXIV"])

    def test_read(self):
        self.assertEqual(read("XLIX"), 49)

    def test_all_small_numbers_come_back(self):
        self.assertEqual([read(written(n)) for n in range(1, 100)], list(range(1, 100)))

    def test_what_is_no_numeral(self):
        for text in ("IIII", "IC", "ABC"):
            with self.assertRaises(ValueError):
                read(text)
