"""Accounts and transfers; nothing may be overdrawn."""

from money import parse, show


class Ledger:
    def __init__(self, fee="0.00"):
        self.fee = parse(fee)
        self.accounts = {}

    def deposit(self, name, amount):
        self.accounts[name] = self.accounts.get(name, 0) + parse(amount)

    def transfer(self, source, target, amount):
        cents = parse(amount)
        if cents <= 0:
            raise ValueError("nothing to transfer")
        if self.accounts.get(source, 0) < cents + self.fee:
            raise ValueError("overdrawn")
        self.accounts[source] -= cents + self.fee
        self.accounts[target] = self.accounts.get(target, 0) + cents

    def balance(self, name):
        return show(self.accounts.get(name, 0))
