(** Quadratic forms: definite matrices, and the maximum of a form on unit vectors. *)
From Coq Require Import Reals ZArith Lra Lia FunctionalExtensionality ClassicalEpsilon.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Proofkit Require Import Language Statements Base ProofsReals Bridge ProofsMatrices.
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

Definition definite n (A : 'M[R]_n) := forall v, v != 0 -> 0 < form A v.

Lemma definite_toM n S : matrix n n S = S ->
  each (matrix n 1) (fun v => ~ same n 1 v zero ->
    Rlt 0 (trace n (product n (product 1 v (transpose v)) S))) ->
  definite (toM n n S).
Proof.
move=> HS H v N; apply/ltR; rewrite -formE; apply: H; first exact: ofM_member.
by move=> /sameE; rewrite ofMK toM_zero => /eqP; apply/negP.
Qed.

Theorem proved_determinant_of_definite : fact_determinant_of_definite.
Proof.
move=> n _ S HS /(definite_toM HS); rewrite detE; set A := toM n n S => D.
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

(** * The maximum of a form *)
Lemma form_congruence n m (A : 'M[R]_n) (B : 'M[R]_(n, m)) v : form (B^T *m A *m B) v = form A (B *m v).
Proof. by rewrite /form trmx_mul !mulmxA. Qed.

Lemma form_transpose n (A : 'M[R]_n) v : form A^T v = form A v.
Proof. by rewrite /form -[in RHS](trmxK (_ *m v)) [in RHS]mxE !trmx_mul trmxK mulmxA. Qed.

Lemma form_add n (A B : 'M[R]_n) v : form (A + B) v = form A v + form B v.
Proof. by rewrite /form mulmxDr mulmxDl mxE. Qed.

Lemma form_scale n c (A : 'M[R]_n) v : form (c *: A) v = c * form A v.
Proof. by rewrite /form -scalemxAr -scalemxAl mxE. Qed.

Lemma addE (A B : 'M[R]_1) : (A + B) ord0 ord0 = A ord0 ord0 + B ord0 ord0.
Proof. by rewrite mxE. Qed.

Lemma scaleE c (A : 'M[R]_1) : (c *: A) ord0 ord0 = c * A ord0 ord0.
Proof. by rewrite mxE. Qed.

Lemma form_times n c (A : 'M[R]_n) v : form A (c *: v) = c * c * form A v.
Proof. by rewrite /form [(c *: v)^T]linearZ /= -!scalemxAl -scalemxAr !scaleE mulrA. Qed.

Lemma form_plus n (A : 'M[R]_n) u v : form A (u + v) =
  form A u + (u^T *m A *m v) ord0 ord0 + ((v^T *m A *m u) ord0 ord0 + form A v).
Proof. by rewrite /form [(u + v)^T]linearD /= !mulmxDl !mulmxDr !addE. Qed.

Lemma form_nonneg n (v : 'cV[R]_n) : 0 <= form 1%:M v.
Proof. by rewrite /form mulmx1 mxE sumr_ge0 // => i _; rewrite mxE sqr_ge0. Qed.

Lemma square_below n (v : 'cV[R]_n) i : v i ord0 * v i ord0 <= form 1%:M v.
Proof.
rewrite /form mulmx1 mxE (bigD1 i) //= [v^T _ _]mxE ler_addl sumr_ge0 // => j _.
by rewrite mxE sqr_ge0.
Qed.

Lemma form_bound n (M : 'M[R]_n) : exists2 k : R, 0 < k & forall v, form M v <= k * form 1%:M v.
Proof.
have P : 0 <= \sum_j \sum_i (Rabs (M i j) : R).
  by apply: sumr_ge0 => j _; apply: sumr_ge0 => i _; apply/leR/Rabs_pos.
exists (\sum_j \sum_i Rabs (M i j) + 1) => [|v]; first exact: ltr_paddl P ltr01.
rewrite mulrDl mul1r; set K := \sum_j _; set N := form 1%:M v.
apply: (@le_trans _ _ (K * N)); last by rewrite ler_addl form_nonneg.
rewrite /form mxE mulr_suml; apply: ler_sum => j _.
rewrite mxE mulr_suml mulr_suml; apply: ler_sum => i _; rewrite mxE.
by apply/leR; apply: product_below; apply/leR; exact: square_below.
Qed.

Section Maximum.
Variables (n p : nat) (S : 'M[R]_n) (C : 'M[R]_(p, n)).

Lemma normalised (w : 'cV[R]_n) : C *m w = 0 -> w != 0 -> exists v : 'cV[R]_n,
  [/\ C *m v = 0, form 1%:M v = 1 & form S v = form S w / form 1%:M w].
Proof.
move=> Cw Nw; have P := column_square Nw; set N := form _ w in P *.
exists ((Num.sqrt N)^-1 *: w); rewrite -scalemxAr Cw scaler0 !form_times.
have -> : (Num.sqrt N)^-1 * (Num.sqrt N)^-1 = N^-1 by rewrite -invfM -expr2 sqr_sqrtr // ltW.
by split=> //; [rewrite mulVf // gt_eqF|rewrite mulrC].
Qed.

Lemma maximal_vector : (\rank C < n)%N -> exists (v : 'cV[R]_n) (top : R),
  [/\ C *m v = 0, form 1%:M v = 1, form S v = top
    & forall w, C *m w = 0 -> form S w <= top * form 1%:M w].
Proof.
move=> Hr; pose E (x : R) := exists v, [/\ C *m v = 0, form 1%:M v = 1 & form S v = x].
have [k k0 Hk] := form_bound S.
have Eb x : E x -> Rle x k by case=> v [_ E1 <-]; apply/leR; have := Hk v; rewrite E1 mulr1.
have En : exists x, E x.
  have : kermx C^T != 0 by rewrite -mxrank_eq0 mxrank_ker mxrank_tr -lt0n subn_gt0.
  case/rowV0Pn => v /sub_kermxP Hv Nv.
  have [||w [H1 H2 _]] := @normalised v^T; last by exists (form S w), w.
    by rewrite -[C]trmxK -trmx_mul Hv trmx0.
  by apply: contra Nv => /eqP E'; rewrite -[v]trmxK E' trmx0.
have [top [U A]] := least_bound E k Eb En.
have Q w : C *m w = 0 -> form S w <= top * form 1%:M w.
  move=> Cw; have [->|Nw] := eqVneq w 0; first by rewrite /form !mulmx0 !mxE mulr0.
  have [v [H1 H2 H3]] := normalised Cw Nw.
  rewrite -ler_pdivr_mulr; last exact: column_square.
  by apply/leR; rewrite -H3; apply: U; exists v.
have attained w : C *m w = 0 -> w != 0 -> form S w = top * form 1%:M w ->
    exists (v : 'cV[R]_n) (top : R), [/\ C *m v = 0, form 1%:M v = 1, form S v = top
      & forall w, C *m w = 0 -> form S w <= top * form 1%:M w].
  move=> Cw Nw Ew; have [v [H1 H2 H3]] := normalised Cw Nw.
  exists v, top; split=> //; rewrite H3 Ew mulfK // gt_eqF //; exact: column_square.
pose T := top *: 1%:M - S.
have FT w : form T w = top * form 1%:M w - form S w.
  by rewrite /T form_add form_scale -scaleN1r form_scale mulN1r.
pose B := (row_base (kermx C^T))^T.
have CB : C *m B = 0.
  have /sub_kermxP H : (row_base (kermx C^T) <= kermx C^T)%MS by rewrite eq_row_base.
  by apply: trmx_inj; rewrite trmx_mul /B trmxK H trmx0.
have span v : C *m v = 0 -> exists u, v = B *m u.
  move=> Cv; have : (v^T <= row_base (kermx C^T))%MS.
    by rewrite eq_row_base; apply/sub_kermxP; rewrite -trmx_mul Cv trmx0.
  by case/submxP => u Eu; exists u^T; rewrite /B -trmx_mul -Eu trmxK.
pose M := B^T *m T *m B + (B^T *m T *m B)^T.
have SM : M^T = M by rewrite /M linearD /= trmxK addrC.
have FM u : form M u = form T (B *m u) + form T (B *m u).
  by rewrite /M form_add form_transpose !form_congruence.
have PT u : 0 <= form T (B *m u).
  by rewrite FT subr_ge0 Q // mulmxA CB mul0mx.
case: (boolP (M \in unitmx)) => [UM|]; last first.
  rewrite unitmxE unitfE negbK => /det0P [u Nu Eu].
  apply: (attained (B *m u^T)); first by rewrite mulmxA CB mul0mx.
    apply: contra Nu => /eqP E'; apply/eqP; apply: (row_free_inj (row_base_free (kermx C^T))).
    by rewrite mul0mx -[LHS]trmxK trmx_mul -/B E' trmx0.
  have : form M u^T = 0 by rewrite /form trmxK Eu mul0mx mxE.
  rewrite FM => /eqP; rewrite paddr_eq0 // andbb FT subr_eq0 => /eqP E'.
  by rewrite E'.
exfalso; have [k1 k10 H1] := form_bound (invmx M); have [k2 k20 H2] := form_bound (B^T *m 1%:M *m B).
have low u : form 1%:M u <= k1 * form M u.
  pose x := invmx M *m u; pose c := k1^-1.
  have Mx : M *m x = u by rewrite mulKVmx.
  have E1 : (u^T *m M *m x) ord0 ord0 = form 1%:M u by rewrite -mulmxA Mx /form mulmx1.
  have E2 : (x^T *m M *m u) ord0 ord0 = form 1%:M u.
    by rewrite -{1}SM -trmx_mul Mx /form mulmx1.
  have E3 : form M x = form (invmx M) u.
    by rewrite -[RHS]form_transpose /form -[x^T *m M *m x]mulmxA Mx /x trmx_mul.
  have : 0 <= form M (u + (- c) *: x) by rewrite FM addr_ge0 // PT.
  rewrite form_plus form_times [((- c) *: x)^T]linearZ /= -!scalemxAl -scalemxAr !scaleE E1 E2 E3.
  set a := form M u; set N := form 1%:M u; have := H1 u; rewrite -/N; set b := form _ u => Hb /leR H.
  move: H; rewrite /c -RinvE ?gt_eqF // => H.
  apply/leR; apply: (quadratic_minimum k1 a b N); [exact/ltR|exact/leR|exact: H].
pose e := (k1 * k2 * 2)^-1.
have e0 : 0 < e by rewrite invr_gt0 !mulr_gt0 // ltr0n.
have [x [[v [Cv Nv Ev]] Hx]] := A e (proj2 (ltR _ _) e0).
have [u Eu] := span _ v Cv.
have B1 : 1 <= k2 * form 1%:M u by rewrite -[X in X <= _]Nv Eu -form_congruence; exact: H2.
have B2 := low u; rewrite FM -Eu FT Nv Ev mulr1 in B2.
move: Hx; rewrite /e -RinvE ?gt_eqF ?mulr_gt0 ?ltr0n //.
by apply: Rle_not_lt; apply: (gap k1 k2 (form 1%:M u) top x); [exact/ltR|exact/ltR|exact/leR|exact/leR].
Qed.
End Maximum.

Lemma minus_scalar (x : R) : x%:M + (Rmult (IZR (-1)) x)%:M = 0 :> 'M_1.
Proof. by rewrite RmultE m1E mulN1r raddfN /= subrr. Qed.

Lemma form_scalar n (A : 'M[R]_n) (v : 'cV[R]_n) : v^T *m A *m v = (form A v)%:M.
Proof. exact: mx11_scalar. Qed.

Theorem proved_rayleigh_maximum : fact_rayleigh_maximum.
Proof.
move=> p _ n _ S HS C HC; rewrite rankE => /strictly_below_back /ssrnat.ltP Hr.
have [v [top [H1 H2 H3 H4]]] := maximal_vector (toM n n S) Hr.
apply: (@some_matrix _ _ _ v); exists top; split=> //.
split; first by apply/sameE; rewrite toM_zero (toM_product p n 1) ofMK.
split.
  apply: same_minus; rewrite toM_one (toM_product 1 n 1) toM_transpose ofMK.
  by rewrite -[v^T]mulmx1 form_scalar H2.
split.
  apply/sameE; rewrite toM_plus toM_times toM_zero toM_one !(toM_product 1 n 1) (toM_product 1 n n).
  by rewrite toM_transpose ofMK form_scalar H3 scalemx1 minus_scalar.
move=> w Hw /sameE; rewrite toM_zero (toM_product p n 1) => Cw.
have E : trace n (product 1 w (transpose w)) = form 1%:M (toM n 1 w).
  by rewrite traceE (toM_product n 1 n) toM_transpose mxtrace_mulC /form mulmx1 /mxtrace big_ord1.
rewrite E -{2 3}(toMK Hw) formE; apply: minus_nonneg; apply/leR; exact: H4.
Qed.

(** * The logarithm of the determinant is below its tangent at the identity

    Row and column operations make of [[a, bᵀ], [b, D]] the blocks a and its Schur complement. *)
Section Complement.
Variables (n : nat) (a : R) (b : 'cV[R]_n) (D : 'M[R]_n).
Let A : 'M[R]_(1 + n) := block_mx a%:M b^T b D.
Let S := D - a^-1 *: (b *m b^T).
Let P : 'M[R]_(1 + n) := block_mx 1%:M 0 (- a^-1 *: b) 1%:M.
Hypothesis a0 : a != 0.

Lemma cleared : P *m A *m P^T = block_mx a%:M 0 0 S.
Proof.
rewrite /P /A tr_block_mx !mulmx_block trmx0 !trmx1 !mulmx0 !mul0mx !mul1mx !mulmx1 !addr0.
rewrite linearZ /= mul_mx_scalar scalerA mulrN mulfV // scaleN1r addNr mul_scalar_mx.
rewrite scalerA mulrN mulfV // scaleN1r addNr mul0mx add0r /S addrC scaleNr.
by rewrite mulNmx -scalemxAl.
Qed.

Lemma determinant_cleared : \det A = a * \det S.
Proof.
have EP : \det P = 1 by rewrite det_lblock !det1 mulr1.
by move: (congr1 determinant cleared); rewrite !det_mulmx det_tr EP mulr1 mul1r det_ublock det_scalar1.
Qed.

Lemma complement_definite : definite A -> definite S.
Proof.
move=> DA v Nv; have N : P^T *m col_mx 0 v != 0.
  apply: contra Nv; rewrite /P tr_block_mx mul_block_col trmx0 !trmx1 !mul0mx !add0r !mul1mx.
  by rewrite col_mx_eq0 => /andP [].
move: (DA _ N); rewrite -form_congruence trmxK cleared /form tr_col_mx trmx0 mul_row_block.
by rewrite mul_row_col !mul0mx !mulmx0 !add0r.
Qed.

Lemma trace_cleared : 0 < a -> \tr S <= \tr D.
Proof.
move=> Pa; rewrite linearD linearN linearZ /= ler_subl_addr ler_addl mxtrace_mulC.
rewrite /mxtrace big_ord1 mulr_ge0 ?invr_ge0 ?(ltW Pa) //.
by have := form_nonneg b; rewrite /form mulmx1.
Qed.
End Complement.

Lemma log_determinant n (A : 'M[R]_n) : A^T = A -> definite A ->
  0 < \det A /\ ln (\det A) <= \tr A - n%:R.
Proof.
elim: n A => [|n IH] A SA DA.
  rewrite det_mx00 /mxtrace big_ord0 subr0 ltr01; split=> //; apply/leR.
  by rewrite ln_1; exact: Rle_refl.
pose a := A ord0 ord0; pose b : 'cV[R]_n := @dlsubmx _ 1 n 1 n A; pose D : 'M[R]_n := @drsubmx _ 1 n 1 n A.
have EA : A = block_mx a%:M b^T b D.
  rewrite -[LHS](@submxK _ 1 n 1 n); have -> : @ursubmx _ 1 n 1 n A = b^T by rewrite trmx_dlsub SA.
  have -> // : @ulsubmx _ 1 n 1 n A = a%:M.
  by rewrite [LHS]mx11_scalar !mxE; congr (A _ _)%:M; apply/val_inj.
have Pa : 0 < a.
  have : (delta_mx ord0 ord0 : 'cV[R]_n.+1) != 0.
    by apply/eqP => /matrixP /(_ ord0 ord0); rewrite !mxE !eqxx => /eqP; rewrite oner_eq0.
  move=> /DA; rewrite /form trmx_delta -rowE -colE !mxE; exact: id.
have Na : a != 0 by rewrite gt_eqF.
pose S := D - a^-1 *: (b *m b^T).
have [||Ps Ls] := IH S.
- rewrite /S linearB linearZ /= trmx_mul trmxK; congr (_ - _).
  by rewrite /D trmx_drsub SA.
- by apply: complement_definite; rewrite -?EA.
have ED : \det A = a * \det S by rewrite [in LHS]EA determinant_cleared.
rewrite ED; split; first exact: mulr_gt0.
have T := @mxtrace_block _ 1 n a%:M b^T b D; rewrite -EA mxtrace_scalar mulr1n in T.
have TS : \tr S <= \tr D by apply: trace_cleared.
have La := proved_log_below_tangent a erefl (proj2 (ltR _ _) Pa).
apply/leR; rewrite -[a * _]/(Rmult a _) ln_mult; try exact/ltR.
rewrite T -[n.+1]addn1 natrD.
move/leR: Ls; move/leR: TS; move: La; rewrite /word_log; exact: tangents.
Qed.

Theorem proved_log_determinant_below_tangent : fact_log_determinant_below_tangent.
Proof.
move=> n _ S HS /minus_same E /(definite_toM HS) DS; rewrite toM_transpose in E.
have [_ /leR L] := log_determinant (esym E) DS; rewrite detE traceE INRE.
move: L; rewrite /word_log; exact: below_tangent.
Qed.
