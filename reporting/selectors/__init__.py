"""Reads across the house, one module for each page; they change nothing."""
