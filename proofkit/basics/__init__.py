"""What lies below everything: keys by identity, tables, processes, drawings, displays."""
