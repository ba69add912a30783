"""Concrete networks: numbers, matrices, losses, files, and random instances of them."""
