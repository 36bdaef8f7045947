"""Crash and contention: many processes on one link, some of them killed, the database restarted."""
