"""The second checker: what the kernel proved it accepts, and refuses what was tampered with."""
