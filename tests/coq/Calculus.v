(** Inner products, gradients, and functions on lines: what the facts of calculus share. *)
From Coq Require Import Reals ZArith Lra Lia FunctionalExtensionality ClassicalEpsilon.
From Proofkit Require Import Language Statements Base ProofsReals ProofsEntries.
Open Scope R_scope.

Lemma matrix_ext (A B : Matrix) : (forall i j, A i j = B i j) -> A = B.
Proof. intros H. extensionality i; extensionality j; auto. Qed.

Ltac by_entries := apply matrix_ext; intros; unfold plus, times, zero; try ring.

(** * Inner products *)
Definition dot (p q : nat) (X Y : Matrix) : R := total p (fun i => total q (fun j => X i j * Y i j)).

Lemma trace_dot p q X Y : trace p (product q X (transpose Y)) = dot p q X Y.
Proof. reflexivity. Qed.

Lemma inner_dot p q X Y : inner p q X Y = dot p q X Y.
Proof. unfold inner, trace, product, transpose, dot. apply total_swap. Qed.

Lemma dot_comm p q X Y : dot p q X Y = dot p q Y X.
Proof. apply total_ext; intros; apply total_ext; intros; ring. Qed.

Lemma dot_plus p q X Y Z : dot p q (plus X Y) Z = dot p q X Z + dot p q Y Z.
Proof.
  unfold dot. rewrite <- total_add. apply total_ext; intros. rewrite <- total_add.
  apply total_ext; intros. unfold plus. ring.
Qed.

Lemma dot_times p q c X Z : dot p q (times c X) Z = c * dot p q X Z.
Proof.
  unfold dot. rewrite <- total_scale. apply total_ext; intros. rewrite <- total_scale.
  apply total_ext; intros. unfold times. ring.
Qed.

Lemma dot_plus' p q X Y Z : dot p q Z (plus X Y) = dot p q Z X + dot p q Z Y.
Proof. rewrite dot_comm, dot_plus, !(dot_comm p q Z). ring. Qed.

Lemma dot_times' p q c X Z : dot p q Z (times c X) = c * dot p q Z X.
Proof. rewrite dot_comm, dot_times, (dot_comm p q Z). ring. Qed.

Lemma dot_zero p q X : dot p q X zero = 0.
Proof. apply total_zero; intros; apply total_zero; intros. unfold zero. ring. Qed.

Lemma dot_same p q X X' Y : same p q X X' -> dot p q X Y = dot p q X' Y.
Proof. intros H. apply total_ext; intros; apply total_ext; intros. now rewrite H. Qed.

Lemma dot_same' p q X Y Y' : same p q Y Y' -> dot p q X Y = dot p q X Y'.
Proof. intros H. rewrite !(dot_comm p q X). now apply dot_same. Qed.

Lemma dot_self p q X : 0 <= dot p q X X.
Proof. apply total_nonneg; intros; apply total_nonneg; intros. nra. Qed.

Lemma dot_self_zero p q X : dot p q X X = 0 -> same p q X zero.
Proof. apply square_norm_zero. Qed.

Lemma dot_unit p q X i j : (i < p)%nat -> (j < q)%nat -> dot p q X (unit i j) = X i j.
Proof.
  intros Hi Hj. unfold dot. rewrite (total_single p _ i Hi).
  - rewrite (total_single q _ j Hj); [rewrite unit_same; ring|].
    intros m Hm N. rewrite unit_other by auto. ring.
  - intros m Hm N. apply total_zero. intros k Hk. rewrite unit_other by auto. ring.
Qed.

Lemma dot_bound p q X Y : Rabs (dot p q X Y) <= norm_of_matrix p q X * norm_of_matrix p q Y.
Proof.
  unfold dot. eapply Rle_trans; [apply total_abs|]. unfold norm_of_matrix at 2.
  rewrite <- total_scale. apply total_le. intros i Hi.
  eapply Rle_trans; [apply total_abs|]. rewrite <- total_scale. apply total_le. intros j Hj.
  rewrite Rabs_mult. apply Rmult_le_compat_r; [apply Rabs_pos|]. now apply entry_le_norm.
Qed.

Lemma cauchy_schwarz p q X Y : dot p q X Y * dot p q X Y <= dot p q X X * dot p q Y Y.
Proof.
  destruct (Req_dec (dot p q Y Y) 0) as [E|N].
  - rewrite (dot_same' p q X Y zero) by now apply dot_self_zero. rewrite dot_zero, E. lra.
  - pose proof (dot_self p q Y).
    pose proof (dot_self p q (plus (times (dot p q Y Y) X) (times (- dot p q X Y) Y))) as H1.
    rewrite !dot_plus, !dot_plus', !dot_times, !dot_times' in H1.
    rewrite (dot_comm p q Y X) in H1.
    assert (0 <= dot p q Y Y * (dot p q X X * dot p q Y Y - dot p q X Y * dot p q X Y)) by nra.
    assert (0 < dot p q Y Y) by lra.
    apply Rmult_le_reg_l with (dot p q Y Y); nra.
Qed.

Lemma dot_linear p q G : linear (matrices p q) reals (fun H => dot p q G H).
Proof.
  split; [intros H _ K _|intros c H _]; simpl; [apply dot_plus'|apply dot_times'].
Qed.

(** Every linear function to the reals is an inner product. *)
Lemma linear_is_dot p q L : linear (matrices p q) reals L ->
  exists G, matrix p q G = G /\ forall H, matrix p q H = H -> L H = dot p q G H.
Proof.
  intros HL. exists (matrix p q (fun i j => L (unit i j))). split; [apply matrix_twice|].
  intros H HH. 
  assert (Z : L zero = 0).
  { pose proof (linear_zero reals_laws p q L HL) as Z. simpl in Z.
    destruct (Req_dec (L zero) 0) as [|N]; auto. now apply Rabs_no_R0 in N. }
  destruct HL as [HA HS]. simpl in HA, HS.
  assert (M : forall n f, (forall k, (k < n)%nat -> matrix p q (f k) = f k) ->
    L (msum n f) = total n (fun k => L (f k))).
  { induction n as [|n IH]; intros f Hf; simpl; auto.
    rewrite HA, IH; auto. apply msum_member; auto. }
  rewrite (matrix_of_units p q H HH) at 1.
  assert (U : forall i j, (i < p)%nat -> (j < q)%nat ->
    matrix p q (times (H i j) (unit i j)) = times (H i j) (unit i j)).
  { intros. apply matrix_times. now apply unit_member. }
  rewrite M by (intros; apply msum_member; auto). apply total_ext. intros i Hi.
  rewrite M by auto. apply total_ext. intros j Hj. rewrite HS by now apply unit_member.
  rewrite inside by auto. ring.
Qed.

(** * Slopes of functions that agree where it matters *)
Section Members.
Context {A B : Type} {S : space A} {T : space B} (LS : laws S) (LT : laws T).

Lemma linear_members (L K : A -> B) : (forall H, member S H = H -> L H = K H) ->
  linear S T L -> linear S T K.
Proof.
  intros E [HA HS]. split.
  - intros H HH J HJ.
    rewrite <- (E _ (in_add LS H J HH HJ)), <- (E H HH), <- (E J HJ). now apply HA.
  - intros c H HH. rewrite <- (E _ (in_scale LS c H HH)), <- (E H HH). now apply HS.
Qed.

Lemma slope_members F G X (L K : A -> B) : member S X = X ->
  (forall Y, member S Y = Y -> F Y = G Y) -> (forall H, member S H = H -> L H = K H) ->
  slope S T F X L -> slope S T G X K.
Proof.
  intros HX EF EL [HL HF]. split; [now apply (linear_members L)|].
  intros e He. destruct (HF e He) as [d [Hd Hs]]. exists d. split; auto.
  intros H HH Hn. rewrite <- (EL H HH), <- (EF X HX), <- (EF _ (in_add LS X H HX HH)). now apply Hs.
Qed.

Lemma continuous_members F G X : member S X = X -> (forall Y, member S Y = Y -> F Y = G Y) ->
  continuous S T F X -> continuous S T G X.
Proof.
  intros HX EF HF e He. destruct (HF e He) as [d [Hd Hs]]. exists d. split; auto.
  intros Y HY Hn. rewrite <- (EF X HX), <- (EF Y HY). now apply Hs.
Qed.
End Members.

Lemma lam_member {A B} (D : sort A) (b : A -> B) x : D x = x -> lam D b x = b x.
Proof. intros E. unfold lam. now rewrite E. Qed.

Lemma slope_lam {A B} {S : space A} {T : space B} (LS : laws S) F X (L : A -> B) :
  member S X = X -> slope S T F X L -> slope S T F X (lam (member S) L).
Proof.
  intros HX. apply (slope_members LS); auto. intros H HH. now rewrite lam_member.
Qed.

Lemma slope_unlam {A B} {S : space A} {T : space B} (LS : laws S) F X (L : A -> B) :
  member S X = X -> slope S T F X (lam (member S) L) -> slope S T F X L.
Proof.
  intros HX. apply (slope_members LS); auto. intros H HH. now rewrite lam_member.
Qed.

(** * Gradients *)
Lemma gradient_spec p q f X L : matrix p q X = X -> slope (matrices p q) reals f X L ->
  slope (matrices p q) reals f X (fun H => dot p q (gradient p q f X) H).
Proof.
  intros HX HL. destruct (linear_is_dot p q L) as [G [HG E]]; [apply HL|].
  set (P := fun G => slope (matrices p q) reals f X (fun H => inner p q G H)).
  assert (HP : P (the zero P)).
  { apply the_spec. exists G. unfold P.
    apply (slope_members (matrices_laws p q) f f X L); auto. intros H HH.
    rewrite E by auto. symmetry. apply inner_dot. }
  apply (slope_members (matrices_laws p q) f f X (fun H => inner p q (the zero P) H)); auto.
  intros H HH. rewrite inner_dot. symmetry. apply dot_same. apply same_cut.
Qed.

Lemma gradient_member p q f X : matrix p q (gradient p q f X) = gradient p q f X.
Proof. apply matrix_twice. Qed.

Lemma gradient_unique p q f X G : matrix p q X = X ->
  slope (matrices p q) reals f X (fun H => dot p q G H) -> same p q G (gradient p q f X).
Proof.
  intros HX HG i j Hi Hj. pose proof (gradient_spec p q f X _ HX HG) as HS.
  pose proof (slope_unique (matrices_laws p q) reals_laws f X _ _ (unit i j) HX
    (unit_member p q i j Hi Hj) HG HS) as E.
  simpl in E. now rewrite !dot_unit in E.
Qed.

(** * Lines *)
Lemma slope_line p q f X H t L : matrix p q X = X -> matrix p q H = H ->
  slope (matrices p q) reals f (plus X (times t H)) L ->
  derivable_pt_lim (fun s => f (plus X (times s H))) t (L H).
Proof.
  intros HX HH [[HA HS] HF].
  replace (L H) with ((fun h => L H * h) 1) by ring. apply limit_of_slope.
  split; [apply linear_scale|]. intros e He. simpl in *.
  set (n := norm_of_matrix p q H).
  assert (Hn : 0 <= n) by apply norm_of_matrix_nonneg.
  destruct (HF (e / (n + 1))) as [d [Hd Hs]]; [apply Rdiv_lt_0_compat; lra|].
  exists (d / (n + 1)). split; [apply Rdiv_lt_0_compat; lra|]. intros h _ Hh. simpl in *.
  assert (HhH := matrix_times p q h H HH).
  assert (En : norm_of_matrix p q (times h H) = Rabs h * n) by apply norm_of_times.
  pose proof (Rabs_pos h) as Ph.
  assert (Hsmall : Rabs h * n < d).
  { apply Rle_lt_trans with (Rabs h * (n + 1)); [apply Rmult_le_compat_l; lra|].
    replace d with (d / (n + 1) * (n + 1)) by (field; lra). apply Rmult_lt_compat_r; lra. }
  assert (A := Hs (times h H) HhH). simpl in A. rewrite En in A. specialize (A Hsmall).
  unfold difference in *; simpl in *. rewrite HS in A by auto.
  replace (plus (plus X (times t H)) (times h H)) with (plus X (times (t + h) H)) in A by by_entries.
  replace (L H * h) with (h * L H) by ring.
  eapply Rle_trans; [exact A|].
  replace (e * Rabs h) with (e / (n + 1) * (Rabs h * (n + 1))) by (field; lra).
  apply Rmult_le_compat_l; [apply Rlt_le, Rdiv_lt_0_compat; lra|].
  apply Rmult_le_compat_l; lra.
Qed.

Lemma at_zero X H : plus X (times 0 H) = X.
Proof. by_entries. Qed.

Lemma at_one X Y : plus X (times 1 (plus Y (times (-1) X))) = Y.
Proof. by_entries. Qed.

Lemma to_real p q (L : Matrix -> R) :
  to (matrix p q) (fun _ => real) (lam (matrix p q) L) = lam (matrix p q) L.
Proof. extensionality H. unfold to, real, lam. now rewrite matrix_twice. Qed.
