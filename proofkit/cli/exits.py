"""The exit codes of anything that checks."""

HOLDS, FAILS, BAD_INPUT, INCOMPLETE, NOTHING = range(5)
