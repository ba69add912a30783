"""Experiments on many problems: draw, search, classify, certify, one row per problem."""
