"""What can be used in a derivation, as it is listed on the terminal and printed as a handbook."""
