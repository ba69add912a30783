(** The rule [differentiate] is sound, place by place (FORMAT.md, section 8).

    The rule goes through a term in which Y stands; each clause is a theorem here: Y itself, what
    does not speak of Y, sums, products of numbers and of matrices, multiples, transposes, traces,
    words that are linear, and values g(E) by the chain rule.  The derivative that the rule writes
    is the sum over the places, each changed alone. *)
From Coq Require Import Reals ZArith Lra Lia FunctionalExtensionality ClassicalEpsilon.
From Proofkit Require Import Language Base Calculus Algebra Rules.
Open Scope R_scope.

(** * Bilinear maps *)
Lemma product_bound p n q A B :
  norm_of_matrix p q (product n A B) <= norm_of_matrix p n A * norm_of_matrix n q B.
Proof.
  unfold norm_of_matrix at 1 2. rewrite Rmult_comm, <- total_scale. apply total_le. intros i Hi.
  apply Rle_trans with (total q (fun j => total n (fun k => Rabs (A i k) * Rabs (B k j)))).
  - apply total_le. intros j Hj. eapply Rle_trans; [apply total_abs|].
    apply total_le. intros. rewrite Rabs_mult. lra.
  - rewrite total_swap, <- total_scale. apply total_le. intros k Hk. rewrite total_scale, Rmult_comm.
    apply Rmult_le_compat_r; [apply Rabs_pos|]. unfold norm_of_matrix.
    apply (total_member n (fun k => total q (fun j => Rabs (B k j))) k Hk).
    intros; apply total_nonneg; intros; apply Rabs_pos.
Qed.

Section Clauses.
Context {A B1 B2 B3 : Type} {D : space A} {S : space B1} {T : space B2} {U : space B3}.
Context (LD : laws D) (LS : laws S) (LT : laws T) (LU : laws U).

(** A function with a slope moves by no more than a multiple of the step. *)
Lemma slope_moves F X L : member D X = X -> bounded D S L -> slope D S F X L ->
  exists M d, 0 < M /\ 0 < d /\ forall H, member D H = H -> norm D H < d ->
    norm S (difference S (F (add D X H)) (F X)) <= M * norm D H.
Proof.
  intros HX [K [HK Bd]] [_ HF]. destruct (HF 1 Rlt_0_1) as [d [Hd N]].
  exists (K + 1), d. split; [lra|]. split; auto. intros H HH Hn.
  pose proof (N H HH Hn) as E. pose proof (Bd H HH) as E2.
  pose proof (norm_less LS (difference S (F (add D X H)) (F X)) (L H)). lra.
Qed.

(** Products: B(F, G) changes by B(dF, G) + B(F, dG). *)
Theorem slope_of_bilinear (K : R) (B : B1 -> B2 -> B3) F G X L M : 0 <= K -> member D X = X ->
  (forall x y, norm U (B x y) <= K * (norm S x * norm T y)) ->
  (forall x' x l y' y k, difference U (difference U (B x' y') (B x y)) (add U (B l y) (B x k)) =
    add U (add U (B (difference S (difference S x' x) l) y) (B x (difference T (difference T y' y) k)))
      (B (difference S x' x) (difference T y' y))) ->
  linear D U (fun H => add U (B (L H) (G X)) (B (F X) (M H))) ->
  bounded D S L -> bounded D T M ->
  slope D S F X L -> slope D T G X M ->
  slope D U (fun Y => B (F Y) (G Y)) X (fun H => add U (B (L H) (G X)) (B (F X) (M H))).
Proof.
  intros HK HX Bd Df HL BL BM SF SG. split; auto. intros e He.
  destruct (slope_moves F X L HX BL SF) as [mf [df [Mf [Df0 NF]]]].
  assert (NG : exists m d, 0 < m /\ 0 < d /\ forall H, member D H = H -> norm D H < d ->
    norm T (difference T (G (add D X H)) (G X)) <= m * norm D H).
  { destruct BM as [k [Hk Bk]]. destruct SG as [_ HG]. destruct (HG 1 Rlt_0_1) as [d [Hd N]].
    exists (k + 1), d. split; [lra|]. split; auto. intros H HH Hn.
    pose proof (N H HH Hn) as E. pose proof (Bk H HH) as E2.
    pose proof (norm_less LT (difference T (G (add D X H)) (G X)) (M H)). lra. }
  destruct NG as [mg [dg [Mg [Dg0 NG]]]].
  pose proof (norm_nonneg LS (F X)) as PF. pose proof (norm_nonneg LT (G X)) as PG.
  set (C := (K + 1) * (norm S (F X) + norm T (G X) + mf * mg + 1)).
  assert (HM : 0 < mf * mg) by now apply Rmult_lt_0_compat.
  assert (HC : 0 < C) by (apply Rmult_lt_0_compat; lra).
  destruct SF as [_ SF]. destruct SG as [_ SG]. set (eta := e / C).
  assert (Heta : 0 < eta) by now apply Rdiv_lt_0_compat.
  destruct (SF eta Heta) as [d1 [D1 S1]]. destruct (SG eta Heta) as [d2 [D2 S2]].
  exists (Rmin eta (Rmin (Rmin df dg) (Rmin d1 d2))).
  split; [repeat apply Rmin_pos; auto|]. intros H HH Hn.
  assert (L0 : norm D H < eta /\ norm D H < df /\ norm D H < dg /\ norm D H < d1 /\ norm D H < d2).
  { pose proof (Rmin_l eta (Rmin (Rmin df dg) (Rmin d1 d2))).
    pose proof (Rmin_r eta (Rmin (Rmin df dg) (Rmin d1 d2))).
    pose proof (Rmin_l (Rmin df dg) (Rmin d1 d2)). pose proof (Rmin_r (Rmin df dg) (Rmin d1 d2)).
    pose proof (Rmin_l df dg). pose proof (Rmin_r df dg).
    pose proof (Rmin_l d1 d2). pose proof (Rmin_r d1 d2). lra. }
  destruct L0 as [L0 [L1 [L2 [L3 L4]]]].
  specialize (NF H HH L1). specialize (NG H HH L2). specialize (S1 H HH L3). specialize (S2 H HH L4).
  rewrite Df. set (h := norm D H) in *. assert (Hh : 0 <= h) by apply (norm_nonneg LD).
  set (x' := F (add D X H)) in *. set (y' := G (add D X H)) in *.
  eapply Rle_trans; [apply (norm_add LU)|].
  pose proof (norm_add LU (B (difference S (difference S x' (F X)) (L H)) (G X))
    (B (F X) (difference T (difference T y' (G X)) (M H)))) as A1.
  pose proof (Bd (difference S (difference S x' (F X)) (L H)) (G X)) as A2.
  pose proof (Bd (F X) (difference T (difference T y' (G X)) (M H))) as A3.
  pose proof (Bd (difference S x' (F X)) (difference T y' (G X))) as A4.
  set (u := norm S (difference S (difference S x' (F X)) (L H))) in *.
  set (v := norm T (difference T (difference T y' (G X)) (M H))) in *.
  set (a := norm S (difference S x' (F X))) in *. set (b := norm T (difference T y' (G X))) in *.
  assert (P1 : 0 <= a) by apply (norm_nonneg LS). assert (P2 : 0 <= b) by apply (norm_nonneg LT).
  assert (E1 : u * norm T (G X) <= (eta * h) * norm T (G X)) by (apply Rmult_le_compat_r; auto).
  assert (E2 : norm S (F X) * v <= norm S (F X) * (eta * h)) by (apply Rmult_le_compat_l; auto).
  assert (E3 : a * b <= (mf * h) * (mg * h)) by (apply Rmult_le_compat; auto).
  assert (E4 : (mf * h) * (mg * h) <= mf * mg * (eta * h)).
  { replace ((mf * h) * (mg * h)) with (mf * mg * (h * h)) by ring.
    apply Rmult_le_compat_l; [lra|]. apply Rmult_le_compat_r; lra. }
  assert (E5 : K * (u * norm T (G X)) + K * (norm S (F X) * v) + K * (a * b) <=
    K * ((eta * h) * (norm T (G X) + norm S (F X) + mf * mg))).
  { rewrite <- !Rmult_plus_distr_l. apply Rmult_le_compat_l; auto. lra. }
  assert (P3 : 0 <= eta * h) by (apply Rmult_le_pos; lra).
  assert (E6 : K * ((eta * h) * (norm T (G X) + norm S (F X) + mf * mg)) <= eta * h * C).
  { unfold C. replace (eta * h * ((K + 1) * (norm S (F X) + norm T (G X) + mf * mg + 1))) with
      ((K + 1) * ((eta * h) * (norm T (G X) + norm S (F X) + mf * mg + 1))) by ring.
    apply Rmult_le_compat; auto; [|lra|apply Rmult_le_compat_l; lra].
    apply Rmult_le_pos; lra. }
  replace (e * h) with (eta * h * C) by (unfold eta; field; lra). lra.
Qed.

(** The chain rule. *)
Theorem slope_of_value (F : A -> B1) (G : B1 -> B2) X L K : member D X = X ->
  (forall Y, member D Y = Y -> member S (F Y) = F Y) ->
  (forall H, member D H = H -> member S (L H) = L H) ->
  bounded D S L -> bounded S T K -> linear D T (fun H => K (L H)) ->
  (forall x y, member S x = x -> member S y = y ->
    equal T (K (difference S x y)) (difference T (K x) (K y))) ->
  slope D S F X L -> slope S T G (F X) K ->
  slope D T (fun Y => G (F Y)) X (fun H => K (L H)).
Proof.
  intros HX MF ML BL BK HKL HM SF [HK SG]. split; auto. intros e He.
  destruct (slope_moves F X L HX BL SF) as [m [d0 [Hm [Hd0 NF]]]]. destruct SF as [_ SF].
  destruct BK as [k [Hk Bk]].
  destruct (SG (e / (2 * m))) as [d1 [D1 S1]]; [apply Rdiv_lt_0_compat; lra|].
  destruct (SF (e / (2 * (k + 1)))) as [d2 [D2 S2]]; [apply Rdiv_lt_0_compat; lra|].
  exists (Rmin (Rmin d0 d2) (d1 / m)).
  split; [repeat apply Rmin_pos; auto; now apply Rdiv_lt_0_compat|]. intros H HH Hn.
  assert (L0 : norm D H < d0 /\ norm D H < d2 /\ norm D H < d1 / m).
  { pose proof (Rmin_l (Rmin d0 d2) (d1 / m)). pose proof (Rmin_r (Rmin d0 d2) (d1 / m)).
    pose proof (Rmin_l d0 d2). pose proof (Rmin_r d0 d2). lra. }
  destruct L0 as [L0 [L2 L1]]. specialize (NF H HH L0). specialize (S2 H HH L2).
  set (h := norm D H) in *. assert (Hh : 0 <= h) by apply (norm_nonneg LD).
  set (s := difference S (F (add D X H)) (F X)) in *.
  assert (Ms : member S s = s).
  { apply (in_difference LS); apply MF; auto. now apply (in_add LD). }
  assert (Small : norm S s < d1).
  { eapply Rle_lt_trans; [exact NF|]. replace d1 with (m * (d1 / m)) by (field; lra).
    apply Rmult_lt_compat_l; auto. }
  specialize (S1 s Ms Small). unfold s in S1 at 1. rewrite (there LS) in S1.
  eapply Rle_trans; [apply (norm_via LT _ (K s))|].
  rewrite <- (norm_equal LT _ _ (HM s (L H) Ms (ML H HH))).
  assert (Md : member S (difference S s (L H)) = difference S s (L H)) by (apply (in_difference LS); auto).
  specialize (Bk _ Md). pose proof (norm_nonneg LS (difference S s (L H))) as P1.
  assert (E1 : norm T (difference T (difference T (G (F (add D X H))) (G (F X))) (K s)) <= e / 2 * h).
  { eapply Rle_trans; [exact S1|]. replace (e / 2 * h) with (e / (2 * m) * (m * h)) by (field; lra).
    apply Rmult_le_compat_l; auto. apply Rlt_le, Rdiv_lt_0_compat; lra. }
  assert (E2 : norm T (K (difference S s (L H))) <= e / 2 * h).
  { apply Rle_trans with ((k + 1) * (e / (2 * (k + 1)) * h)); [|apply Req_le; field; lra].
    eapply Rle_trans; [exact Bk|]. apply Rmult_le_compat; auto. lra. }
  lra.
Qed.
End Clauses.

(** * The clauses for numbers and matrices *)
(** Linear functions of numbers and matrices are bounded. *)
Definition finite {A} (D : space A) : Prop :=
  laws D /\ forall B (T : space B), laws T -> forall L, linear D T L -> bounded D T L.
Lemma finite_reals : finite reals.
Proof. split; [apply reals_laws|]. intros. now apply linear_bounded_reals. Qed.
Lemma finite_matrices p q : finite (matrices p q).
Proof. split; [apply matrices_laws|]. intros. now apply linear_bounded. Qed.

Lemma minus_reals {A} {S : space A} (LS : laws S) K x y : linear S reals K -> member S x = x -> member S y = y ->
  K (difference S x y) = difference reals (K x) (K y).
Proof.
  intros [HA HS] Hx Hy. unfold difference. rewrite HA by (auto; now apply (in_scale LS)).
  simpl. now rewrite HS.
Qed.
Lemma minus_matrices {A} {S : space A} (LS : laws S) p q K x y :
  linear S (matrices p q) K -> member S x = x -> member S y = y ->
  same p q (K (difference S x y)) (difference (matrices p q) (K x) (K y)).
Proof.
  intros [HA HS] Hx Hy i j Hi Hj. unfold difference.
  rewrite (HA x Hx (scale S (-1) y) (in_scale LS (-1) y Hy) i j Hi Hj). simpl. unfold plus at 1.
  rewrite (HS (-1) y Hy i j Hi Hj). reflexivity.
Qed.

Lemma trace_plus n X Y : trace n (plus X Y) = trace n X + trace n Y.
Proof. apply total_add. Qed.
Lemma trace_times n c X : trace n (times c X) = c * trace n X.
Proof. apply total_scale. Qed.

Section Concrete.
Context {A : Type} {D : space A} (FD : finite D) (X : A) (HX : member D X = X).

Theorem slope_of_variable : slope D D (fun Y => Y) X (fun H => H).
Proof.
  destruct FD as [LD _].
  split; [split; [intros H HH K HK|intros c H HH]; apply (equal_refl LD)|].
  intros e He. exists 1. split; [lra|]. intros H HH _. rewrite (back LD), (norm_self LD).
  apply Rmult_le_pos; [lra|apply (norm_nonneg LD)].
Qed.

Theorem slope_of_constant_number (c : R) : slope D reals (fun _ => c) X (fun _ => 0).
Proof.
  destruct FD as [LD _]. split; [split; [intros H HH K HK|intros k H HH]; simpl; ring|].
  intros e He. exists 1. split; [lra|]. intros H HH _. unfold difference; simpl.
  replace (c + -1 * c + -1 * 0) with 0 by ring. rewrite Rabs_R0.
  apply Rmult_le_pos; [lra|apply (norm_nonneg LD)].
Qed.

Theorem slope_of_constant p q (C : Matrix) : slope D (matrices p q) (fun _ => C) X (fun _ => zero).
Proof.
  destruct FD as [LD _]. split.
  - split; [intros H HH K HK i j Hi Hj|intros c H HH i j Hi Hj]; unfold times, plus, zero; simpl;
      unfold times, plus; ring.
  - intros e He. exists 1. split; [lra|]. intros H HH _. unfold difference; simpl.
    replace (plus (plus C (times (-1) C)) (times (-1) zero)) with zero by by_entries.
    replace (norm_of_matrix p q zero) with 0.
    + apply Rmult_le_pos; [lra|apply (norm_nonneg LD)].
    + symmetry. apply total_zero; intros; apply total_zero; intros. unfold zero. apply Rabs_R0.
Qed.

Theorem slope_of_sum_of_numbers F G L M : slope D reals F X L -> slope D reals G X M ->
  slope D reals (fun Y => F Y + G Y) X (fun H => L H + M H).
Proof.
  intros [[LA LS] SF] [[MA MS] SG]. split.
  - split; simpl in *.
    + intros H HH K HK. rewrite (LA H HH K HK), (MA H HH K HK). ring.
    + intros c H HH. rewrite (LS c H HH), (MS c H HH). ring.
  - intros e He. destruct (SF (e / 2)) as [d [Hd N]]; [lra|]. destruct (SG (e / 2)) as [d' [Hd' N']]; [lra|].
    exists (Rmin d d'). split; [now apply Rmin_pos|]. intros H HH Hn.
    specialize (N H HH (Rlt_le_trans _ _ _ Hn (Rmin_l _ _))).
    specialize (N' H HH (Rlt_le_trans _ _ _ Hn (Rmin_r _ _))).
    unfold difference in *; simpl in *.
    match type of N with Rabs ?a <= _ => match type of N' with Rabs ?b <= _ =>
      match goal with |- Rabs ?c <= _ => replace c with (a + b) by ring; pose proof (Rabs_triang a b) end end end.
    lra.
Qed.

Theorem slope_of_sum p q F G L M : slope D (matrices p q) F X L -> slope D (matrices p q) G X M ->
  slope D (matrices p q) (fun Y => plus (F Y) (G Y)) X (fun H => plus (L H) (M H)).
Proof.
  intros [[LA LS] SF] [[MA MS] SG]. split.
  - split; simpl in *.
    + intros H HH K HK i j Hi Hj. unfold plus at 1. rewrite (LA H HH K HK), (MA H HH K HK) by auto.
      unfold plus. ring.
    + intros c H HH i j Hi Hj. unfold plus at 1. rewrite (LS c H HH), (MS c H HH) by auto.
      unfold plus, times. ring.
  - intros e He. destruct (SF (e / 2)) as [d [Hd N]]; [lra|]. destruct (SG (e / 2)) as [d' [Hd' N']]; [lra|].
    exists (Rmin d d'). split; [now apply Rmin_pos|]. intros H HH Hn.
    specialize (N H HH (Rlt_le_trans _ _ _ Hn (Rmin_l _ _))).
    specialize (N' H HH (Rlt_le_trans _ _ _ Hn (Rmin_r _ _))).
    unfold difference in *; simpl in *.
    match type of N with norm_of_matrix _ _ ?a <= _ => match type of N' with norm_of_matrix _ _ ?b <= _ =>
      match goal with |- norm_of_matrix _ _ ?c <= _ => replace c with (plus a b) by by_entries;
        pose proof (norm_of_plus p q a b) end end end.
    lra.
Qed.

(** What is linear in a matrix or number is its own derivative. *)
Theorem slope_of_linear {B} {T : space B} (LT : laws T) (K : A -> B) :
  linear D T K -> (forall x y, member D x = x -> member D y = y ->
    equal T (K (difference D x y)) (difference T (K x) (K y))) ->
  slope D T K X K.
Proof.
  destruct FD as [LD _]. intros HK HM. split; auto. intros e He. exists 1. split; [lra|].
  intros H HH _. assert (HY := in_add LD X H HX HH).
  rewrite <- (norm_equal LT (difference T (K H) (K H))).
  - rewrite (norm_self LT). apply Rmult_le_pos; [lra|apply (norm_nonneg LD)].
  - apply (equal_difference LT); [|apply (equal_refl LT)].
    eapply (equal_trans LT); [|apply HM; auto]. rewrite (back LD). apply (equal_refl LT).
Qed.

Theorem slope_of_product_of_numbers F G L M : slope D reals F X L -> slope D reals G X M ->
  slope D reals (fun Y => F Y * G Y) X (fun H => L H * G X + F X * M H).
Proof.
  intros SF SG. destruct FD as [LD BD].
  apply (slope_of_bilinear LD reals_laws reals_laws reals_laws 1 Rmult); auto; simpl.
  - lra.
  - intros x y. rewrite Rabs_mult. lra.
  - intros. unfold difference; simpl. ring.
  - destruct SF as [[LA LS] _]. destruct SG as [[MA MS] _]. split; simpl in *.
    + intros H HH K HK. rewrite (LA H HH K HK), (MA H HH K HK). ring.
    + intros c H HH. rewrite (LS c H HH), (MS c H HH). ring.
  - apply BD; [apply reals_laws|apply SF].
  - apply BD; [apply reals_laws|apply SG].
Qed.

Theorem slope_of_multiple p q F G L M : slope D reals F X L -> slope D (matrices p q) G X M ->
  slope D (matrices p q) (fun Y => times (F Y) (G Y)) X
    (fun H => plus (times (L H) (G X)) (times (F X) (M H))).
Proof.
  intros SF SG. destruct FD as [LD BD].
  apply (slope_of_bilinear LD reals_laws (matrices_laws p q) (matrices_laws p q) 1 times); auto; simpl.
  - lra.
  - intros x y. rewrite norm_of_times. lra.
  - intros. unfold difference; simpl. by_entries.
  - destruct SF as [[LA LS] _]. destruct SG as [[MA MS] _]. split; simpl in *.
    + intros H HH K HK i j Hi Hj. unfold plus, times. rewrite (LA H HH K HK), (MA H HH K HK) by auto.
      unfold plus. ring.
    + intros c H HH i j Hi Hj. unfold plus, times. rewrite (LS c H HH), (MS c H HH) by auto.
      unfold times. ring.
  - apply BD; [apply reals_laws|apply SF].
  - apply BD; [apply matrices_laws|apply SG].
Qed.

Theorem slope_of_product p n q F G L M :
  slope D (matrices p n) F X L -> slope D (matrices n q) G X M ->
  slope D (matrices p q) (fun Y => product n (F Y) (G Y)) X
    (fun H => plus (product n (L H) (G X)) (product n (F X) (M H))).
Proof.
  intros SF SG. destruct FD as [LD BD].
  apply (slope_of_bilinear LD (matrices_laws p n) (matrices_laws n q) (matrices_laws p q) 1 (product n)); auto; simpl.
  - lra.
  - intros x y. rewrite Rmult_1_l. apply product_bound.
  - intros. unfold difference; simpl.
    rewrite ?plus_product, ?product_plus, ?times_product, ?product_times,
      ?plus_product, ?product_plus, ?times_product, ?product_times. by_entries.
  - destruct SF as [[LA LS] _]. destruct SG as [[MA MS] _]. split; simpl in *.
    + intros H HH K HK i j Hi Hj. unfold plus, product. rewrite <- !total_add. apply total_ext. intros k Hk.
      rewrite (LA H HH K HK), (MA H HH K HK) by auto. unfold plus. ring.
    + intros c H HH i j Hi Hj. unfold plus, times, product. rewrite <- !total_add, <- total_scale.
      apply total_ext. intros k Hk.
      rewrite (LS c H HH), (MS c H HH) by auto. unfold times. ring.
  - apply BD; [apply matrices_laws|apply SF].
  - apply BD; [apply matrices_laws|apply SG].
Qed.

Theorem slope_of_transpose p q F L : slope D (matrices p q) F X L ->
  slope D (matrices q p) (fun Y => transpose (F Y)) X (fun H => transpose (L H)).
Proof.
  assert (E : forall Z, norm_of_matrix q p (transpose Z) = norm_of_matrix p q Z).
  { intros Z. unfold norm_of_matrix, transpose. apply total_swap. }
  intros [[LA LS] SF]. split.
  - split; simpl in *.
    + intros H HH K HK i j Hi Hj. unfold transpose, plus. now rewrite (LA H HH K HK).
    + intros c H HH i j Hi Hj. unfold transpose, times. now rewrite (LS c H HH).
  - intros e He. destruct (SF e He) as [d [Hd N]]. exists d. split; auto. intros H HH Hn.
    specialize (N H HH Hn). simpl in N. rewrite <- E in N. exact N.
Qed.

Theorem slope_of_trace n F L : slope D (matrices n n) F X L ->
  slope D reals (fun Y => trace n (F Y)) X (fun H => trace n (L H)).
Proof.
  assert (E : forall Z, Rabs (trace n Z) <= norm_of_matrix n n Z).
  { intros Z. unfold trace. eapply Rle_trans; [apply total_abs|]. apply total_le. intros i Hi.
    apply (total_member n (fun j => Rabs (Z i j)) i Hi). intros; apply Rabs_pos. }
  intros [[LA LS] SF]. split.
  - split; simpl in *.
    + intros H HH K HK. unfold trace. rewrite <- total_add. apply total_ext. intros i Hi.
      now rewrite (LA H HH K HK).
    + intros c H HH. unfold trace. rewrite <- total_scale. apply total_ext. intros i Hi.
      now rewrite (LS c H HH).
  - intros e He. destruct (SF e He) as [d [Hd N]]. exists d. split; auto. intros H HH Hn.
    specialize (N H HH Hn). eapply Rle_trans; [|exact N]. eapply Rle_trans; [|apply E].
    apply Req_le. f_equal. unfold difference; simpl.
    now rewrite !trace_plus, !trace_times.
Qed.
End Concrete.

(** Values g(E), where E has values in a space whose equal members are the same. *)
Definition exact {A} (S : space A) : Prop :=
  forall x y, member S x = x -> member S y = y -> equal S x y -> x = y.
Lemma exact_reals : exact reals.
Proof. intros x y _ _ H. exact H. Qed.
Lemma exact_matrices p q : exact (matrices p q).
Proof. intros x y Hx Hy H. now apply (same_equal p q). Qed.

Definition subtracts {B} (T : space B) : Prop := forall A (S : space A), laws S ->
  forall K x y, linear S T K -> member S x = x -> member S y = y ->
    equal T (K (difference S x y)) (difference T (K x) (K y)).
Lemma subtracts_reals : subtracts reals.
Proof. intros A S LS K x y. apply (minus_reals LS). Qed.
Lemma subtracts_matrices p q : subtracts (matrices p q).
Proof. intros A S LS K x y. apply (minus_matrices LS). Qed.

Theorem slope_at_value {A B C} {D : space A} {S : space B} {T : space C} (FD : finite D) (FS : finite S)
    (LT : laws T) (ES : exact S) (ST : subtracts T) (E : A -> B) (g : B -> C) X L K :
  member D X = X -> (forall Y, member D Y = Y -> member S (E Y) = E Y) ->
  (forall H, member D H = H -> member S (L H) = L H) ->
  slope D S E X L -> slope S T g (E X) K ->
  slope D T (fun Y => g (E Y)) X (fun H => K (L H)).
Proof.
  intros HX ME ML SE SG. destruct FD as [LD BD]. destruct FS as [LS BS].
  apply (slope_of_value LD LS LT E g X L K); auto.
  - apply BD; auto. apply SE.
  - apply BS; auto. apply SG.
  - destruct SE as [[LA LS'] _]. destruct SG as [[KA KS] _]. split.
    + intros H HH J HJ. assert (HJ' := in_add LD H J HH HJ).
      assert (Q : L (add D H J) = add S (L H) (L J)).
      { apply ES; auto; [apply (in_add LS); auto|now apply LA]. }
      rewrite Q. apply KA; auto.
    + intros c H HH. assert (Hc := in_scale LD c H HH).
      assert (Q : L (scale D c H) = scale S c (L H)).
      { apply ES; auto; [apply (in_scale LS); auto|now apply LS']. }
      rewrite Q. apply KS; auto.
  - intros x y Hx Hy. apply (ST _ S LS); auto. apply SG.
Qed.
