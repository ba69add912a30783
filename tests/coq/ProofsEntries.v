(** Facts of entries, Hadamard products, ones and diagonals: entry by entry. *)
From Coq Require Import Reals ZArith Lra Lia FunctionalExtensionality ClassicalEpsilon.
From Proofkit Require Import Language Statements Base.
Open Scope R_scope.

Ltac at_entry := intros i j Hi Hj; unfold plus, times, zero, transpose, word_hadamard.
Ltac entry_at := unfold word_entry, transpose, word_hadamard.

Lemma to_row i n : (0 <= -1 + i)%Z -> (0 <= -1 * i + Z.of_nat n)%Z -> (Z.to_nat (i - 1) < n)%nat.
Proof. lia. Qed.

Ltac rows :=
  repeat match goal with
  | H : (0 <= _ + ?i)%Z /\ (0 <= _ * ?i + Z.of_nat ?n)%Z |- _ =>
      let K := fresh "K" in assert (K : (Z.to_nat (i - 1) < n)%nat) by (apply to_row; apply H);
      clear H
  end.

Theorem proved_equal_entries : fact_equal_entries.
Proof.
  intros p _ q _ X HX Y HY H. at_entry.
  assert (E := H (Z.of_nat (S i)) eq_refl (Z.of_nat (S j)) eq_refl ltac:(lia) ltac:(lia)).
  unfold word_entry in E. rewrite !Nat2Z.inj_succ in E. unfold Z.succ in E.
  rewrite !Z.add_simpl_r, !Nat2Z.id in E. exact E.
Qed.

Theorem proved_entry_of_transpose : fact_entry_of_transpose.
Proof. intros p _ q _ X HX i _ j _ Hi Hj. entry_at. ring. Qed.

Theorem proved_entry_of_ones : fact_entry_of_ones.
Proof.
  intros p _ q _ i _ j _ Hi Hj. rows. entry_at. unfold word_ones. rewrite inside by auto. ring.
Qed.

Lemma one_diagonal n i : (i < n)%nat -> one n i i = 1.
Proof. intros. unfold one. rewrite inside, Nat.eqb_refl; auto. Qed.

Lemma one_other n i j : i <> j -> one n i j = 0.
Proof.
  intros. unfold one, matrix. destruct (andb _ _); auto. destruct (Nat.eqb_spec i j); lia || auto.
Qed.

Theorem proved_diagonal_of_identity : fact_diagonal_of_identity.
Proof. intros n _ i _ Hi. rows. entry_at. rewrite one_diagonal by auto. ring. Qed.

Theorem proved_other_entries_of_identity : fact_other_entries_of_identity.
Proof. intros n _ i _ j _ N Hi Hj. entry_at. apply one_other. lia. Qed.

Theorem proved_entry_of_hadamard : fact_entry_of_hadamard.
Proof. intros p _ q _ X HX Y HY i _ j _ Hi Hj. entry_at. ring. Qed.

Theorem proved_entry_of_entrywise : fact_entry_of_entrywise.
Proof.
  intros p _ q _ f _ X HX i _ j _ Hi Hj. rows. entry_at. unfold word_entrywise.
  rewrite inside by auto. ring.
Qed.

Lemma diag_diagonal n v i : (i < n)%nat -> word_diag n v i i = v i O.
Proof. intros. unfold word_diag. rewrite inside, Nat.eqb_refl; auto. Qed.

Lemma diag_other n v i j : i <> j -> word_diag n v i j = 0.
Proof.
  intros. unfold word_diag, matrix. destruct (andb _ _); auto.
  destruct (Nat.eqb_spec i j); lia || auto.
Qed.

Theorem proved_diagonal_of_diag : fact_diagonal_of_diag.
Proof. intros n _ v Hv i _ Hi. rows. entry_at. rewrite diag_diagonal by auto. simpl. ring. Qed.

Theorem proved_other_entries_of_diag : fact_other_entries_of_diag.
Proof. intros n _ v Hv i _ j _ N Hi Hj. entry_at. apply diag_other. lia. Qed.

Theorem proved_entry_of_diagonal : fact_entry_of_diagonal.
Proof.
  intros n _ X HX i _ Hi. rows. entry_at. unfold word_diagonal. simpl.
  rewrite inside by auto. ring.
Qed.

Theorem proved_hadamard_commutes : fact_hadamard_commutes.
Proof. intros p _ q _ X HX Y HY. at_entry. ring. Qed.

Theorem proved_hadamard_associates : fact_hadamard_associates.
Proof. intros p _ q _ X HX Y HY Z HZ. at_entry. ring. Qed.

Lemma ones_entry p q i j : (i < p)%nat -> (j < q)%nat -> word_ones p q i j = 1.
Proof. intros. unfold word_ones. now rewrite inside. Qed.

Theorem proved_hadamard_with_ones : fact_hadamard_with_ones.
Proof. intros p _ q _ X HX. at_entry. rewrite ones_entry by auto. ring. Qed.

Theorem proved_transpose_of_hadamard : fact_transpose_of_hadamard.
Proof. intros p _ q _ X HX Y HY. at_entry. ring. Qed.

(** The inner product of matrices, as the kernel writes it. *)
Lemma trace_inner p q X Y :
  trace p (product q X (transpose Y)) = total p (fun i => total q (fun j => X i j * Y i j)).
Proof. reflexivity. Qed.

Theorem proved_trace_of_hadamard : fact_trace_of_hadamard.
Proof.
  intros p _ q _ X HX Y HY Z HZ. rewrite !trace_inner.
  rewrite (total_ext p (fun i => total q (fun j => word_hadamard p q Y Z i j * X i j))
    (fun i => total q (fun j => word_hadamard p q X Y i j * Z i j))); [ring|].
  intros i Hi. apply total_ext. intros j Hj. unfold word_hadamard. ring.
Qed.

Theorem proved_transpose_of_entrywise : fact_transpose_of_entrywise.
Proof.
  intros p _ q _ f _ X HX. at_entry. unfold word_entrywise. rewrite !inside by auto. ring.
Qed.

Theorem proved_transpose_of_ones : fact_transpose_of_ones.
Proof. intros p _ q _. at_entry. rewrite !ones_entry by auto. ring. Qed.

Theorem proved_ones_are_an_outer_product : fact_ones_are_an_outer_product.
Proof.
  intros p _ q _. at_entry. unfold product. simpl. rewrite !ones_entry by (auto; lia). ring.
Qed.

Theorem proved_ones_are_counted : fact_ones_are_counted.
Proof.
  intros n _. at_entry. unfold product. destruct i, j; try lia.
  rewrite (total_ext n _ (fun _ => 1)).
  - rewrite total_const, one_diagonal; auto. ring.
  - intros k Hk. rewrite !ones_entry; auto. ring.
Qed.

Theorem proved_diag_is_symmetric : fact_diag_is_symmetric.
Proof.
  intros n _ v Hv. at_entry. destruct (Nat.eq_dec i j) as [->|N]; [ring|].
  rewrite !diag_other; auto. ring.
Qed.

Lemma product_diag n v X i j : (i < n)%nat -> product n (word_diag n v) X i j = v i O * X i j.
Proof.
  intros Hi. unfold product. rewrite (total_single n _ i); auto.
  - now rewrite diag_diagonal.
  - intros m Hm N. rewrite diag_other; auto. ring.
Qed.

Theorem proved_diag_times_vector : fact_diag_times_vector.
Proof. intros n _ v Hv w Hw. at_entry. rewrite product_diag; auto. destruct j; [ring|lia]. Qed.

Theorem proved_diag_times_matrix : fact_diag_times_matrix.
Proof.
  intros p _ q _ v Hv X HX. at_entry. rewrite product_diag; auto. unfold product. simpl.
  rewrite ones_entry by (auto; lia). ring.
Qed.

Theorem proved_trace_of_diag : fact_trace_of_diag.
Proof.
  intros n _ v Hv X HX. rewrite trace_inner. unfold trace.
  rewrite (total_ext n (fun i => product n (word_diag n v) X i i)
    (fun i => total 1 (fun j => word_diagonal n X i j * v i j))); [ring|].
  intros i Hi. rewrite product_diag; auto. simpl. unfold word_diagonal. rewrite inside by (auto; lia).
  ring.
Qed.

Theorem proved_one_by_one : fact_one_by_one.
Proof.
  intros X HX. at_entry. destruct i, j; try lia. unfold trace. simpl. rewrite one_diagonal by auto.
  ring.
Qed.

Theorem proved_sum_of_positive_entries : fact_sum_of_positive_entries.
Proof.
  intros p _ q _ X HX Hp Hq H. rewrite trace_inner.
  assert (P : forall i j, (i < p)%nat -> (j < q)%nat -> 0 < word_ones p q i j * X i j).
  { intros i j Hi Hj. rewrite ones_entry, Rmult_1_l; auto.
    assert (E := H (Z.of_nat (S i)) eq_refl (Z.of_nat (S j)) eq_refl ltac:(lia) ltac:(lia)).
    unfold word_entry in E. rewrite !Nat2Z.inj_succ in E. unfold Z.succ in E.
    rewrite !Z.add_simpl_r, !Nat2Z.id in E. exact E. }
  assert (Hp' : (0 < p)%nat) by lia. assert (Hq' : (0 < q)%nat) by lia.
  eapply Rlt_le_trans; [|apply (total_member p (fun i => total q _) O)]; auto.
  - eapply Rlt_le_trans; [|apply (total_member q (fun j => word_ones p q O j * X O j) O)]; auto.
    intros; apply Rlt_le; auto.
  - intros; apply total_nonneg; intros; apply Rlt_le; auto.
Qed.

(** * Squared norms *)
Theorem proved_square_norm : fact_square_norm.
Proof.
  intros p _ q _ X HX. rewrite trace_inner. apply total_nonneg; intros; apply total_nonneg; intros.
  nra.
Qed.

Lemma square_norm_zero p q X : trace p (product q X (transpose X)) = 0 -> same p q X zero.
Proof.
  rewrite trace_inner. intros H i j Hi Hj. unfold zero.
  assert (N : forall i j, 0 <= X i j * X i j) by (intros; nra).
  assert (M := total_member p (fun i => total q (fun j => X i j * X i j)) i Hi
    (fun k _ => total_nonneg q _ (fun l _ => N k l))).
  assert (M' := total_member q (fun j => X i j * X i j) j Hj (fun l _ => N i l)).
  cbv beta in *. specialize (N i j). nra.
Qed.

Theorem proved_square_norm_is_positive : fact_square_norm_is_positive.
Proof.
  intros p _ q _ X HX N. pose proof (proved_square_norm p eq_refl q eq_refl X HX) as H.
  destruct H as [|H]; auto. exfalso. apply N. apply square_norm_zero. now symmetry.
Qed.

Theorem proved_nonzero_vector : fact_nonzero_vector.
Proof.
  intros n _ w Hw N. set (s := total n (fun i => w i O * w i O)).
  assert (Hs : s <> 0).
  { intros E. apply N. apply square_norm_zero. rewrite trace_inner, <- E.
    apply total_ext. intros; simpl; ring. }
  exists (times (/ s) w). split; [now apply matrix_times|]. at_entry. destruct i, j; try lia.
  rewrite one_diagonal; auto. unfold product.
  rewrite (total_ext n _ (fun k => / s * (w k O * w k O))) by (intros; unfold times; ring).
  rewrite total_scale. fold s. field. auto.
Qed.

Theorem proved_trace_of_semidefinite : fact_trace_of_semidefinite.
Proof.
  intros p _ q _ S HS N HN H.
  set (v := fun k => matrix q 1 (fun i _ => N i k)).
  assert (E : trace q (product q (product p N (transpose N)) S) =
    total p (fun k => trace q (product q (product 1 (v k) (transpose (v k))) S))).
  { unfold trace. rewrite total_swap. apply total_ext. intros i Hi. unfold product, transpose.
    rewrite total_swap. apply total_ext. intros l Hl.
    rewrite Rmult_comm, <- total_scale. apply total_ext. intros k Hk. simpl. unfold v.
    rewrite !inside by (auto; lia). ring. }
  rewrite E. apply total_nonneg. intros k Hk. apply H. apply matrix_twice.
Qed.

Theorem proved_vanishing_near_zero : fact_vanishing_near_zero.
Proof.
  intros p _ q _ X HX [d [Hd H]] i j Hi Hj. unfold zero.
  assert (M : matrix q 1 (times (d / 2) (unit j 0)) = times (d / 2) (unit j 0)).
  { apply matrix_times. apply unit_member; auto. }
  assert (E := H (times (d / 2) (unit j 0)) M).
  assert (norm_of_matrix q 1 (plus (times (d / 2) (unit j 0)) (times (-1) zero)) < d).
  { unfold norm_of_matrix. rewrite (total_single q _ j); auto.
    - simpl. unfold plus, times, zero. rewrite unit_same. rewrite Rabs_pos_eq; lra.
    - intros m Hm N. simpl. unfold plus, times, zero. rewrite unit_other by auto.
      replace (d / 2 * 0 + -1 * 0) with 0 by ring. rewrite Rabs_R0. ring. }
  specialize (E H0 i O Hi ltac:(auto)). unfold product, zero in E.
  rewrite (total_single q _ j) in E; auto.
  - unfold times in E. rewrite unit_same in E. nra.
  - intros m Hm N. unfold times. rewrite unit_other by auto. ring.
Qed.

(** * Parts of the identity *)
Definition columns (r m : nat) (c : nat -> nat) : Matrix :=
  matrix r m (fun i j => if Nat.eqb i (c j) then 1 else 0).

Lemma column_one r m c j : (j < m)%nat -> (c j < r)%nat -> columns r m c (c j) j = 1.
Proof. intros. unfold columns. rewrite inside, Nat.eqb_refl; auto. Qed.

Lemma column_zero r m c i j : i <> c j -> columns r m c i j = 0.
Proof.
  intros. unfold columns, matrix. destruct (andb _ _); auto.
  destruct (Nat.eqb_spec i (c j)); lia || auto.
Qed.

Lemma columns_same r m c : (forall j, (j < m)%nat -> (c j < r)%nat) ->
  (forall i j, (i < m)%nat -> (j < m)%nat -> c i = c j -> i = j) ->
  same m m (plus (one m) (times (- 1) (product r (transpose (columns r m c)) (columns r m c)))) zero.
Proof.
  intros Hc I. at_entry. unfold product. rewrite (total_single r _ (c i)); auto.
  - rewrite column_one by auto. destruct (Nat.eq_dec i j) as [<-|N].
    + rewrite column_one, one_diagonal by auto. ring.
    + rewrite column_zero, one_other by auto. ring.
  - intros k Hk N. rewrite (column_zero r m c k i) by auto. ring.
Qed.

Lemma columns_other r m m' c c' : (forall i j, (i < m)%nat -> (j < m')%nat -> c i <> c' j) ->
  same m m' (product r (transpose (columns r m c)) (columns r m' c')) zero.
Proof.
  intros H. at_entry. apply total_zero. intros k Hk.
  destruct (Nat.eq_dec k (c i)) as [->|N].
  - rewrite (column_zero r m' c'); auto. ring.
  - rewrite (column_zero r m c); auto. ring.
Qed.

Lemma columns_outer r m a i j : (i < r)%nat -> (a + m <= r)%nat ->
  product m (columns r m (fun k => a + k)%nat) (transpose (columns r m (fun k => a + k)%nat)) i j =
  if andb (Nat.eqb i j) (andb (Nat.leb a i) (Nat.ltb i (a + m))) then 1 else 0.
Proof.
  intros Hi Hr. unfold product, transpose.
  destruct (Nat.leb_spec a i) as [La|La]; [destruct (Nat.ltb_spec i (a + m)) as [Lm|Lm]|].
  - set (c := fun k => (a + k)%nat). assert (E : c (i - a)%nat = i) by (unfold c; lia).
    rewrite (total_single m _ (i - a)%nat).
    + assert (H1 := column_one r m c (i - a)). rewrite E in H1. rewrite H1 by lia.
      destruct (Nat.eqb_spec i j) as [<-|N]; simpl.
      * rewrite H1 by lia. ring.
      * rewrite column_zero by lia. ring.
    + lia.
    + intros k Hk N. rewrite column_zero by (unfold c; lia). ring.
  - rewrite total_zero; [destruct (Nat.eqb i j); reflexivity|].
    intros k Hk. rewrite column_zero by lia. ring.
  - rewrite total_zero; [destruct (Nat.eqb i j); reflexivity|].
    intros k Hk. rewrite column_zero by lia. ring.
Qed.

Theorem proved_embedding : fact_embedding.
Proof.
  intros p _ q _ H. exists (columns q p (fun j => j)). split; [apply matrix_twice|].
  apply columns_same; auto. lia.
Qed.

Theorem proved_two_blocks : fact_two_blocks.
Proof.
  intros p _ q _ r _ H. assert (E : r = (p + q)%nat) by lia. subst r. clear H.
  exists (columns (p + q) p (fun j => 0 + j)%nat). split; [apply matrix_twice|].
  exists (columns (p + q) q (fun j => p + j)%nat). split; [apply matrix_twice|].
  split; [apply columns_same; lia|]. split; [apply columns_same; lia|].
  split; [apply columns_other; lia|]. at_entry.
  rewrite !columns_outer by lia. unfold one. rewrite inside by auto.
  destruct (Nat.eqb_spec i j); simpl; [|ring].
  destruct (Nat.leb_spec p i), (Nat.ltb_spec i p), (Nat.ltb_spec i (p + q)); simpl; lia || ring.
Qed.
