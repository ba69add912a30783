(** Matrices of the language and matrices of MathComp. *)
From Coq Require Import Reals ZArith Lra Lia FunctionalExtensionality ClassicalEpsilon.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Proofkit Require Import Language Base.
Set Implicit Arguments.
Unset Strict Implicit.
Import GRing.Theory.
Local Open Scope ring_scope.

Definition toM p q (X : Matrix) : 'M[R]_(p, q) := \matrix_(i, j) X i j.
Definition ofM p q (M : 'M[R]_(p, q)) : Matrix :=
  fun i j => match insub i, insub j with Some i', Some j' => M i' j' | _, _ => 0 end.
Arguments toM : clear implicits.

Lemma total_sum n (f : nat -> R) : total n f = \sum_(k < n) f k.
Proof. by elim: n => [|n IH] /=; rewrite ?big_ord0 // big_ord_recr /= IH. Qed.

Lemma sameE p q X Y : same p q X Y <-> toM p q X = toM p q Y.
Proof.
split=> [H|H i j Hi Hj]; first by apply/matrixP=> i j; rewrite !mxE; apply: H; apply/ltP.
move/matrixP: H => /(_ (Ordinal (introT ltP Hi)) (Ordinal (introT ltP Hj))).
by rewrite !mxE.
Qed.

Lemma ofMK p q (M : 'M[R]_(p, q)) : toM p q (ofM M) = M.
Proof. by apply/matrixP=> i j; rewrite mxE /ofM !valK. Qed.

Lemma ofM_member p q (M : 'M[R]_(p, q)) : matrix p q (ofM M) = ofM M.
Proof.
apply: matrix_shape => i j H; rewrite /ofM.
case: insubP => [i' Hi _|//]; case: insubP => [j' Hj _|//].
by case: H; split; apply/ltP.
Qed.

Lemma toM_cut p q X : toM p q (matrix p q X) = toM p q X.
Proof. by apply/sameE/same_cut. Qed.

Lemma toMK p q X : matrix p q X = X -> ofM (toM p q X) = X.
Proof.
move=> HX; apply: (@same_equal p q) => //; first exact: ofM_member.
by apply/sameE; rewrite ofMK.
Qed.

Lemma toM_plus p q X Y : toM p q (plus X Y) = toM p q X + toM p q Y.
Proof. by apply/matrixP=> i j; rewrite !mxE. Qed.

Lemma toM_times p q c X : toM p q (times c X) = c *: toM p q X.
Proof. by apply/matrixP=> i j; rewrite !mxE. Qed.

Lemma toM_zero p q : toM p q zero = 0.
Proof. by apply/matrixP=> i j; rewrite !mxE. Qed.

Lemma toM_one n : toM n n (one n) = 1%:M.
Proof.
rewrite toM_cut; apply/matrixP=> i j; rewrite !mxE.
case: (PeanoNat.Nat.eqb_spec i j) => [/val_inj ->|N]; first by rewrite eqxx.
by case: eqP => // E; case: N; rewrite E.
Qed.

Lemma toM_product p n q A B : toM p q (product n A B) = toM p n A *m toM n q B.
Proof.
apply/matrixP=> i j; rewrite !mxE /product total_sum.
by apply: eq_bigr => k _; rewrite !mxE.
Qed.

Lemma toM_transpose p q A : toM p q (transpose A) = (toM q p A)^T.
Proof. by apply/matrixP=> i j; rewrite !mxE. Qed.

Lemma traceE n A : trace n A = \tr (toM n n A).
Proof. by rewrite /trace total_sum; apply: eq_bigr => i _; rewrite mxE. Qed.

Definition toME := (toM_cut, toM_plus, toM_times, toM_zero, toM_one, toM_product, toM_transpose).

Lemma m1E : IZR (-1) = -1 :> R.
Proof. by []. Qed.

(** * Rank *)
Lemma factorsE p q X r : factors p q X r <-> (\rank (toM p q X) <= r)%N.
Proof.
split=> [[A [B /sameE ->]]|H].
  by rewrite (toM_product p r q); apply: leq_trans (mxrankM_maxl _ _) (rank_leq_col _).
pose C := col_base (toM p q X); pose D := row_base (toM p q X).
exists (ofM C), (ofM D); apply/sameE; rewrite -{1}(mulmx_base (toM p q X)).
rewrite -/C -/D -{1}(ofMK C) -{1}(ofMK D) -toM_product; apply/sameE => i j _ _.
rewrite /product (total_more (\rank (toM p q X)) r) //; first exact/leP.
by move=> k Hk; rewrite (shape_zero _ _ _ k j (ofM_member D)) ?Rmult_0_r; lia || lra.
Qed.

Lemma rank_least p q X : factors p q X (rank p q X) /\ forall s, factors p q X s -> (rank p q X <= s)%coq_nat.
Proof.
apply: (@the_spec _ _ (fun r => factors p q X r /\ forall s, factors p q X s -> (r <= s)%coq_nat)).
exists (\rank (toM p q X)); split; first by apply/factorsE.
by move=> s /factorsE /leP.
Qed.

Lemma rankE p q X : rank p q X = \rank (toM p q X).
Proof.
case: (rank_least p q X) => H1 H2; apply/eqP; rewrite eqn_leq; apply/andP; split.
  by apply/leP/H2/factorsE.
exact/factorsE.
Qed.

(** * Determinants and inverses *)
Lemma powE k : pow (IZR (-1)) k = (-1) ^+ k.
Proof. by elim: k => [|k IH] //; rewrite exprS -IH. Qed.

Lemma detE n X : word_determinant n X = \det (toM n n X).
Proof.
elim: n X => [|n IH] X; first by rewrite det_mx00.
rewrite (expand_det_row _ ord0) determinant_S total_sum; apply: eq_bigr => k _.
rewrite IH /cofactor !mxE add0n.
suff -> : row' ord0 (col' k (toM n.+1 n.+1 X)) = toM n n (minor X k).
  by rewrite swap_factors; congr (Rmult _ (Rmult _ _)); apply: powE.
apply/matrixP=> i j; rewrite !mxE /minor /= /bump leq0n add1n.
case: (PeanoNat.Nat.ltb_spec j k) => /leP H; last by rewrite H.
by rewrite [(k <= j)%N]leqNgt H.
Qed.

Lemma toM_entry p q X (i : 'I_p) (j : 'I_q) : toM p q X i j = X i j.
Proof. by rewrite mxE. Qed.

(** Unification is not to look into these. *)
Global Opaque toM ofM matrix plus times product transpose zero one trace rank word_determinant word_inverse.
