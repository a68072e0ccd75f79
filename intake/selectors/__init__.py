"""Reads at the front door, by noun: rosters, arrivals, completion."""
