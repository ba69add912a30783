(** What exported proofs are checked with: tactics that see that claims, and the terms in them, are
    the same.  Each ends in a proof that Coq checks, so nothing here has to be believed. *)
From Coq Require Import Reals ZArith Lra Lia Classical FunctionalExtensionality ClassicalEpsilon.
From Proofkit Require Import Language Base Calculus Algebra Rules Differentiation Continuity.
Open Scope R_scope.

(** * Claims that are the same *)
Lemma each_iff {A} (s s' : sort A) (p q : A -> Prop) : s = s' ->
  (forall x, s' x = x -> (p x <-> q x)) -> (each s p <-> each s' q).
Proof. intros -> H. split; intros K x Hx; apply (H x Hx); auto. Qed.
Lemma some_iff {A} (s s' : sort A) (p q : A -> Prop) : s = s' ->
  (forall x, s' x = x -> (p x <-> q x)) -> (some s p <-> some s' q).
Proof. intros -> H. split; intros [x [Hx K]]; exists x; split; auto; apply (H x Hx); auto. Qed.
Lemma near_iff {A} (S S' : space A) c c' (p q : A -> Prop) : S = S' -> c = c' ->
  (forall x, member S' x = x -> (p x <-> q x)) -> (near S c p <-> near S' c' q).
Proof.
  intros -> -> H. split; intros [d [Hd K]]; exists d; (split; [auto|]); intros x Hx C;
    apply (H x Hx); auto.
Qed.
Lemma nearby_iff {A} (S S' : place A) c c' (p q : A -> Prop) : S = S' -> c = c' ->
  (forall x, cut S' x = x -> (p x <-> q x)) -> (nearby S c p <-> nearby S' c' q).
Proof.
  intros -> -> H. split; intros [n [d [Hd K]]]; exists n, d; (split; [auto|]); intros x Hx C;
    apply (H x Hx); auto.
Qed.
Lemma implies_iff (a b c d : Prop) : (a <-> c) -> (b <-> d) -> ((a -> b) <-> (c -> d)).
Proof. tauto. Qed.
Lemma and_iff (a b c d : Prop) : (a <-> c) -> (b <-> d) -> ((a /\ b) <-> (c /\ d)).
Proof. tauto. Qed.
Lemma or_iff (a b c d : Prop) : (a <-> c) -> (b <-> d) -> ((a \/ b) <-> (c \/ d)).
Proof. tauto. Qed.
Lemma not_iff (a b : Prop) : (a <-> b) -> (~ a <-> ~ b).
Proof. tauto. Qed.
Lemma eq_iff (a b : Prop) : a = b -> (a <-> b).
Proof. intros ->. tauto. Qed.
Lemma same_iff p q p' q' A B : p = p' -> q = q' -> A = B \/ A = times (-1) B ->
  (same p q A zero <-> same p' q' B zero).
Proof.
  intros -> -> [-> | ->]; [tauto|]. split; intros H i j Hi Hj; specialize (H i j Hi Hj);
    unfold times, zero in *; lra.
Qed.
Lemma null_iff x y : x = y \/ x = - y -> (x = 0 <-> y = 0).
Proof. intros [-> | ->]; split; lra. Qed.
Lemma znull_iff x y : x = y \/ x = (- y)%Z -> (x = 0%Z <-> y = 0%Z).
Proof. intros [-> | ->]; split; lia. Qed.
Lemma nonneg_iff x y : x = y -> (0 <= x <-> 0 <= y).
Proof. now intros ->. Qed.
Lemma positive_iff x y : x = y -> (0 < x <-> 0 < y).
Proof. now intros ->. Qed.
Lemma null_mixed z x : x = IZR z \/ x = - IZR z -> (z = 0%Z <-> x = 0).
Proof.
  intros [-> | ->]; split; intros H.
  - now rewrite H.
  - now apply eq_IZR.
  - rewrite H. ring.
  - apply eq_IZR. lra.
Qed.
Lemma znonneg_iff x y : x = y -> ((0 <= x)%Z <-> (0 <= y)%Z).
Proof. now intros ->. Qed.
Lemma lam_eq {A B} (s s' : sort A) (b b' : A -> B) : s = s' -> (forall x, s' (s' x) = s' x) ->
  (forall x, s' x = x -> b x = b' x) -> lam s b = lam s' b'.
Proof. intros -> I H. extensionality x. unfold lam. auto. Qed.

(** * Members of sorts *)
Lemma matrix_at p q p' q' A : matrix p' q' A = A -> p = p' -> q = q' -> matrix p q A = A.
Proof. now intros H -> ->. Qed.
Lemma family_at {A B} (s : sort A) (t : A -> sort B) F i : to s t F = F -> s i = i -> t i (F i) = F i.
Proof. intros H Hi. pose proof (f_equal (fun g => g i) H) as E. unfold to in E. now rewrite Hi in E. Qed.
Lemma family_shape r c F i : to index (fun i => matrix (r i) (c i)) F = F ->
  matrix (r i) (c i) (F i) = F i.
Proof. intros H. now apply (family_at index (fun i => matrix (r i) (c i))). Qed.
Lemma value_shape {A} (s : sort A) p q f x : to s (fun _ => matrix p q) f = f -> s x = x ->
  matrix p q (f x) = f x.
Proof. intros H Hx. now apply (family_at s (fun _ => matrix p q)). Qed.
Lemma lam_sort {A B} (s : sort A) (t : A -> sort B) (b : A -> B) : (forall x, s (s x) = s x) ->
  (forall x, s x = x -> t x (b x) = b x) -> to s t (lam s b) = lam s b.
Proof. intros I H. extensionality x. unfold to, lam. rewrite I. auto. Qed.
Lemma index_sort {A} (t : Z -> sort A) (b : Z -> A) : (forall i, t i (b i) = b i) -> to index t b = b.
Proof. intros H. extensionality i. apply H. Qed.
Lemma changed_inside {A} (F : Z -> A) lo hi G i : (lo <= i <= hi)%Z -> changed F lo hi G i = G i.
Proof. intros [L M]. unfold changed. now rewrite (proj2 (Z.leb_le _ _) L), (proj2 (Z.leb_le _ _) M). Qed.
Lemma changed_outside {A} (F : Z -> A) lo hi G i : (i < lo)%Z \/ (hi < i)%Z -> changed F lo hi G i = F i.
Proof.
  unfold changed. destruct (Z.leb_spec lo i), (Z.leb_spec i hi); simpl; auto; lia.
Qed.
Lemma changed_value {A} (s : sort A) F lo hi G i : s (F i) = F i ->
  ((lo <= i <= hi)%Z -> s (G i) = G i) -> s (changed F lo hi G i) = changed F lo hi G i.
Proof.
  intros HF HG. unfold changed. destruct (Z.leb_spec lo i), (Z.leb_spec i hi); simpl; auto.
Qed.
Lemma changed_sort {A} (t : Z -> sort A) F lo hi G : to index t F = F ->
  (forall i, (lo <= i <= hi)%Z -> t i (G i) = G i) -> to index t (changed F lo hi G) = changed F lo hi G.
Proof.
  intros HF HG. extensionality i. apply (changed_value (t i)); auto. now apply (family_at index t).
Qed.
Lemma to_twice {A B} (s : sort A) (t : A -> sort B) f : (forall x, s (s x) = s x) ->
  (forall x y, t x (t x y) = t x y) -> to s t (to s t f) = to s t f.
Proof. intros I J. extensionality x. unfold to. rewrite I. auto. Qed.
Lemma chain_at r c F hi lo : to index (fun i => matrix (r i) (c i)) F = F ->
  (forall i, c (i + 1)%Z = r i) -> matrix (r hi) (c lo) (chain c F hi lo) = chain c F hi lo.
Proof. intros H. apply rule_chain_shape. intros i. now apply family_shape. Qed.

Ltac literally :=
  lazymatch goal with |- ?a = ?b => first [constr_eq a b | is_evar a | is_evar b]; reflexivity end.

(** Integers and sizes are compared by arithmetic. *)
Ltac size := solve [literally | lia | f_equal; lia | repeat f_equal; lia].

Ltac again := intros; solve [reflexivity | apply matrix_twice | apply to_twice; again].

Ltac member :=
  cbv beta;
  lazymatch goal with
  | |- index _ = _ => reflexivity
  | |- natural _ = _ => reflexivity
  | |- real _ = _ => reflexivity
  | |- member _ _ = _ => cbn [Language.member matrices reals]; member
  | |- cut _ _ = _ => cbn [cut here family both Language.member matrices reals fst snd]; member
  | |- (_, _) = _ => f_equal; member
  | |- to _ _ (lam _ _) = _ => apply lam_sort; [again | intros; member]
  | |- to _ _ (changed _ _ _ _) = _ => apply changed_sort; [member | intros; member]
  | |- to index _ (fun _ => _) = _ => apply index_sort; intros; member
  | |- to _ _ _ = _ => first [eassumption | change_sort]
  | |- matrix _ _ _ = _ => first [eassumption | shape]
  | |- _ => eassumption
  end
with change_sort :=
  match goal with
  | H : to _ _ ?f = ?f |- to _ _ ?f = ?f => refine (eq_trans _ H); cbv beta; f_equal; sorts
  end
with sorts :=
  cbv beta;
  lazymatch goal with
  | |- ?a = ?b => first
      [ constr_eq a b; reflexivity
      | lazymatch goal with
        | |- to _ _ = to _ _ => f_equal; sorts
        | |- matrix _ _ = matrix _ _ => f_equal; size
        | |- (fun _ => _) = _ => let x := fresh in extensionality x; sorts
        end ]
  end
with shape :=
  lazymatch goal with
  | |- matrix _ _ (plus _ _) = _ => apply matrix_plus; member
  | |- matrix _ _ (times _ _) = _ => apply matrix_times; member
  | |- matrix _ _ zero = _ => apply matrix_zero
  | |- matrix _ _ (one ?n) = _ => apply (matrix_at _ _ n n); [apply matrix_one | size | size]
  | |- matrix _ _ (transpose _) = _ => apply matrix_transpose; member
  | |- matrix _ _ (product ?n _ _) = _ => apply (matrix_product _ n); member
  | |- matrix _ _ (gradient ?p ?q _ _) = _ =>
      apply (matrix_at _ _ p q); [apply gradient_member | size | size]
  | |- matrix _ _ (matrix ?p ?q _) = _ =>
      apply (matrix_at _ _ p q); [apply matrix_twice | size | size]
  | |- matrix _ _ (chain ?c ?F _ _) = _ =>
      eapply matrix_at;
        [ first
            [ match goal with H : to index (fun i => matrix (@?r i) (@?c' i)) F = F |- _ =>
                apply (chain_at r c F); [exact H | intros; cbv beta; size] end
            | apply (chain_at (fun i => c (i + 1)%Z) c F); [cbv beta; member | reflexivity] ]
        | cbv beta; size | cbv beta; size ]
  | |- matrix _ _ (lam index _ _) = _ => unfold lam, index; member
  | |- matrix _ _ (changed _ _ _ _ _) = _ => apply changed_value; [member | intros; member]
  | |- matrix _ _ (?F ?i) = _ =>
      first
        [ match goal with H : to index (fun i => matrix (@?r i) (@?c i)) F = F |- _ =>
            eapply matrix_at; [apply (family_shape r c F i H) | cbv beta; size | cbv beta; size] end
        | match goal with H : to ?s (fun _ => matrix ?p ?q) F = F |- _ =>
            apply (matrix_at _ _ p q); [apply (value_shape s p q F i H); member | size | size] end ]
  | |- matrix _ _ ?X = _ =>
      match goal with H : matrix ?p ?q X = X |- _ => apply (matrix_at _ _ p q); [exact H | size | size] end
  end.

(** * Terms that are the same *)
Lemma plus_entry A B i j : plus A B i j = A i j + B i j.
Proof. reflexivity. Qed.
Lemma times_entry c A i j : times c A i j = c * A i j.
Proof. reflexivity. Qed.
Lemma zero_entry i j : zero i j = 0.
Proof. reflexivity. Qed.
Lemma transpose_plus A B : transpose (plus A B) = plus (transpose A) (transpose B).
Proof. reflexivity. Qed.
Lemma transpose_times c A : transpose (times c A) = times c (transpose A).
Proof. reflexivity. Qed.
Lemma transpose_twice A : transpose (transpose A) = A.
Proof. reflexivity. Qed.
Lemma transpose_zero : transpose zero = zero.
Proof. reflexivity. Qed.
Lemma trace_rotate p n A B : trace p (product n A B) = trace n (product p B A).
Proof.
  unfold trace, product. rewrite total_swap. apply total_ext; intros; apply total_ext; intros; ring.
Qed.
Lemma trace_transpose n A : trace n (transpose A) = trace n A.
Proof. reflexivity. Qed.
Lemma trace_zero n : trace n zero = 0.
Proof. now apply total_zero. Qed.
Lemma trace_one n : trace n (one n) = INR n.
Proof.
  rewrite <- (Rmult_1_r (INR n)), <- total_const. apply total_ext. intros k Hk.
  now rewrite one_entry, Nat.eqb_refl.
Qed.
Lemma product_associates m n A B C : product n (product m A B) C = product m A (product n B C).
Proof. symmetry. apply product_assoc. Qed.

Lemma member_chain r c F i : to index (fun i => matrix (r i) (c i)) F = F -> F i = chain c F i i.
Proof. intros H. symmetry. apply (rule_member r). intros. now apply family_shape. Qed.
Lemma merge_at r c F hi a b lo n : to index (fun i => matrix (r i) (c i)) F = F ->
  (forall i, c (i + 1)%Z = r i) -> a = (b + 1)%Z -> n = c a -> (0 <= hi - b)%Z -> (0 <= b - lo + 1)%Z ->
  product n (chain c F hi a) (chain c F b lo) = chain c F hi lo.
Proof. intros H E -> -> H1 H2. apply (rule_merge r); auto. intros. now apply family_shape. Qed.
Lemma merge_then r c F hi a b lo n m R : to index (fun i => matrix (r i) (c i)) F = F ->
  (forall i, c (i + 1)%Z = r i) -> a = (b + 1)%Z -> n = c a -> (0 <= hi - b)%Z -> (0 <= b - lo + 1)%Z ->
  product n (chain c F hi a) (product m (chain c F b lo) R) = product m (chain c F hi lo) R.
Proof. intros H E Ha Hn H1 H2. rewrite product_assoc. now rewrite (merge_at r c F hi a b lo n). Qed.
Lemma merge_turned r c F hi a b lo n : to index (fun i => matrix (r i) (c i)) F = F ->
  (forall i, c (i + 1)%Z = r i) -> a = (b + 1)%Z -> n = c a -> (0 <= hi - b)%Z -> (0 <= b - lo + 1)%Z ->
  product n (transpose (chain c F b lo)) (transpose (chain c F hi a)) = transpose (chain c F hi lo).
Proof. intros H E Ha Hn H1 H2. now rewrite <- transpose_product, (merge_at r c F hi a b lo n). Qed.
Lemma merge_turned_then r c F hi a b lo n m R : to index (fun i => matrix (r i) (c i)) F = F ->
  (forall i, c (i + 1)%Z = r i) -> a = (b + 1)%Z -> n = c a -> (0 <= hi - b)%Z -> (0 <= b - lo + 1)%Z ->
  product n (transpose (chain c F b lo)) (product m (transpose (chain c F hi a)) R) =
  product m (transpose (chain c F hi lo)) R.
Proof. intros H E Ha Hn H1 H2. rewrite product_assoc. now rewrite (merge_turned r c F hi a b lo n). Qed.
Lemma empty_chain c F hi lo : hi = (lo - 1)%Z -> chain c F hi lo = one (c lo).
Proof. intros ->. apply rule_empty_chain. Qed.

Ltac entries := repeat first [rewrite plus_entry | rewrite times_entry | rewrite zero_entry].

Lemma lam_index {A} (b : Z -> A) i : lam index b i = b i.
Proof. reflexivity. Qed.

Ltac values :=
  repeat match goal with
  | |- context [lam (matrix ?p ?q) ?b ?X] => rewrite (lam_member (matrix p q) b X) by member; cbv beta
  | |- context [lam real ?b ?x] => rewrite (lam_member real b x) by reflexivity; cbv beta
  end.
Ltac look_up :=
  first
    [ rewrite lam_index
    | match goal with |- context [changed ?F ?lo ?hi ?G ?i] =>
        first [rewrite (changed_inside F lo hi G i) by lia | rewrite (changed_outside F lo hi G i) by lia] end ];
  cbv beta.
Ltac looked_up := progress repeat look_up.
Ltac traces :=
  repeat first [rewrite trace_plus | rewrite trace_times | rewrite trace_zero | rewrite trace_one];
  rewrite ?plus_INR, ?mult_INR; cbn [INR].
Ltac members_are_chains :=
  repeat match goal with
  | H : to index (fun i => matrix (@?r i) (@?c i)) ?F = ?F |- context [?F ?i] =>
      assert (forall z, c (z + 1)%Z = r z) by (intros; cbv beta; size);
      rewrite (member_chain r c F i H); cbv beta
  end.

Ltac distribute :=
  repeat progress rewrite ?transpose_plus, ?transpose_times, ?transpose_twice, ?transpose_zero,
    ?transpose_one, ?transpose_product, ?product_plus, ?plus_product, ?product_times,
    ?times_product, ?product_zero, ?zero_product, ?product_associates;
  repeat match goal with
  | |- context [product ?n (one ?m) ?A] =>
      replace (product n (one m) A) with A by
        (symmetry; replace m with n by size; eapply (one_product n); member)
  | |- context [product ?n ?A (one ?m)] =>
      replace (product n A (one m)) with A by
        (symmetry; replace m with n by size; eapply (product_one _ n); member)
  end.

Ltac merge :=
  repeat match goal with
  | H : to index (fun i => matrix (@?r i) (@?c i)) ?F = ?F |- context [product ?n (chain ?c' ?F ?hi ?a) (chain ?c' ?F ?b ?lo)] =>
      rewrite (merge_at r c' F hi a b lo n H) by (intros; cbv beta; size)
  | H : to index (fun i => matrix (@?r i) (@?c i)) ?F = ?F |- context [product ?n (chain ?c' ?F ?hi ?a) (product ?m (chain ?c' ?F ?b ?lo) ?R)] =>
      rewrite (merge_then r c' F hi a b lo n m R H) by (intros; cbv beta; size)
  | H : to index (fun i => matrix (@?r i) (@?c i)) ?F = ?F |- context [product ?n (transpose (chain ?c' ?F ?b ?lo)) (transpose (chain ?c' ?F ?hi ?a))] =>
      rewrite (merge_turned r c' F hi a b lo n H) by (intros; cbv beta; size)
  | H : to index (fun i => matrix (@?r i) (@?c i)) ?F = ?F |- context [product ?n (transpose (chain ?c' ?F ?b ?lo)) (product ?m (transpose (chain ?c' ?F ?hi ?a)) ?R)] =>
      rewrite (merge_turned_then r c' F hi a b lo n m R H) by (intros; cbv beta; size)
  end.

Ltac differ a b := tryif constr_eq a b then fail else idtac.

(** Parts of one kind are given names, those that are equal one name. *)
Ltac named t :=
  let v := fresh "part" in let E := fresh "E" in
  set (v := t); assert (E : v = t) by reflexivity; clearbody v.
Ltac forget :=
  repeat match goal with E : @eq ?A ?v _ |- _ =>
    is_var v; lazymatch A with Z => fail | _ => clear E end end.
Ltac one_name E E' how :=
  lazymatch type of E with ?v = _ =>
    lazymatch type of E' with ?w = _ =>
      is_var v; is_var w; differ v w; let Q := fresh in
      assert (Q : w = v) by (rewrite E, E'; forget; how); clear E'; subst w end end.
Ltac empty_chains :=
  repeat match goal with |- context [chain ?c ?F ?h ?l] =>
    rewrite (empty_chain c F h l) by lia; cbv beta; distribute end.
Ltac name_values kind :=
  repeat match goal with |- context [?f ?i] => is_var f; kind f; named (f i) end;
  repeat match goal with E : _ = ?f _, E' : _ = ?f _ |- _ =>
    is_var f; kind f; one_name E E' ltac:(f_equal; lia) end.
Ltac name_chains :=
  repeat match goal with |- context [chain ?c ?F ?h ?l] => named (chain c F h l) end;
  repeat match goal with E : _ = chain ?c ?F _ _, E' : _ = chain ?c ?F _ _ |- _ =>
    one_name E E' ltac:(f_equal; lia) end;
  name_values ltac:(fun F => lazymatch type of F with Z -> Matrix => idtac end).
Ltac name_sizes := name_values ltac:(fun d => lazymatch type of d with Z -> nat => idtac end).

(** The columns of a family are said in one way. *)
Ltac same_columns :=
  repeat match goal with |- context [chain ?c ?F _ _] =>
    match goal with |- context [chain ?c' F _ _] =>
      differ c c'; replace c' with c by (let i := fresh in extensionality i; size) end end.
Ltac align := same_columns; empty_chains; merge; empty_chains; name_families; name_chains; name_sizes; name_gradients
with name_families :=
  repeat match goal with
  | |- context [changed ?F ?lo ?hi ?G] => named (changed F lo hi G)
  | |- context [@lam Z Matrix index ?b] => named (@lam Z Matrix index b)
  end;
  repeat match goal with
  | E : _ = changed _ _ _ _, E' : _ = changed _ _ _ _ |- _ => one_name E E' ltac:(same_term)
  | E : _ = lam index _, E' : _ = lam index _ |- _ => one_name E E' ltac:(same_term)
  end
with same_families :=
  repeat match goal with |- context [changed ?F ?lo ?hi ?G] =>
    match goal with |- context [changed ?F' ?lo' ?hi' ?G'] =>
      let f := constr:(changed F lo hi G) in let f' := constr:(changed F' lo' hi' G') in
      differ f f';
      try match goal with H : to index _ f' = _ |- _ => fail 2 end;
      replace f' with f by same_term end end
with name_gradients :=
  repeat match goal with |- context [gradient ?p ?q ?f ?X] => named (gradient p q f X) end;
  repeat match goal with E : _ = gradient _ _ ?f _, E' : _ = gradient _ _ ?f _ |- _ =>
    one_name E E' ltac:(f_equal; same_term) end
with same_term :=
  first [literally | differently]
with differently :=
  lazymatch goal with
  | |- @eq Z _ _ => lia
  | |- @eq nat _ _ => size
  | |- @eq R _ _ => same_number
  | |- @eq Matrix _ _ => same_matrix
  | |- @eq (nat -> nat -> R) _ _ => same_matrix
  | |- lam _ _ = lam _ _ => apply lam_eq; [same_term | again | intros; cbv beta; same_term]
  | |- to _ _ = to _ _ => f_equal; same_term
  | |- (fun _ => _) = _ => let x := fresh in extensionality x; same_term
  | |- _ = (fun _ => _) => let x := fresh in extensionality x; same_term
  | |- _ => f_equal; same_term
  end
with same_matrix :=
  solve
    [ literally
    | lazymatch goal with
      | |- chain _ _ _ _ = chain _ _ _ _ => f_equal; same_term
      | |- gradient _ _ _ _ = gradient _ _ _ _ => f_equal; same_term
      | |- ?f _ = ?f _ => f_equal; same_term
      end
    | matrices_alike
    | looked_up; matrices_alike ]
with matrices_alike :=
  solve [values; same_families; members_are_chains; distribute; align; apply matrix_ext; intros; entries; ring]
with same_number :=
  solve
    [ literally
    | lazymatch goal with |- ?f _ = ?f _ => f_equal; same_term end
    | values; same_families; members_are_chains; distribute; traces; align; align_traces; align_values; ring ]
with align_values :=
  repeat match goal with
  | |- context [?f ?X] =>
      match type of X with Matrix =>
        match type of (f X) with R =>
          match goal with |- context [f ?Y] =>
            differ X Y; replace (f Y) with (f X) by (f_equal; same_matrix) end end end
  end
with align_traces :=
  repeat match goal with
  | |- context [trace ?n ?A] =>
      match goal with |- context [trace ?m ?B] =>
        differ (trace n A) (trace m B);
        replace (trace m B) with (trace n A) by turn end
  end
with turn :=
  first
    [ rotate (8%nat)
    | rewrite <- trace_transpose; distribute; rotate (8%nat) ]
with rotate k :=
  first
    [ solve [literally | f_equal; [size | literally]]
    | lazymatch k with S ?k' =>
        rewrite trace_rotate; rewrite ?product_associates; rotate k' end ].

Ltac numbers_alike :=
  values; same_families; members_are_chains; distribute; traces; align;
  repeat match goal with |- context [rank ?p ?q ?X] => named (rank p q X) end;
  repeat match goal with E : _ = rank _ _ _, E' : _ = rank _ _ _ |- _ =>
    one_name E E' ltac:(f_equal; same_term) end;
  align_traces; align_values.
Ltac integers := first [lia | numbers_alike; lia].

Ltac mixed :=
  rewrite ?plus_IZR, ?mult_IZR, ?opp_IZR, <- ?INR_IZR_INZ;
  first [left; solve [same_term] | right; solve [same_term]].

Lemma first_member {A B} (P : place A) (Q : place B) x : cut (both P Q) x = x -> cut P (fst x) = fst x.
Proof. intros H. now apply (f_equal fst) in H. Qed.
Lemma second_member {A B} (P : place A) (Q : place B) x : cut (both P Q) x = x -> cut Q (snd x) = snd x.
Proof. intros H. now apply (f_equal snd) in H. Qed.
Ltac parted :=
  repeat match goal with H : cut (both _ _) _ = _ |- _ =>
    pose proof (first_member _ _ _ H); pose proof (second_member _ _ _ H); clear H end;
  cbn [cut here family Language.member matrices reals fst snd] in *.

Ltac same_claim :=
  cbv beta;
  lazymatch goal with
  | |- ?a <-> ?b => tryif constr_eq a b then exact (iff_refl a) else differently_said
  end
with differently_said :=
  lazymatch goal with
  | |- each _ _ <-> each _ _ => apply each_iff; [same_term | intros; same_claim]
  | |- some _ _ <-> some _ _ => apply some_iff; [same_term | intros; same_claim]
  | |- near _ _ _ <-> near _ _ _ =>
      apply near_iff; [same_term | same_term | intros; cbn [Language.member matrices reals] in *; same_claim]
  | |- nearby _ _ _ <-> nearby _ _ _ =>
      apply nearby_iff; [same_term | same_term | intros; cbv beta delta [apart]; parted; same_claim]
  | |- (_ -> _) <-> (_ -> _) => apply implies_iff; same_claim
  | |- (_ /\ _) <-> (_ /\ _) => apply and_iff; same_claim
  | |- (_ \/ _) <-> (_ \/ _) => apply or_iff; same_claim
  | |- (~ _) <-> (~ _) => apply not_iff; same_claim
  | |- same _ _ _ zero <-> same _ _ _ zero =>
      apply same_iff; [size | size | first [left; solve [same_term] | right; solve [same_term]]]
  | |- (_ = 0) <-> (_ = 0) => apply null_iff; first [left; solve [same_term] | right; solve [same_term]]
  | |- (_ = 0%Z) <-> (_ = 0%Z) => apply znull_iff; integers
  | |- (_ = 0%Z) <-> (_ = 0) => apply null_mixed; mixed
  | |- (_ = 0) <-> (_ = 0%Z) => apply iff_sym, null_mixed; mixed
  | |- (0 <= _) <-> (0 <= _) => apply nonneg_iff; same_term
  | |- (0 < _) <-> (0 < _) => apply positive_iff; same_term
  | |- (0 <= _)%Z <-> (0 <= _)%Z => apply znonneg_iff; integers
  | |- False <-> False => tauto
  | |- _ => apply eq_iff; f_equal; same_term
  end.

(** What is said is what was proved, once terms are in normal form. *)
Ltac said P :=
  let T := type of P in
  let T' := eval cbv beta in T in
  lazymatch goal with |- ?G =>
    let G' := eval cbv beta in G in
    tryif constr_eq T' G' then exact P else
      (cut (T' <-> G'); [intros [H _]; exact (H P) | same_claim])
  end.

(** Σ of products each with a factor that is zero. *)
Lemma zero_of p q X : matrix p q X = X -> same p q X zero -> X = zero.
Proof. intros HX. now apply same_equal; [|apply matrix_zero]. Qed.
Lemma same_of p q A B : A = B -> same p q B zero -> same p q A zero.
Proof. now intros ->. Qed.

(** * Nearness *)
Ltac lawful := first [apply reals_laws | apply matrices_laws].
Ltac neighbours := cbv beta; intros;
  lazymatch goal with
  | |- neighbourhoods (here _) => apply here_neighbourhoods; lawful
  | |- neighbourhoods (both _ _) => apply both_neighbourhoods; neighbours
  | |- neighbourhoods (family _) => apply family_neighbourhoods; neighbours
  end.
Ltac as_nearby := lazymatch goal with |- near ?S ?c ?p => apply (near_here S c p) | |- _ => idtac end.

Lemma near_around {A} (P : place A) c (p q : A -> Prop) : neighbourhoods P -> nearby P c p ->
  (forall x, nearby P x p -> q x) -> nearby P c q.
Proof.
  intros LP H K. destruct (rule_near_around_near_points LP c p H) as [n [d [Hd N]]].
  exists n, d. split; auto. intros x Hx C. apply K, N; auto.
Qed.

(** Continuous by form. *)
Lemma continuous_there {A B} (P : place A) (Q Q' : place B) g a :
  continuous_at P Q g a -> Q = Q' -> continuous_at P Q' g a.
Proof. now intros H <-. Qed.
Lemma continuous_index {A B} (P : place A) (Q : Z -> place B) F i a :
  continuous_at P (family Q) F a -> (forall i, neighbourhoods (Q i)) -> continuous_at P (Q i) (fun x => F x i) a.
Proof. intros H LQ. now apply continuous_at_index. Qed.
Ltac same_place :=
  cbv beta;
  lazymatch goal with
  | |- ?a = ?b => first
      [ constr_eq a b; reflexivity
      | lazymatch goal with
        | |- here _ = here _ => f_equal; same_place
        | |- matrices _ _ = matrices _ _ => f_equal; size
        | |- both _ _ = both _ _ => f_equal; same_place
        | |- family _ = family _ => f_equal; same_place
        | |- (fun _ => _) = _ => let x := fresh in extensionality x; same_place
        end ]
  end.
Ltac standing :=
  lazymatch goal with
  | |- continuous_at _ _ (fun x => x) _ => apply continuous_variable
  | |- continuous_at _ _ (fun x => fst (@?f x)) _ => eapply (continuous_first _ _ _ f); standing
  | |- continuous_at _ _ (fun x => snd (@?f x)) _ => eapply (continuous_second _ _ _ f); standing
  | |- continuous_at _ _ _ _ => eapply continuous_index; [standing | neighbours]
  end.
Ltac continuous :=
  cbv beta;
  lazymatch goal with
  | |- continuous_at _ _ (fun _ => ?c) _ => apply continuous_constant; neighbours
  | |- continuous_at _ (both _ _) (fun x => (@?f x, @?g x)) _ =>
      apply (fun L => continuous_pair L _ _ _ f g); [neighbours | continuous | continuous]
  | |- continuous_at _ _ (fun x => changed (@?F x) ?lo ?hi (@?G x)) _ =>
      apply (fun L M => continuous_changed L _ M F lo hi G); [neighbours | neighbours | continuous | intros; continuous]
  | |- continuous_at ?P ?Q (fun x => lam index (@?b x) ?i) ?a =>
      change (continuous_at P Q (fun x => b x i) a); continuous
  | |- continuous_at _ _ (fun x => lam index (@?b x)) _ =>
      apply (fun L M => continuous_family L _ M (fun x => lam index (b x)));
        [neighbours | neighbours | intros; continuous]
  | |- continuous_at _ _ (fun x => chain ?c (@?F x) ?hi ?lo) _ =>
      eapply continuous_there;
        [ apply (fun L => continuous_chain L _ (fun i => c (i + 1)%Z) c F hi lo);
            [neighbours | reflexivity | continuous]
        | same_place ]
  | |- continuous_at _ _ (fun x => sum (@?F x) ?hi ?lo) _ => apply continuous_sum_of_family; [neighbours | continuous]
  | |- continuous_at _ _ (fun x => plus (@?f x) (@?g x)) _ =>
      apply (fun L => continuous_sum L _ _ _ f g); [neighbours | continuous | continuous]
  | |- continuous_at _ _ (fun x => times (@?f x) (@?g x)) _ =>
      apply (fun L => continuous_multiple L _ _ _ f g); [neighbours | continuous | continuous]
  | |- continuous_at _ _ (fun x => product ?n (@?f x) (@?g x)) _ =>
      apply (fun L => continuous_product L _ _ n _ f g); [neighbours | continuous | continuous]
  | |- continuous_at _ _ (fun x => transpose (@?f x)) _ => apply (continuous_transpose _ _ _ f); continuous
  | |- continuous_at _ _ (fun x => trace ?n (@?f x)) _ => apply (continuous_trace _ n f); continuous
  | |- continuous_at _ _ (fun x => @?f x + @?g x) _ =>
      apply (fun L => continuous_sum_of_numbers L _ f g); [neighbours | continuous | continuous]
  | |- continuous_at _ _ (fun x => @?f x * @?g x) _ =>
      apply (fun L => continuous_product_of_numbers L _ f g); [neighbours | continuous | continuous]
  | |- continuous_at _ _ _ _ => eapply continuous_there; [standing | same_place]
  end.

(** * Differentiation *)
Lemma slope_said {A B} {D : space A} {T : space B} (LD : laws D) F G X L K : member D X = X ->
  slope D T F X L -> (forall Y, member D Y = Y -> F Y = G Y) ->
  (forall H, member D H = H -> L H = K H) -> slope D T (lam (member D) G) X (lam (member D) K).
Proof.
  intros HX HF EF EL. apply (slope_members LD F _ X L); auto.
  - intros Y HY. rewrite lam_member; auto.
  - intros H HH. rewrite lam_member; auto.
Qed.

Ltac given := let X := fresh "H" in let m := fresh "m" in intros X m; cbn [member matrices reals] in m.
Ltac finite_space := first [apply finite_reals | apply finite_matrices].
Ltac with_variable :=
  lazymatch goal with
  | |- slope _ _ (fun _ => _) _ _ => idtac
  | |- slope ?D ?T ?F ?X ?L => change (slope D T (fun Y => F Y) X L)
  end.
Ltac by_clauses :=
  with_variable;
  lazymatch goal with
  | |- slope _ _ (fun Y => Y) _ _ => apply slope_of_variable; finite_space
  | |- slope _ reals (fun _ => ?c) _ _ => apply slope_of_constant_number; finite_space
  | |- slope _ (matrices _ _) (fun _ => ?c) _ _ => apply slope_of_constant; finite_space
  | |- slope _ _ (fun Y => plus (@?F Y) (@?G Y)) _ _ => eapply slope_of_sum; by_clauses
  | |- slope _ _ (fun Y => @?F Y + @?G Y) _ _ => eapply slope_of_sum_of_numbers; by_clauses
  | |- slope _ _ (fun Y => times (@?F Y) (@?G Y)) _ _ => eapply slope_of_multiple; [finite_space | member | by_clauses | by_clauses]
  | |- slope _ _ (fun Y => product _ (@?F Y) (@?G Y)) _ _ => eapply slope_of_product; [finite_space | member | by_clauses | by_clauses]
  | |- slope _ _ (fun Y => @?F Y * @?G Y) _ _ => eapply slope_of_product_of_numbers; [finite_space | member | by_clauses | by_clauses]
  | |- slope _ _ (fun Y => transpose (@?F Y)) _ _ => eapply slope_of_transpose; by_clauses
  | |- slope _ _ (fun Y => trace _ (@?F Y)) _ _ => eapply slope_of_trace; by_clauses
  | |- slope _ _ (fun Y => ?g (@?E Y)) _ _ =>
      match goal with P : slope ?S ?T ?g' _ ?K |- slope ?D _ _ ?X _ =>
        constr_eq g g';
        eapply (slope_at_value (D := D) (S := S) (T := T) ltac:(finite_space) ltac:(finite_space)
          ltac:(first [apply reals_laws | apply matrices_laws])
          ltac:(first [apply exact_reals | apply exact_matrices])
          ltac:(first [apply subtracts_reals | apply subtracts_matrices]) E g X _ K);
        [member | given; member | | by_clauses | cbv beta; said P]; [given; member] end
  end.
Ltac differentiate :=
  lazymatch goal with |- slope ?D ?T (lam _ ?G) ?X (lam _ ?K) =>
    eapply (slope_said (D := D) (T := T) ltac:(first [apply reals_laws | apply matrices_laws]) G G X);
    [member | by_clauses | reflexivity | ];
    given; cbv beta; repeat (rewrite lam_member by member); same_term end.

(** Unification is not to look into these. *)
Global Opaque chain matrix plus times product transpose zero one trace rank gradient.
