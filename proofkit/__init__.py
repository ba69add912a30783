"""The engine: it knows nothing of any one paper."""
