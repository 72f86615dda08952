"""Worlds to train in: the engine, episodes on it, tasks, rewards, curricula, and the proof that they can be trusted."""
