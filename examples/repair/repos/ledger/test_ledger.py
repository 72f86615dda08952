import unittest

from ledger import Ledger
from money import parse, show


class Ledgers(unittest.TestCase):
    def test_amounts(self):
        self.assertEqual([parse("12.34"), parse("7")], [1234, 700])
        self.assertEqual(show(1205), "12.05")

    def test_a_transfer_takes_the_fee_from_the_source(self):
        ledger = Ledger(fee="0.50")
        ledger.deposit("ada", "10.00")
        ledger.transfer("ada", "bob", "4.00")
        self.assertEqual((ledger.balance("ada"), ledger.balance("bob")), ("5.50", "4.00"))
