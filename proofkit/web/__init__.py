"""The server behind ``proofkit serve``: walkthroughs in a browser, computed in worker processes.

Nothing is kept on disk; a page's address holds its whole state.  Requests are checked first
(`guard`), then answered in a process that can be stopped (`pool`, `jobs`).
"""
