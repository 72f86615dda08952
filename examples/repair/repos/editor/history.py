"""What was done, to be undone and done again."""


class History:
    def __init__(self, most=100):
        self.done = []
        self.undone = []
        self.most = most

    def did(self, step):
        self.done.append(step)
        self.undone.clear()
        del self.done[: -self.most]

    def undo(self):
        if not self.done:
            return None
        step = self.done.pop()
        self.undone.append(step)
        return step

    def redo(self):
        if not self.undone:
            return None
        step = self.undone.pop()
        self.done.append(step)
        return step
