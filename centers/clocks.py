"""Clocks of this room."""

CLOCKS = ()


def facts(cases):
    return {}


def expected(facts):
    return ()
