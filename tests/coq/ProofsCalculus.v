(** Facts of calculus: slopes, gradients, second differentials, optimisation. *)
From Coq Require Import Reals ZArith Lra Lia FunctionalExtensionality ClassicalEpsilon.
From Proofkit Require Import Language Statements Base ProofsReals ProofsEntries Calculus.
Open Scope R_scope.

(** * Slopes of functions that are variables *)
Theorem proved_slopes_are_continuous_matrices : fact_slopes_are_continuous_matrices.
Proof.
  intros p _ q _ F _ X HX L _ H.
  apply (slope_continuous (matrices_laws p q) reals_laws F X L); auto.
  apply (linear_bounded reals_laws). apply H.
Qed.

Theorem proved_slopes_are_continuous_curves : fact_slopes_are_continuous_curves.
Proof.
  intros r _ s _ F _ x Hx L _ H.
  apply (slope_continuous reals_laws (matrices_laws r s) F x L); auto.
  apply (linear_bounded_reals (matrices_laws r s)). apply H.
Qed.

Theorem proved_slopes_are_continuous_maps : fact_slopes_are_continuous_maps.
Proof.
  intros p _ q _ r _ s _ F _ X HX L _ H.
  apply (slope_continuous (matrices_laws p q) (matrices_laws r s) F X L); auto.
  apply (linear_bounded (matrices_laws r s)). apply H.
Qed.

Lemma same_of_minus p q A B : same p q (plus A (times (- 1) B)) zero -> same p q B A.
Proof. intros H i j Hi Hj. specialize (H i j Hi Hj). unfold plus, times, zero in H. lra. Qed.

Lemma minus_of_same p q A B : same p q A B -> same p q (plus A (times (- 1) B)) zero.
Proof. intros H i j Hi Hj. unfold plus, times, zero. rewrite H by auto. ring. Qed.

Theorem proved_slopes_are_local_matrices : fact_slopes_are_local_matrices.
Proof.
  intros p _ q _ F _ X HX L _ G _ HF Hn.
  apply (slope_local (matrices_laws p q) reals_laws F); auto.
  eapply near_mono; [|exact Hn]. intros y _ E. simpl. lra.
Qed.

Theorem proved_slopes_are_local_curves : fact_slopes_are_local_curves.
Proof.
  intros r _ s _ F _ x Hx L _ G _ HF Hn.
  apply (slope_local reals_laws (matrices_laws r s) F); auto.
  eapply near_mono; [|exact Hn]. intros y _ E. now apply same_of_minus.
Qed.

Theorem proved_slopes_are_local_maps : fact_slopes_are_local_maps.
Proof.
  intros p _ q _ r _ s _ F _ X HX L _ G _ HF Hn.
  apply (slope_local (matrices_laws p q) (matrices_laws r s) F); auto.
  eapply near_mono; [|exact Hn]. intros y _ E. now apply same_of_minus.
Qed.

(** * Gradients *)
Lemma dot_symmetric p q G : (fun H => dot p q H G) = (fun H => dot p q G H).
Proof. extensionality H. apply dot_comm. Qed.

Theorem proved_gradient_of_slope : fact_gradient_of_slope.
Proof.
  intros p _ q _ f _ X HX G HG H. apply minus_of_same.
  apply gradient_unique; auto. apply (slope_unlam (matrices_laws p q)) in H; auto.
  rewrite <- dot_symmetric. exact H.
Qed.

Theorem proved_slope_of_gradient : fact_slope_of_gradient.
Proof.
  intros p _ q _ f _ X HX [L [_ HL]]. apply (slope_lam (matrices_laws p q)); auto.
  change (slope (matrices p q) reals f X (fun H => dot p q H (gradient p q f X))).
  rewrite dot_symmetric. eapply gradient_spec; eauto.
Qed.

Theorem proved_differentiable_everywhere : fact_differentiable_everywhere.
Proof. intros p _ q _ f _ H X HX. destruct (H X HX) as [L [_ HL]]. now exists L. Qed.

Theorem proved_differentiable_at_each_point : fact_differentiable_at_each_point.
Proof.
  intros p _ q _ f _ X HX H. destruct (H X HX) as [L HL].
  exists (lam (matrix p q) L). split; [apply to_real|]. now apply (slope_lam (matrices_laws p q)).
Qed.

(** * Minima *)
Theorem proved_fermat : fact_fermat.
Proof.
  intros p _ q _ f _ A HA Hd [d [Hpos Hn]]. destruct (Hd A HA) as [L HL].
  assert (HG := gradient_spec p q f A L HA HL). intros i j Hi Hj. unfold zero.
  set (H := unit i j). assert (HH : matrix p q H = H) by now apply unit_member.
  rewrite <- (at_zero A H) in HG.
  apply slope_line in HG; auto. rewrite at_zero in HG. unfold H in HG at 2.
  rewrite dot_unit in HG by auto.
  set (phi := fun s => f (plus A (times s H))) in *.
  assert (N : norm_of_matrix p q H = 1).
  { unfold norm_of_matrix. rewrite (total_single p _ i Hi).
    - rewrite (total_single q _ j Hj); [unfold H; rewrite unit_same; apply Rabs_R1|].
      intros m Hm N. unfold H. rewrite unit_other by auto. apply Rabs_R0.
    - intros m Hm N. apply total_zero. intros k Hk. unfold H. rewrite unit_other by auto.
      apply Rabs_R0. }
  assert (pr : derivable_pt phi 0) by (exists (gradient p q f A i j); exact HG).
  rewrite <- (derive_pt_eq_0 phi 0 _ pr HG).
  apply (deriv_minimum phi (- d) d 0 pr); try lra.
  intros x H1 H2. unfold phi. rewrite at_zero.
  assert (HM : matrix p q (plus A (times x H)) = plus A (times x H)).
  { apply matrix_plus; auto. now apply matrix_times. }
  specialize (Hn _ HM). simpl in Hn. unfold difference in Hn. simpl in Hn.
  replace (plus (plus A (times x H)) (times (-1) A)) with (times x H) in Hn by by_entries.
  rewrite norm_of_times, N in Hn. assert (Rabs x * 1 < d) by (rewrite Rmult_1_r; apply Rabs_def1; lra).
  specialize (Hn H0). lra.
Qed.

Theorem proved_convex_critical_point : fact_convex_critical_point.
Proof.
  intros p _ q _ f _ A HA Hc Hd HG X HX. destruct (Hd A HA) as [L HL].
  pose proof (gradient_spec p q f A L HA HL) as HS.
  set (D := plus X (times (-1) A)).
  assert (HD : matrix p q D = D) by (apply matrix_plus; auto; now apply matrix_times).
  rewrite <- (at_zero A D) in HS. apply slope_line in HS; auto. rewrite at_zero in HS.
  rewrite (dot_same p q _ zero) in HS by auto. rewrite dot_comm, dot_zero in HS.
  destruct (Rle_dec 0 (f X + (- 1) * f A)) as [|N]; auto. exfalso.
  set (c := f A - f X). assert (Hcp : 0 < c) by (unfold c; lra).
  destruct (HS c Hcp) as [d Hs]. pose proof (cond_pos d).
  set (t := Rmin (d / 2) (1 / 2)).
  assert (T1 : t <= d / 2) by apply Rmin_l. assert (T2 : t <= 1 / 2) by apply Rmin_r.
  assert (T0 : 0 < t) by (apply Rmin_pos; lra).
  specialize (Hs t ltac:(lra)). rewrite Rabs_pos_eq in Hs by lra. specialize (Hs ltac:(lra)).
  rewrite Rplus_0_l, at_zero in Hs.
  assert (C := Hc A HA X HX t ltac:(lra)).
  replace (plus (times (1 - t) A) (times t X)) with (plus A (times t D)) in C
    by (unfold D; by_entries).
  apply Rabs_def2 in Hs. destruct Hs as [_ Hs].
  assert ((f (plus A (times t D)) - f A) / t <= - c).
  { apply Rmult_le_reg_r with t; auto. unfold Rdiv. rewrite Rmult_assoc, Rinv_l by lra.
    unfold c. lra. }
  lra.
Qed.

Theorem proved_convex_above_tangents : fact_convex_above_tangents.
Proof.
  intros p _ q _ f _ H X HX Y HY t Ht.
  set (Z := plus (times (1 - t) X) (times t Y)).
  assert (HZ : matrix p q Z = Z).
  { apply matrix_plus; now apply matrix_times. }
  pose proof (H Z HZ X HX) as H1. pose proof (H Z HZ Y HY) as H2. rewrite !trace_dot in *.
  set (G := gradient p q f Z) in *.
  assert (E : dot p q Z G = (1 - t) * dot p q X G + t * dot p q Y G).
  { unfold Z. now rewrite dot_plus, !dot_times. }
  rewrite E in *. fold Z.
  assert ((1 - t) * (f X + -1 * f Z + -1 * dot p q X G + ((1 - t) * dot p q X G + t * dot p q Y G)) >= 0)
    by (apply Rle_ge, Rmult_le_pos; lra).
  assert (t * (f Y + -1 * f Z + -1 * dot p q Y G + ((1 - t) * dot p q X G + t * dot p q Y G)) >= 0)
    by (apply Rle_ge, Rmult_le_pos; lra).
  lra.
Qed.

(** * Entry by entry *)
Ltac linearly :=
  let H := fresh in let K := fresh in let c := fresh in
  split; [intros H _ K _ i j Hi Hj|intros c H _ i j Hi Hj]; simpl.

Lemma positive_bound n (P : nat -> R -> Prop) :
  (forall k d d', P k d -> 0 < d' <= d -> P k d') ->
  (forall k, (k < n)%nat -> exists d, 0 < d /\ P k d) ->
  exists d, 0 < d /\ forall k, (k < n)%nat -> P k d.
Proof.
  intros M. induction n as [|n IH]; intros H.
  - exists 1. split; [lra|]. intros; lia.
  - destruct IH as [d [Hd Hs]]; [auto with arith|].
    destruct (H n) as [d' [Hd' Hs']]; auto.
    exists (Rmin d d'). pose proof (Rmin_l d d'). pose proof (Rmin_r d d').
    assert (0 < Rmin d d') by now apply Rmin_pos. split; auto.
    intros k Hk. destruct (Nat.eq_dec k n) as [->|]; [apply (M n d')|apply (M k d)]; auto.
    apply Hs. lia.
Qed.

Lemma positive_bound2 p q (P : nat -> nat -> R -> Prop) :
  (forall i j d d', P i j d -> 0 < d' <= d -> P i j d') ->
  (forall i j, (i < p)%nat -> (j < q)%nat -> exists d, 0 < d /\ P i j d) ->
  exists d, 0 < d /\ forall i j, (i < p)%nat -> (j < q)%nat -> P i j d.
Proof.
  intros M H.
  destruct (positive_bound p (fun i d => forall j, (j < q)%nat -> P i j d)) as [d [Hd Hs]].
  - intros i d d' HP Hd j Hj. eapply M; eauto.
  - intros i Hi. apply (positive_bound q (P i)); eauto.
  - exists d. auto.
Qed.

Lemma norm_small p q A c : (forall i j, (i < p)%nat -> (j < q)%nat -> Rabs (A i j) <= c) ->
  norm_of_matrix p q A <= INR p * (INR q * c).
Proof.
  intros H. unfold norm_of_matrix. rewrite <- (total_const q c), <- total_const.
  apply total_le. intros i Hi. apply total_le. auto.
Qed.

Lemma entry_nat p q X i j : word_entry p q X (Z.of_nat (S i)) (Z.of_nat (S j)) = X i j.
Proof.
  unfold word_entry. rewrite !Nat2Z.inj_succ. unfold Z.succ.
  now rewrite !Z.add_simpl_r, !Nat2Z.id.
Qed.

Ltac entries H i j :=
  specialize (H (Z.of_nat (S i)) eq_refl (Z.of_nat (S j)) eq_refl ltac:(lia) ltac:(lia));
  rewrite entry_nat in H.

Theorem proved_continuity_of_entrywise : fact_continuity_of_entrywise.
Proof.
  intros p _ q _ f _ X HX H e He.
  set (c := e / (INR p * INR q + 1)).
  pose proof (pos_INR p) as Pp. pose proof (pos_INR q) as Pq. 
  assert (P : 0 <= INR p * INR q) by now apply Rmult_le_pos.
  assert (Hc : 0 < c) by (apply Rdiv_lt_0_compat; lra).
  destruct (positive_bound2 p q (fun i j d => forall y, Rabs (y + -1 * X i j) < d ->
    Rabs (f y + -1 * f (X i j)) < c)) as [d [Hd Hs]].
  - intros i j d d' HP Hd y Hy. apply HP. lra.
  - intros i j Hi Hj. entries H i j. destruct (H c Hc) as [d [Hd Hs]]. exists d. split; auto.
    intros y Hy. apply (Hs y eq_refl Hy).
  - exists d. split; auto. intros Y HY Hn. simpl in *.
    apply Rle_lt_trans with (INR p * (INR q * c)).
    + apply norm_small. intros i j Hi Hj. unfold difference; simpl. unfold plus, times.
      unfold word_entrywise. rewrite !inside by auto. apply Rlt_le, Hs; auto.
      eapply Rle_lt_trans; [|exact Hn].
      apply (entry_le_norm p q (plus Y (times (-1) X)) i j Hi Hj).
    + replace e with ((INR p * INR q + 1) * c) by (unfold c; field; lra). nra.
Qed.

Theorem proved_slope_of_entrywise : fact_slope_of_entrywise.
Proof.
  intros p _ q _ f _ g _ X HX H. apply (slope_lam (matrices_laws p q)); auto. split.
  - linearly; unfold word_hadamard, plus, times; ring.
  - intros e He.
    destruct (positive_bound2 p q (fun i j d => forall h, Rabs h < d ->
      Rabs (f (X i j + h) + -1 * f (X i j) + -1 * (g (X i j) * h)) <= e * Rabs h)) as [d [Hd Hs]].
    + intros i j d d' HP Hd y Hy. apply HP. lra.
    + intros i j Hi Hj. entries H i j. destruct H as [_ H]. destruct (H e He) as [d [Hd Hs]].
      exists d. split; auto. intros h Hh. apply (Hs h eq_refl Hh).
    + exists d. split; auto. intros Y HY Hn. simpl in *. unfold norm_of_matrix at 2.
      rewrite <- total_scale. apply total_le. intros i Hi. rewrite <- total_scale.
      apply total_le. intros j Hj. unfold difference; simpl.
      unfold word_hadamard, word_entrywise, plus, times. rewrite !inside by auto. apply Hs; auto.
      eapply Rle_lt_trans; [|exact Hn]. now apply entry_le_norm.
Qed.

Theorem proved_continuity_of_roots : fact_continuity_of_roots.
Proof.
  intros p _ q _ f _ X HX Hn Hc.
  apply (continuous_members (fun Y => sqrt (f Y))); auto.
  { intros Y HY. now rewrite lam_member. }
  intros e He.
  assert (P : 0 <= f X) by (apply (near_point (matrices_laws p q) X (fun Y => 0 <= f Y)); auto).
  destruct (continuity_pt_sqrt (f X) P e He) as [d [Hd Hs]].
  destruct (Hc d Hd) as [d' [Hd' Hs']]. exists d'. split; auto. intros Y HY Hy.
  specialize (Hs' Y HY Hy). unfold difference in Hs' |- *; simpl in Hs' |- *. simpl in Hs.
  replace (sqrt (f Y) + -1 * sqrt (f X)) with (sqrt (f Y) - sqrt (f X)) by ring.
  destruct (Req_dec (f X) (f Y)) as [<-|N].
  - rewrite Rminus_diag_eq, Rabs_R0; auto.
  - apply Hs. split; [split; [exact I|auto]|]. unfold R_dist.
    now replace (f Y - f X) with (f Y + -1 * f X) by ring.
Qed.

(** * Second differentials *)
Definition hessian_property p q f X (L : Matrix -> Matrix) :=
  linear (matrices p q) (matrices p q) L /\
  ((exists K, slope (matrices p q) (matrices p q) (gradient p q f) X K) ->
    slope (matrices p q) (matrices p q) (gradient p q f) X L).

Lemma hessian_spec p q f X : hessian_property p q f X (the (fun _ => zero) (hessian_property p q f X)).
Proof.
  apply the_spec. destruct (classic (exists K, slope (matrices p q) (matrices p q) (gradient p q f) X K))
    as [[K HK]|N].
  - exists K. split; [apply HK|auto].
  - exists (fun _ => zero). split; [|tauto].
    linearly; unfold plus, times, zero; ring.
Qed.

Lemma hessian_value p q f X H : matrix p q H = H ->
  same p q (word_hessian p q f X H) (the (fun _ => zero) (hessian_property p q f X) H).
Proof.
  intros HH. unfold word_hessian. rewrite lam_member by auto. apply same_cut.
Qed.

Lemma linear_same {A} {S : space A} p q (L K : A -> Matrix) (LS : laws S) :
  (forall H, member S H = H -> same p q (K H) (L H)) ->
  linear S (matrices p q) L -> linear S (matrices p q) K.
Proof.
  intros E [HA HS]. split.
  - intros H HH J HJ i j Hi Hj. simpl. unfold plus. rewrite !E; auto; [|apply (in_add LS); auto].
    apply HA; auto.
  - intros c H HH i j Hi Hj. simpl. unfold times. rewrite !E; auto; [|apply (in_scale LS); auto].
    apply HS; auto.
Qed.

Lemma hessian_linear p q f X : linear (matrices p q) (matrices p q) (word_hessian p q f X).
Proof.
  apply (linear_same p q (the (fun _ => zero) (hessian_property p q f X)) _ (matrices_laws p q)).
  - intros H HH. now apply hessian_value.
  - exact (proj1 (hessian_spec p q f X)).
Qed.

Lemma gradient_lam p q f X L : matrix p q X = X ->
  slope (matrices p q) (matrices p q) (lam (matrix p q) (fun Y => gradient p q f Y)) X L ->
  slope (matrices p q) (matrices p q) (gradient p q f) X L.
Proof.
  intros HX. apply (slope_members (matrices_laws p q)); auto. intros Y HY. now rewrite lam_member.
Qed.

Lemma slope_hessian p q f X L : matrix p q X = X ->
  slope (matrices p q) (matrices p q) (gradient p q f) X L ->
  slope (matrices p q) (matrices p q) (gradient p q f) X (word_hessian p q f X).
Proof.
  intros HX HL. destruct (hessian_spec p q f X) as [H1 H2].
  apply (slope_linear_ext (matrices_laws p q) _ _ (the (fun _ => zero) (hessian_property p q f X))).
  - apply H2. now exists L.
  - intros H HH. intros i j Hi Hj. symmetry. now apply hessian_value.
  - apply hessian_linear.
Qed.

Theorem proved_slope_of_hessian : fact_slope_of_hessian.
Proof.
  intros p _ q _ f _ X HX _ [L [_ HL]]. apply gradient_lam in HL; auto.
  apply (slope_lam (matrices_laws p q)); auto.
  apply (slope_members (matrices_laws p q) (gradient p q f) _ X (word_hessian p q f X)); auto.
  - intros Y HY. now rewrite lam_member.
  - eapply slope_hessian; eauto.
Qed.

Theorem proved_hessian_of_slope : fact_hessian_of_slope.
Proof.
  intros p _ q _ f _ X HX L _ K HK _ HL. apply gradient_lam in HL; auto. apply minus_of_same.
  apply (slope_unique (matrices_laws p q) (matrices_laws p q) (gradient p q f) X _ _ K); auto.
  eapply slope_hessian; eauto.
Qed.

(** * Words that are linear *)
Theorem proved_linear_diag_1 : linear_diag_1.
Proof.
  intros n _. linearly; unfold word_diag, plus, times;
    rewrite !inside by auto; destruct (Nat.eqb i j); ring.
Qed.

Theorem proved_linear_diagonal_1 : linear_diagonal_1.
Proof.
  intros n _. linearly; unfold word_diagonal, plus, times;
    rewrite !inside by auto; ring.
Qed.

Theorem proved_linear_entry_2 : linear_entry_2.
Proof. intros p _ q _ i _ j _. split; [intros H _ K _|intros c H _]; simpl; unfold word_entry, plus, times; ring. Qed.

Theorem proved_linear_hadamard_2 : linear_hadamard_2.
Proof.
  intros p _ q _ Y HY. linearly; unfold word_hadamard, plus, times; ring.
Qed.

Theorem proved_linear_hadamard_3 : linear_hadamard_3.
Proof.
  intros p _ q _ Y HY. linearly; unfold word_hadamard, plus, times; ring.
Qed.

Theorem proved_linear_hessian_4 : linear_hessian_4.
Proof. intros p _ q _ f _ X HX. apply hessian_linear. Qed.
