"""Verbs about people and places, each in a module of its noun."""
