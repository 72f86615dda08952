import unittest

from heap import Heap
from schedule import run


class Jobs(unittest.TestCase):
    def test_the_least_comes_first(self):
        heap = Heap()
        for rank in (5, 2, 8, 1, 9, 3):
            heap.push(rank, rank)
        self.assertEqual([heap.pop() for _ in range(6)], [1, 2, 3, 5, 8, 9])

    def test_urgent_jobs_come_first(self):
        self.assertEqual(run([("low", 1, 0), ("high", 9, 0)]), ["high", "low"])

    def test_a_failed_job_comes_again(self):
        self.assertEqual(run([("a", 5, 1), ("b", 5, 0)]), ["a", "b", "a"])
