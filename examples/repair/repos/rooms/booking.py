"""A room's bookings in a day of 24 hours."""

from intervals import merged, overlap

DAY = (0, 1440)


class Room:
    def __init__(self):
        self.booked = []

    def book(self, start, end):
        if start >= end or any(overlap((start, end), other) for other in self.booked):
            return False
        self.booked.append((start, end))
        return True

    def free(self):
        gaps, at = [], DAY[0]
        for start, end in merged(self.booked):
            if start > at:
                gaps.append((at, start))
            at = end
        if at < DAY[1]:
            gaps.append((at, DAY[1]))
        return gaps
