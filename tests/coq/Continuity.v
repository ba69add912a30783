(** A term is continuous in its variables by its form (FORMAT.md, section 8): the clauses for what
    terms are put together of.  Those of any map are in Rules.v; here are those of sums, products,
    chains, families that are changed, and values of functions. *)
From Coq Require Import Reals ZArith Lra Lia FunctionalExtensionality.
From Proofkit Require Import Language Base Calculus Algebra Rules Differentiation.
Open Scope R_scope.

Section Clauses.
Context {A : Type} {P : place A} (LP : neighbourhoods P) (a : A).

Theorem continuous_first {B C} (Q : place B) (R : place C) g :
  continuous_at P (both Q R) g a -> continuous_at P Q (fun x => fst (g x)) a.
Proof.
  intros H n d Hd. destruct (H n d Hd) as [m [e [He K]]]. exists m, e. split; auto.
  intros x Hx C'. apply (K x Hx C').
Qed.

Theorem continuous_second {B C} (Q : place B) (R : place C) g :
  continuous_at P (both Q R) g a -> continuous_at P R (fun x => snd (g x)) a.
Proof.
  intros H n d Hd. destruct (H n d Hd) as [m [e [He K]]]. exists m, e. split; auto.
  intros x Hx C'. apply (K x Hx C').
Qed.

(** Maps that move no further than what they are of. *)
Lemma continuous_short {B C} (S : space B) (T : space C) (k : B -> C) f :
  (forall x y, norm T (difference T (k x) (k y)) <= norm S (difference S x y)) ->
  continuous_at P (here S) f a -> continuous_at P (here T) (fun x => k (f x)) a.
Proof.
  intros K F n d Hd. destruct (F n d Hd) as [m [e [He N]]]. exists m, e. split; auto.
  intros x Hx C'. specialize (N x Hx C'). simpl in *. eapply Rle_lt_trans; [apply K|exact N].
Qed.

Lemma continuous_together {B C E} (S : space B) (T : space C) (U : space E) (k : B -> C -> E) f g :
  (forall x y x' y', norm U (difference U (k x y) (k x' y')) <=
    norm S (difference S x x') + norm T (difference T y y')) ->
  continuous_at P (here S) f a -> continuous_at P (here T) g a ->
  continuous_at P (here U) (fun x => k (f x) (g x)) a.
Proof.
  intros K F G n d Hd. assert (H2 : 0 < d / 2) by lra.
  destruct (nearby_both LP _ _ _ (F n _ H2) (G n _ H2)) as [m [e [He N]]]. exists m, e. split; auto.
  intros x Hx C'. destruct (N x Hx C') as [N1 N2]. simpl in *.
  pose proof (K (f x) (g x) (f a) (g a)). lra.
Qed.

Theorem continuous_sum_of_numbers f g :
  continuous_at P (here reals) f a -> continuous_at P (here reals) g a ->
  continuous_at P (here reals) (fun x => f x + g x) a.
Proof.
  apply continuous_together. intros. unfold difference; simpl.
  replace (x + y + -1 * (x' + y')) with ((x + -1 * x') + (y + -1 * y')) by ring. apply Rabs_triang.
Qed.

Theorem continuous_sum p q f g :
  continuous_at P (here (matrices p q)) f a -> continuous_at P (here (matrices p q)) g a ->
  continuous_at P (here (matrices p q)) (fun x => plus (f x) (g x)) a.
Proof.
  apply continuous_together. intros. unfold difference; simpl.
  replace (plus (plus x y) (times (-1) (plus x' y'))) with
    (plus (plus x (times (-1) x')) (plus y (times (-1) y'))) by by_entries. apply norm_of_plus.
Qed.

Theorem continuous_product_of_numbers f g :
  continuous_at P (here reals) f a -> continuous_at P (here reals) g a ->
  continuous_at P (here reals) (fun x => f x * g x) a.
Proof.
  apply (continuous_bilinear LP a reals_laws reals_laws reals_laws 1 Rmult); [lra| |]; simpl.
  - intros x y. rewrite Rabs_mult. lra.
  - intros. unfold difference; simpl. ring.
Qed.

Theorem continuous_multiple p q f g :
  continuous_at P (here reals) f a -> continuous_at P (here (matrices p q)) g a ->
  continuous_at P (here (matrices p q)) (fun x => times (f x) (g x)) a.
Proof.
  apply (continuous_bilinear LP a reals_laws (matrices_laws p q) (matrices_laws p q) 1 times); [lra| |]; simpl.
  - intros x y. rewrite norm_of_times. lra.
  - intros. unfold difference; simpl. by_entries.
Qed.

Theorem continuous_product p n q f g :
  continuous_at P (here (matrices p n)) f a -> continuous_at P (here (matrices n q)) g a ->
  continuous_at P (here (matrices p q)) (fun x => product n (f x) (g x)) a.
Proof.
  apply (continuous_bilinear LP a (matrices_laws p n) (matrices_laws n q) (matrices_laws p q) 1 (product n));
    [lra| |]; simpl.
  - intros x y. rewrite Rmult_1_l. apply product_bound.
  - intros. unfold difference; simpl.
    rewrite ?plus_product, ?product_plus, ?times_product, ?product_times,
      ?plus_product, ?product_plus, ?times_product, ?product_times. by_entries.
Qed.

Theorem continuous_transpose p q f : continuous_at P (here (matrices p q)) f a ->
  continuous_at P (here (matrices q p)) (fun x => transpose (f x)) a.
Proof.
  apply continuous_short. intros. apply Req_le. simpl. unfold norm_of_matrix. apply total_swap.
Qed.

Theorem continuous_trace n f : continuous_at P (here (matrices n n)) f a ->
  continuous_at P (here reals) (fun x => trace n (f x)) a.
Proof.
  apply continuous_short. intros. unfold difference; simpl.
  rewrite <- trace_times, <- trace_plus. unfold trace. eapply Rle_trans; [apply total_abs|].
  apply total_le. intros i Hi.
  apply (total_member n (fun j => Rabs (plus x (times (-1) y) i j)) i Hi). intros; apply Rabs_pos.
Qed.

Theorem continuous_chain (r c : Z -> nat) F hi lo : (forall i, c (i + 1)%Z = r i) ->
  continuous_at P (family (fun i => here (matrices (r i) (c i)))) F a ->
  continuous_at P (here (matrices (r hi) (c lo))) (fun x => chain c (F x) hi lo) a.
Proof.
  intros E H. unfold chain. destruct (Z.leb_spec (lo - 1) hi) as [L|L].
  - assert (K : forall n, continuous_at P (here (matrices (c (lo + Z.of_nat n)%Z) (c lo)))
      (fun x => chain_of c (F x) lo n) a).
    { induction n as [|n IH]; cbn [chain_of].
      - apply continuous_constant, here_neighbourhoods, matrices_laws.
      - replace (c (lo + Z.of_nat (Datatypes.S n))%Z) with (r (lo + Z.of_nat n)%Z) by
          (rewrite <- E; f_equal; lia).
        apply continuous_product; auto.
        apply (continuous_at_index a (Q := fun i => here (matrices (r i) (c i)))); auto.
        intros. apply here_neighbourhoods, matrices_laws. }
    rewrite <- E. replace (hi + 1)%Z with (lo + Z.of_nat (Z.to_nat (hi - lo + 1)))%Z by lia. apply K.
  - apply continuous_constant, here_neighbourhoods, matrices_laws.
Qed.

Theorem continuous_sum_of_family (p q : nat) F hi lo :
  continuous_at P (family (fun _ => here (matrices p q))) F a ->
  continuous_at P (here (matrices p q)) (fun x => sum (F x) hi lo) a.
Proof.
  intros H. unfold sum. induction (Z.to_nat (hi - lo + 1)) as [|n IH]; cbn [sum_of].
  - apply continuous_constant, here_neighbourhoods, matrices_laws.
  - apply continuous_sum; auto.
    apply (continuous_at_index a (Q := fun _ => here (matrices p q))); auto.
    intros. apply here_neighbourhoods, matrices_laws.
Qed.

(** What is put in matters at the indices from lo to hi only. *)
Theorem continuous_changed {B} {Q : Z -> place B} (LQ : forall i, neighbourhoods (Q i)) F lo hi G :
  continuous_at P (family Q) F a ->
  (forall i, (lo <= i <= hi)%Z -> continuous_at P (Q i) (fun x => G x i) a) ->
  continuous_at P (family Q) (fun x => changed (F x) lo hi (G x)) a.
Proof.
  intros HF HG. apply (continuous_family LP a LQ). intros i. unfold changed.
  destruct (Z.leb_spec lo i) as [L|L]; cbn [andb]; [destruct (Z.leb_spec i hi) as [M|M]|].
  - apply HG. lia.
  - now apply (continuous_at_index a LQ).
  - now apply (continuous_at_index a LQ).
Qed.

(** The value of a function that is continuous there. *)
Theorem continuous_value {B C} (S : space B) (T : space C) (e : A -> B) (g : B -> C) :
  continuous_at P (here S) e a -> continuous S T g (e a) ->
  each (cut P) (fun x => member S (e x) = e x) ->
  continuous_at P (here T) (fun x => g (e x)) a.
Proof.
  intros He Hg M. apply (continuous_composed LP a (here S) (here T)); auto. now apply continuous_here.
Qed.
End Clauses.

(** Equal shapes. *)
Lemma continuous_shape {A} (P : place A) a p q p' q' f : p' = p -> q' = q ->
  continuous_at P (here (matrices p' q')) f a -> continuous_at P (here (matrices p q)) f a.
Proof. now intros -> ->. Qed.
