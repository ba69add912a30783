"""The core language: what the kernel, the exports and the algebra all speak, in nested tuples.

Trusted, and free of SymPy.  `terms` holds terms in normal form, `claims` propositions,
`binding` opening and closing of binders, `sorts` the check that everything fits.
"""
