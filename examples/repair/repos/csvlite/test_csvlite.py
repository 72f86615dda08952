import unittest

from reader import values
from table import rows
from writer import line


class Csv(unittest.TestCase):
    def test_quotes_hold_commas(self):
        self.assertEqual(values('a,"b,c",d'), ["a", "b,c", "d"])

    def test_the_last_value_may_be_empty(self):
        self.assertEqual(values("a,"), ["a", ""])

    def test_written_values_are_read_again(self):
        said = ['say "hi"', "a,b", "", "x"]
        self.assertEqual(values(line(said)), said)

    def test_rows(self):
        self.assertEqual(rows("n,m\n1,2\n"), [{"n": "1", "m": "2"}])
