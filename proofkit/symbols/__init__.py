"""Matrix families, chains and the like as SymPy expressions, their shapes checked when built.

>>> d, k, i = widths('d'), index('k'), index('i')
>>> M = family('M', d)
>>> M[k:i+1] * M[i:1]
M[k:i + 1]·M[i:1]
>>> M[i] * M[i]
Traceback (most recent call last):
    ...
proofkit.symbols.faults.ShapeError: cannot multiply d(i)×d(i - 1) by d(i)×d(i - 1): the d(i - 1) \
columns of M[i] meet the d(i) rows of M[i]
"""

from proofkit.symbols.encode import encode_sort, encode_term, encode_variable
from proofkit.symbols.families import (
    Chain,
    Family,
    FamilyTerm,
    Listed,
    Member,
    Replaced,
    Summation,
    Tabulated,
    Updated,
    family,
    listed,
    replaced,
    summation,
    tabulated,
    vectors,
)
from proofkit.symbols.functions import Function, FunctionOf, FunctionTerm, Gradient, Value
from proofkit.symbols.matrices import (
    Identity,
    MatrixTerm,
    MatrixVariable,
    Product,
    Scaled,
    Sum,
    Trace,
    Transposed,
    Zero,
    frobenius,
    norm_squared,
    trace,
    vector,
)
from proofkit.symbols.scalars import (
    Rank,
    Width,
    WidthEnds,
    WidthFunction,
    WidthOf,
    WidthTable,
    index,
    natural,
    rank,
    real,
    width_table,
    widths,
)

__all__ = [
    "Chain",
    "Family",
    "FamilyTerm",
    "Function",
    "FunctionOf",
    "FunctionTerm",
    "Gradient",
    "Identity",
    "Listed",
    "MatrixTerm",
    "MatrixVariable",
    "Member",
    "Product",
    "Rank",
    "Replaced",
    "Scaled",
    "Sum",
    "Summation",
    "Tabulated",
    "Trace",
    "Transposed",
    "Updated",
    "Value",
    "Width",
    "WidthEnds",
    "WidthFunction",
    "WidthOf",
    "WidthTable",
    "Zero",
    "encode_sort",
    "encode_term",
    "encode_variable",
    "family",
    "frobenius",
    "index",
    "listed",
    "natural",
    "norm_squared",
    "rank",
    "real",
    "replaced",
    "summation",
    "tabulated",
    "trace",
    "vector",
    "vectors",
    "width_table",
    "widths",
]
