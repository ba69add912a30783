"""The page of entries and determinants: Hadamard products, diagonals, inverses.

Rows and columns are counted from 1; of an entry outside a matrix nothing is known.
"""

from __future__ import annotations

from typing import Any

from proofkit.claims import (
    AllPositive,
    Between,
    Claim,
    Continuous,
    Equal,
    ForAll,
    Implies,
    Less,
    LessEqual,
    NonZero,
    Not,
    PositiveDefinite,
    RankIs,
    Slope,
    Symmetric,
)
from proofkit.symbols import (
    FunctionOf,
    FunctionTerm,
    FunctionWord,
    Identity,
    Map,
    MatrixTerm,
    MatrixVariable,
    determinant,
    diag,
    diagonal,
    entry,
    hadamard,
    index,
    inverse,
    log,
    natural,
    ones,
    real,
    total,
    tr,
    vector,
)
from proofkit.textbook.facts import HORN_JOHNSON, MAGNUS_NEUDECKER, RUDIN, fact

n, p, q = natural("n"), natural("p"), natural("q")
i, j = index("i"), index("j")
X, Y, Z = (MatrixVariable(name, p, q) for name in "XYZ")
S, T = MatrixVariable("S", n, n), MatrixVariable("T", n, n)
v, w = vector("v", n), vector("w", n)
sigma, tau = Map("σ"), Map("τ")
_TOPICS = "R. Horn, C. Johnson, Topics in Matrix Analysis (1991)"


def _inside(X: MatrixTerm, i: Any, j: Any, claim: Claim) -> Claim:
    """The claim, if X has a row i and a column j."""
    return Implies(Between(1, i, X.rows), Between(1, j, X.cols), claim)


def _entrywise(σ: FunctionTerm, X: MatrixTerm) -> FunctionTerm:
    """The function that applies σ to each entry of matrices like X."""
    return FunctionWord("entrywise", *X.shape, σ)


# ── Entries ────────────────────────────────────────────────────────────────────────────────────
@fact(f"{HORN_JOHNSON}, §0.2.1 (a matrix is the array of its entries)", p, q, X, Y)
def equal_entries(X: MatrixTerm, Y: MatrixTerm) -> Claim:
    """Matrices with the same entries are equal."""
    same = ForAll(i, j, _inside(X, i, j, Equal(entry(X, i, j), entry(Y, i, j))))
    return Implies(same, Equal(X, Y))


@fact(f"{HORN_JOHNSON}, §0.2.5", p, q, X, i, j)
def entry_of_transpose(X: MatrixTerm, i: Any, j: Any) -> Claim:
    """Xᵀ has in row j and column i what X has in row i and column j."""
    return _inside(X, i, j, Equal(entry(X.T, j, i), entry(X, i, j)))


@fact(f"{HORN_JOHNSON}, §0.2.8", p, q, i, j)
def entry_of_ones(p: Any, q: Any, i: Any, j: Any) -> Claim:
    """The entries of 𝟏 are 1."""
    return _inside(ones(p, q), i, j, Equal(entry(ones(p, q), i, j), 1))


@fact(f"{HORN_JOHNSON}, §0.2.4", n, i)
def diagonal_of_identity(n: Any, i: Any) -> Claim:
    """The diagonal entries of I are 1."""
    return Implies(Between(1, i, n), Equal(entry(Identity(n), i, i), 1))


@fact(f"{HORN_JOHNSON}, §0.2.4", n, i, j)
def other_entries_of_identity(n: Any, i: Any, j: Any) -> Claim:
    """The other entries of I are 0."""
    inside = _inside(Identity(n), i, j, Equal(entry(Identity(n), i, j), 0))
    return Implies(Not(Equal(i, j)), inside)


@fact(f"{HORN_JOHNSON}, Definition 7.5.1", p, q, X, Y, i, j)
def entry_of_hadamard(X: MatrixTerm, Y: MatrixTerm, i: Any, j: Any) -> Claim:
    """X ∘ Y has the products of the entries."""
    product = entry(X, i, j) * entry(Y, i, j)
    return _inside(X, i, j, Equal(entry(hadamard(X, Y), i, j), product))


@fact(f"{_TOPICS}, §6.3", p, q, sigma, X, i, j)
def entry_of_entrywise(σ: FunctionTerm, X: MatrixTerm, i: Any, j: Any) -> Claim:
    """σ(X) has σ of each entry."""
    return _inside(X, i, j, Equal(entry(σ(X), i, j), σ(entry(X, i, j))))


@fact(f"{HORN_JOHNSON}, §0.9.1", n, v, i)
def diagonal_of_diag(v: MatrixTerm, i: Any) -> Claim:
    """The diagonal entries of diag v are those of v."""
    return Implies(Between(1, i, v.rows), Equal(entry(diag(v), i, i), entry(v, i, 1)))


@fact(f"{HORN_JOHNSON}, §0.9.1", n, v, i, j)
def other_entries_of_diag(v: MatrixTerm, i: Any, j: Any) -> Claim:
    """The other entries of diag v are 0."""
    inside = _inside(diag(v), i, j, Equal(entry(diag(v), i, j), 0))
    return Implies(Not(Equal(i, j)), inside)


@fact(f"{HORN_JOHNSON}, §0.9.1", n, S, i)
def entry_of_diagonal(S: MatrixTerm, i: Any) -> Claim:
    """The diagonal of S as a column has its diagonal entries."""
    return Implies(Between(1, i, S.rows), Equal(entry(diagonal(S), i, 1), entry(S, i, i)))


# ── Hadamard products, ones, diagonals ─────────────────────────────────────────────────────────
@fact(f"{_TOPICS}, §5.0", p, q, X, Y)
def hadamard_commutes(X: MatrixTerm, Y: MatrixTerm) -> Claim:
    """X ∘ Y = Y ∘ X."""
    return Equal(hadamard(X, Y), hadamard(Y, X))


@fact(f"{_TOPICS}, §5.0", p, q, X, Y, Z)
def hadamard_associates(X: MatrixTerm, Y: MatrixTerm, Z: MatrixTerm) -> Claim:
    """(X ∘ Y) ∘ Z = X ∘ (Y ∘ Z)."""
    return Equal(hadamard(hadamard(X, Y), Z), hadamard(X, hadamard(Y, Z)))


@fact(f"{_TOPICS}, §5.0", p, q, X)
def hadamard_with_ones(X: MatrixTerm) -> Claim:
    """𝟏 ∘ X = X."""
    return Equal(hadamard(ones(*X.shape), X), X)


@fact(f"{_TOPICS}, §5.0", p, q, X, Y)
def transpose_of_hadamard(X: MatrixTerm, Y: MatrixTerm) -> Claim:
    """(X ∘ Y)ᵀ = Xᵀ ∘ Yᵀ."""
    return Equal(hadamard(X, Y).T, hadamard(X.T, Y.T))


@fact(f"{_TOPICS}, Lemma 5.1.4 (the trace of (A ∘ B)Cᵀ)", p, q, X, Y, Z)
def trace_of_hadamard(X: MatrixTerm, Y: MatrixTerm, Z: MatrixTerm) -> Claim:
    """⟨X, Y ∘ Z⟩ = ⟨X ∘ Y, Z⟩."""
    return Equal(tr(X.T * hadamard(Y, Z)), tr(hadamard(X, Y).T * Z))


@fact(f"{_TOPICS}, §6.3", p, q, sigma, X)
def transpose_of_entrywise(σ: FunctionTerm, X: MatrixTerm) -> Claim:
    """σ(X)ᵀ = σ(Xᵀ)."""
    return Equal(σ(X).T, σ(X.T))


@fact(f"{HORN_JOHNSON}, §0.2.8", p, q)
def transpose_of_ones(p: Any, q: Any) -> Claim:
    """The transpose of a matrix of ones is one."""
    return Equal(ones(p, q).T, ones(q, p))


@fact(f"{HORN_JOHNSON}, §0.2.8", p, q)
def ones_are_an_outer_product(p: Any, q: Any) -> Claim:
    """The matrix of ones is a column of ones times a row of ones."""
    return Equal(ones(p, q), ones(p, 1) * ones(1, q))


@fact(f"{HORN_JOHNSON}, §0.2.8", n)
def ones_are_counted(n: Any) -> Claim:
    """A row of n ones times a column of n ones is n."""
    return Equal(ones(1, n) * ones(n, 1), n * Identity(1))


@fact(f"{HORN_JOHNSON}, §0.9.1", n, v)
def diag_is_symmetric(v: MatrixTerm) -> Claim:
    """diag v is symmetric."""
    return Equal(diag(v).T, diag(v))


@fact(f"{HORN_JOHNSON}, §0.9.1", n, v, w)
def diag_times_vector(v: MatrixTerm, w: MatrixTerm) -> Claim:
    """diag(v)·w = v ∘ w."""
    return Equal(diag(v) * w, hadamard(v, w))


@fact(f"{HORN_JOHNSON}, §0.9.1 (diag v scales rows)", p, q, vector("v", p), X)
def diag_times_matrix(v: MatrixTerm, X: MatrixTerm) -> Claim:
    """diag(v)·X = (v·𝟏ᵀ) ∘ X."""
    return Equal(diag(v) * X, hadamard(v * ones(1, X.cols), X))


@fact(f"{HORN_JOHNSON}, §0.9.1", n, v, S)
def trace_of_diag(v: MatrixTerm, S: MatrixTerm) -> Claim:
    """tr(diag(v)·S) = ⟨v, diagonal of S⟩."""
    return Equal(tr(diag(v) * S), tr(v.T * diagonal(S)))


@fact(f"{HORN_JOHNSON}, §0.2.5", MatrixVariable("Z", 1, 1))
def one_by_one(Z: MatrixTerm) -> Claim:
    """A 1×1 matrix is its trace times I."""
    return Equal(Z, tr(Z) * Identity(1))


@fact(f"{HORN_JOHNSON}, §0.2.5 (⟨𝟏, X⟩ is the sum of the entries)", p, q, X)
def sum_of_positive_entries(X: MatrixTerm) -> Claim:
    """If all entries are > 0, and there is one, their sum ⟨𝟏, X⟩ is > 0."""
    return Implies(LessEqual(1, X.rows), LessEqual(1, X.cols), AllPositive(X), Less(0, total(X)))


# ── Slopes and continuity entry by entry ───────────────────────────────────────────────────────
@fact(
    f"{_TOPICS}, §6.3 (Hadamard functions); {RUDIN}, Definition 5.1 p. 103, entry by entry",
    p,
    q,
    sigma,
    tau,
    X,
)
def slope_of_entrywise(σ: FunctionTerm, τ: FunctionTerm, X: MatrixTerm) -> Claim:
    """If τ(x) is the slope of σ at each entry x of X, then σ has the slope H ↦ τ(X) ∘ H at X."""
    h, H = real("h"), MatrixVariable("H", *X.shape)
    here = Slope(σ, entry(X, i, j), FunctionOf(h, τ(entry(X, i, j)) * h))
    slope = FunctionOf(H, hadamard(τ(X), H))
    return Implies(ForAll(i, j, _inside(X, i, j, here)), Slope(_entrywise(σ, X), X, slope))


@fact(
    f"{RUDIN}, Theorem 4.10(a) p. 87",
    *(p, q, sigma, X),
)
def continuity_of_entrywise(σ: FunctionTerm, X: MatrixTerm) -> Claim:
    """If σ is continuous at each entry of X, it is continuous at X entry by entry."""
    here = ForAll(i, j, _inside(X, i, j, Continuous(σ, entry(X, i, j))))
    return Implies(here, Continuous(_entrywise(σ, X), X))


# ── Inverses and determinants ──────────────────────────────────────────────────────────────────
@fact(f"{HORN_JOHNSON}, §0.5", n, S)
def inverse_on_the_right(S: MatrixTerm) -> Claim:
    """S·S⁻¹ = I if det S ≠ 0."""
    return Implies(NonZero(determinant(S)), Equal(S * inverse(S), Identity(S.rows)))


@fact(f"{HORN_JOHNSON}, §0.5", n, S)
def inverse_on_the_left(S: MatrixTerm) -> Claim:
    """S⁻¹·S = I if det S ≠ 0."""
    return Implies(NonZero(determinant(S)), Equal(inverse(S) * S, Identity(S.rows)))


@fact(f"{HORN_JOHNSON}, §0.5", n, S, T)
def determinant_of_invertible(S: MatrixTerm, T: MatrixTerm) -> Claim:
    """If S·T = I for square matrices, then det S ≠ 0."""
    return Implies(Equal(S * T, Identity(S.rows)), NonZero(determinant(S)))


@fact(f"{HORN_JOHNSON}, §0.5", n, S)
def determinant_of_full_rank(S: MatrixTerm) -> Claim:
    """An n×n matrix of rank n has a determinant that is not 0."""
    return Implies(RankIs(S, S.rows), NonZero(determinant(S)))


@fact(f"{HORN_JOHNSON}, §0.5", n, S)
def rank_of_invertible(S: MatrixTerm) -> Claim:
    """An n×n matrix with det S ≠ 0 has rank n."""
    return Implies(NonZero(determinant(S)), RankIs(S, S.rows))


@fact(f"{HORN_JOHNSON}, §0.3.5", n, S, T)
def determinant_of_product(S: MatrixTerm, T: MatrixTerm) -> Claim:
    """det(ST) = det S · det T."""
    return Equal(determinant(S * T), determinant(S) * determinant(T))


@fact(f"{HORN_JOHNSON}, §0.3", n, S)
def determinant_of_transpose(S: MatrixTerm) -> Claim:
    """det Sᵀ = det S."""
    return Equal(determinant(S.T), determinant(S))


@fact(f"{HORN_JOHNSON}, §0.3", n)
def determinant_of_identity(n: Any) -> Claim:
    """det I = 1."""
    return Equal(determinant(Identity(n)), 1)


@fact(f"{HORN_JOHNSON}, §0.3", MatrixVariable("Z", 1, 1))
def determinant_one_by_one(Z: MatrixTerm) -> Claim:
    """The determinant of a 1×1 matrix is its entry."""
    return Equal(determinant(Z), tr(Z))


@fact(
    f"{HORN_JOHNSON}, Theorem 1.3.22 (Sylvester)",
    *(p, q, MatrixVariable("U", p, q), MatrixVariable("V", q, p)),
)
def determinant_of_identity_plus(U: MatrixTerm, V: MatrixTerm) -> Claim:
    """det(I + UV) = det(I + VU)."""
    left, right = Identity(U.rows) + U * V, Identity(U.cols) + V * U
    return Equal(determinant(left), determinant(right))


@fact(
    f"{HORN_JOHNSON}, Theorem 7.8.19 (Ostrowski and Taussky); the sign by continuity along "
    "t ↦ tS + (1 − t)I",
    n,
    S,
)
def determinant_of_definite(S: MatrixTerm) -> Claim:
    """If vᵀSv > 0 for all v ≠ 0, then det S > 0."""
    return Implies(PositiveDefinite(S), Less(0, determinant(S)))


@fact(
    "S. Boyd, L. Vandenberghe, Convex Optimization (2004), §3.1.3 and §3.1.5 (log det is concave; "
    "its tangent at I)",
    n,
    S,
)
def log_determinant_below_tangent(S: MatrixTerm) -> Claim:
    """log det S ≤ tr S − n for symmetric S with vᵀSv > 0 for all v ≠ 0."""
    below = LessEqual(log(determinant(S)), tr(S) - S.rows)
    return Implies(Symmetric(S), PositiveDefinite(S), below)


@fact(f"{MAGNUS_NEUDECKER}, §8.4 (the differential of the inverse)", n, S)
def slope_of_inverse(S: MatrixTerm) -> Claim:
    """The derivative of the inverse at S with det S ≠ 0 is H ↦ −S⁻¹·H·S⁻¹."""
    H = MatrixVariable("H", *S.shape)
    slope = FunctionOf(H, -(inverse(S) * H * inverse(S)))
    word = FunctionWord("inverse", S.rows)
    return Implies(NonZero(determinant(S)), Slope(word, S, slope))


@fact(f"{MAGNUS_NEUDECKER}, §8.3 (Jacobi's formula)", n, S)
def slope_of_determinant(S: MatrixTerm) -> Claim:
    """The derivative of det at S with det S ≠ 0 is H ↦ det S · tr(S⁻¹·H)."""
    H = MatrixVariable("H", *S.shape)
    slope = FunctionOf(H, determinant(S) * tr(inverse(S) * H))
    word = FunctionWord("determinant", S.rows)
    return Implies(NonZero(determinant(S)), Slope(word, S, slope))
