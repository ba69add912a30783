(** Facts that follow a function along a line: bounds, multipliers, the symmetry of second
    differentials. *)
From Coq Require Import Reals Ranalysis5 ZArith Lra Lia FunctionalExtensionality ClassicalEpsilon.
From Proofkit Require Import Language Statements Base ProofsReals ProofsEntries Calculus ProofsCalculus.
Open Scope R_scope.

Lemma abs_between x a : Rabs x <= a -> - a <= x <= a.
Proof. intros H. pose proof (Rle_abs x). pose proof (Rle_abs (- x)). rewrite Rabs_Ropp in *. lra. Qed.

Lemma slope_dot_line p q f X H t : matrix p q X = X -> matrix p q H = H ->
  (exists L, slope (matrices p q) reals f (plus X (times t H)) L) ->
  derivable_pt_lim (fun s => f (plus X (times s H))) t
    (dot p q (gradient p q f (plus X (times t H))) H).
Proof.
  intros HX HH [L HL]. assert (HP : matrix p q (plus X (times t H)) = plus X (times t H)).
  { apply matrix_plus; auto. now apply matrix_times. }
  apply (slope_line p q f X H t (fun K => dot p q (gradient p q f (plus X (times t H))) K)); auto.
  eapply gradient_spec; eauto.
Qed.

(** * The bound of a function whose gradient is Lipschitz *)
Theorem proved_quadratic_upper_bound : fact_quadratic_upper_bound.
Proof.
  intros p _ q _ f _ c _ X HX Y HY Hc Hd Hl. rewrite !trace_dot in *.
  set (D := plus Y (times (-1) X)).
  assert (HD : matrix p q D = D) by (apply matrix_plus; auto; now apply matrix_times).
  set (g := gradient p q f). set (d := dot p q D D). set (b := dot p q (g X) D).
  set (phi := fun t => f (plus X (times t D)) + (-1 * b) * t + (-1 * (c / 2 * d)) * (t * t)).
  set (phi' := fun t => dot p q (g (plus X (times t D))) D + (-1 * b) + (-1 * (c / 2 * d)) * (2 * t)).
  assert (E : forall t, 0 <= t <= 1 -> derivable_pt_lim phi t (phi' t)).
  { intros t _. unfold phi, phi'.
    apply (derivable_pt_lim_plus (fun t => f (plus X (times t D)) + (-1 * b) * t)).
    - apply (derivable_pt_lim_plus (fun t => f (plus X (times t D)))).
      + apply slope_dot_line; auto. apply Hd. apply matrix_plus; auto. now apply matrix_times.
      + rewrite <- (Rmult_1_r (-1 * b)) at 2.
        apply (derivable_pt_lim_scal id), derivable_pt_lim_id.
    - apply (derivable_pt_lim_scal (fun t => t * t)).
      replace (2 * t) with (1 * t + t * 1) by ring.
      apply (derivable_pt_lim_mult id id); apply derivable_pt_lim_id. }
  destruct (MVT_cor2 phi phi' 0 1 Rlt_0_1 E) as [t [Ht [T0 T1]]].
  assert (P0 : phi 0 = f X) by (unfold phi; rewrite at_zero; ring).
  assert (P1 : phi 1 = f Y - b - c / 2 * d) by (unfold phi, D; rewrite at_one; fold D; ring).
  assert (phi' t <= 0).
  { unfold phi'. set (Z := plus X (times t D)).
    assert (HZ : matrix p q Z = Z) by (apply matrix_plus; auto; now apply matrix_times).
    pose proof (Hl Z HZ X HX) as B. rewrite !trace_dot in B. fold g in B.
    set (a := plus (g Z) (times (-1) (g X))).
    assert (A1 : dot p q (g Z) D = dot p q a D + b).
    { unfold a, b. rewrite dot_plus, dot_times. ring. }
    assert (A2 : dot p q a a <= (c * t) * (c * t) * d).
    { assert (dot p q a a = dot p q (g Z) (g Z) - 2 * dot p q (g X) (g Z) + dot p q (g X) (g X)).
      { unfold a. rewrite !dot_plus, !dot_plus', !dot_times, !dot_times', (dot_comm p q (g Z) (g X)). ring. }
      assert (EZ : dot p q Z Z = dot p q X X + 2 * t * dot p q X D + t * t * d).
      { unfold Z, d. rewrite !dot_plus, !dot_plus', !dot_times, !dot_times', (dot_comm p q D X). ring. }
      assert (EX : dot p q X Z = dot p q X X + t * dot p q X D).
      { unfold Z. now rewrite dot_plus', dot_times'. }
      rewrite EZ, EX in B. lra. }
    pose proof (cauchy_schwarz p q a D) as C. fold d in C. pose proof (dot_self p q D) as Pd. fold d in Pd.
    assert (dot p q a D <= c * t * d).
    { assert (0 <= c * t * d) by (apply Rmult_le_pos; auto; apply Rmult_le_pos; lra).
      destruct (Rle_dec (dot p q a D) (c * t * d)) as [|N]; auto. exfalso.
      assert (dot p q a a * d <= c * t * (c * t) * d * d) by (apply Rmult_le_compat_r; auto).
      assert (dot p q a D * dot p q a D <= (c * t * d) * (c * t * d)) by lra.
      assert ((c * t * d) * (c * t * d) < dot p q a D * dot p q a D) by (apply Rmult_le_0_lt_compat; lra).
      lra. }
    lra. }
  fold g. fold g in P1.
  assert (Eb : b = dot p q Y (g X) - dot p q X (g X)).
  { unfold b, D. rewrite dot_plus', dot_times', !(dot_comm p q (g X)). ring. }
  assert (Ed : d = dot p q Y Y - 2 * dot p q Y X + dot p q X X).
  { unfold d, D. rewrite !dot_plus, !dot_plus', !dot_times, !dot_times', (dot_comm p q X Y). ring. }
  rewrite P0, P1, Eb, Ed in Ht. lra.
Qed.

(** * Multipliers *)
Theorem proved_lagrange_multiplier : fact_lagrange_multiplier.
Proof.
  intros p _ q _ f _ g _ A HA Hg Hmin [Lf [_ HLf]] Hnear NG.
  set (F := gradient p q f A). set (G := gradient p q g A).
  pose proof (gradient_spec p q f A Lf HA HLf) as SF. fold F in SF.
  destruct (near_point (matrices_laws p q) A _ HA Hnear) as [Lg [_ HLg]].
  pose proof (gradient_spec p q g A Lg HA HLg) as SG. fold G in SG.
  assert (HF : matrix p q F = F) by apply gradient_member.
  assert (HG : matrix p q G = G) by apply gradient_member.
  set (n := dot p q G G).
  assert (Hn : 0 < n).
  { destruct (dot_self p q G) as [|E]; auto. exfalso. apply NG. apply dot_self_zero. now symmetry. }
  set (mu := dot p q F G / n). exists mu. split; [reflexivity|].
  set (H := plus F (times (- 1 * mu) G)).
  assert (HH : matrix p q H = H) by (apply matrix_plus; auto; now apply matrix_times).
  assert (OG : dot p q G H = 0).
  { unfold H. rewrite dot_plus', dot_times', (dot_comm p q G F). fold n. unfold mu. field. lra. }
  set (h := dot p q H H).
  assert (OF : dot p q F H = h).
  { unfold h. unfold H at 2. rewrite dot_plus, dot_times, OG. ring. }
  destruct (dot_self p q H) as [Hh|E]; [exfalso|now apply dot_self_zero]. fold h in Hh.
  set (m := dot p q F G).
  set (eta := h / (4 * (Rabs m + 1))). pose proof (Rabs_pos m) as Pm.
  assert (He : 0 < eta) by (apply Rdiv_lt_0_compat; lra).
  assert (Em : eta * Rabs m <= h / 4).
  { replace (h / 4) with (eta * (Rabs m + 1)) by (unfold eta; field; lra).
    apply Rmult_le_compat_l; lra. }
  set (N := norm_of_matrix p q H + eta * norm_of_matrix p q G + 1).
  pose proof (norm_of_matrix_nonneg p q H) as NH. pose proof (norm_of_matrix_nonneg p q G) as NGn.
  assert (0 <= eta * norm_of_matrix p q G) by (apply Rmult_le_pos; lra).
  assert (HN : 0 < N) by (unfold N; lra).
  destruct SF as [_ SF]. destruct SG as [_ SG].
  destruct (SF (h / (4 * N))) as [d1 [D1 S1]]; [apply Rdiv_lt_0_compat; lra|].
  destruct (SG (eta * n / (2 * N))) as [d2 [D2 S2]]; [apply Rdiv_lt_0_compat; [apply Rmult_lt_0_compat|]; lra|].
  destruct Hmin as [d3 [D3 Hmin]]. destruct Hnear as [d4 [D4 Hnear]].
  set (dd := Rmin (Rmin d1 d2) (Rmin d3 d4)).
  assert (Hdd : 0 < dd) by (repeat apply Rmin_pos; auto).
  assert (L1 : dd <= d1 /\ dd <= d2 /\ dd <= d3 /\ dd <= d4).
  { pose proof (Rmin_l (Rmin d1 d2) (Rmin d3 d4)). pose proof (Rmin_r (Rmin d1 d2) (Rmin d3 d4)).
    pose proof (Rmin_l d1 d2). pose proof (Rmin_r d1 d2). pose proof (Rmin_l d3 d4).
    pose proof (Rmin_r d3 d4). unfold dd. lra. }
  destruct L1 as [L1 [L2 [L3 L4]]].
  set (t := dd / (2 * N)).
  assert (Ht : 0 < t) by (apply Rdiv_lt_0_compat; lra).
  set (V := fun s => plus (times (- t) H) (times s G)).
  assert (HV : forall s, matrix p q (V s) = V s).
  { intros s. apply matrix_plus; now apply matrix_times. }
  assert (NV : forall s, Rabs s <= eta * t -> norm_of_matrix p q (V s) <= t * N).
  { intros s Hs. unfold V. eapply Rle_trans; [apply norm_of_plus|].
    rewrite !norm_of_times, Rabs_Ropp, (Rabs_pos_eq t) by lra.
    assert (Rabs s * norm_of_matrix p q G <= eta * t * norm_of_matrix p q G)
      by (apply Rmult_le_compat_r; lra). unfold N. lra. }
  assert (TN : t * N = dd / 2) by (unfold t; field; lra).
  assert (small : forall s, Rabs s <= eta * t -> norm_of_matrix p q (V s) < dd).
  { intros s Hs. pose proof (NV s Hs). lra. }
  set (P := fun s => plus A (V s)).
  assert (HP : forall s, matrix p q (P s) = P s) by (intros; apply matrix_plus; auto).
  assert (near_A : forall s, plus (P s) (times (-1) A) = V s) by (intros; unfold P; by_entries).
  (* g has both signs *)
  assert (Gs : forall s, Rabs s <= eta * t -> Rabs (g (P s) - s * n) <= eta * n / (2 * N) * (t * N)).
  { intros s Hs. pose proof (small s Hs). assert (B := S2 (V s) (HV s)). simpl in B.
    specialize (B ltac:(lra)). unfold difference in B; simpl in B. rewrite Hg in B.
    assert (dot p q G (V s) = s * n).
    { unfold V. rewrite dot_plus', !dot_times', OG. fold n. ring. }
    rewrite H2 in B. fold (P s) in B.
    replace (g (P s) - s * n) with (g (P s) + -1 * 0 + -1 * (s * n)) by ring.
    eapply Rle_trans; [exact B|]. apply Rmult_le_compat_l; auto.
    apply Rlt_le, Rdiv_lt_0_compat; [apply Rmult_lt_0_compat|]; lra. }
  assert (half : eta * n / (2 * N) * (t * N) = eta * t * n / 2) by (field; lra).
  rewrite half in Gs.
  assert (Pet : 0 < eta * t) by now apply Rmult_lt_0_compat.
  assert (Petn : 0 < eta * t * n) by now apply Rmult_lt_0_compat.
  assert (Glow : g (P (- (eta * t))) < 0).
  { assert (B := Gs (- (eta * t))). rewrite Rabs_Ropp, Rabs_pos_eq in B by lra.
    specialize (B ltac:(lra)). apply abs_between in B. lra. }
  assert (Ghigh : 0 < g (P (eta * t))).
  { assert (B := Gs (eta * t)). rewrite (Rabs_pos_eq (eta * t)) in B by lra.
    specialize (B ltac:(lra)). apply abs_between in B. lra. }
  destruct (IVT_interv (fun s => g (P s)) (- (eta * t)) (eta * t)) as [s [[s1 s2] Es]]; auto; [|lra|].
  { intros s Hs.
    assert (Hs' : Rabs s <= eta * t) by (apply Rabs_le; lra).
    assert (NP : norm_of_matrix p q (plus (P s) (times (-1) A)) < d4).
    { rewrite near_A. pose proof (small s Hs'). lra. }
    destruct (Hnear (P s) (HP s) NP) as [L [_ HL]].
    set (B := plus A (times (- t) H)).
    assert (HB : matrix p q B = B) by (apply matrix_plus; auto; now apply matrix_times).
    assert (EP : forall s, P s = plus B (times s G)) by (intros; unfold P, V, B; by_entries).
    apply derivable_continuous_pt. exists (L G). rewrite EP in HL.
    apply (slope_line p q g B G s L HB HG) in HL.
    unfold derivable_pt_abs. intros e Hpos. destruct (HL e Hpos) as [dl Hdl]. exists dl.
    intros k K1 K2. rewrite !EP. now apply Hdl. }
  assert (Hs : Rabs s <= eta * t) by (apply Rabs_le; lra).
  assert (NP : norm_of_matrix p q (plus (P s) (times (-1) A)) < d3).
  { rewrite near_A. pose proof (small s Hs). lra. }
  assert (M := Hmin (P s) (HP s) NP Es).
  assert (B := S1 (V s) (HV s)). simpl in B. pose proof (small s Hs).
  specialize (B ltac:(lra)). unfold difference in B; simpl in B. fold (P s) in B.
  assert (EF : dot p q F (V s) = - t * h + s * m).
  { unfold V. rewrite dot_plus', !dot_times', OF. reflexivity. }
  rewrite EF in B.
  assert (B2 : h / (4 * N) * norm_of_matrix p q (V s) <= h * t / 4).
  { replace (h * t / 4) with (h / (4 * N) * (t * N)) by (field; lra).
    apply Rmult_le_compat_l; [apply Rlt_le, Rdiv_lt_0_compat; lra|]. now apply NV. }
  assert (B3 : s * m <= h * t / 4).
  { eapply Rle_trans; [apply Rle_abs|]. rewrite Rabs_mult.
    apply Rle_trans with (eta * t * Rabs m); [apply Rmult_le_compat_r; auto|].
    replace (eta * t * Rabs m) with (t * (eta * Rabs m)) by ring.
    replace (h * t / 4) with (t * (h / 4)) by field. apply Rmult_le_compat_l; lra. }
  apply abs_between in B. assert (0 < t * h) by now apply Rmult_lt_0_compat. lra.
Qed.

(** * The second differential is symmetric *)
Lemma second_difference p q f X K G : matrix p q X = X -> matrix p q K = K -> matrix p q G = G ->
  near (matrices p q) X (fun Y => exists L, slope (matrices p q) reals f Y L) ->
  forall B, slope (matrices p q) (matrices p q) (gradient p q f) X B ->
  forall e, 0 < e -> exists d, 0 < d /\ forall t, 0 < t < d ->
    Rabs (f (plus (plus X (times t G)) (times t K)) - f (plus X (times t K))
      - f (plus X (times t G)) + f X - t * t * dot p q (B G) K) <= e * (t * t).
Proof.
  intros HX HK HG [d2 [D2 Hd]] B [[HA HS] HB] e He.
  pose proof (norm_of_matrix_nonneg p q K) as NK. pose proof (norm_of_matrix_nonneg p q G) as NG.
  set (k := norm_of_matrix p q K) in *. set (n := norm_of_matrix p q G) in *.
  set (N := k + n + 1). assert (HN : 0 < N) by (unfold N; lra).
  set (e1 := e / (2 * N * (k + 1))).
  assert (Pk : 0 < 2 * N * (k + 1)) by (apply Rmult_lt_0_compat; lra).
  assert (He1 : 0 < e1) by (apply Rdiv_lt_0_compat; lra).
  destruct (HB e1 He1) as [d1 [D1 Hr]].
  assert (Hm : 0 < Rmin d1 d2) by now apply Rmin_pos.
  pose proof (Rmin_l d1 d2) as M1. pose proof (Rmin_r d1 d2) as M2.
  exists (Rmin d1 d2 / N). split; [now apply Rdiv_lt_0_compat|]. intros t [T0 T1].
  assert (TN : t * N < Rmin d1 d2).
  { replace (Rmin d1 d2) with (Rmin d1 d2 / N * N) by (field; lra). apply Rmult_lt_compat_r; lra. }
  set (g := gradient p q f) in *.
  (* what is near X by the size of t *)
  set (V := fun s u => plus (times s G) (times u K)).
  assert (HV : forall s u, matrix p q (V s u) = V s u).
  { intros. apply matrix_plus; now apply matrix_times. }
  assert (NV : forall s u, 0 <= s <= t -> 0 <= u <= t -> norm_of_matrix p q (V s u) <= t * N).
  { intros s u Hs Hu. unfold V. eapply Rle_trans; [apply norm_of_plus|].
    rewrite !norm_of_times, !Rabs_pos_eq by lra. fold k n.
    assert (s * n <= t * n) by (apply Rmult_le_compat_r; lra).
    assert (u * k <= t * k) by (apply Rmult_le_compat_r; lra). unfold N. lra. }
  set (r := fun s u => plus (plus (g (plus X (V s u))) (times (-1) (g X))) (times (-1) (B (V s u)))).
  assert (Nr : forall s u, 0 <= s <= t -> 0 <= u <= t -> norm_of_matrix p q (r s u) <= e1 * (t * N)).
  { intros s u Hs Hu. assert (A := Hr (V s u) (HV s u)). simpl in A. pose proof (NV s u Hs Hu).
    eapply Rle_trans; [apply A; lra|]. apply Rmult_le_compat_l; lra. }
  assert (line : forall s u, 0 <= s <= t -> 0 <= u <= t ->
    derivable_pt_lim (fun u => f (plus X (V s u))) u (dot p q (g (plus X (V s u))) K)).
  { intros s u Hs Hu.
    assert (E : forall u, plus X (V s u) = plus (plus X (times s G)) (times u K))
      by (intros; unfold V; by_entries).
    assert (HZ : matrix p q (plus X (times s G)) = plus X (times s G)).
    { apply matrix_plus; auto. now apply matrix_times. }
    rewrite E. apply (limit_ext (fun u => f (plus (plus X (times s G)) (times u K)))).
    - apply slope_dot_line; auto. rewrite <- E. apply Hd; [apply matrix_plus; auto|].
      unfold difference; simpl.
      replace (plus (plus X (V s u)) (times (-1) X)) with (V s u) by by_entries.
      pose proof (NV s u Hs Hu). lra.
    - intros. now rewrite E. }
  set (psi := fun u => f (plus X (V t u)) - f (plus X (V 0 u))).
  set (psi' := fun u => dot p q (g (plus X (V t u))) K - dot p q (g (plus X (V 0 u))) K).
  destruct (MVT_cor2 psi psi' 0 t T0) as [u [Hu [U0 U1]]].
  { intros c Hc. apply (derivable_pt_lim_minus (fun u => f (plus X (V t u)))); apply line; lra. }
  assert (E1 : psi t - psi 0 = f (plus (plus X (times t G)) (times t K)) - f (plus X (times t K))
      - f (plus X (times t G)) + f X).
  { unfold psi.
    replace (plus X (V t t)) with (plus (plus X (times t G)) (times t K)) by (unfold V; by_entries).
    replace (plus X (V 0 t)) with (plus X (times t K)) by (unfold V; by_entries).
    replace (plus X (V t 0)) with (plus X (times t G)) by (unfold V; by_entries).
    replace (plus X (V 0 0)) with X by (unfold V; by_entries). ring. }
  rewrite <- E1, Hu, Rminus_0_r.
  assert (E2 : psi' u = t * dot p q (B G) K + (dot p q (r t u) K - dot p q (r 0 u) K)).
  { unfold psi', r. rewrite !dot_plus, !dot_times.
    assert (BV : forall s, dot p q (B (V s u)) K = s * dot p q (B G) K + u * dot p q (B K) K).
    { intros s. rewrite <- !dot_times, <- dot_plus. apply dot_same. intros i j Hi Hj. unfold V.
      assert (A1 := HA (times s G) (matrix_times p q s G HG) (times u K) (matrix_times p q u K HK) i j Hi Hj).
      assert (A2 := HS s G HG i j Hi Hj). assert (A3 := HS u K HK i j Hi Hj). simpl in A1, A2, A3.
      rewrite A1. unfold plus. now rewrite A2, A3. }
    rewrite !BV. ring. }
  rewrite E2.
  replace ((t * dot p q (B G) K + (dot p q (r t u) K - dot p q (r 0 u) K)) * t - t * t * dot p q (B G) K)
    with (t * (dot p q (r t u) K - dot p q (r 0 u) K)) by ring.
  rewrite Rabs_mult, (Rabs_pos_eq t) by lra.
  assert (A1 : Rabs (dot p q (r t u) K) <= e1 * (t * N) * k).
  { eapply Rle_trans; [apply dot_bound|]. apply Rmult_le_compat_r; auto. apply Nr; lra. }
  assert (A2 : Rabs (dot p q (r 0 u) K) <= e1 * (t * N) * k).
  { eapply Rle_trans; [apply dot_bound|]. apply Rmult_le_compat_r; auto. apply Nr; lra. }
  assert (A3 : Rabs (dot p q (r t u) K - dot p q (r 0 u) K) <= e * t).
  { eapply Rle_trans; [apply Rabs_triang|]. rewrite Rabs_Ropp.
    apply Rle_trans with (e1 * (2 * N * (k + 1)) * t).
    - assert (0 <= e1 * t * N) by (apply Rmult_le_pos; [apply Rmult_le_pos|]; lra). nra.
    - apply Req_le. unfold e1. field. split; lra. }
  replace (e * (t * t)) with (t * (e * t)) by ring. apply Rmult_le_compat_l; lra.
Qed.

Theorem proved_symmetry_of_hessian : fact_symmetry_of_hessian.
Proof.
  intros p _ q _ f _ X HX K HK G HG Hn [L [_ HL]]. rewrite !trace_dot.
  apply gradient_lam in HL; auto. apply slope_hessian in HL; auto.
  set (B := word_hessian p q f X) in *.
  assert (Hd : near (matrices p q) X (fun Y => exists L, slope (matrices p q) reals f Y L)).
  { eapply near_mono; [|exact Hn]. intros Y _ [L' [_ H]]. now exists L'. }
  set (D := dot p q (B G) K - dot p q (B K) G).
  assert (Z : D = 0).
  { destruct (Req_dec D 0) as [|N]; auto. exfalso. assert (P : 0 < Rabs D) by now apply Rabs_pos_lt.
    destruct (second_difference p q f X K G HX HK HG Hd B HL (Rabs D / 4)) as [d [D1 H1]]; [lra|].
    destruct (second_difference p q f X G K HX HG HK Hd B HL (Rabs D / 4)) as [d' [D2 H2]]; [lra|].
    assert (Hm : 0 < Rmin d d') by now apply Rmin_pos.
    pose proof (Rmin_l d d') as M1. pose proof (Rmin_r d d') as M2.
    set (t := Rmin d d' / 2). assert (Ht : 0 < t) by (unfold t; lra).
    specialize (H1 t ltac:(unfold t; lra)). specialize (H2 t ltac:(unfold t; lra)).
    replace (plus (plus X (times t K)) (times t G)) with (plus (plus X (times t G)) (times t K)) in H2
      by by_entries.
    assert (Q : t * t * Rabs D <= Rabs D / 2 * (t * t)).
    { rewrite <- (Rabs_pos_eq (t * t)) by nra. rewrite <- Rabs_mult. rewrite (Rabs_pos_eq (t * t)) by nra.
      apply abs_between in H1. apply abs_between in H2. apply Rabs_le. unfold D at 2 3. lra. }
    assert (0 < t * t) by nra. nra. }
  unfold D in Z. lra.
Qed.

(** * The determinant has a slope everywhere *)
Lemma slope_product {A} {S : space A} (LS : laws S) F G X L K : member S X = X ->
  bounded S reals L -> bounded S reals K -> slope S reals F X L -> slope S reals G X K ->
  slope S reals (fun Y => F Y * G Y) X (fun H => F X * K H + G X * L H).
Proof.
  intros HX [a [Ha BL]] [b [Hb BK]] [[LA LM] SF] [[KA KM] SG]. simpl in *. split.
  - split; [intros H HH J HJ|intros c H HH]; simpl.
    + rewrite LA, KA; auto. ring.
    + rewrite LM, KM; auto. ring.
  - intros e He.
    set (M := Rabs (F X) + Rabs (G X) + b + 2).
    pose proof (Rabs_pos (F X)) as PF. pose proof (Rabs_pos (G X)) as PG.
    assert (HM : 0 < M) by (unfold M; lra).
    set (e1 := Rmin 1 (e / (2 * M))).
    assert (E0 : 0 < e / (2 * M)) by (apply Rdiv_lt_0_compat; lra).
    assert (E1 : 0 < e1) by (apply Rmin_pos; lra).
    assert (E2 : e1 <= 1) by apply Rmin_l. assert (E3 : e1 <= e / (2 * M)) by apply Rmin_r.
    destruct (SF e1 E1) as [d1 [D1 S1]], (SG e1 E1) as [d2 [D2 S2]].
    set (d3 := e / (2 * (a * (b + 1) + 1))).
    assert (Pab : 0 <= a * (b + 1)) by (apply Rmult_le_pos; lra).
    assert (D3 : 0 < d3) by (apply Rdiv_lt_0_compat; lra).
    exists (Rmin (Rmin 1 d1) (Rmin d2 d3)). split; [repeat apply Rmin_pos; auto; lra|].
    intros H HH Hn. simpl.
    pose proof (Rmin_l (Rmin 1 d1) (Rmin d2 d3)). pose proof (Rmin_r (Rmin 1 d1) (Rmin d2 d3)).
    pose proof (Rmin_l d2 d3). pose proof (Rmin_r d2 d3). pose proof (Rmin_l 1 d1). pose proof (Rmin_r 1 d1).
    assert (Hone : norm S H < 1) by lra.
    specialize (S1 H HH ltac:(lra)). specialize (S2 H HH ltac:(lra)).
    specialize (BL H HH). specialize (BK H HH).
    unfold difference in *; simpl in *. pose proof (norm_nonneg LS H) as Ph.
    set (h := norm S H) in *. set (r := F (add S X H) + -1 * F X + -1 * L H) in *.
    set (q := G (add S X H) + -1 * G X + -1 * K H) in *.
    replace (F (add S X H) * G (add S X H) + -1 * (F X * G X) + -1 * (F X * K H + G X * L H))
      with (F X * q + G X * r + (L H + r) * q + (L H + r) * K H - r * q + r * q
        - r * K H + r * K H) by (unfold r, q; ring).
    replace (F X * q + G X * r + (L H + r) * q + (L H + r) * K H - r * q + r * q
        - r * K H + r * K H)
      with (F X * q + G X * r + r * (K H + q) + L H * (K H + q)) by ring.
    assert (Q : Rabs (K H + q) <= (b + 1) * h).
    { eapply Rle_trans; [apply Rabs_triang|]. assert (e1 * h <= 1 * h) by (apply Rmult_le_compat_r; lra). lra. }
    assert (h3 : a * (b + 1) * h <= e / 2).
    { apply Rle_trans with (a * (b + 1) * d3); [apply Rmult_le_compat_l; lra|].
      apply Rle_trans with ((a * (b + 1) + 1) * d3); [apply Rmult_le_compat_r; lra|].
      apply Req_le. unfold d3. field. lra. }
    assert (R1 : Rabs (F X * q) <= Rabs (F X) * (e1 * h))
      by (rewrite Rabs_mult; apply Rmult_le_compat_l; auto).
    assert (R2 : Rabs (G X * r) <= Rabs (G X) * (e1 * h))
      by (rewrite Rabs_mult; apply Rmult_le_compat_l; auto).
    assert (R4 : Rabs (L H * (K H + q)) <= a * h * ((b + 1) * h))
      by (rewrite Rabs_mult; apply Rmult_le_compat; auto; apply Rabs_pos).
    assert (R5 : h * (a * (b + 1) * h) <= h * (e / 2)) by (apply Rmult_le_compat_l; auto).
    assert (h1 : e1 * h <= e / (2 * M) * h) by (apply Rmult_le_compat_r; auto).
    assert (h4 : M * (e / (2 * M) * h) = e / 2 * h) by (field; lra).
    assert (R3 : Rabs (r * (K H + q)) <= e1 * h * (b + 1)).
    { rewrite Rabs_mult. apply Rle_trans with (e1 * h * ((b + 1) * h)).
      - apply Rmult_le_compat; auto; apply Rabs_pos.
      - assert (0 <= e1 * h) by (apply Rmult_le_pos; lra). apply Rmult_le_compat_l; auto. nra. }
    assert (R6 : (Rabs (F X) + Rabs (G X) + b + 1) * (e1 * h) <= M * (e1 * h)).
    { apply Rmult_le_compat_r; [apply Rmult_le_pos; lra|unfold M; lra]. }
    assert (R7 : M * (e1 * h) <= M * (e / (2 * M) * h)) by (apply Rmult_le_compat_l; lra).
    eapply Rle_trans; [apply Rabs_triang|].
    pose proof (Rabs_triang (F X * q + G X * r) (r * (K H + q))).
    pose proof (Rabs_triang (F X * q) (G X * r)). lra.
Qed.

Lemma minor_member n X k : (k < S n)%nat -> matrix (S n) (S n) X = X ->
  matrix n n (minor X k) = minor X k.
Proof.
  intros Hk HX. apply matrix_shape. intros i j N. unfold minor.
  apply (shape_zero (S n) (S n) X _ _ HX). destruct (Nat.ltb_spec j k); lia.
Qed.

Lemma minor_bound n X k : (k < S n)%nat ->
  norm_of_matrix n n (minor X k) <= INR n * (INR n * norm_of_matrix (S n) (S n) X).
Proof.
  intros Hk. apply norm_small. intros i j Hi Hj. unfold minor. apply entry_le_norm.
  - lia.
  - destruct (Nat.ltb_spec j k); lia.
Qed.

Lemma slope_minor n F X k L : (k < S n)%nat -> matrix (S n) (S n) X = X ->
  slope (matrices n n) reals F (minor X k) L ->
  slope (matrices (S n) (S n)) reals (fun Y => F (minor Y k)) X (fun H => L (minor H k)).
Proof.
  intros Hk HX [[HA HS] HF]. split.
  - split.
    + intros H HH K HK. exact (HA _ (minor_member n H k Hk HH) _ (minor_member n K k Hk HK)).
    + intros c H HH. exact (HS c _ (minor_member n H k Hk HH)).
  - intros e He. set (N := INR n * INR n + 1).
    assert (HN : 0 < N) by (pose proof (pos_INR n); unfold N; nra).
    destruct (HF (e / N)) as [d [Hd Hs]]; [apply Rdiv_lt_0_compat; lra|].
    exists (d / N). split; [apply Rdiv_lt_0_compat; lra|]. intros H HH Hn. simpl in Hn.
    pose proof (norm_of_matrix_nonneg (S n) (S n) H) as P.
    set (h := norm_of_matrix (S n) (S n) H) in *.
    assert (B : norm_of_matrix n n (minor H k) <= N * h).
    { eapply Rle_trans; [apply (minor_bound n H k Hk)|]. fold h. unfold N. lra. }
    assert (N * h < d).
    { replace d with (N * (d / N)) by (field; lra). apply Rmult_lt_compat_l; lra. }
    eapply Rle_trans; [apply (Hs (minor H k) (minor_member n H k Hk HH)); simpl; lra|].
    simpl. fold h. replace (e * h) with (e / N * (N * h)) by (field; lra).
    apply Rmult_le_compat_l; auto. apply Rlt_le, Rdiv_lt_0_compat; lra.
Qed.

Lemma slope_sum {A} {S : space A} (LS : laws S) X m (F : nat -> A -> R) :
  member S X = X -> (forall k, (k < m)%nat -> exists L, slope S reals (F k) X L) ->
  exists L, slope S reals (fun Y => total m (fun k => F k Y)) X L.
Proof.
  intros HX. induction m as [|m IH]; intros H; simpl.
  - exists (fun _ => 0). split; [split; [intros K _ J _|intros c K _]; simpl; ring|].
    intros e He. exists 1. split; [lra|]. intros K HK _. unfold difference; simpl.
    replace (0 + -1 * 0 + -1 * 0) with 0 by ring. rewrite Rabs_R0.
    apply Rmult_le_pos; [lra|apply (norm_nonneg LS)].
  - destruct IH as [L [[LA LM] HL]]; [auto with arith|].
    destruct (H m) as [K [[KA KM] HK]]; auto. exists (fun J => L J + K J). split.
    + split; [intros J HJ I HI|intros c J HJ]; simpl in *.
      * rewrite LA, KA; auto. ring.
      * rewrite LM, KM; auto. ring.
    + intros e He. destruct (HL (e / 2)) as [d [D1 S1]]; [lra|].
      destruct (HK (e / 2)) as [d' [D2 S2]]; [lra|].
      exists (Rmin d d'). split; [now apply Rmin_pos|]. intros J HJ Hn.
      pose proof (Rmin_l d d'). pose proof (Rmin_r d d').
      specialize (S1 J HJ ltac:(lra)). specialize (S2 J HJ ltac:(lra)).
      unfold difference in *; simpl in *.
      replace (total m (fun k => F k (add S X J)) + F m (add S X J) +
        -1 * (total m (fun k => F k X) + F m X) + -1 * (L J + K J))
        with ((total m (fun k => F k (add S X J)) + -1 * total m (fun k => F k X) + -1 * L J)
          + (F m (add S X J) + -1 * F m X + -1 * K J)) by ring.
      eapply Rle_trans; [apply Rabs_triang|]. lra.
Qed.

Lemma slope_entry p q X i j : matrix p q X = X -> (i < p)%nat -> (j < q)%nat -> forall c,
  slope (matrices p q) reals (fun Y => c * Y i j) X (fun H => c * H i j).
Proof.
  intros HX Hi Hj c. split.
  - split; [intros H _ K _|intros d H _]; simpl; unfold plus, times; ring.
  - intros e He. exists 1. split; [lra|]. intros H HH _. unfold difference; simpl. unfold plus.
    replace (c * (X i j + H i j) + -1 * (c * X i j) + -1 * (c * H i j)) with 0 by ring.
    rewrite Rabs_R0. apply Rmult_le_pos; [lra|apply norm_of_matrix_nonneg].
Qed.

Lemma determinant_slope n X : matrix n n X = X ->
  exists L, slope (matrices n n) reals (word_determinant n) X L.
Proof.
  revert X. induction n as [|n IH]; intros X HX.
  - exists (fun _ => 0). split; [split; [intros H _ K _|intros c H _]; simpl; ring|].
    intros e He. exists 1. split; [lra|]. intros K HK _. unfold difference; simpl.
    replace (1 + -1 * 1 + -1 * 0) with 0 by ring. rewrite Rabs_R0.
    apply Rmult_le_pos; [lra|apply norm_of_matrix_nonneg].
  - apply (slope_sum (matrices_laws (S n) (S n)) X (S n)
      (fun k Y => (-1) ^ k * Y O k * word_determinant n (minor Y k))); auto.
    intros k Hk. destruct (IH (minor X k) (minor_member n X k Hk HX)) as [L HL].
    apply slope_minor in HL; auto.
    assert (E := slope_entry (S n) (S n) X 0 k HX (Nat.lt_0_succ n) Hk ((-1) ^ k)).
    eexists. apply (slope_product (matrices_laws (S n) (S n)) _ _ X _ _ HX) with (3 := E) (4 := HL);
      apply (linear_bounded reals_laws); [apply E|apply HL].
Qed.

(** * Norms of products *)
Lemma norm_of_product n A B :
  norm_of_matrix n n (product n A B) <= norm_of_matrix n n A * norm_of_matrix n n B.
Proof.
  unfold norm_of_matrix at 1 2. rewrite Rmult_comm, <- total_scale. apply total_le. intros i Hi.
  apply Rle_trans with (total n (fun k => Rabs (A i k) * total n (fun j => Rabs (B k j)))).
  - rewrite (total_ext n (fun k => Rabs (A i k) * total n (fun j => Rabs (B k j)))
      (fun k => total n (fun j => Rabs (A i k * B k j)))).
    + rewrite <- (total_swap n n (fun j k => Rabs (A i k * B k j))). apply total_le. intros j Hj.
      unfold product. apply total_abs.
    + intros k Hk. rewrite <- total_scale. apply total_ext. intros. now rewrite Rabs_mult.
  - rewrite <- total_scale. apply total_le. intros k Hk. rewrite Rmult_comm.
    apply Rmult_le_compat_r; [apply Rabs_pos|].
    apply (total_member n (fun k => total n (fun j => Rabs (B k j))) k Hk).
    intros; apply total_nonneg; intros; apply Rabs_pos.
Qed.

Lemma affine_limit phi a c l : (forall s, phi s = a + s * c) -> derivable_pt_lim phi 0 l -> l = c.
Proof.
  intros E H. apply (uniqueness_limite phi 0); auto.
  apply (limit_ext (fun s => a + s * c)); [|intros; now rewrite E].
  assert (D : derivable_pt_lim (fun s => a + s * c) 0 (0 + c * 1)).
  { apply (derivable_pt_lim_plus (fct_cte a) (fun s => s * c)); [apply derivable_pt_lim_const|].
    apply (limit_ext (fun s => c * s)); [|intros; ring].
    apply (derivable_pt_lim_scal id), derivable_pt_lim_id. }
  replace (0 + c * 1) with c in D by ring. exact D.
Qed.

Lemma slope_at_unit p q f X L i j a c : matrix p q X = X -> (i < p)%nat -> (j < q)%nat ->
  slope (matrices p q) reals f X L ->
  (forall t, f (plus X (times t (unit i j))) = a + t * c) -> L (unit i j) = c.
Proof.
  intros HX Hi Hj HL E. rewrite <- (at_zero X (unit i j)) in HL.
  apply (affine_limit (fun t => f (plus X (times t (unit i j)))) a); auto.
  apply (slope_line p q f X (unit i j) 0 L HX (unit_member p q i j Hi Hj) HL).
Qed.

(** * The inverse *)
Lemma inverse_estimate a h y e : 0 <= a -> 0 <= h -> 0 <= y -> 0 < e ->
  h * (2 * a + 1) <= 1 -> h * (2 * a * a * a + 1) <= e -> y <= a + a * h * y ->
  a * h * (y * (h * a)) <= e * h.
Proof.
  intros Ha Hh Hy He H1 H2 H3. assert (Y : y <= 2 * a).
  { assert (a * h <= 1 / 2) by nra. assert (a * h * y <= 1 / 2 * y) by (apply Rmult_le_compat_r; auto). lra. }
  assert (P : 0 <= a * h * h * a) by (repeat apply Rmult_le_pos; auto).
  replace (a * h * (y * (h * a))) with (a * h * h * a * y) by ring.
  apply Rle_trans with (a * h * h * a * (2 * a)); [apply Rmult_le_compat_l; auto|].
  replace (a * h * h * a * (2 * a)) with (h * (2 * a * a * a) * h) by ring.
  apply Rmult_le_compat_r; auto. lra.
Qed.

(** If the inverse obeys two equations near S, it has its slope there. *)
Lemma slope_of_resolvent n S Y : matrix n n S = S ->
  near (matrices n n) S (fun T => let H := plus T (times (-1) S) in
    same n n (Y T) (plus (Y S) (times (-1) (product n (product n (Y S) H) (Y T)))) /\
    same n n (plus (plus (Y T) (times (-1) (Y S)))
        (times (-1) (times (-1) (product n (product n (Y S) H) (Y S)))))
      (product n (product n (Y S) H) (product n (Y T) (product n H (Y S))))) ->
  linear (matrices n n) (matrices n n) (fun H => times (-1) (product n (product n (Y S) H) (Y S))) ->
  slope (matrices n n) (matrices n n) Y S (fun H => times (-1) (product n (product n (Y S) H) (Y S))).
Proof.
  intros HS [d [Hd Hn]] HL. split; auto. intros e He.
  set (a := norm_of_matrix n n (Y S)). assert (Ha : 0 <= a) by apply norm_of_matrix_nonneg.
  set (d1 := 1 / (2 * a + 1)). set (d2 := e / (2 * a * a * a + 1)).
  assert (A3 : 0 <= 2 * a * a * a) by (repeat apply Rmult_le_pos; auto; lra).
  assert (P1 : 0 < d1) by (apply Rdiv_lt_0_compat; lra).
  assert (P2 : 0 < d2) by (apply Rdiv_lt_0_compat; lra).
  exists (Rmin d (Rmin d1 d2)). split; [repeat apply Rmin_pos; auto|].
  intros H HH Hs. simpl in Hs.
  pose proof (Rmin_l d (Rmin d1 d2)). pose proof (Rmin_r d (Rmin d1 d2)).
  pose proof (Rmin_l d1 d2). pose proof (Rmin_r d1 d2).
  set (h := norm_of_matrix n n H) in *. assert (Hh : 0 <= h) by apply norm_of_matrix_nonneg.
  assert (E : plus (plus S H) (times (-1) S) = H) by by_entries.
  assert (HT : matrix n n (plus S H) = plus S H) by now apply matrix_plus.
  destruct (Hn (plus S H) HT) as [E1 E2].
  { unfold difference; simpl. rewrite E. fold h. lra. }
  rewrite E in E1, E2. unfold difference; simpl.
  rewrite (norm_of_matrix_ext n n _ _ E2). fold h.
  set (y := norm_of_matrix n n (Y (plus S H))). assert (Hy : 0 <= y) by apply norm_of_matrix_nonneg.
  assert (B : y <= a + a * h * y).
  { unfold y at 1. rewrite (norm_of_matrix_ext n n _ _ E1).
    eapply Rle_trans; [apply norm_of_plus|]. apply Rplus_le_compat_l.
    rewrite norm_of_times, Rabs_m1, Rmult_1_l.
    eapply Rle_trans; [apply norm_of_product|]. apply Rmult_le_compat_r; auto. apply norm_of_product. }
  eapply Rle_trans; [apply norm_of_product|].
  apply Rle_trans with (a * h * (y * (h * a))).
  - apply Rmult_le_compat; try apply norm_of_matrix_nonneg; [apply norm_of_product|].
    eapply Rle_trans; [apply norm_of_product|]. apply Rmult_le_compat_l; auto. apply norm_of_product.
  - apply inverse_estimate; auto.
    + apply Rle_trans with (d1 * (2 * a + 1)); [apply Rmult_le_compat_r; lra|].
      apply Req_le. unfold d1. field. lra.
    + apply Rle_trans with (d2 * (2 * a * a * a + 1)); [apply Rmult_le_compat_r; lra|].
      apply Req_le. unfold d2. field. lra.
Qed.

Lemma determinant_near n S : matrix n n S = S -> word_determinant n S <> 0 ->
  near (matrices n n) S (fun T => word_determinant n T <> 0).
Proof.
  intros HS N. destruct (determinant_slope n S HS) as [L HL].
  assert (C : continuous (matrices n n) reals (word_determinant n) S).
  { apply (slope_continuous (matrices_laws n n) reals_laws _ S L HS); auto.
    apply (linear_bounded reals_laws). apply HL. }
  eapply near_mono; [|apply (C (Rabs (word_determinant n S))); now apply Rabs_pos_lt].
  intros T _ H E. unfold difference in H; simpl in H. rewrite E in H.
  replace (0 + -1 * word_determinant n S) with (- word_determinant n S) in H by ring.
  rewrite Rabs_Ropp in H. lra.
Qed.
