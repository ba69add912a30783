(** Facts without one of their hypotheses: Coq proves that they are false. *)
From Coq Require Import Reals ZArith Lra Lia.
From Proofkit Require Import Language Statements Base ProofsReals ProofsEntries Calculus.
Open Scope R_scope.

Theorem refuted_quotient_0 : ~ without_quotient_0.
Proof. intros H. specialize (H 0 eq_refl). lra. Qed.

(** The 1×1 matrix 0 has no left inverse. *)
Theorem refuted_left_inverse_0 : ~ without_left_inverse_0.
Proof.
  intros H. destruct (H 1%nat eq_refl 1%nat eq_refl zero (matrix_zero 1 1)) as [Y [_ E]].
  specialize (E O O ltac:(lia) ltac:(lia)). unfold plus, times, product, zero in E. simpl in E.
  rewrite one_diagonal in E by lia. lra.
Qed.

(** The 1×1 matrix 1 kills no other vector than 0. *)
Theorem refuted_kernel_vector_0 : ~ without_kernel_vector_0.
Proof.
  intros H.
  destruct (H 1%nat eq_refl 1%nat eq_refl (one 1) (matrix_one 1)) as [w [_ [N E]]].
  apply N. intros i j Hi Hj. specialize (E i j Hi Hj).
  destruct i, j; try lia. unfold product in E. simpl in E. rewrite one_diagonal in E by lia.
  unfold zero in *. lra.
Qed.

(** X ↦ X has no gradient 0 at 0, and no minimum there. *)
Theorem refuted_fermat_1 : ~ without_fermat_1.
Proof.
  intros H. set (f := lam (matrix 1 1) (fun X => X O O)).
  assert (S : forall X, matrix 1 1 X = X ->
    slope (matrices 1 1) reals f X (fun K => dot 1 1 (one 1) K)).
  { intros X HX. split; [apply dot_linear|]. intros e He. exists 1. split; [lra|].
    intros K HK _. unfold difference; simpl. unfold f.
    rewrite !lam_member by (try apply matrix_plus; auto).
    unfold dot; simpl. rewrite one_diagonal by lia. unfold plus.
    replace (X O O + K O O + -1 * X O O + -1 * (0 + (0 + 1 * K O O))) with 0 by ring.
    rewrite Rabs_R0. apply Rmult_le_pos; [lra|]. apply norm_of_matrix_nonneg. }
  assert (E := H 1%nat eq_refl 1%nat eq_refl f (to_real 1 1 _) zero (matrix_zero 1 1)
    (fun X HX => ex_intro _ _ (S X HX)) O O ltac:(lia) ltac:(lia)).
  assert (G := gradient_unique 1 1 f zero (one 1) (matrix_zero 1 1) (S zero (matrix_zero 1 1))
    O O ltac:(lia) ltac:(lia)).
  rewrite one_diagonal in G by lia. unfold zero in E at 2. lra.
Qed.

(** Without symmetry: [[1, 1], [−1, 1]] has the form v₁² + v₂², the trace 2 and the determinant 2. *)
Theorem refuted_log_determinant_below_tangent_0 : ~ without_log_determinant_below_tangent_0.
Proof.
  intros H. set (X := matrix 2 2 (fun i j => if Nat.ltb j i then - 1 else 1)).
  assert (L : 0 <= - 1 * word_log 2 + - 1 * 2 + 2).
  { specialize (H 2%nat eq_refl X (matrix_twice 2 2 _)). cbv beta in H.
    replace (word_determinant 2 X) with 2 in H
      by (simpl; unfold X, minor, matrix; simpl; ring).
    replace (INR 2) with 2 in H by (simpl; ring).
    replace (trace 2 X) with 2 in H by (unfold X, trace, matrix; simpl; ring).
    apply H. intros v Hv N.
    replace (trace 2 (product 2 (product 1 v (transpose v)) X))
      with (v O O * v O O + v 1%nat O * v 1%nat O)
      by (unfold X, trace, product, transpose, matrix; simpl; ring).
    destruct (Req_dec (v O O) 0) as [E|E]; [destruct (Req_dec (v 1%nat O) 0) as [F|F]|]; [|nra|nra].
    exfalso. apply N. intros i j Hi Hj. destruct i as [|[|i]], j; try lia; auto. }
  assert (P : 0 < ln 2) by (rewrite <- ln_1; apply ln_increasing; lra).
  unfold word_log in L. lra.
Qed.
