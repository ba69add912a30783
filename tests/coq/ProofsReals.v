(** Facts of real numbers and functions of them. *)
From Coq Require Import Reals ZArith Lra Lia FunctionalExtensionality ClassicalEpsilon.
From Proofkit Require Import Language Statements Base.
Open Scope R_scope.

Ltac words := cbv delta [word_exp word_log word_sqrt word_sin word_cos word_tanh word_logistic
  word_relu word_abs word_reciprocal] in *; cbv beta in *.

(** * Slopes and limits of Coq's library *)
Lemma linear_scale c : linear reals reals (fun h => c * h).
Proof. split; open; simpl; ring. Qed.

Lemma slope_of_limit F x c : derivable_pt_lim F x c -> slope reals reals F x (fun h => c * h).
Proof.
  intros H. split; [apply linear_scale|]. intros e He. destruct (H e He) as [d Hd].
  exists d. split; [apply cond_pos|]. open. simpl in *. unfold difference; simpl.
  destruct (Req_dec x0 0) as [->|N].
  - rewrite Rplus_0_r, Rabs_R0. replace (F x + -1 * F x + -1 * (c * 0)) with 0 by ring.
    rewrite Rabs_R0. lra.
  - specialize (Hd x0 N H1).
    replace (F (x + x0) + -1 * F x + -1 * (c * x0))
      with (((F (x + x0) - F x) / x0 - c) * x0) by (field; auto).
    rewrite Rabs_mult. apply Rmult_le_compat_r; [apply Rabs_pos|]. lra.
Qed.

Lemma limit_of_slope F x L : slope reals reals F x L -> derivable_pt_lim F x (L 1).
Proof.
  intros [[_ HL] H] e He. destruct (H (e / 2)) as [d [Hd Hs]]; [lra|].
  exists (mkposreal d Hd). intros h N Hh. simpl in Hh. specialize (Hs h eq_refl Hh).
  unfold difference in Hs; simpl in Hs.
  assert (E := HL h 1 eq_refl). simpl in E. rewrite Rmult_1_r in E. rewrite E in Hs.
  replace ((F (x + h) - F x) / h - L 1)
    with ((F (x + h) + -1 * F x + -1 * (h * L 1)) / h) by (field; auto).
  unfold Rdiv. rewrite Rabs_mult, Rabs_inv.
  assert (0 < Rabs h) by now apply Rabs_pos_lt.
  apply Rle_lt_trans with (e / 2 * Rabs h * / Rabs h).
  - apply Rmult_le_compat_r; auto. apply Rlt_le, Rinv_0_lt_compat; auto.
  - rewrite Rmult_assoc, Rinv_r; lra.
Qed.

Lemma slope_at F x c L : (forall h, L h = c * h) -> derivable_pt_lim F x c ->
  slope reals reals F x (lam real L).
Proof.
  intros E H. replace (lam real L) with (fun h => c * h); [now apply slope_of_limit|].
  extensionality h. unfold lam, real. now rewrite E.
Qed.

Lemma limit_near F G x c : derivable_pt_lim F x c ->
  (exists d, 0 < d /\ forall y, Rabs (y - x) < d -> F y = G y) -> derivable_pt_lim G x c.
Proof.
  intros H [d [Hd E]]. apply slope_of_limit in H.
  replace c with ((fun h => c * h) 1) by ring. apply limit_of_slope.
  apply (slope_local reals_laws reals_laws F); auto. exists d. split; auto.
  open. simpl. apply E. unfold difference in H1. simpl in H1.
  replace (x0 - x) with (x0 + -1 * x) by ring. auto.
Qed.

Lemma limit_ext F G x c : derivable_pt_lim F x c -> (forall y, F y = G y) -> derivable_pt_lim G x c.
Proof. intros H E. now replace G with F by (extensionality y; auto). Qed.

Lemma slope_reals_continuous F x L : slope reals reals F x L -> continuous reals reals F x.
Proof.
  intros H. apply (slope_continuous reals_laws reals_laws F x L); auto.
  apply linear_bounded_reals; [apply reals_laws|]. apply H.
Qed.

(** * exp and log *)
Theorem proved_exp_is_positive : fact_exp_is_positive.
Proof. unfold fact_exp_is_positive. open. words. apply exp_pos. Qed.

Theorem proved_exp_of_sum : fact_exp_of_sum.
Proof. unfold fact_exp_of_sum. open. words. rewrite exp_plus. ring. Qed.

Theorem proved_exp_of_zero : fact_exp_of_zero.
Proof. unfold fact_exp_of_zero. words. rewrite exp_0. ring. Qed.

Theorem proved_exp_is_monotone : fact_exp_is_monotone.
Proof.
  unfold fact_exp_is_monotone. open. words.
  destruct (Req_dec x x0) as [->|N]; [lra|]. assert (exp x < exp x0); [apply exp_increasing|]; lra.
Qed.

Theorem proved_slope_of_exp : fact_slope_of_exp.
Proof. unfold fact_slope_of_exp. open. words. eapply slope_at; [|apply derivable_pt_lim_exp]. auto. Qed.

Theorem proved_exp_of_log : fact_exp_of_log.
Proof. unfold fact_exp_of_log. open. words. rewrite exp_ln; lra. Qed.

Theorem proved_log_of_exp : fact_log_of_exp.
Proof. unfold fact_log_of_exp. open. words. rewrite ln_exp; lra. Qed.

Theorem proved_log_of_product : fact_log_of_product.
Proof. unfold fact_log_of_product. open. words. rewrite ln_mult; lra. Qed.

Theorem proved_log_is_monotone : fact_log_is_monotone.
Proof.
  unfold fact_log_is_monotone. open. words.
  destruct (Req_dec x x0) as [->|N]; [lra|]. assert (ln x < ln x0); [apply ln_increasing|]; lra.
Qed.

Theorem proved_log_below_tangent : fact_log_below_tangent.
Proof.
  unfold fact_log_below_tangent. open. words.
  assert (H1 := exp_ineq1_le (ln x)). rewrite exp_ln in H1; lra.
Qed.

Theorem proved_slope_of_log : fact_slope_of_log.
Proof. unfold fact_slope_of_log. open. words. eapply slope_at; [|now apply derivable_pt_lim_ln]. auto. Qed.

(** * Roots *)
Theorem proved_square_of_root : fact_square_of_root.
Proof. unfold fact_square_of_root. open. words. simpl. rewrite Rmult_1_r, sqrt_sqrt; lra. Qed.

Theorem proved_root_is_nonnegative : fact_root_is_nonnegative.
Proof. unfold fact_root_is_nonnegative. open. words. apply sqrt_pos. Qed.

Theorem proved_root_is_positive : fact_root_is_positive.
Proof. unfold fact_root_is_positive. open. words. now apply sqrt_lt_R0. Qed.

Theorem proved_slope_of_root : fact_slope_of_root.
Proof. unfold fact_slope_of_root. open. words. eapply slope_at; [|now apply derivable_pt_lim_sqrt]. auto. Qed.

(** * Sine and cosine *)
Theorem proved_slope_of_sin : fact_slope_of_sin.
Proof. unfold fact_slope_of_sin. open. words. eapply slope_at; [|apply derivable_pt_lim_sin]. auto. Qed.

Theorem proved_slope_of_cos : fact_slope_of_cos.
Proof.
  unfold fact_slope_of_cos. open. words. eapply slope_at; [|apply derivable_pt_lim_cos].
  intros; simpl; ring.
Qed.

Theorem proved_sum_of_squares_of_sin_and_cos : fact_sum_of_squares_of_sin_and_cos.
Proof.
  unfold fact_sum_of_squares_of_sin_and_cos. open. words.
  pose proof (sin2_cos2 x) as H0. unfold Rsqr in H0. simpl. lra.
Qed.

(** * Activations *)
Lemma exp_opposite x : exp (- x) * exp x = 1.
Proof. rewrite <- exp_plus, Rplus_opp_l. apply exp_0. Qed.

Lemma times_minus_one x : -1 * x = - x.
Proof. ring. Qed.

Lemma minus_one_times x : (- 1) * x = - x.
Proof. ring. Qed.

Theorem proved_tanh_from_exp : fact_tanh_from_exp.
Proof.
  unfold fact_tanh_from_exp. open. words. rewrite !minus_one_times.
  pose proof (exp_pos x). pose proof (exp_pos (- x)). field. lra.
Qed.

Theorem proved_bounds_of_tanh : fact_bounds_of_tanh.
Proof.
  unfold fact_bounds_of_tanh. open. words.
  pose proof (exp_pos x). pose proof (exp_pos (- x)). set (a := exp x) in *. set (b := exp (- x)) in *.
  split.
  - replace (1 + (a - b) / (a + b)) with (2 * a / (a + b)) by (field; lra).
    apply Rdiv_lt_0_compat; lra.
  - replace (1 + (- 1) * ((a - b) / (a + b))) with (2 * b / (a + b)) by (field; lra).
    apply Rdiv_lt_0_compat; lra.
Qed.

Lemma limit_opp x : derivable_pt_lim (fun y => - y) x (-1).
Proof.
  replace (-1) with (- 1) by ring.
  apply (derivable_pt_lim_opp id), derivable_pt_lim_id.
Qed.

Lemma limit_exp_opposite x : derivable_pt_lim (fun y => exp (- y)) x (- exp (- x)).
Proof.
  replace (- exp (- x)) with (exp (- x) * -1) by ring.
  apply (derivable_pt_lim_comp (fun y => - y) exp); [|apply derivable_pt_lim_exp].
  apply limit_opp.
Qed.

Theorem proved_slope_of_tanh : fact_slope_of_tanh.
Proof.
  unfold fact_slope_of_tanh. open. words.
  pose proof (exp_pos x). pose proof (exp_pos (- x)).
  eapply slope_at; [|apply (derivable_pt_lim_div (fun y => exp y - exp (- y))
    (fun y => exp y + exp (- y)))].
  2: apply derivable_pt_lim_minus; [apply derivable_pt_lim_exp|apply limit_exp_opposite].
  2: apply derivable_pt_lim_plus; [apply derivable_pt_lim_exp|apply limit_exp_opposite].
  2: lra.
  intros h. simpl. unfold Rsqr. field. lra.
Qed.

Theorem proved_logistic_from_exp : fact_logistic_from_exp.
Proof.
  unfold fact_logistic_from_exp. open. words. rewrite !minus_one_times.
  pose proof (exp_pos (- x)). field. lra.
Qed.

Theorem proved_slope_of_logistic : fact_slope_of_logistic.
Proof.
  unfold fact_slope_of_logistic. open. words. pose proof (exp_pos (- x)).
  eapply slope_at; [|apply (derivable_pt_lim_div (fct_cte 1) (fun y => 1 + exp (- y)))].
  2: apply derivable_pt_lim_const.
  2: apply (derivable_pt_lim_plus (fct_cte 1)); [apply derivable_pt_lim_const|apply limit_exp_opposite].
  2: lra.
  intros h. simpl. unfold Rsqr, fct_cte, plus_fct. field. lra.
Qed.

Theorem proved_bounds_of_logistic : fact_bounds_of_logistic.
Proof.
  unfold fact_bounds_of_logistic. open. words. pose proof (exp_pos (- x)). split.
  - apply Rdiv_lt_0_compat; lra.
  - replace (1 + (- 1) * (1 / (1 + exp (- x)))) with (exp (- x) / (1 + exp (- x))) by (field; lra).
    apply Rdiv_lt_0_compat; lra.
Qed.

Theorem proved_logistic_of_opposite : fact_logistic_of_opposite.
Proof.
  unfold fact_logistic_of_opposite. open. words. rewrite !minus_one_times, Ropp_involutive.
  pose proof (exp_pos x). pose proof (exp_pos (- x)). pose proof (exp_opposite x).
  replace (exp (- x)) with (/ exp x) by (field_simplify_eq; lra). field. lra.
Qed.

Theorem proved_logistic_as_quotient : fact_logistic_as_quotient.
Proof.
  unfold fact_logistic_as_quotient. open. words.
  pose proof (exp_pos x). pose proof (exp_opposite x).
  replace (exp (- x)) with (/ exp x) by (field_simplify_eq; lra). field. lra.
Qed.

Theorem proved_logistic_as_reciprocal : fact_logistic_as_reciprocal.
Proof.
  unfold fact_logistic_as_reciprocal. open. words. rewrite !minus_one_times, Ropp_involutive.
  pose proof (exp_pos x). field. lra.
Qed.

Theorem proved_relu_of_nonnegative : fact_relu_of_nonnegative.
Proof. unfold fact_relu_of_nonnegative. open. words. rewrite Rmax_left; lra. Qed.

Theorem proved_relu_of_nonpositive : fact_relu_of_nonpositive.
Proof. unfold fact_relu_of_nonpositive. open. words. rewrite Rmax_right; lra. Qed.

Lemma limit_relu_above x : 0 < x -> derivable_pt_lim word_relu x 1.
Proof.
  intros H. apply (limit_near id); [apply derivable_pt_lim_id|]. exists x. split; auto.
  intros y Hy. words. apply Rabs_def2 in Hy. unfold id. rewrite Rmax_left; lra.
Qed.

Lemma limit_relu_below x : x < 0 -> derivable_pt_lim word_relu x 0.
Proof.
  intros H. apply (limit_near (fct_cte 0)); [apply derivable_pt_lim_const|].
  exists (- x). split; [lra|].
  intros y Hy. words. apply Rabs_def2 in Hy. unfold fct_cte. rewrite Rmax_right; lra.
Qed.

Theorem proved_slope_of_relu : fact_slope_of_relu.
Proof.
  unfold fact_slope_of_relu. open. destruct (Rlt_le_dec 0 x).
  - eapply slope_at; [|now apply limit_relu_above]. intros h. words.
    rewrite Rmax_left by lra. field. auto.
  - eapply slope_at; [|apply limit_relu_below; lra]. intros h. words.
    rewrite Rmax_right by lra. ring.
Qed.

Theorem proved_slope_of_relu_above : fact_slope_of_relu_above.
Proof.
  unfold fact_slope_of_relu_above. open. eapply slope_at; [|now apply limit_relu_above].
  intros; ring.
Qed.

Theorem proved_slope_of_relu_below : fact_slope_of_relu_below.
Proof.
  unfold fact_slope_of_relu_below. open. eapply slope_at; [|apply limit_relu_below; lra].
  intros; ring.
Qed.

Lemma continuous_lipschitz F x : (forall y, Rabs (F y - F x) <= Rabs (y - x)) ->
  continuous reals reals F x.
Proof.
  intros H e He. exists e. split; auto. open. unfold difference in *; simpl in *.
  specialize (H x0). eapply Rle_lt_trans; [|eauto].
  replace (F x0 + -1 * F x) with (F x0 - F x) by ring.
  replace (x0 + -1 * x) with (x0 - x) by ring. auto.
Qed.

Theorem proved_continuity_of_relu : fact_continuity_of_relu.
Proof.
  unfold fact_continuity_of_relu. open. apply continuous_lipschitz. intros y. words.
  unfold Rmax, Rabs. repeat destruct Rle_dec; repeat destruct Rcase_abs; lra.
Qed.

Theorem proved_abs_of_nonnegative : fact_abs_of_nonnegative.
Proof. unfold fact_abs_of_nonnegative. open. words. rewrite Rabs_pos_eq; lra. Qed.

Theorem proved_abs_of_nonpositive : fact_abs_of_nonpositive.
Proof. unfold fact_abs_of_nonpositive. open. words. rewrite Rabs_left1; lra. Qed.

Theorem proved_abs_is_nonnegative : fact_abs_is_nonnegative.
Proof. unfold fact_abs_is_nonnegative. open. words. apply Rabs_pos. Qed.

Theorem proved_abs_is_positive : fact_abs_is_positive.
Proof. unfold fact_abs_is_positive. open. words. now apply Rabs_pos_lt. Qed.

Lemma limit_abs_above x : 0 < x -> derivable_pt_lim Rabs x 1.
Proof.
  intros H. apply (limit_near id); [apply derivable_pt_lim_id|]. exists x. split; auto.
  intros y Hy. apply Rabs_def2 in Hy. unfold id. rewrite Rabs_pos_eq; lra.
Qed.

Lemma limit_abs_below x : x < 0 -> derivable_pt_lim Rabs x (-1).
Proof.
  intros H. apply (limit_near (fun y => - y)); [apply limit_opp|].
  exists (- x). split; [lra|].
  intros y Hy. apply Rabs_def2 in Hy. rewrite Rabs_left1; lra.
Qed.

Theorem proved_slope_of_abs : fact_slope_of_abs.
Proof.
  unfold fact_slope_of_abs. open. words. destruct (Rlt_le_dec 0 x).
  - eapply slope_at; [|now apply limit_abs_above]. intros h.
    rewrite Rabs_pos_eq by lra. field. auto.
  - eapply slope_at; [|apply limit_abs_below; lra]. intros h.
    rewrite Rabs_left1 by lra. field. auto.
Qed.

Theorem proved_continuity_of_abs : fact_continuity_of_abs.
Proof.
  unfold fact_continuity_of_abs. open. apply continuous_lipschitz. intros y. words.
  apply Rabs_triang_inv2.
Qed.

Theorem proved_slope_of_log_abs : fact_slope_of_log_abs.
Proof.
  unfold fact_slope_of_log_abs. open. words.
  change (slope reals reals (fun y => ln (Rabs y)) x (lam real (fun h => / x * h))).
  destruct (Rlt_le_dec 0 x).
  - eapply slope_at; [|apply (derivable_pt_lim_comp Rabs ln); [now apply limit_abs_above|]].
    2: apply derivable_pt_lim_ln; now apply Rabs_pos_lt.
    intros h. simpl. rewrite Rabs_pos_eq by lra. field. auto.
  - eapply slope_at; [|apply (derivable_pt_lim_comp Rabs ln); [apply limit_abs_below; lra|]].
    2: apply derivable_pt_lim_ln; now apply Rabs_pos_lt.
    intros h. simpl. rewrite Rabs_left1 by lra. field. auto.
Qed.

(** * Quotients and signs *)
Theorem proved_quotient : fact_quotient.
Proof. unfold fact_quotient. open. words. field. auto. Qed.

Theorem proved_slope_of_reciprocal : fact_slope_of_reciprocal.
Proof.
  unfold fact_slope_of_reciprocal. open. words.
  eapply slope_at; [|apply (limit_ext (fct_cte 1 / id)%F)].
  2: apply (derivable_pt_lim_div (fct_cte 1) id); [apply derivable_pt_lim_const| |exact H0].
  2: apply derivable_pt_lim_id.
  - intros h. simpl. unfold Rsqr, fct_cte, id. field. auto.
  - intros y. unfold div_fct, fct_cte, id. unfold Rdiv. ring.
Qed.

Theorem proved_reciprocal_of_product : fact_reciprocal_of_product.
Proof. unfold fact_reciprocal_of_product. open. words. field. auto. Qed.

Theorem proved_reciprocal_is_positive : fact_reciprocal_is_positive.
Proof. unfold fact_reciprocal_is_positive. open. words. now apply Rinv_0_lt_compat. Qed.

Theorem proved_product_of_positives : fact_product_of_positives.
Proof. unfold fact_product_of_positives. open. nra. Qed.

Theorem proved_product_of_nonnegatives : fact_product_of_nonnegatives.
Proof. unfold fact_product_of_nonnegatives. open. nra. Qed.

Theorem proved_square_is_nonnegative : fact_square_is_nonnegative.
Proof. unfold fact_square_is_nonnegative. open. nra. Qed.

Theorem proved_product_that_is_zero : fact_product_that_is_zero.
Proof. unfold fact_product_that_is_zero. open. apply Rmult_integral in H1. tauto. Qed.

(** * Integers, and the real line *)
Theorem proved_natural_numbers : fact_natural_numbers.
Proof. unfold fact_natural_numbers. open. lia. Qed.

Theorem proved_antisymmetry : fact_antisymmetry.
Proof. unfold fact_antisymmetry. open. lia. Qed.

Theorem proved_antisymmetry_of_reals : fact_antisymmetry_of_reals.
Proof. unfold fact_antisymmetry_of_reals. open. lra. Qed.

Theorem proved_zero_is_not_isolated : fact_zero_is_not_isolated.
Proof.
  unfold fact_zero_is_not_isolated. intros [d [Hd H]].
  assert (d / 2 = 0); [|lra]. apply H; [reflexivity|]. unfold difference; simpl.
  rewrite Rabs_pos_eq; lra.
Qed.

Theorem proved_positive_numbers_are_open : fact_positive_numbers_are_open.
Proof.
  unfold fact_positive_numbers_are_open. open. exists x. split; auto. open.
  unfold difference in H2; simpl in H2. apply Rabs_def2 in H2. lra.
Qed.

Theorem proved_nonzero_numbers_are_open : fact_nonzero_numbers_are_open.
Proof.
  unfold fact_nonzero_numbers_are_open. open. exists (Rabs x). split; [now apply Rabs_pos_lt|].
  open. intros ->. unfold difference in H2; simpl in H2.
  replace (0 + -1 * x) with (- x) in H2 by ring. rewrite Rabs_Ropp in H2. lra.
Qed.

Theorem proved_second_order_condition : fact_second_order_condition.
Proof.
  unfold fact_second_order_condition. open. destruct H2 as [d [Hd Hn]].
  destruct (Rle_dec 0 x) as [|N]; auto. exfalso.
  pose proof (Rabs_pos x0). pose proof (Rabs_pos x1).
  set (K := Rabs x0 + Rabs x1 + 1).
  assert (EK : K = Rabs x0 + Rabs x1 + 1) by reflexivity. clearbody K.
  set (t := Rmin (Rmin (d / 2) (1 / 2)) (- x / (2 * K))).
  assert (0 < - x / (2 * K)) by (apply Rdiv_lt_0_compat; lra).
  assert (0 < t) by (apply Rmin_pos; auto; apply Rmin_pos; lra).
  assert (t <= d / 2 /\ t <= 1 / 2 /\ t <= - x / (2 * K)) as [T1 [T2 T3]].
  { pose proof (Rmin_l (Rmin (d / 2) (1 / 2)) (- x / (2 * K))).
    pose proof (Rmin_r (Rmin (d / 2) (1 / 2)) (- x / (2 * K))).
    pose proof (Rmin_l (d / 2) (1 / 2)). pose proof (Rmin_r (d / 2) (1 / 2)). unfold t. lra. }
  assert (P := Hn t eq_refl). unfold difference in P; simpl in P.
  rewrite Rabs_pos_eq in P by lra. specialize (P ltac:(lra)).
  replace (t * (t * 1) * x + t * (t * (t * 1)) * x0 + t * (t * (t * (t * 1))) * x1)
    with (t * t * (x + t * (x0 + t * x1))) in P by ring.
  assert (t * K <= - x / 2).
  { replace (- x / 2) with (- x / (2 * K) * K) by (field; lra).
    apply Rmult_le_compat_r; lra. }
  assert (x0 + t * x1 <= K).
  { pose proof (Rle_abs x0). pose proof (Rle_abs x1). 
    assert (t * x1 <= t * Rabs x1) by (apply Rmult_le_compat_l; lra).
    assert (t * Rabs x1 <= 1 * Rabs x1) by (apply Rmult_le_compat_r; lra). lra. }
  assert (t * (x0 + t * x1) <= t * K) by (apply Rmult_le_compat_l; lra).
  assert (0 < t * t) by nra. nra.
Qed.

(** * Slopes of functions that are variables *)
Theorem proved_slopes_are_continuous_numbers : fact_slopes_are_continuous_numbers.
Proof. unfold fact_slopes_are_continuous_numbers. open. eapply slope_reals_continuous; eauto. Qed.

Theorem proved_slopes_are_local_numbers : fact_slopes_are_local_numbers.
Proof.
  unfold fact_slopes_are_local_numbers. intros F _ x _ L _ G _ HF Hn.
  apply (slope_local reals_laws reals_laws F); auto.
  eapply (near_mono); [|exact Hn]. intros y _ E. simpl. lra.
Qed.

Lemma derivative_spec F x L : slope reals reals F x L ->
  slope reals reals F x (fun h => word_derivative F x * h).
Proof.
  intros H. unfold word_derivative. apply (the_spec 0 (fun c => slope reals reals F x (fun h => c * h))).
  exists (L 1). apply slope_of_limit. now apply limit_of_slope.
Qed.

Theorem proved_derivative_of_slope : fact_derivative_of_slope.
Proof.
  unfold fact_derivative_of_slope. open. assert (D := derivative_spec _ _ _ H2).
  assert (E := slope_unique reals_laws reals_laws x x0 _ _ 1 eq_refl eq_refl D H2).
  simpl in E. lra.
Qed.

Theorem proved_slope_of_derivative : fact_slope_of_derivative.
Proof.
  unfold fact_slope_of_derivative. open. destruct H1 as [L [_ HL]].
  change (slope reals reals x x0 (fun h => word_derivative x x0 * h)).
  eapply derivative_spec; eauto.
Qed.

Theorem proved_continuity_of_roots_of_numbers : fact_continuity_of_roots_of_numbers.
Proof.
  unfold fact_continuity_of_roots_of_numbers. intros f _ x _ Hn Hc. open. words.
  change (continuous reals reals (fun y => sqrt (f y)) x). intros e He.
  assert (0 <= f x) by (apply (near_point reals_laws x (fun y => 0 <= f y)); auto).
  destruct (continuity_pt_sqrt (f x) H e He) as [d [Hd Hs]].
  destruct (Hc d Hd) as [d' [Hd' Hs']]. exists d'. split; auto. intros y _ Hy.
  specialize (Hs' y eq_refl Hy). unfold difference in *; simpl in *.
  replace (sqrt (f y) + -1 * sqrt (f x)) with (sqrt (f y) - sqrt (f x)) by ring.
  destruct (Req_dec (f x) (f y)) as [<-|N].
  - rewrite Rminus_diag_eq, Rabs_R0; auto.
  - apply Hs. split; [split; [exact I|auto]|]. simpl. unfold R_dist.
    now replace (f y - f x) with (f y + -1 * f x) by ring.
Qed.
