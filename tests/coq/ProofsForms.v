(** Quadratic forms: definite matrices, and the maximum of a form on unit vectors. *)
From Coq Require Import Reals ZArith Lra Lia FunctionalExtensionality ClassicalEpsilon.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Proofkit Require Import Language Statements Base Bridge ProofsMatrices.
Set Implicit Arguments.
Unset Strict Implicit.
Import GRing.Theory Num.Theory Order.TTheory.
Local Open Scope ring_scope.

Definition form n (A : 'M[R]_n) (v : 'cV[R]_n) : R := (v^T *m A *m v) ord0 ord0.

Lemma formE n S (v : 'cV[R]_n) :
  trace n (product n (product 1 (ofM v) (transpose (ofM v))) S) = form (toM n n S) v.
Proof.
rewrite traceE (toM_product n n n) (toM_product n 1 n) toM_transpose ofMK /form.
by rewrite -mulmxA mxtrace_mulC /mxtrace big_ord1.
Qed.

Lemma ltR (x y : R) : Rlt x y <-> x < y.
Proof. by split=> /RltbP. Qed.

Lemma leR (x y : R) : Rle x y <-> x <= y.
Proof. by split=> /RlebP. Qed.

Lemma column_square n (v : 'cV[R]_n) : v != 0 -> 0 < form 1%:M v.
Proof.
move=> N; rewrite /form mulmx1 mxE lt_neqAle sumr_ge0 => [|i _]; last by rewrite mxE sqr_ge0.
rewrite andbT eq_sym; apply: contra N => /eqP E.
have /row_square E2 : v^T *m v^T^T = 0.
  by rewrite trmxK; apply/matrixP => i j; rewrite !ord1 [RHS]mxE -E mxE.
by rewrite -[v]trmxK E2 trmx0.
Qed.

Theorem proved_determinant_of_definite : fact_determinant_of_definite.
Proof.
move=> n _ S HS H; rewrite detE; set A := toM n n S.
have D (v : 'cV[R]_n) : v != 0 -> 0 < form A v.
  move=> N; apply/ltR; rewrite -formE; apply: H; first exact: ofM_member.
  by move=> /sameE; rewrite ofMK toM_zero => /eqP; apply/negP.
apply/ltR; rewrite ltNge; apply/negP => L.
pose P : {poly R} := \det ('X *: map_mx polyC A + (1 - 'X) *: 1%:M).
have PE t : P.[t] = \det (t *: A + (1 - t) *: 1%:M).
  rewrite -horner_evalE -det_map_mx; congr (\det _); apply/matrixP => i j; rewrite !mxE.
  by rewrite /= /horner_eval !hornerE; case: eqP => _; rewrite !hornerE.
have [||t /andP [t0 t1]] := @poly_ivt _ (- P) 0 1; first exact: ler01.
  rewrite !hornerN !PE scale0r add0r subr0 scale1r det1 subrr scale0r addr0 scale1r.
  by rewrite oppr_le0 ler01 oppr_ge0.
rewrite /root hornerN oppr_eq0 PE => /det0P [v Nv E].
have Nv' : v^T != 0 by apply: contra Nv => /eqP E'; rewrite -[v]trmxK E' trmx0.
have : form (t *: A + (1 - t) *: 1%:M) v^T = 0 by rewrite /form trmxK E mul0mx mxE.
rewrite /form mulmxDr mulmxDl -!scalemxAr -!scalemxAl mxE [X in X + _ = _]mxE [X in _ + X = _]mxE.
rewrite -!/(form _ _) => E2.
have := D _ Nv'; have := column_square Nv'; set a := form _ _; set b := form _ _ => a0 b0.
have : 0 < t * b + (1 - t) * a.
  have [->|N] := eqVneq t 0; first by rewrite mul0r add0r subr0 mul1r.
  by apply: ltr_paddr; [rewrite mulr_ge0 ?subr_ge0 // ltW|rewrite mulr_gt0 // lt_neqAle eq_sym N].
by rewrite /a /b E2 ltxx.
Qed.
