"""A line of text with a cursor."""

from history import History


class Editor:
    def __init__(self):
        self.text = ""
        self.at = 0
        self.history = History()

    def insert(self, text):
        self.history.did((self.at, "", text))
        self.replace(self.at, "", text)

    def delete(self, count=1):
        start = max(self.at - count, 0)
        gone = self.text[start : self.at]
        if gone:
            self.history.did((start, gone, ""))
            self.replace(start, gone, "")

    def move(self, to):
        self.at = min(max(to, 0), len(self.text))

    def replace(self, at, old, new):
        self.text = self.text[:at] + new + self.text[at + len(old) :]
        self.at = at + len(new)

    def undo(self):
        step = self.history.undo()
        if step:
            at, old, new = step
            self.replace(at, new, old)

    def redo(self):
        step = self.history.redo()
        if step:
            self.replace(*step)
