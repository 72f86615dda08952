import unittest

from booking import Room
from intervals import merged


class Rooms(unittest.TestCase):
    def test_touching_intervals_are_one(self):
        self.assertEqual(merged([(5, 9), (1, 5)]), [(1, 9)])

    def test_one_booking_may_begin_where_another_ends(self):
        room = Room()
        self.assertTrue(room.book(60, 120))
        self.assertTrue(room.book(120, 180))

    def test_what_is_free(self):
        room = Room()
        room.book(0, 60)
        self.assertEqual(room.free(), [(60, 1440)])
