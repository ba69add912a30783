"""Views: the documents that a trace is shown as; they lay out what it holds and compute nothing."""
