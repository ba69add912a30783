"""What is wrong with a pack."""

__all__ = ["PackError"]


class PackError(ValueError):
    """A pack, one of its results or one of its examples that cannot be found or used."""
