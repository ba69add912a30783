(** Facts of ranks, inverses and determinants, by MathComp. *)
From Coq Require Import Reals ZArith Lra Lia FunctionalExtensionality ClassicalEpsilon.
From mathcomp Require Import all_ssreflect all_algebra.
From mathcomp Require Import Rstruct.
From Proofkit Require Import Language Statements Base Bridge.
Set Implicit Arguments.
Unset Strict Implicit.
Import GRing.Theory Num.Theory.
Local Open Scope ring_scope.

(** A claim A = B is kept as A − B = 0, or the other way round. *)
Lemma same_minus p q A B : toM p q A = toM p q B -> same p q (plus A (times (IZR (-1)) B)) zero.
Proof. by move=> E; apply/sameE; rewrite toM_plus toM_times toM_zero E m1E scaleN1r subrr. Qed.

Lemma minus_same p q A B : same p q (plus A (times (IZR (-1)) B)) zero -> toM p q A = toM p q B.
Proof. by move/sameE; rewrite toM_plus toM_times toM_zero m1E scaleN1r => /eqP; rewrite subr_eq0 => /eqP. Qed.

Lemma some_matrix p q (P : Matrix -> Prop) (M : 'M[R]_(p, q)) : P (ofM M) -> some (matrix p q) P.
Proof. by exists (ofM M); split; [exact: ofM_member|]. Qed.

(** * Ranks *)
Theorem proved_rank_of_product_left : fact_rank_of_product_left.
Proof.
move=> p _ q _ r _ X HX Y HY; apply: below'; apply/leP; rewrite !rankE (toM_product p q r).
exact: mxrankM_maxl.
Qed.

Theorem proved_rank_of_product_right : fact_rank_of_product_right.
Proof.
move=> p _ q _ r _ X HX Y HY; apply: below; apply/leP; rewrite !rankE (toM_product p q r).
exact: mxrankM_maxr.
Qed.

Theorem proved_rank_of_transpose : fact_rank_of_transpose.
Proof. by move=> p _ q _ X HX; apply: even; rewrite !rankE toM_transpose mxrank_tr. Qed.

Theorem proved_rank_at_most_columns : fact_rank_at_most_columns.
Proof. by move=> p _ q _ X HX; apply: below; apply/leP; rewrite rankE rank_leq_col. Qed.

Theorem proved_kernel_vector : fact_kernel_vector.
Proof.
move=> p _ q _ X HX; rewrite rankE => /strictly_below_back /ltP H.
have Hr : (\rank (toM p q X)^T < q)%N by rewrite mxrank_tr.
have /rowV0Pn [v /sub_kermxP Hv Nv] : kermx (toM p q X)^T != 0.
  by rewrite -mxrank_eq0 mxrank_ker -lt0n subn_gt0.
apply: (@some_matrix _ _ _ v^T); split.
  move=> /sameE; rewrite ofMK toM_zero => E; move: Nv.
  by rewrite -[v]trmxK E trmx0 eqxx.
by apply/sameE; rewrite toM_zero (toM_product p q 1) ofMK -[toM p q X]trmxK -trmx_mul Hv trmx0.
Qed.

Theorem proved_left_inverse : fact_left_inverse.
Proof.
move=> p _ q _ X HX; rewrite rankE => /even_back H.
have Hf : row_full (toM p q X) by rewrite /row_full -H eqxx.
apply: (@some_matrix _ _ _ (pinvmx (toM p q X))); apply: same_minus.
by rewrite toM_one (toM_product q p q) ofMK mulVpmx.
Qed.

(** * Determinants and inverses *)
Theorem proved_determinant_of_product : fact_determinant_of_product.
Proof.
move=> n _ S HS T HT; rewrite !detE (toM_product n n n) det_mulmx.
exact: minus_product.
Qed.

Theorem proved_determinant_of_transpose : fact_determinant_of_transpose.
Proof. by move=> n _ S HS; rewrite !detE toM_transpose det_tr; exact: minus_self. Qed.

Theorem proved_determinant_of_identity : fact_determinant_of_identity.
Proof. by move=> n _; rewrite !detE toM_one det1; exact: minus_self. Qed.

Theorem proved_determinant_one_by_one : fact_determinant_one_by_one.
Proof.
by move=> S HS; rewrite !detE traceE det_mx11 /mxtrace big_ord1; exact: minus_self.
Qed.

Lemma det_neq0 n S : ~ (word_determinant n S = IZR 0) <-> toM n n S \in unitmx.
Proof.
rewrite detE unitmxE unitfE; split; first by move=> H; apply/eqP.
by move/eqP.
Qed.

Theorem proved_determinant_of_invertible : fact_determinant_of_invertible.
Proof.
move=> n _ S HS T HT /minus_same; rewrite toM_one (toM_product n n n) => E.
by apply/det_neq0; case/mulmx1_unit: (esym E).
Qed.

Theorem proved_determinant_of_full_rank : fact_determinant_of_full_rank.
Proof.
move=> n _ S HS; rewrite rankE => /even_back H; apply/det_neq0.
by rewrite -row_full_unit /row_full -H eqxx.
Qed.

Theorem proved_rank_of_invertible : fact_rank_of_invertible.
Proof.
move=> n _ S HS /det_neq0 H; apply: even; rewrite rankE; apply/esym/eqP.
by rewrite -[_ == _]/(row_full _) row_full_unit.
Qed.

Lemma inverse_unit n S : toM n n S \in unitmx -> toM n n (word_inverse n S) = invmx (toM n n S).
Proof.
move=> H; rewrite inverse_def toM_cut; set P := fun Y => _.
have [] : P (the zero P).
  apply: the_spec; exists (ofM (invmx (toM n n S))).
  by split; apply/sameE; rewrite (toM_product n n n) toM_one ofMK ?mulmxV ?mulVmx.
move=> /sameE + _; rewrite (toM_product n n n) toM_one => E.
by rewrite -[LHS](mulKmx H) E mulmx1.
Qed.

Theorem proved_inverse_on_the_right : fact_inverse_on_the_right.
Proof.
move=> n _ S HS /det_neq0 H; apply: same_minus.
by rewrite (toM_product n n n) toM_one inverse_unit // mulmxV.
Qed.

Theorem proved_inverse_on_the_left : fact_inverse_on_the_left.
Proof.
move=> n _ S HS /det_neq0 H; apply: same_minus.
by rewrite (toM_product n n n) toM_one inverse_unit // mulVmx.
Qed.

Theorem proved_determinant_of_identity_plus : fact_determinant_of_identity_plus.
Proof.
move=> p _ q _ U HU V HV; rewrite !detE !toM_plus !toM_one (toM_product p q p) (toM_product q p q).
set A := toM p q U; set B := toM q p V.
suff -> : \det (1%:M + A *m B) = \det (1%:M + B *m A) by exact: minus_self.
pose L := block_mx 1%:M (- A) B 1%:M : 'M_(p + q).
have E1 : \det L = \det (1%:M + B *m A).
  have -> : L = block_mx 1%:M 0 B 1%:M *m block_mx 1%:M (- A) 0 (1%:M + B *m A).
    rewrite mulmx_block !mulmx1 !mul1mx !mulmx0 !mul0mx !addr0 mulmxN addrCA addNr addr0.
    by [].
  by rewrite det_mulmx det_lblock det_ublock !det1 !mul1r.
have E2 : \det L = \det (1%:M + A *m B).
  have -> : L = block_mx 1%:M (- A) 0 1%:M *m block_mx (1%:M + A *m B) 0 B 1%:M.
    rewrite mulmx_block !mulmx1 !mul1mx !mulmx0 !mul0mx !add0r mulNmx addrK.
    by [].
  by rewrite det_mulmx det_lblock det_ublock !det1 !mul1r mulr1.
by rewrite -E2 E1.
Qed.

(** * Squares *)
Lemma row_square q (v : 'rV[R]_q) : v *m v^T = 0 -> v = 0.
Proof.
move/matrixP/(_ ord0 ord0); rewrite !mxE => E; apply/rowP => j; rewrite mxE.
have H : forall i, true -> 0 <= v ord0 i * v^T i ord0 by move=> i _; rewrite mxE sqr_ge0.
by have /eqP := psumr_eq0P H E (i := j) isT; rewrite mxE mulf_eq0 orbb => /eqP.
Qed.

Lemma gram_unit r q (M : 'M[R]_(r, q)) : row_free M -> M *m M^T \in unitmx.
Proof.
move=> HM; rewrite -row_free_unit -kermx_eq0; apply/rowV0P => v /sub_kermxP E.
have /row_square E2 : (v *m M) *m (v *m M)^T = 0 by rewrite trmx_mul mulmxA -(mulmxA v) E mul0mx.
by apply: (row_free_inj HM); rewrite E2 mul0mx.
Qed.

Lemma full_factors p q (M : 'M[R]_(p, q)) : exists (C : 'M[R]_(p, \rank M)) D,
  [/\ M = C *m D, row_full C & row_free D].
Proof.
by exists (col_base M), (row_base M); rewrite mulmx_base col_base_full row_base_free.
Qed.

Theorem proved_pseudo_inverse : fact_pseudo_inverse.
Proof.
move=> p _ q _ X HX; set M := toM p q X.
have [C [D [EM FC FD]]] := full_factors M; move: (\rank M) C D EM FC FD => r C D EM FC FD.
have UD : D *m D^T \in unitmx by exact: gram_unit.
have UC : C^T *m C \in unitmx.
  by rewrite -{2}[C]trmxK; apply: gram_unit; rewrite /row_free mxrank_tr.
pose ID := invmx (D *m D^T); pose IC := invmx (C^T *m C).
pose Y := D^T *m ID *m IC *m C^T.
have SD : ID^T = ID by rewrite /ID trmx_inv trmx_mul trmxK.
have SC : IC^T = IC by rewrite /IC trmx_inv trmx_mul trmxK.
have EXY : M *m Y = C *m IC *m C^T.
  by rewrite EM /Y !mulmxA -(mulmxA C) -(mulmxA C) mulmxV // mulmx1.
have EYX : Y *m M = D^T *m ID *m D.
  by rewrite EM /Y -!mulmxA (mulmxA C^T) (mulmxA IC) mulVmx // mul1mx.
apply: (@some_matrix _ _ _ Y).
have E1 : toM p q X = toM p q (product p (product q X (ofM Y)) X).
  rewrite (toM_product p p q) (toM_product p q p) ofMK -/M EXY EM.
  by rewrite -!mulmxA (mulmxA C^T) (mulmxA IC) mulVmx // mul1mx.
have E2 : toM q p (ofM Y) = toM q p (product q (product p (ofM Y) X) (ofM Y)).
  rewrite (toM_product q q p) (toM_product q p q) ofMK -/M EYX /Y.
  by rewrite !mulmxA -(mulmxA _ D D^T) -(mulmxA D^T ID (D *m D^T)) mulVmx // mulmx1.
split; first exact: same_minus.
split; first exact: same_minus.
split; apply: same_minus.
  rewrite (toM_product p q p (transpose (ofM Y))).
  rewrite (toM_product p q p X).
  rewrite 2!toM_transpose.
  rewrite ofMK -/M.
  rewrite -trmx_mul EXY.
  by rewrite !trmx_mul trmxK SC mulmxA.
rewrite (toM_product q p q (ofM Y)).
rewrite (toM_product q p q (transpose X)).
rewrite 2!toM_transpose.
rewrite ofMK -/M.
rewrite -trmx_mul EYX.
by rewrite 2!trmx_mul trmxK SD mulmxA.
Qed.

Lemma trace_of_projection n (P : 'M[R]_n) : P *m P = P -> \tr P = (\rank P)%:R.
Proof.
move=> E; have [C [D [EP /row_fullP [B HB] /row_freeP [B' HB']]]] := full_factors P.
move: (\rank P) C D EP B HB B' HB' => r C D EP B HB B' HB'.
have E2 : D *m C = 1%:M.
  have : B *m (C *m D *m (C *m D)) *m B' = B *m (C *m D) *m B' by rewrite -EP E.
  by rewrite -!mulmxA HB' !mulmx1 !mulmxA HB !mul1mx.
by rewrite EP mxtrace_mulC E2 mxtrace1.
Qed.

Theorem proved_traces_of_projections : fact_traces_of_projections.
Proof.
move=> n _ P HP Q HQ /minus_same EP /minus_same EQ; rewrite !rankE => /below_back /leP H.
have FP : toM n n P *m toM n n P = toM n n P by rewrite {3}EP (toM_product n n n).
have FQ : toM n n Q *m toM n n Q = toM n n Q by rewrite {3}EQ (toM_product n n n).
rewrite !traceE (trace_of_projection FP) (trace_of_projection FQ).
apply: minus_nonneg; apply/RlebP.
by have : (\rank (toM n n P))%:R <= (\rank (toM n n Q))%:R :> R by rewrite ler_nat.
Qed.
