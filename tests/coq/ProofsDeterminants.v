(** Slopes of determinants and inverses; definite matrices. *)
From Coq Require Import Reals ZArith Lra Lia FunctionalExtensionality ClassicalEpsilon.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Proofkit Require Import Language Statements Base ProofsReals ProofsEntries Calculus
  ProofsCalculus Curves Bridge ProofsMatrices.
Set Implicit Arguments.
Unset Strict Implicit.
Import GRing.Theory Num.Theory.
Local Open Scope ring_scope.

Lemma toM_unit n (i j : 'I_n) : toM n n (unit i j) = delta_mx i j.
Proof.
apply/matrixP=> a b; rewrite toM_entry mxE.
case: eqP => [->|N]; last by rewrite unit_other //; left=> /val_inj.
case: eqP => [->|N] /=; first by rewrite unit_same.
by rewrite unit_other //; right=> /val_inj.
Qed.

(** The determinant is affine in each entry. *)
Lemma det_entry n (A : 'M[R]_n) i j t :
  \det (A + t *: delta_mx i j) = \det A + t * cofactor A i j.
Proof.
rewrite (expand_det_row _ i) [\det A](expand_det_row _ i).
have E k : cofactor (A + t *: delta_mx i j) i k = cofactor A i k.
  rewrite /cofactor; congr (_ * \det _); apply/matrixP=> a b; rewrite !mxE.
  by rewrite eq_sym (negbTE (neq_lift _ _)) mulr0 addr0.
under eq_bigr do rewrite E mxE mulrDl.
rewrite big_split /=; congr (_ + _).
rewrite (bigD1 j) //= big1 ?addr0 => [|k N]; rewrite !mxE eqxx /=.
  by rewrite eqxx mulr1.
by rewrite (negbTE N) mulr0 mul0r.
Qed.

Lemma determinant_line n X (i j : 'I_n) t :
  word_determinant n (plus X (times t (unit i j))) = word_determinant n X + t * cofactor (toM n n X) i j.
Proof. by rewrite !detE toM_plus toM_times toM_unit det_entry. Qed.

Lemma dotE n X Y : dot n n X Y = \sum_(i < n) \sum_(j < n) (toM n n X i j * toM n n Y i j).
Proof.
rewrite /dot total_sum; apply: eq_bigr => i _; rewrite total_sum; apply: eq_bigr => j _.
by rewrite !toM_entry.
Qed.

Lemma traceE' n A B : trace n (product n A B) = \sum_(i < n) \sum_(j < n) toM n n A j i * toM n n B i j.
Proof.
rewrite traceE (toM_product n n n) mxtrace_mulC; apply: eq_bigr => i _; rewrite mxE.
by apply: eq_bigr => j _; rewrite mulrC.
Qed.

Theorem proved_slope_of_determinant : fact_slope_of_determinant.
Proof.
move=> n _ X HX /det_neq0 U; have [L HL] := determinant_slope n X HX.
apply: (slope_lam (matrices_laws n n)) => //.
have [G [_ EG]] := linear_is_dot n n L (proj1 HL).
have EC (i j : 'I_n) : toM n n G i j = cofactor (toM n n X) i j.
  rewrite toM_entry -(dot_unit n n G i j (ltP (ltn_ord i)) (ltP (ltn_ord j))).
  rewrite -EG; last exact: unit_member (ltP (ltn_ord i)) (ltP (ltn_ord j)).
  apply: (slope_at_unit n n (word_determinant n) X L i j _ _ HX (ltP (ltn_ord i)) (ltP (ltn_ord j)) HL).
  exact: determinant_line.
apply: (slope_members (matrices_laws n n) (word_determinant n) _ X L) => // H HH.
rewrite EG // dotE traceE' RmultE mulr_sumr; apply: eq_bigr => i _.
rewrite mulr_sumr; apply: eq_bigr => j _; rewrite EC inverse_unit // detE. 
transitivity ((\det (toM n n X) * invmx (toM n n X) j i) * toM n n H i j); last exact: esym (mulrA _ _ _).
congr (_ * _).
have -> : cofactor (toM n n X) i j = (\adj (toM n n X)) j i by rewrite mxE.
by rewrite /invmx U [in RHS]mxE mulrA mulfV ?mul1r // -unitfE -unitmxE.
Qed.

Lemma resolvent n (A B : 'M[R]_n) : A \in unitmx -> B \in unitmx ->
  invmx B = invmx A - invmx A *m (B - A) *m invmx B.
Proof. by move=> UA UB; rewrite mulmxBr mulmxBl mulVmx // mul1mx mulmxK // opprB addrCA subrr addr0. Qed.

Theorem proved_slope_of_inverse : fact_slope_of_inverse.
Proof.
move=> n _ S HS NS; have US : toM n n S \in unitmx by apply/det_neq0.
apply: (slope_lam (matrices_laws n n)) => //.
apply: slope_of_resolvent => //.
  apply: near_mono (determinant_near n S HS NS) => T HT /det_neq0 UT /=.
  have ED : toM n n (plus T (times (IZR (-1)) S)) = toM n n T - toM n n S.
    by rewrite toM_plus toM_times m1E scaleN1r.
  have R1 := resolvent US UT.
  split; apply/sameE; rewrite !toM_plus !toM_times ?m1E ?scaleN1r ?opprK.
    by rewrite !(toM_product n n n) ED !inverse_unit.
  rewrite !(toM_product n n n) ED !inverse_unit //.
  set a := invmx (toM n n S) in R1 *; set b := invmx (toM n n T) in R1 *; set h := toM n n T - toM n n S in R1 *.
  have R2 : b = a - b *m h *m a.
    rewrite /h mulmxBr mulmxBl mulVmx // mul1mx mulmxK //.
    by rewrite opprB addrCA subrr addr0.
  clearbody a b h.
  have E1 : b - a = - (a *m h *m b) by rewrite {1}R1 [LHS]addrC addKr.
  have E2 : a - b = b *m h *m a by rewrite {1}R2 subKr.
  have -> : b - a + a *m h *m a = a *m h *m (a - b) by rewrite E1 mulmxBr addrC.
  by rewrite E2 !mulmxA.
split=> [H _ K _|c H _]; apply/sameE; rewrite /= !(toM_plus, toM_times, toM_product n n n).
  by rewrite mulmxDr mulmxDl scalerDr.
by rewrite -scalemxAr -scalemxAl scalerA [LHS](congr1 (fun c => c *: _) (mulrC _ _)) -scalerA.
Qed.
