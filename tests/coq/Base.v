(** Sums, shapes, norms and linear functions: what the proofs share. *)
From Coq Require Import Reals ZArith Lra Lia FunctionalExtensionality ClassicalEpsilon.
From Proofkit Require Import Language.
Open Scope R_scope.

Ltac open :=
  cbv beta delta [each some natural index real lam member reals] iota in *; intros.

Lemma the_spec {A} (d : A) (P : A -> Prop) : (exists x, P x) -> P (the d P).
Proof. intros H. unfold the. now apply epsilon_spec. Qed.

(** * Sums *)
Lemma total_ext n f g : (forall k, (k < n)%nat -> f k = g k) -> total n f = total n g.
Proof. induction n as [|n IH]; intros H; simpl; auto. rewrite IH, H; auto with arith. Qed.

Lemma total_add n f g : total n (fun k => f k + g k) = total n f + total n g.
Proof. induction n as [|n IH]; simpl; [ring|rewrite IH; ring]. Qed.

Lemma total_scale n c f : total n (fun k => c * f k) = c * total n f.
Proof. induction n as [|n IH]; simpl; [ring|rewrite IH; ring]. Qed.

Lemma total_le n f g : (forall k, (k < n)%nat -> f k <= g k) -> total n f <= total n g.
Proof.
  induction n as [|n IH]; intros H; simpl; [lra|].
  assert (total n f <= total n g) by (apply IH; auto with arith).
  specialize (H n (Nat.lt_succ_diag_r n)); lra.
Qed.

Lemma total_zero n f : (forall k, (k < n)%nat -> f k = 0) -> total n f = 0.
Proof. induction n as [|n IH]; intros H; simpl; auto. rewrite IH, H; auto with arith. ring. Qed.

Lemma total_nonneg n f : (forall k, (k < n)%nat -> 0 <= f k) -> 0 <= total n f.
Proof.
  intros H. rewrite <- (total_zero n (fun _ => 0)); auto. now apply total_le.
Qed.

Lemma total_member n f k : (k < n)%nat -> (forall k, (k < n)%nat -> 0 <= f k) -> f k <= total n f.
Proof.
  induction n as [|n IH]; intros Hk H; [lia|]. simpl.
  assert (0 <= total n f) by (apply total_nonneg; auto with arith).
  assert (0 <= f n) by auto with arith.
  destruct (Nat.eq_dec k n) as [->|]; [lra|].
  assert (f k <= total n f) by (apply IH; auto with arith; lia). lra.
Qed.

Lemma total_single n f k : (k < n)%nat -> (forall m, (m < n)%nat -> m <> k -> f m = 0) ->
  total n f = f k.
Proof.
  induction n as [|n IH]; intros Hk H; [lia|]. simpl.
  destruct (Nat.eq_dec k n) as [->|].
  - rewrite total_zero; [ring|]. intros m Hm. apply H; lia.
  - rewrite IH, (H n); try lia; [ring|]. intros m Hm. apply H; lia.
Qed.

Lemma total_more n m f : (n <= m)%nat -> (forall k, (n <= k)%nat -> f k = 0) ->
  total m f = total n f.
Proof. intros Hm H. induction Hm as [|m Hm IH]; simpl; auto. rewrite IH, H; auto. ring. Qed.

Lemma total_swap n m f :
  total n (fun i => total m (fun j => f i j)) = total m (fun j => total n (fun i => f i j)).
Proof.
  induction n as [|n IH]; simpl; [symmetry; now apply total_zero|].
  now rewrite IH, total_add.
Qed.

Lemma total_abs n f : Rabs (total n f) <= total n (fun k => Rabs (f k)).
Proof.
  induction n as [|n IH]; simpl; [rewrite Rabs_R0; lra|].
  eapply Rle_trans; [apply Rabs_triang|]. lra.
Qed.

Lemma total_const n c : total n (fun _ => c) = INR n * c.
Proof. induction n as [|n IH]; [simpl; ring|]. rewrite S_INR. simpl total. rewrite IH; ring. Qed.

(** * Shapes *)
Lemma inside p q X i j : (i < p)%nat -> (j < q)%nat -> matrix p q X i j = X i j.
Proof. intros. unfold matrix. rewrite (proj2 (Nat.ltb_lt i p)), (proj2 (Nat.ltb_lt j q)); auto. Qed.

Lemma outside p q X i j : ~ ((i < p)%nat /\ (j < q)%nat) -> matrix p q X i j = 0.
Proof.
  intros H. unfold matrix. destruct (Nat.ltb_spec i p), (Nat.ltb_spec j q); simpl; auto. lia.
Qed.

Lemma matrix_twice p q X : matrix p q (matrix p q X) = matrix p q X.
Proof.
  extensionality i; extensionality j. unfold matrix.
  destruct (Nat.ltb i p), (Nat.ltb j q); reflexivity.
Qed.

Lemma matrix_shape p q X : (forall i j, ~ ((i < p)%nat /\ (j < q)%nat) -> X i j = 0) ->
  matrix p q X = X.
Proof.
  intros H. extensionality i; extensionality j. unfold matrix.
  destruct (Nat.ltb_spec i p), (Nat.ltb_spec j q); simpl; auto; symmetry; apply H; lia.
Qed.

Lemma shape_zero p q X i j : matrix p q X = X -> ~ ((i < p)%nat /\ (j < q)%nat) -> X i j = 0.
Proof. intros <- H. now apply outside. Qed.

Lemma same_equal p q X Y : matrix p q X = X -> matrix p q Y = Y -> same p q X Y -> X = Y.
Proof.
  intros HX HY H. rewrite <- HX, <- HY. extensionality i; extensionality j. unfold matrix.
  destruct (Nat.ltb_spec i p), (Nat.ltb_spec j q); simpl; auto.
Qed.

Lemma same_cut p q X : same p q (matrix p q X) X.
Proof. intros i j Hi Hj. now apply inside. Qed.

Lemma matrix_plus p q X Y : matrix p q X = X -> matrix p q Y = Y -> matrix p q (plus X Y) = plus X Y.
Proof.
  intros HX HY. apply matrix_shape. intros i j H. unfold plus.
  rewrite (shape_zero p q X), (shape_zero p q Y); auto. ring.
Qed.

Lemma matrix_times p q c X : matrix p q X = X -> matrix p q (times c X) = times c X.
Proof.
  intros HX. apply matrix_shape. intros i j H. unfold times. rewrite (shape_zero p q X); auto. ring.
Qed.

Lemma matrix_zero p q : matrix p q zero = zero.
Proof. now apply matrix_shape. Qed.

Lemma matrix_product p n q A B : matrix p n A = A -> matrix n q B = B ->
  matrix p q (product n A B) = product n A B.
Proof.
  intros HA HB. apply matrix_shape. intros i j H. apply total_zero. intros k Hk.
  destruct (Nat.ltb_spec i p).
  - rewrite (shape_zero n q B k j); auto; [ring|lia].
  - rewrite (shape_zero p n A i k); auto; [ring|lia].
Qed.

Lemma matrix_transpose p q A : matrix p q A = A -> matrix q p (transpose A) = transpose A.
Proof. intros HA. apply matrix_shape. intros i j H. unfold transpose. apply (shape_zero p q A j i HA). lia. Qed.

Lemma matrix_one n : matrix n n (one n) = one n.
Proof. apply matrix_twice. Qed.

(** * Spaces *)
Record laws {A} (S : space A) : Prop := Laws {
  in_add : forall x y, member S x = x -> member S y = y -> member S (add S x y) = add S x y;
  in_scale : forall c x, member S x = x -> member S (scale S c x) = scale S c x;
  again : forall x, member S (member S x) = member S x;
  there : forall x y, add S x (difference S y x) = y;
  back : forall x y, difference S (add S x y) x = y;
  norm_nonneg : forall x, 0 <= norm S x;
  norm_add : forall x y, norm S (add S x y) <= norm S x + norm S y;
  norm_scale : forall c x, norm S (scale S c x) = Rabs c * norm S x;
  norm_self : forall x, norm S (difference S x x) = 0;
  norm_sym : forall x y, norm S (difference S x y) = norm S (difference S y x);
  norm_via : forall x y z,
    norm S (difference S x z) <= norm S (difference S x y) + norm S (difference S y z);
  norm_less : forall x y, norm S x <= norm S (difference S x y) + norm S y;
  norm_scales : forall c x y,
    norm S (difference S (scale S c x) (scale S c y)) = Rabs c * norm S (difference S x y);
  norm_equal : forall x y, equal S x y -> norm S x = norm S y;
  equal_norm : forall x y, norm S (difference S x y) = 0 -> equal S x y;
  equal_difference : forall x x' y y', equal S x x' -> equal S y y' ->
    equal S (difference S x y) (difference S x' y');
  equal_refl : forall x, equal S x x;
  equal_sym : forall x y, equal S x y -> equal S y x;
  equal_trans : forall x y z, equal S x y -> equal S y z -> equal S x z }.
Arguments in_add {A S}. Arguments in_scale {A S}. Arguments again {A S}.
Arguments there {A S}. Arguments back {A S}.
Arguments norm_nonneg {A S}. Arguments norm_add {A S}. Arguments norm_scale {A S}.
Arguments norm_self {A S}. Arguments norm_sym {A S}. Arguments norm_via {A S}.
Arguments norm_less {A S}. Arguments norm_scales {A S}. Arguments norm_equal {A S}. Arguments equal_norm {A S}.
Arguments equal_difference {A S}. Arguments equal_refl {A S}. Arguments equal_sym {A S}.
Arguments equal_trans {A S}.

Lemma Rabs_m1 : Rabs (-1) = 1.
Proof. rewrite Rabs_left; lra. Qed.

Lemma reals_laws : laws reals.
Proof.
  split; unfold difference; simpl; unfold real; intros; subst; auto; try ring; try congruence.
  - apply Rabs_pos.
  - apply Rabs_triang.
  - apply Rabs_mult.
  - replace (x + -1 * x) with 0 by ring. apply Rabs_R0.
  - rewrite <- Rabs_Ropp. f_equal. ring.
  - replace (x + -1 * z) with ((x + -1 * y) + (y + -1 * z)) by ring. apply Rabs_triang.
  - replace x with ((x + -1 * y) + y) at 1 by ring. apply Rabs_triang.
  - rewrite <- Rabs_mult. f_equal. ring.
  - apply Rminus_diag_uniq. replace (x - y) with (x + -1 * y) by ring.
    destruct (Req_dec (x + -1 * y) 0) as [|N]; auto. now apply Rabs_no_R0 in N.
Qed.

Lemma norm_of_matrix_nonneg p q X : 0 <= norm_of_matrix p q X.
Proof. apply total_nonneg; intros; apply total_nonneg; intros; apply Rabs_pos. Qed.

Lemma entry_le_norm p q X i j : (i < p)%nat -> (j < q)%nat -> Rabs (X i j) <= norm_of_matrix p q X.
Proof.
  intros Hi Hj. eapply Rle_trans; [|apply (total_member p (fun i => total q _) i Hi)].
  - apply (total_member q (fun j => Rabs (X i j)) j Hj). intros; apply Rabs_pos.
  - intros; apply total_nonneg; intros; apply Rabs_pos.
Qed.

Lemma norm_of_matrix_ext p q X Y : same p q X Y -> norm_of_matrix p q X = norm_of_matrix p q Y.
Proof. intros H. apply total_ext; intros; apply total_ext; intros. now rewrite H. Qed.

Lemma norm_of_plus p q X Y :
  norm_of_matrix p q (plus X Y) <= norm_of_matrix p q X + norm_of_matrix p q Y.
Proof.
  unfold norm_of_matrix. rewrite <- total_add. apply total_le; intros.
  rewrite <- total_add. apply total_le; intros. apply Rabs_triang.
Qed.

Lemma norm_of_times p q c X : norm_of_matrix p q (times c X) = Rabs c * norm_of_matrix p q X.
Proof.
  unfold norm_of_matrix. rewrite <- total_scale. apply total_ext; intros.
  rewrite <- total_scale. apply total_ext; intros. apply Rabs_mult.
Qed.

Lemma matrices_laws p q : laws (matrices p q).
Proof.
  assert (E : forall A B, (forall i j, A i j = B i j) -> A = B :> Matrix).
  { intros A B H. extensionality i; extensionality j; auto. }
  split; unfold difference; simpl; intros; try (apply E; intros; unfold plus, times; ring).
  - now apply matrix_plus.
  - now apply matrix_times.
  - apply matrix_twice.
  - apply norm_of_matrix_nonneg.
  - apply norm_of_plus.
  - apply norm_of_times.
  - unfold norm_of_matrix. apply total_zero; intros; apply total_zero; intros.
    unfold plus, times. replace (x k k0 + -1 * x k k0) with 0 by ring. apply Rabs_R0.
  - replace (plus x (times (-1) y)) with (times (-1) (plus y (times (-1) x))).
    + rewrite norm_of_times, Rabs_m1; ring.
    + apply E; intros; unfold plus, times; ring.
  - replace (plus x (times (-1) z)) with (plus (plus x (times (-1) y)) (plus y (times (-1) z))).
    + apply norm_of_plus.
    + apply E; intros; unfold plus, times; ring.
  - replace x with (plus (plus x (times (-1) y)) y) at 1.
    + apply norm_of_plus.
    + apply E; intros; unfold plus, times; ring.
  - rewrite <- norm_of_times. f_equal. apply E; intros; unfold plus, times; ring.
  - now apply norm_of_matrix_ext.
  - intros i j Hi Hj. pose proof (entry_le_norm p q (plus x (times (-1) y)) i j Hi Hj) as H1.
    rewrite H in H1. unfold plus, times in H1. pose proof (Rabs_pos (x i j + -1 * y i j)).
    apply Rminus_diag_uniq. destruct (Req_dec (x i j - y i j) 0) as [|N]; auto.
    apply Rabs_no_R0 in N. replace (x i j - y i j) with (x i j + -1 * y i j) in N by ring. lra.
  - intros i j Hi Hj. unfold plus, times. now rewrite H, H0.
  - intros i j; auto.
  - intros i j Hi Hj. now rewrite H.
  - intros i j Hi Hj. now rewrite H, H0.
Qed.

Definition bounded {A B} (S : space A) (T : space B) (L : A -> B) : Prop :=
  exists K, 0 <= K /\ forall H, member S H = H -> norm T (L H) <= K * norm S H.

Section Generic.
Context {A B : Type} {S : space A} {T : space B} (LS : laws S) (LT : laws T).

Lemma in_difference x y : member S x = x -> member S y = y ->
  member S (difference S x y) = difference S x y.
Proof. intros. unfold difference. apply (in_add LS); auto. now apply (in_scale LS). Qed.

Lemma near_point c P : member S c = c -> near S c P -> P c.
Proof. intros Hc [d [Hd H]]. apply H; auto. now rewrite (norm_self LS). Qed.

Lemma near_both c P Q : near S c P -> near S c Q -> near S c (fun x => P x /\ Q x).
Proof.
  intros [d [Hd H]] [e [He K]]. exists (Rmin d e). split; [now apply Rmin_pos|].
  intros x Hx Hn. split; [apply H|apply K]; auto; eapply Rlt_le_trans; eauto;
    [apply Rmin_l|apply Rmin_r].
Qed.

Lemma near_mono c (P Q : A -> Prop) : (forall x, member S x = x -> P x -> Q x) ->
  near S c P -> near S c Q.
Proof. intros HPQ [d [Hd H]]. exists d. split; auto. intros x Hx Hn. auto. Qed.

(** Functions that agree near a point have the same slope there. *)
Lemma slope_local F G X L : member S X = X -> slope S T F X L ->
  near S X (fun Y => equal T (F Y) (G Y)) -> slope S T G X L.
Proof.
  intros HX [HL HF] Hn. split; auto. intros e He.
  pose proof (near_point X _ HX Hn) as E0. destruct Hn as [d0 [Hd0 Hn]].
  destruct (HF e He) as [d [Hd Hs]]. exists (Rmin d d0). split; [now apply Rmin_pos|].
  intros H HH Hsmall.
  rewrite <- (norm_equal LT (difference T (difference T (F (add S X H)) (F X)) (L H))).
  - apply Hs; auto. eapply Rlt_le_trans; [eauto|apply Rmin_l].
  - apply (equal_difference LT); [|apply (equal_refl LT)].
    apply (equal_difference LT); auto. apply Hn; [apply (in_add LS); auto|].
    rewrite (back LS). eapply Rlt_le_trans; [eauto|apply Rmin_r].
Qed.

Lemma slope_linear_ext F X L K : slope S T F X L ->
  (forall H, member S H = H -> equal T (L H) (K H)) -> linear S T K -> slope S T F X K.
Proof.
  intros [HL HF] E HK. split; auto. intros e He. destruct (HF e He) as [d [Hd Hs]].
  exists d. split; auto. intros H HH Hsmall.
  rewrite <- (norm_equal LT (difference T (difference T (F (add S X H)) (F X)) (L H))); auto.
  apply (equal_difference LT); auto. apply (equal_refl LT).
Qed.

Lemma slope_continuous F X L : member S X = X -> bounded S T L -> slope S T F X L ->
  continuous S T F X.
Proof.
  intros HX [K [HK HB]] [HL HF] e He. destruct (HF 1 Rlt_0_1) as [d [Hd Hs]].
  exists (Rmin d (e / (K + 1))). split.
  - apply Rmin_pos; auto. apply Rdiv_lt_0_compat; lra.
  - intros Y HY Hn. set (H := difference S Y X) in *.
    assert (HH : member S H = H) by now apply in_difference.
    assert (EY : add S X H = Y) by apply (there LS). 
    assert (Hn1 : norm S H < d) by (eapply Rlt_le_trans; [exact Hn|apply Rmin_l]).
    assert (Hn2 : norm S H < e / (K + 1)) by (eapply Rlt_le_trans; [exact Hn|apply Rmin_r]).
    specialize (Hs H HH Hn1). rewrite EY in Hs.
    pose proof (norm_less LT (difference T (F Y) (F X)) (L H)) as H1.
    specialize (HB H HH).
    apply Rle_lt_trans with ((K + 1) * norm S H); [lra|].
    apply Rlt_le_trans with ((K + 1) * (e / (K + 1))); [apply Rmult_lt_compat_l; lra|].
    apply Req_le. field. lra.
Qed.

(** Two slopes at one point agree. *)
Lemma slope_unique F X L K H : member S X = X -> member S H = H ->
  slope S T F X L -> slope S T F X K -> equal T (L H) (K H).
Proof.
  intros HX HH [[_ HL] SL] [[_ HK] SK]. apply (equal_norm LT).
  set (n := norm T (difference T (L H) (K H))).
  assert (0 <= n) by apply (norm_nonneg LT).
  destruct (Req_dec n 0) as [|N]; auto. exfalso.
  pose proof (norm_nonneg LS H) as NH.
  set (e := n / (4 * (norm S H + 1))).
  assert (He : 0 < e) by (apply Rdiv_lt_0_compat; lra).
  destruct (SL e He) as [d [Hd Hs]], (SK e He) as [d' [Hd' Hs']].
  set (t := Rmin d d' / (2 * (norm S H + 1))).
  assert (Hm : 0 < Rmin d d') by now apply Rmin_pos.
  assert (Ht : 0 < t) by (apply Rdiv_lt_0_compat; lra).
  assert (Htn : norm S (scale S t H) = t * norm S H).
  { rewrite (norm_scale LS), Rabs_pos_eq; lra. }
  assert (Hsmall : norm S (scale S t H) < Rmin d d').
  { rewrite Htn. apply Rmult_lt_reg_r with (2 * (norm S H + 1)); [lra|]. unfold t.
    replace (Rmin d d' / (2 * (norm S H + 1)) * norm S H * (2 * (norm S H + 1)))
      with (Rmin d d' * norm S H) by (field; lra). nra. }
  pose proof (in_scale LS t H HH) as HtH.
  assert (A1 := Hs _ HtH (Rlt_le_trans _ _ _ Hsmall (Rmin_l _ _))).
  assert (A2 := Hs' _ HtH (Rlt_le_trans _ _ _ Hsmall (Rmin_r _ _))).
  set (D := difference T (F (add S X (scale S t H))) (F X)) in *.
  assert (E1 : norm T (difference T (L (scale S t H)) (K (scale S t H))) = t * n).
  { unfold n. rewrite <- (Rabs_pos_eq t) at 3 by lra. rewrite <- (norm_scales LT).
    apply (norm_equal LT). apply (equal_difference LT); [now apply HL|now apply HK]. }
  pose proof (norm_via LT (L (scale S t H)) D (K (scale S t H))) as A3.
  rewrite (norm_sym LT (L _) D) in A3.
  rewrite Htn in A1, A2.
  assert (t * n <= 2 * e * (t * norm S H)) by lra.
  assert (n <= 2 * e * norm S H) by (apply Rmult_le_reg_l with t; lra).
  assert (e * (4 * (norm S H + 1)) = n) by (unfold e; field; lra).
  nra.
Qed.
End Generic.

(** * Linear functions are bounded *)
Definition unit (i j : nat) : Matrix :=
  fun a b => if andb (Nat.eqb a i) (Nat.eqb b j) then 1 else 0.
Fixpoint msum (n : nat) (f : nat -> Matrix) : Matrix :=
  match n with O => zero | S m => plus (msum m f) (f m) end.

Lemma msum_entry n f i j : msum n f i j = total n (fun k => f k i j).
Proof. induction n as [|n IH]; simpl; auto. unfold plus. now rewrite IH. Qed.

Lemma unit_same i j : unit i j i j = 1.
Proof. unfold unit. now rewrite !Nat.eqb_refl. Qed.

Lemma unit_other i j a b : a <> i \/ b <> j -> unit i j a b = 0.
Proof.
  unfold unit. destruct (Nat.eqb_spec a i), (Nat.eqb_spec b j); simpl; auto; lia.
Qed.

Lemma unit_member p q i j : (i < p)%nat -> (j < q)%nat -> matrix p q (unit i j) = unit i j.
Proof. intros. apply matrix_shape. intros a b N. apply unit_other. lia. Qed.

Lemma matrix_of_units p q X : matrix p q X = X ->
  X = msum p (fun i => msum q (fun j => times (X i j) (unit i j))).
Proof.
  intros HX. extensionality a; extensionality b. rewrite msum_entry.
  destruct (le_lt_dec p a) as [Ha|Ha].
  - rewrite (shape_zero p q X) by (auto; lia). symmetry. apply total_zero. intros i Hi.
    rewrite msum_entry. apply total_zero. intros j Hj. unfold times.
    rewrite unit_other by lia. ring.
  - rewrite (total_single p _ a Ha).
    + rewrite msum_entry. destruct (le_lt_dec q b) as [Hb|Hb].
      * rewrite (shape_zero p q X) by (auto; lia). symmetry. apply total_zero. intros j Hj.
        unfold times. rewrite unit_other by lia. ring.
      * rewrite (total_single q _ b Hb); unfold times; [rewrite unit_same; ring|].
        intros j Hj N. rewrite unit_other by lia. ring.
    + intros i Hi N. rewrite msum_entry. apply total_zero. intros j Hj. unfold times.
      rewrite unit_other by lia. ring.
Qed.

Section Bounds.
Context {B : Type} {T : space B} (LT : laws T) (p q : nat) (L : Matrix -> B).
Hypothesis HL : linear (matrices p q) T L.

Lemma linear_zero : norm T (L zero) = 0.
Proof.
  destruct HL as [_ H]. specialize (H 0 zero (matrix_zero p q)). cbv beta in H.
  replace (scale (matrices p q) 0 zero) with zero in H.
  - rewrite (norm_equal LT _ _ H), (norm_scale LT), Rabs_R0. ring.
  - simpl. extensionality i; extensionality j. unfold times, zero. ring.
Qed.

Lemma msum_member n f : (forall k, (k < n)%nat -> matrix p q (f k) = f k) ->
  matrix p q (msum n f) = msum n f.
Proof.
  induction n as [|n IH]; intros H; simpl; [apply matrix_zero|].
  apply matrix_plus; auto with arith.
Qed.

Lemma linear_msum n f : (forall k, (k < n)%nat -> matrix p q (f k) = f k) ->
  norm T (L (msum n f)) <= total n (fun k => norm T (L (f k))).
Proof.
  induction n as [|n IH]; intros H; simpl; [rewrite linear_zero; lra|].
  destruct HL as [HA _].
  assert (E := HA (msum n f) (msum_member n f (fun k Hk => H k (Nat.lt_lt_succ_r _ _ Hk)))
    (f n) (H n (Nat.lt_succ_diag_r n))).
  simpl in E. rewrite (norm_equal LT _ _ E).
  eapply Rle_trans; [apply (norm_add LT)|]. apply Rplus_le_compat_r. apply IH. auto with arith.
Qed.

Lemma linear_bounded : bounded (matrices p q) T L.
Proof.
  set (K := total p (fun i => total q (fun j => norm T (L (unit i j))))).
  assert (K0 : forall i j, (i < p)%nat -> (j < q)%nat -> norm T (L (unit i j)) <= K).
  { intros i j Hi Hj. eapply Rle_trans; [|apply (total_member p (fun i => total q _) i Hi)].
    - apply (total_member q (fun j => norm T (L (unit i j))) j Hj). intros; apply (norm_nonneg LT).
    - intros; apply total_nonneg; intros; apply (norm_nonneg LT). }
  exists K. split.
  - apply total_nonneg; intros; apply total_nonneg; intros; apply (norm_nonneg LT).
  - simpl. intros H HH. rewrite (matrix_of_units p q H HH) at 1.
    assert (M : forall i j, (i < p)%nat -> (j < q)%nat ->
      matrix p q (times (H i j) (unit i j)) = times (H i j) (unit i j)).
    { intros. apply matrix_times. now apply unit_member. }
    eapply Rle_trans; [apply linear_msum; intros; apply msum_member; auto|].
    unfold norm_of_matrix. rewrite <- total_scale. apply total_le. intros i Hi.
    eapply Rle_trans; [apply linear_msum; auto|].
    rewrite <- total_scale. apply total_le. intros j Hj.
    destruct HL as [_ HS].
    assert (E := HS (H i j) (unit i j) (unit_member p q i j Hi Hj)). simpl in E.
    rewrite (norm_equal LT _ _ E), (norm_scale LT), Rmult_comm.
    apply Rmult_le_compat_r; [apply Rabs_pos|]. auto.
Qed.
End Bounds.

Lemma linear_bounded_reals {B} {T : space B} (LT : laws T) L :
  linear reals T L -> bounded reals T L.
Proof.
  intros [_ HS]. exists (norm T (L 1)). split; [apply (norm_nonneg LT)|].
  intros h _. simpl. assert (E := HS h 1 eq_refl). simpl in E. rewrite Rmult_1_r in E.
  rewrite (norm_equal LT _ _ E), (norm_scale LT). lra.
Qed.

Lemma determinant_S n X : word_determinant (S n) X =
  total (S n) (fun k => (-1) ^ k * X O k * word_determinant n (minor X k)).
Proof. reflexivity. Qed.

Lemma swap_factors a b c : a * b * c = b * (a * c).
Proof. ring. Qed.

(** Orders of sizes, as the kernel writes them. *)
Lemma below a b : (a <= b)%nat -> (0 <= Z.of_nat b + -1 * Z.of_nat a)%Z.
Proof. lia. Qed.

Lemma below' a b : (a <= b)%nat -> (0 <= -1 * Z.of_nat a + Z.of_nat b)%Z.
Proof. lia. Qed.

Lemma even a b : a = b -> (Z.of_nat a + -1 * Z.of_nat b = 0)%Z.
Proof. lia. Qed.

Lemma even_back a b : (Z.of_nat a + -1 * Z.of_nat b = 0)%Z -> a = b.
Proof. lia. Qed.

Lemma below_back a b : (0 <= Z.of_nat b + -1 * Z.of_nat a)%Z -> (a <= b)%nat.
Proof. lia. Qed.

Lemma strictly_below_back a b : (0 <= -1 + Z.of_nat b + -1 * Z.of_nat a)%Z -> (a < b)%nat.
Proof. lia. Qed.

Lemma minus_self x : x + (- 1) * x = 0.
Proof. ring. Qed.

Lemma minus_product x y : y * x + (- 1) * (x * y) = 0.
Proof. ring. Qed.

Lemma inverse_def n X : word_inverse n X = matrix n n (the zero (fun Y =>
  same n n (product n X Y) (one n) /\ same n n (product n Y X) (one n))).
Proof. reflexivity. Qed.

Lemma minus_nonneg x y : y <= x -> 0 <= x + (- 1) * y.
Proof. lra. Qed.

Lemma product_below a b m N : a * a <= N -> b * b <= N -> a * m * b <= Rabs m * N.
Proof.
  intros Ha Hb. assert (Rabs (a * b) <= N).
  { apply Rabs_le. pose proof (Rle_0_sqr (a - b)). pose proof (Rle_0_sqr (a + b)). unfold Rsqr in *. lra. }
  replace (a * m * b) with (m * (a * b)) by ring. eapply Rle_trans; [apply Rle_abs|].
  rewrite Rabs_mult. apply Rmult_le_compat_l; auto. apply Rabs_pos.
Qed.

Lemma least_bound (E : R -> Prop) b : (forall x, E x -> x <= b) -> (exists x, E x) ->
  exists m, (forall x, E x -> x <= m) /\ forall e, 0 < e -> exists x, E x /\ m - e < x.
Proof.
  intros B N. destruct (completeness E) as [m [U L]]; auto; [now exists b|]. exists m. split; auto.
  intros e He. apply NNPP. intros F. assert (m <= m - e); [|lra]. apply L. intros x Hx.
  apply Rnot_lt_le. intros G. apply F. now exists x.
Qed.

Lemma quadratic_minimum k a b N : 0 < k -> b <= k * N ->
  0 <= a + - / k * N + (- / k * N + - / k * - / k * b) -> N <= k * a.
Proof.
  intros Hk Hb H. assert (P : 0 < / k) by now apply Rinv_0_lt_compat.
  assert (/ k * / k * b <= / k * N).
  { replace (/ k * N) with (/ k * / k * (k * N)) by (field; lra). apply Rmult_le_compat_l; nra. }
  assert (/ k * N <= a) by lra. replace N with (k * (/ k * N)) by (field; lra).
  apply Rmult_le_compat_l; lra.
Qed.

Lemma gap k l N m x : 0 < k -> 0 < l -> 1 <= l * N -> N <= k * (m - x + (m - x)) ->
  x <= m - / (k * l * 2).
Proof.
  intros Hk Hl H1 H2. assert (P : 0 < k * l) by nra.
  assert (1 <= k * l * 2 * (m - x)).
  { assert (l * N <= l * (k * (m - x + (m - x)))) by (apply Rmult_le_compat_l; lra). lra. }
  apply Rmult_le_reg_l with (k * l * 2); [lra|]. rewrite Rmult_minus_distr_l, Rinv_r by lra. lra.
Qed.

Lemma tangents a l m s t k : 0 <= -1 + -1 * l + a -> s <= t -> m <= s - k -> l + m <= a + t - (k + 1).
Proof. lra. Qed.

Lemma below_tangent l k t : l <= t - k -> 0 <= -1 * l + -1 * k + t.
Proof. lra. Qed.
