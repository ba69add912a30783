(** The rule [algebra]: a combination of equations proves an equation.

    Numbers and matrices are kept as the kernel keeps them (FORMAT.md, sections 3, 4 and 8): a sum
    of coefficient · monomial · word, a monomial a list of atoms, a word a list of letters, plain or
    transposed.  What the atoms and letters are does not matter here: they have values and shapes.
    The rule compares sums of products in the free algebra; [rule_algebra] says that what it
    accepts is so: members of an ideal are zero where the generators are. *)
From Coq Require Import Reals QArith Qreals Qcanon List Bool Arith Lra Lia FunctionalExtensionality.
From Proofkit Require Import Language Base.
Import ListNotations.
Open Scope R_scope.

Definition letter := (nat * bool)%type.
Definition word := list letter.
Definition monomial := list nat.
Definition key := (monomial * word)%type.
Definition poly := list (Q * key).

(** * The normal form: like terms together, with monomials in order *)
Fixpoint insert_atom (a : nat) (m : monomial) : monomial :=
  match m with
  | [] => [a]
  | b :: rest => if Nat.leb a b then a :: m else b :: insert_atom a rest
  end.
Definition ordered (m : monomial) : monomial := fold_right insert_atom [] m.

Definition letter_eqb (x y : letter) := (Nat.eqb (fst x) (fst y) && Bool.eqb (snd x) (snd y))%bool.
Fixpoint list_eqb {A} (eqb : A -> A -> bool) (v w : list A) : bool :=
  match v, w with
  | [], [] => true
  | x :: v, y :: w => (eqb x y && list_eqb eqb v w)%bool
  | _, _ => false
  end.
Definition key_eqb (k l : key) : bool :=
  (list_eqb Nat.eqb (fst k) (fst l) && list_eqb letter_eqb (snd k) (snd l))%bool.

Fixpoint insert_term (c : Q) (k : key) (p : poly) : poly :=
  match p with
  | [] => [(c, k)]
  | (d, l) :: rest => if key_eqb k l then (Qred (c + d), l) :: rest else (d, l) :: insert_term c k rest
  end.
Definition collected (p : poly) : poly :=
  fold_right (fun t q => insert_term (fst t) (ordered (fst (snd t)), snd (snd t)) q) [] p.
Definition vanishes (p : poly) : bool :=
  forallb (fun t => Qeq_bool (fst t) 0) (collected p).

(** * Products and transposes *)
Definition opposite (p : poly) : poly := map (fun t => ((- fst t)%Q, snd t)) p.
Definition flipped (w : word) : word := rev (map (fun x => (fst x, negb (snd x))) w).
Definition transposed (t : bool) (p : poly) : poly :=
  if t then map (fun a => (fst a, (fst (snd a), flipped (snd (snd a))))) p else p.

(** A product with one factor X, which is a sum: a letter among the letters u and v, plain or
    transposed, or an atom among the atoms m. *)
Inductive combination :=
  | Letter (m : monomial) (u : word) (X : poly) (t : bool) (v : word)
  | Atom (m : monomial) (X : poly) (w : word).
Definition zero_factor (c : combination) : poly :=
  match c with Letter _ _ X _ _ => X | Atom _ X _ => X end.
Definition expanded (c : combination) : poly :=
  match c with
  | Letter m u X t v =>
      map (fun a => (fst a, (m ++ fst (snd a), u ++ snd (snd a) ++ v))) (transposed t X)
  | Atom m X w => map (fun a => (fst a, (m ++ fst (snd a), w))) X
  end.

(** * Values *)
Section Meaning.
Variables (atom : nat -> R) (matrix_of : nat -> Matrix) (rows_of cols_of : nat -> nat).
Hypothesis shapes : forall l, matrix (rows_of l) (cols_of l) (matrix_of l) = matrix_of l.

Definition rows (x : letter) := if snd x then cols_of (fst x) else rows_of (fst x).
Definition cols (x : letter) := if snd x then rows_of (fst x) else cols_of (fst x).
Definition letter_value (x : letter) : Matrix :=
  if snd x then transpose (matrix_of (fst x)) else matrix_of (fst x).
Fixpoint monomial_value (m : monomial) : R :=
  match m with [] => 1 | a :: m => atom a * monomial_value m end.
(** The product of the letters, of which the last has q columns. *)
Fixpoint word_value (q : nat) (w : word) : Matrix :=
  match w with [] => one q | x :: w => product (cols x) (letter_value x) (word_value q w) end.
Fixpoint poly_value (q : nat) (p : poly) : Matrix :=
  match p with
  | [] => zero
  | (c, (m, w)) :: p => plus (times (Q2R c * monomial_value m) (word_value q w)) (poly_value q p)
  end.
(** A number is a sum without letters. *)
Fixpoint number_value (p : poly) : R :=
  match p with [] => 0 | (c, (m, _)) :: p => Q2R c * monomial_value m + number_value p end.

Fixpoint shaped (p q : nat) (w : word) : Prop :=
  match w with [] => p = q | x :: w => rows x = p /\ shaped (cols x) q w end.
Definition of_shape (p q : nat) (A : poly) : Prop := Forall (fun t => shaped p q (snd (snd t))) A.

Lemma letter_member x : matrix (rows x) (cols x) (letter_value x) = letter_value x.
Proof.
  unfold rows, cols, letter_value. destruct (snd x); [apply matrix_transpose|]; apply shapes.
Qed.

Lemma word_member p q w : shaped p q w -> matrix p q (word_value q w) = word_value q w.
Proof.
  revert p. induction w as [|x w IH]; simpl; intros p H; [subst; apply matrix_one|].
  destruct H as [<- H]. apply matrix_product; auto. apply letter_member.
Qed.

Lemma product_assoc m n A B C : product m A (product n B C) = product n (product m A B) C.
Proof.
  extensionality i; extensionality j. unfold product.
  transitivity (total m (fun k => total n (fun l => A i k * (B k l * C l j)))).
  { apply total_ext; intros. now rewrite total_scale. }
  rewrite total_swap. apply total_ext; intros l _. rewrite Rmult_comm, <- total_scale.
  apply total_ext; intros. ring.
Qed.

Lemma one_entry n i j : (i < n)%nat -> (j < n)%nat -> one n i j = if Nat.eqb i j then 1 else 0.
Proof. intros. unfold one. now apply inside. Qed.

Lemma one_product n q A : matrix n q A = A -> product n (one n) A = A.
Proof.
  intros HA. apply (same_equal n q); auto; [apply matrix_product; auto; apply matrix_one|].
  intros i j Hi Hj. unfold product. rewrite (total_single n _ i Hi).
  - rewrite one_entry, Nat.eqb_refl by auto. ring.
  - intros k Hk N. rewrite one_entry by auto. destruct (Nat.eqb_spec i k); [congruence|ring].
Qed.

Lemma product_one p n A : matrix p n A = A -> product n A (one n) = A.
Proof.
  intros HA. apply (same_equal p n); auto; [apply matrix_product; auto; apply matrix_one|].
  intros i j Hi Hj. unfold product. rewrite (total_single n _ j Hj).
  - rewrite one_entry, Nat.eqb_refl by auto. ring.
  - intros k Hk N. rewrite one_entry by auto. destruct (Nat.eqb_spec k j); [congruence|ring].
Qed.

Lemma transpose_product n A B : transpose (product n A B) = product n (transpose B) (transpose A).
Proof.
  extensionality i; extensionality j. unfold transpose, product. apply total_ext; intros. ring.
Qed.

Lemma transpose_one n : transpose (one n) = one n.
Proof.
  extensionality i; extensionality j. unfold transpose, one, matrix.
  rewrite (Nat.eqb_sym j i), andb_comm. reflexivity.
Qed.

Lemma shaped_app p n q u v : shaped p n u -> shaped n q v -> shaped p q (u ++ v).
Proof.
  revert p. induction u as [|x u IH]; simpl; intros p Hu Hv; [now subst|]. intuition.
Qed.

Lemma word_app p n q u v : shaped p n u -> shaped n q v ->
  word_value q (u ++ v) = product n (word_value n u) (word_value q v).
Proof.
  revert p. induction u as [|x u IH]; simpl; intros p Hu Hv.
  - subst. symmetry. apply (one_product n q). now apply word_member.
  - rewrite (IH (cols x)) by intuition. apply product_assoc.
Qed.

Lemma flipped_shape p q w : shaped p q w -> shaped q p (flipped w).
Proof.
  revert p. induction w as [|x w IH]; simpl; intros p H; [auto|]. destruct H as [<- H].
  unfold flipped. simpl. apply (shaped_app q (cols x)); [now apply IH|]. simpl.
  unfold rows, cols. simpl. destruct (snd x); auto.
Qed.

Lemma flipped_value p q w : shaped p q w ->
  word_value p (flipped w) = transpose (word_value q w).
Proof.
  revert p. induction w as [|x w IH]; simpl; intros p H; [subst; now rewrite transpose_one|].
  destruct H as [<- H]. unfold flipped. simpl. fold (flipped w).
  rewrite (word_app q (cols x)); [|now apply flipped_shape|].
  - rewrite transpose_product, (IH (cols x)) by auto. f_equal. simpl.
    transitivity (letter_value (fst x, negb (snd x))).
    + pose proof (letter_member (fst x, negb (snd x))) as E. revert E.
      unfold rows, cols. simpl. destruct (snd x); simpl; apply product_one.
    + unfold letter_value. simpl. destruct (snd x); reflexivity.
  - simpl. unfold rows, cols. simpl. destruct (snd x); auto.
Qed.

(** ** The normal form has the same value *)
Lemma insert_atom_value a m : monomial_value (insert_atom a m) = atom a * monomial_value m.
Proof.
  induction m as [|b m IH]; simpl; auto. destruct (Nat.leb a b); simpl; auto. rewrite IH. ring.
Qed.

Lemma ordered_value m : monomial_value (ordered m) = monomial_value m.
Proof. induction m as [|a m IH]; simpl; auto. now rewrite insert_atom_value, IH. Qed.

Lemma monomial_app m n : monomial_value (m ++ n) = monomial_value m * monomial_value n.
Proof. induction m as [|a m IH]; simpl; [ring|rewrite IH; ring]. Qed.

Lemma list_eqb_eq {A} (eqb : A -> A -> bool) : (forall x y, eqb x y = true -> x = y) ->
  forall v w, list_eqb eqb v w = true -> v = w.
Proof.
  intros E. induction v as [|x v IH]; intros [|y w]; simpl; try discriminate; auto.
  intros H. apply andb_prop in H. destruct H. f_equal; auto.
Qed.

Lemma key_eqb_eq k l : key_eqb k l = true -> k = l.
Proof.
  intros H. apply andb_prop in H. destruct H as [H1 H2]. destruct k, l; simpl in *. f_equal.
  - apply (list_eqb_eq Nat.eqb); auto. intros x y. apply Nat.eqb_eq.
  - apply (list_eqb_eq letter_eqb); auto. intros [x s] [y t] H. apply andb_prop in H.
    destruct H as [H3 H4]. simpl in *. apply Nat.eqb_eq in H3. apply Bool.eqb_prop in H4. now subst.
Qed.

Lemma Q2R_red c : Q2R (Qred c) = Q2R c.
Proof. apply Qeq_eqR, Qred_correct. Qed.

Ltac entries := extensionality i; extensionality j; unfold plus, times, zero; try ring.

Lemma insert_term_value q c m w p : poly_value q (insert_term c (m, w) p) =
  plus (times (Q2R c * monomial_value m) (word_value q w)) (poly_value q p).
Proof.
  induction p as [|[d [n v]] p IH]; cbn [insert_term]; [reflexivity|].
  destruct (key_eqb (m, w) (n, v)) eqn:E.
  - apply key_eqb_eq in E. inversion E; subst. cbn [poly_value]. rewrite Q2R_red, Q2R_plus. entries.
  - cbn [poly_value]. rewrite IH. entries.
Qed.

Lemma insert_term_number c m w p : number_value (insert_term c (m, w) p) =
  Q2R c * monomial_value m + number_value p.
Proof.
  induction p as [|[d [n v]] p IH]; cbn [insert_term]; [reflexivity|].
  destruct (key_eqb (m, w) (n, v)) eqn:E.
  - apply key_eqb_eq in E. inversion E; subst. cbn [number_value]. rewrite Q2R_red, Q2R_plus. ring.
  - cbn [number_value]. rewrite IH. ring.
Qed.

Lemma collected_value q p : poly_value q (collected p) = poly_value q p.
Proof.
  induction p as [|[c [m w]] p IH]; simpl; auto.
  now rewrite insert_term_value, ordered_value, IH.
Qed.

Lemma collected_number p : number_value (collected p) = number_value p.
Proof.
  induction p as [|[c [m w]] p IH]; simpl; auto.
  now rewrite insert_term_number, ordered_value, IH.
Qed.

Lemma all_zero q p : forallb (fun t => Qeq_bool (fst t) 0) p = true ->
  poly_value q p = zero /\ number_value p = 0.
Proof.
  induction p as [|[c [m w]] p IH]; simpl; auto. intros H. apply andb_prop in H.
  destruct H as [H1 H2]. destruct (IH H2) as [-> ->]. apply Qeq_bool_eq, Qeq_eqR in H1.
  rewrite H1, RMicromega.Q2R_0. split; [entries|ring].
Qed.

Lemma vanishes_value q p : vanishes p = true -> poly_value q p = zero /\ number_value p = 0.
Proof.
  intros H. rewrite <- collected_value, <- collected_number. now apply all_zero.
Qed.

Lemma poly_app q p r : poly_value q (p ++ r) = plus (poly_value q p) (poly_value q r).
Proof. induction p as [|[c [m w]] p IH]; simpl; [entries|rewrite IH; entries]. Qed.

Lemma number_app p r : number_value (p ++ r) = number_value p + number_value r.
Proof. induction p as [|[c [m w]] p IH]; simpl; [ring|rewrite IH; ring]. Qed.

Lemma opposite_value q p : poly_value q (opposite p) = times (-1) (poly_value q p).
Proof.
  induction p as [|[c [m w]] p IH]; simpl; [entries|]. rewrite IH, Q2R_opp. entries.
Qed.

Lemma opposite_number p : number_value (opposite p) = - number_value p.
Proof. induction p as [|[c [m w]] p IH]; simpl; [ring|]. rewrite IH, Q2R_opp. ring. Qed.

Lemma transposed_shape p q (t : bool) (A : poly) : of_shape (if t then q else p) (if t then p else q) A ->
  of_shape p q (transposed t A).
Proof.
  destruct t; auto. unfold of_shape. intros H. induction H; simpl; constructor; auto.
  simpl. now apply flipped_shape.
Qed.

Lemma transposed_value p q (t : bool) (A : poly) : of_shape (if t then q else p) (if t then p else q) A ->
  poly_value q (transposed t A) =
  if t then transpose (poly_value p A) else poly_value q A.
Proof.
  destruct t; auto. unfold of_shape. simpl. induction A as [|[c [m w]] A IH]; simpl; auto.
  intros H. inversion H; subst. simpl in *. rewrite IH by auto.
  rewrite (flipped_value q p) by auto. reflexivity.
Qed.

(** ** A product with a factor that is zero is zero *)
Definition combination_shape (p q : nat) (c : combination) : Prop :=
  match c with
  | Letter _ u X t v => exists m n,
      shaped p m u /\ of_shape (if t then n else m) (if t then m else n) X /\ shaped n q v /\
      poly_value (if t then m else n) X = zero
  | Atom _ X w => shaped p q w /\ number_value X = 0
  end.

Lemma product_plus n A B C : product n A (plus B C) = plus (product n A B) (product n A C).
Proof.
  extensionality i; extensionality j. unfold product, plus. rewrite <- total_add.
  apply total_ext; intros; ring.
Qed.
Lemma plus_product n A B C : product n (plus A B) C = plus (product n A C) (product n B C).
Proof.
  extensionality i; extensionality j. unfold product, plus. rewrite <- total_add.
  apply total_ext; intros; ring.
Qed.
Lemma product_times n c A B : product n A (times c B) = times c (product n A B).
Proof.
  extensionality i; extensionality j. unfold product, times. rewrite <- total_scale.
  apply total_ext; intros; ring.
Qed.
Lemma times_product n c A B : product n (times c A) B = times c (product n A B).
Proof.
  extensionality i; extensionality j. unfold product, times. rewrite <- total_scale.
  apply total_ext; intros; ring.
Qed.
Lemma product_zero n A : product n A zero = zero.
Proof. extensionality i; extensionality j. apply total_zero. intros. unfold zero. ring. Qed.
Lemma zero_product n A : product n zero A = zero.
Proof. extensionality i; extensionality j. apply total_zero. intros. unfold zero. ring. Qed.

Lemma letter_combination p m n q k u v X : shaped p m u -> of_shape m n X -> shaped n q v ->
  poly_value q (map (fun a : Q * key => (fst a, (k ++ fst (snd a), u ++ snd (snd a) ++ v))) X) =
  times (monomial_value k) (product m (word_value m u) (product n (poly_value n X) (word_value q v))).
Proof.
  intros Hu HX Hv. induction X as [|[c [l w]] X IH]; simpl.
  - rewrite zero_product, product_zero. entries.
  - inversion HX; subst. simpl in *. rewrite IH by auto.
    rewrite (word_app p m q u) by (auto; apply (shaped_app m n); auto).
    rewrite (word_app m n q w v) by auto.
    rewrite plus_product, product_plus, times_product, product_times, monomial_app. entries.
Qed.

Lemma expanded_zero p q c : combination_shape p q c -> poly_value q (expanded c) = zero.
Proof.
  destruct c as [k u X t v|k X w]; simpl.
  - intros [m [n [Hu [HX [Hv Z]]]]].
    rewrite (letter_combination p m n q) by (auto; now apply transposed_shape).
    rewrite (transposed_value m n) by auto.
    replace (if t then transpose (poly_value m X) else poly_value n X) with zero.
    + rewrite zero_product, product_zero. entries.
    + destruct t; rewrite Z; reflexivity.
  - intros [Hw Z].
    transitivity (times (monomial_value k * number_value X) (word_value q w)).
    + clear Z. induction X as [|[c [l v]] X IH]; simpl; [entries|].
      rewrite IH, monomial_app. entries.
    + rewrite Z. entries.
Qed.

Definition sum_of_products (cs : list combination) : poly := concat (map expanded cs).

(** What the rule [algebra] checks, and what it concludes. *)
Theorem rule_algebra p q (goal : poly) (products : list combination) :
  Forall (combination_shape p q) products ->
  vanishes (opposite goal ++ sum_of_products products) = true ->
  same p q (poly_value q goal) zero.
Proof.
  intros HP HV. destruct (vanishes_value q _ HV) as [E _].
  rewrite poly_app, opposite_value in E.
  assert (Z : poly_value q (sum_of_products products) = zero).
  { clear HV E. unfold sum_of_products. induction HP as [|c cs Hc _ IH]; simpl; auto.
    rewrite poly_app, IH, (expanded_zero p) by auto. entries. }
  rewrite Z in E. intros i j _ _. apply (f_equal (fun A => A i j)) in E.
  unfold plus, times, zero in *. lra.
Qed.

(** The same for numbers, where every factor is an atom. *)
Definition number_combination (c : combination) : Prop :=
  match c with Letter _ _ _ _ _ => False | Atom _ X _ => number_value X = 0 end.

Theorem rule_algebra_of_numbers (goal : poly) (products : list combination) :
  Forall number_combination products ->
  vanishes (opposite goal ++ sum_of_products products) = true ->
  number_value goal = 0.
Proof.
  intros HP HV. destruct (vanishes_value 0 _ HV) as [_ E].
  rewrite number_app, opposite_number in E.
  assert (Z : number_value (sum_of_products products) = 0); [|lra].
  clear HV E. unfold sum_of_products. induction HP as [|c cs Hc _ IH]; simpl; auto.
  rewrite number_app, IH. destruct c as [? ? ? ? ?|k X w]; simpl in *; [tauto|].
  transitivity (monomial_value k * number_value X + 0); [|rewrite Hc; ring].
  rewrite Rplus_0_r, Rplus_0_r. clear Hc. induction X as [|[c [l v]] X IHX]; simpl; [ring|].
  rewrite IHX, monomial_app. ring.
Qed.
End Meaning.
