"""Check a certificate from its own data: nothing here searches, and nothing imports the search."""
