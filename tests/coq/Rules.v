(** The rules of the kernel about indices, equality and nearness are sound (FORMAT.md, section 8).

    What a rule concludes from is a premise here.  Rules of connectives and quantifiers are Coq's
    own.  Nearness is that of any group of numbers, matrices and families of these. *)
From Coq Require Import Reals ZArith Lra Lia List FunctionalExtensionality ClassicalEpsilon.
From Proofkit Require Import Language Base Algebra.
Import ListNotations.
Open Scope R_scope.

(** * Indices *)
Theorem rule_induction (p : Z -> Prop) (a : Z) :
  p a -> each index (fun i => (a <= i)%Z -> p i -> p (i + 1)%Z) ->
  each index (fun i => (a <= i)%Z -> p i).
Proof.
  intros Ha Hs i _ Hi. replace i with (a + Z.of_nat (Z.to_nat (i - a)))%Z by lia.
  induction (Z.to_nat (i - a)) as [|n IH]; [now rewrite Z.add_0_r|].
  rewrite Nat2Z.inj_succ. unfold Z.succ. rewrite Z.add_assoc. apply Hs; auto. lia.
Qed.

(** The sort may depend on the index; [r] is the conjunction of the conditions. *)
Theorem rule_choose {A} (a0 : A) (s : Z -> sort A) (r : Z -> Prop) (p : Z -> A -> Prop) :
  (forall i x, s i (s i x) = s i x) ->
  each index (fun i => r i -> some (s i) (p i)) ->
  some (to index s) (fun F => each index (fun i => r i -> p i (F i))).
Proof.
  intros Again H.
  set (F := fun i => s i (the a0 (fun x => r i -> s i x = x /\ p i x))).
  exists F. split.
  - extensionality i. unfold to, index, F. apply Again.
  - intros i Hi Hr. unfold F.
    assert (E : exists x, r i -> s i x = x /\ p i x) by (destruct (H i Hi Hr) as [x Hx]; now exists x).
    destruct (the_spec a0 _ E Hr) as [-> Hp]. exact Hp.
Qed.

(** * Equality *)
Theorem rule_rewrite {A} (p : A -> Prop) (old new : A) : old = new -> p old -> p new.
Proof. now intros ->. Qed.

(** Numbers, matrices and functions that are equal claim by claim are the same. *)
Theorem equal_numbers (x y : R) : x + -1 * y = 0 -> x = y.
Proof. lra. Qed.
Theorem equal_matrices p q X Y : matrix p q X = X -> matrix p q Y = Y ->
  same p q (plus X (times (-1) Y)) zero -> X = Y.
Proof.
  intros HX HY H. apply (same_equal p q); auto. intros i j Hi Hj. specialize (H i j Hi Hj).
  unfold plus, times, zero in H. lra.
Qed.
Theorem equal_functions {A B} (s : sort A) (t : A -> sort B) (f g : A -> B) :
  to s t f = f -> to s t g = g -> (forall x, s (s x) = s x) -> each s (fun x => f x = g x) -> f = g.
Proof.
  intros Hf Hg S H. extensionality x. rewrite <- Hf, <- Hg. unfold to. now rewrite (H (s x) (S x)).
Qed.

(** * Chains: pieces merge *)
Lemma chain_of_member (r c : Z -> nat) F lo n :
  (forall i, matrix (r i) (c i) (F i) = F i) -> (forall i, c (i + 1)%Z = r i) ->
  matrix (c (lo + Z.of_nat n)%Z) (c lo) (chain_of c F lo n) = chain_of c F lo n.
Proof.
  intros HF E. induction n as [|n IH].
  - simpl. rewrite Z.add_0_r. apply matrix_one.
  - cbn [chain_of]. apply (matrix_product _ (c (lo + Z.of_nat n)%Z)); auto.
    replace (lo + Z.of_nat (S n))%Z with (lo + Z.of_nat n + 1)%Z by lia. rewrite E. apply HF.
Qed.

Lemma chain_of_app (r c : Z -> nat) F lo n m :
  (forall i, matrix (r i) (c i) (F i) = F i) -> (forall i, c (i + 1)%Z = r i) ->
  chain_of c F lo (m + n) =
  product (c (lo + Z.of_nat n)%Z) (chain_of c F (lo + Z.of_nat n) m) (chain_of c F lo n).
Proof.
  intros HF E. induction m as [|m IH].
  - cbn [chain_of plus]. symmetry. apply (one_product _ (c lo)). now apply (chain_of_member r).
  - cbn [chain_of Nat.add]. rewrite IH.
    replace (lo + Z.of_nat (m + n))%Z with (lo + Z.of_nat n + Z.of_nat m)%Z by lia.
    apply product_assoc.
Qed.

(** A chain has the rows of its first and the columns of its last member. *)
Theorem rule_chain_shape (r c : Z -> nat) F hi lo :
  (forall i, matrix (r i) (c i) (F i) = F i) -> (forall i, c (i + 1)%Z = r i) ->
  matrix (r hi) (c lo) (chain c F hi lo) = chain c F hi lo.
Proof.
  intros HF E. unfold chain. destruct (Z.leb_spec (lo - 1) hi); [|apply matrix_zero].
  rewrite <- E. replace (hi + 1)%Z with (lo + Z.of_nat (Z.to_nat (hi - lo + 1)))%Z by lia.
  now apply (chain_of_member r).
Qed.

(** F[hi:cut]·F[mid:lo] is F[hi:lo] where cut = mid + 1, hi ≥ mid and mid ≥ lo − 1: what *ranges*
    are for.  The family composes: the columns of member i + 1 are the rows of member i. *)
Theorem rule_merge (r c : Z -> nat) F hi mid lo :
  (forall i, matrix (r i) (c i) (F i) = F i) -> (forall i, c (i + 1)%Z = r i) ->
  (0 <= hi - mid)%Z -> (0 <= mid - lo + 1)%Z ->
  product (c (mid + 1)%Z) (chain c F hi (mid + 1)) (chain c F mid lo) = chain c F hi lo.
Proof.
  intros HF E H1 H2. unfold chain.
  rewrite !(proj2 (Z.leb_le _ _)) by lia.
  replace (Z.to_nat (hi - lo + 1)) with (Z.to_nat (hi - (mid + 1) + 1) + Z.to_nat (mid - lo + 1))%nat by lia.
  rewrite (chain_of_app r c F lo (Z.to_nat (mid - lo + 1))) by auto.
  replace (lo + Z.of_nat (Z.to_nat (mid - lo + 1)))%Z with (mid + 1)%Z by lia. reflexivity.
Qed.

Theorem rule_empty_chain c F lo : chain c F (lo - 1) lo = one (c lo).
Proof.
  unfold chain. rewrite (proj2 (Z.leb_le _ _)) by lia.
  replace (Z.to_nat (lo - 1 - lo + 1)) with O by lia. reflexivity.
Qed.

Theorem rule_member (r c : Z -> nat) F i : (forall i, matrix (r i) (c i) (F i) = F i) ->
  chain c F i i = F i.
Proof.
  intros HF. unfold chain. rewrite (proj2 (Z.leb_le _ _)) by lia.
  replace (Z.to_nat (i - i + 1)) with 1%nat by lia. cbn [chain_of].
  rewrite Z.add_0_r. now apply (product_one (r i)).
Qed.

(** * Nearness *)
Record neighbourhoods {A} (P : place A) : Prop := Neighbourhoods {
  closer : forall n m d e x c, (n <= m)%nat -> e <= d -> close P m e x c -> close P n d x c;
  itself : forall n d x, 0 < d -> close P n d x x;
  around : forall n d x c, close P n d x c ->
    exists m e, 0 < e /\ forall y, close P m e y x -> close P n d y c }.
Arguments closer {A P}. Arguments itself {A P}. Arguments around {A P}.

Lemma here_neighbourhoods {A} (S : space A) : laws S -> neighbourhoods (here S).
Proof.
  intros LS. split; simpl.
  - intros. lra.
  - intros. now rewrite (norm_self LS).
  - intros n d x c H. exists O, (d - norm S (difference S x c)). split; [lra|].
    intros y Hy. pose proof (norm_via LS y x c). lra.
Qed.

Lemma both_neighbourhoods {A B} (P : place A) (Q : place B) :
  neighbourhoods P -> neighbourhoods Q -> neighbourhoods (both P Q).
Proof.
  intros LP LQ. split; simpl.
  - intros n m d e x c Hn He [H1 H2]. split; [eapply (closer LP)|eapply (closer LQ)]; eauto.
  - intros. split; [now apply (itself LP)|now apply (itself LQ)].
  - intros n d x c [H1 H2]. destruct (around LP _ _ _ _ H1) as [m1 [e1 [E1 K1]]].
    destruct (around LQ _ _ _ _ H2) as [m2 [e2 [E2 K2]]].
    exists (max m1 m2), (Rmin e1 e2). split; [now apply Rmin_pos|].
    intros y [Y1 Y2]. split; [apply K1|apply K2].
    + eapply (closer LP); [| |exact Y1]; [lia|apply Rmin_l].
    + eapply (closer LQ); [| |exact Y2]; [lia|apply Rmin_r].
Qed.

Lemma family_neighbourhoods {A} (P : Z -> place A) :
  (forall i, neighbourhoods (P i)) -> neighbourhoods (family P).
Proof.
  intros LP. split; simpl.
  - intros n m d e x c Hn He H i Hi. eapply (closer (LP i)); [exact Hn|exact He|]. apply H. lia.
  - intros. now apply (itself (LP i)).
  - intros n d x c H.
    assert (K : forall k, exists m e, 0 < e /\ forall y,
      (forall i, (- Z.of_nat m <= i <= Z.of_nat m)%Z -> close (P i) m e (y i) (x i)) ->
      forall i, (- Z.of_nat n <= i < - Z.of_nat n + Z.of_nat k)%Z -> (i <= Z.of_nat n)%Z ->
        close (P i) n d (y i) (c i)).
    { induction k as [|k [m [e [He IH]]]].
      - exists O, 1. split; [lra|]. intros; lia.
      - set (i0 := (- Z.of_nat n + Z.of_nat k)%Z).
        destruct (Z_le_dec i0 (Z.of_nat n)) as [B|B].
        + destruct (around (LP i0) n d (x i0) (c i0)) as [m' [e' [He' K']]]; [apply H; lia|].
          exists (max n (max m m')), (Rmin e e'). split; [now apply Rmin_pos|].
          intros y Y i I1 I2. destruct (Z.eq_dec i i0) as [->|N].
          * apply K'. eapply (closer (LP i0)); [| |apply Y]; [lia|apply Rmin_r|lia].
          * apply IH; [|lia|lia]. intros j Hj.
            eapply (closer (LP j)); [| |apply Y]; [lia|apply Rmin_l|lia].
        + exists m, e. split; auto. intros y Y i I1 I2. apply (IH y Y); lia. }
    destruct (K (2 * n + 1)%nat) as [m [e [He KK]]]. exists m, e. split; auto.
    intros y Y i Hi. apply KK; auto; lia.
Qed.

(** [near] is [nearby] for one value. *)
Lemma near_here {A} (S : space A) c p : near S c p <-> nearby (here S) c p.
Proof.
  split.
  - intros [d [Hd H]]. exists O, d. split; auto.
  - intros [n [d [Hd H]]]. exists d. split; auto.
Qed.

Section Nearness.
Context {A : Type} {P : place A} (LP : neighbourhoods P).

Lemma nearby_both c p q : nearby P c p -> nearby P c q -> nearby P c (fun x => p x /\ q x).
Proof.
  intros [n [d [Hd H]]] [m [e [He K]]]. exists (max n m), (Rmin d e).
  split; [now apply Rmin_pos|]. intros x Hx C. split; [apply H|apply K]; auto.
  - eapply (closer LP); [| |exact C]; [lia|apply Rmin_l].
  - eapply (closer LP); [| |exact C]; [lia|apply Rmin_r].
Qed.

Lemma fold_later (ps : list (A -> Prop)) x (first last : Prop) :
  (first -> fold_right (fun (p : A -> Prop) (r : Prop) => p x -> r) last ps) ->
  fold_right (fun (p : A -> Prop) (r : Prop) => p x -> r) (first -> last) ps.
Proof. induction ps as [|p ps IH]; simpl; auto. Qed.

Theorem rule_near_consequence c (ps : list (A -> Prop)) (q : A -> Prop) :
  each (cut P) (fun x => fold_right (fun (p : A -> Prop) (r : Prop) => p x -> r) (q x) ps) ->
  Forall (nearby P c) ps -> nearby P c q.
Proof.
  revert q. induction ps as [|p ps IH]; simpl; intros q H Hp.
  - exists O, 1. split; [lra|]. intros x Hx _. now apply H.
  - inversion Hp; subst. assert (N : nearby P c (fun x => p x /\ (p x -> q x))).
    + apply nearby_both; auto. apply (IH (fun x => p x -> q x)); auto.
      intros x Hx. apply fold_later. now apply H.
    + destruct N as [n [d [Hd N]]]. exists n, d. split; auto. intros x Hx C.
      destruct (N x Hx C); auto.
Qed.

Theorem rule_near_at_the_point c (p : A -> Prop) : cut P c = c -> nearby P c p -> p c.
Proof. intros Hc [n [d [Hd H]]]. apply H; auto. now apply (itself LP). Qed.

Theorem rule_near_around_near_points c (p : A -> Prop) :
  nearby P c p -> nearby P c (fun x => nearby P x p).
Proof.
  intros [n [d [Hd H]]]. exists n, d. split; auto. intros x Hx C.
  destruct (around LP _ _ _ _ C) as [m [e [He K]]]. exists m, e. split; auto.
  intros y Hy D. apply H; auto.
Qed.
End Nearness.

(** * Continuous maps, as the rules [near: along a continuous map] and [continuous] see them *)
Definition continuous_at {A B} (P : place A) (Q : place B) (g : A -> B) (a : A) : Prop :=
  forall n d, 0 < d -> nearby P a (fun x => close Q n d (g x) (g a)).

Theorem rule_near_along {A B} (P : place A) (Q : place B) (LP : neighbourhoods P)
    (g : A -> B) (a : A) (b : B) (p : B -> Prop) :
  nearby Q b p -> g a = b -> continuous_at P Q g a ->
  each (cut P) (fun x => cut Q (g x) = g x) -> nearby P a (fun x => p (g x)).
Proof.
  intros [n [d [Hd H]]] <- C M. destruct (C n d Hd) as [m [e [He K]]].
  exists m, e. split; auto. intros x Hx D. apply H; auto.
Qed.

Lemma continuous_here {A B} (S : space A) (T : space B) (g : A -> B) a :
  continuous S T g a <-> continuous_at (here S) (here T) g a.
Proof.
  split.
  - intros H n d Hd. destruct (H d Hd) as [e [He K]]. now exists O, e.
  - intros H e He. destruct (H O e He) as [n [d [Hd K]]]. now exists d.
Qed.

(** A term is continuous by its form: the clauses of section 8. *)
Section Continuity.
Context {A : Type} {P : place A} (LP : neighbourhoods P) (a : A).

Theorem continuous_variable : continuous_at P P (fun x => x) a.
Proof. intros n d Hd. exists n, d. split; auto. now intros x _ C. Qed.

Theorem continuous_constant {B} {Q : place B} (LQ : neighbourhoods Q) b : continuous_at P Q (fun _ => b) a.
Proof. intros n d Hd. exists O, 1. split; [lra|]. intros x _ _. now apply (itself LQ). Qed.

Theorem continuous_pair {B C} (Q : place B) (R : place C) f g :
  continuous_at P Q f a -> continuous_at P R g a ->
  continuous_at P (both Q R) (fun x => (f x, g x)) a.
Proof. intros F G n d Hd. apply (nearby_both LP); auto. Qed.

Theorem continuous_composed {B C} (Q : place B) (R : place C) (f : A -> B) (g : B -> C) :
  continuous_at P Q f a -> continuous_at Q R g (f a) -> each (cut P) (fun x => cut Q (f x) = f x) ->
  continuous_at P R (fun x => g (f x)) a.
Proof.
  intros F G M n d Hd. apply (rule_near_along P Q LP f a (f a) (fun y => close R n d (g y) (g (f a)))); auto.
Qed.

(** The member of a family, and the family of continuous members. *)
Theorem continuous_at_index {B} {Q : Z -> place B} (LQ : forall i, neighbourhoods (Q i)) F i :
  continuous_at P (family Q) F a -> continuous_at P (Q i) (fun x => F x i) a.
Proof.
  intros H n d Hd. destruct (H (max n (Z.to_nat (Z.abs i))) d Hd) as [m [e [He K]]].
  exists m, e. split; auto. intros x Hx C. apply (closer (LQ i) n (max n (Z.to_nat (Z.abs i))) d d);
    [lia|lra|]. apply (K x Hx C). lia.
Qed.

Theorem continuous_family {B} {Q : Z -> place B} (LQ : forall i, neighbourhoods (Q i)) F :
  (forall i, continuous_at P (Q i) (fun x => F x i) a) -> continuous_at P (family Q) F a.
Proof.
  intros H n d Hd. simpl.
  assert (K : forall k, nearby P a (fun x => forall i,
    (- Z.of_nat n <= i < - Z.of_nat n + Z.of_nat k)%Z -> close (Q i) n d (F x i) (F a i))).
  { induction k as [|k IH].
    - exists O, 1. split; [lra|]. intros x _ _ i Hi. lia.
    - destruct (nearby_both LP _ _ _ IH (H (- Z.of_nat n + Z.of_nat k)%Z n d Hd)) as [m [e [He N]]].
      exists m, e. split; auto. intros x Hx C i Hi. destruct (N x Hx C) as [N1 N2].
      destruct (Z.eq_dec i (- Z.of_nat n + Z.of_nat k)) as [->|]; auto. apply N1. lia. }
  destruct (K (2 * n + 1)%nat) as [m [e [He N]]]. exists m, e. split; auto.
  intros x Hx C i Hi. apply (N x Hx C). lia.
Qed.

(** Sums and products: maps that are bilinear up to a bound. *)
Context {B1 B2 B3 : Type} {S : space B1} {T : space B2} {U : space B3} (LS : laws S) (LT : laws T) (LU : laws U).

Theorem continuous_bilinear (K : R) (B : B1 -> B2 -> B3) f g : 0 <= K ->
  (forall x y, norm U (B x y) <= K * (norm S x * norm T y)) ->
  (forall x x' y y', difference U (B x y) (B x' y') =
    add U (add U (B (difference S x x') y') (B x' (difference T y y')))
      (B (difference S x x') (difference T y y'))) ->
  continuous_at P (here S) f a -> continuous_at P (here T) g a ->
  continuous_at P (here U) (fun x => B (f x) (g x)) a.
Proof.
  intros HK Bd Df F G n d Hd. simpl in *.
  set (M := norm S (f a) + norm T (g a) + 1).
  assert (HM : 1 <= M).
  { unfold M. pose proof (norm_nonneg LS (f a)). pose proof (norm_nonneg LT (g a)). lra. }
  set (e := Rmin 1 (d / (4 * (K + 1) * M))).
  assert (He : 0 < e).
  { apply Rmin_pos; [lra|]. apply Rdiv_lt_0_compat; [lra|]. repeat apply Rmult_lt_0_compat; lra. }
  destruct (nearby_both LP _ _ _ (F n e He) (G n e He)) as [m [e' [He' N]]].
  exists m, e'. split; auto. intros x Hx C. destruct (N x Hx C) as [N1 N2]. simpl in N1, N2.
  rewrite Df. set (u := norm S (difference S (f x) (f a))) in *.
  set (v := norm T (difference T (g x) (g a))) in *.
  assert (0 <= u) by apply (norm_nonneg LS). assert (0 <= v) by apply (norm_nonneg LT).
  pose proof (norm_nonneg LS (f a)) as Pf. pose proof (norm_nonneg LT (g a)) as Pg.
  assert (E1 : e <= 1) by apply Rmin_l.
  assert (E2 : e * (4 * (K + 1) * M) <= d).
  { apply Rle_trans with (d / (4 * (K + 1) * M) * (4 * (K + 1) * M)).
    - apply Rmult_le_compat_r; [|apply Rmin_r]. apply Rlt_le. repeat apply Rmult_lt_0_compat; lra.
    - apply Req_le. field. split; lra. }
  eapply Rle_lt_trans; [apply (norm_add LU)|].
  pose proof (norm_add LU (B (difference S (f x) (f a)) (g a)) (B (f a) (difference T (g x) (g a)))) as A1.
  pose proof (Bd (difference S (f x) (f a)) (g a)) as A2.
  pose proof (Bd (f a) (difference T (g x) (g a))) as A3.
  pose proof (Bd (difference S (f x) (f a)) (difference T (g x) (g a))) as A4.
  fold u in A2, A4. fold v in A3, A4.
  assert (u * norm T (g a) <= e * M) by (apply Rmult_le_compat; lra || unfold M; lra).
  assert (norm S (f a) * v <= M * e) by (apply Rmult_le_compat; lra || unfold M; lra).
  assert (u * v <= e * M) by (apply Rmult_le_compat; lra).
  assert (K * (u * norm T (g a)) <= K * (e * M)) by (apply Rmult_le_compat_l; auto).
  assert (K * (norm S (f a) * v) <= K * (e * M)) by (apply Rmult_le_compat_l; auto; lra).
  assert (K * (u * v) <= K * (e * M)) by (apply Rmult_le_compat_l; auto).
  assert (0 < e * M) by (apply Rmult_lt_0_compat; lra).
  lra.
Qed.
End Continuity.

(** * Inequalities: Farkas' lemma, the direction that is used *)
Section Arithmetic.
(** A premise (λ, e): e ≥ 0, e > 0 with λ ≥ 0, or e = 0. *)
Inductive premise := Nonneg (l e : R) | Positive (l e : R) | Zero (l e : R).
Definition holds (p : premise) : Prop :=
  match p with
  | Nonneg l e => 0 <= l /\ 0 <= e
  | Positive l e => 0 <= l /\ 0 < e
  | Zero l e => e = 0
  end.
Definition strict (p : premise) : Prop := match p with Positive l _ => 0 < l | _ => False end.
Fixpoint combined (ps : list premise) : R :=
  match ps with
  | [] => 0
  | Nonneg l e :: ps | Positive l e :: ps | Zero l e :: ps => l * e + combined ps
  end.

Lemma combined_nonneg ps : Forall holds ps -> 0 <= combined ps.
Proof.
  induction 1 as [|p ps H _ IH]; simpl; [lra|]. destruct p as [l e|l e|l e]; simpl in H.
  - destruct H. assert (0 <= l * e) by now apply Rmult_le_pos. lra.
  - destruct H. assert (0 <= l * e) by (apply Rmult_le_pos; lra). lra.
  - subst. lra.
Qed.

Lemma combined_positive ps : Forall holds ps -> Exists strict ps -> 0 < combined ps.
Proof.
  intros H. induction 1 as [p ps Hs|p ps _ IH]; inversion H; subst.
  - assert (0 <= combined ps) by now apply combined_nonneg.
    destruct p as [l e|l e|l e]; simpl in *; try tauto.
    assert (0 < l * e) by (apply Rmult_lt_0_compat; tauto). lra.
  - specialize (IH H3). destruct p as [l e|l e|l e]; simpl in *.
    + destruct H2. assert (0 <= l * e) by now apply Rmult_le_pos. lra.
    + destruct H2. assert (0 <= l * e) by (apply Rmult_le_pos; lra). lra.
    + subst. lra.
Qed.

Theorem rule_arithmetic_nonneg ps g r : Forall holds ps -> g = combined ps + r -> 0 <= r -> 0 <= g.
Proof. intros H -> Hr. pose proof (combined_nonneg ps H). lra. Qed.

Theorem rule_arithmetic_positive ps g r : Forall holds ps -> g = combined ps + r ->
  0 < r \/ (r = 0 /\ Exists strict ps) -> 0 < g.
Proof.
  intros H -> [Hr|[-> Hs]].
  - pose proof (combined_nonneg ps H). lra.
  - pose proof (combined_positive ps H Hs). lra.
Qed.

(** An integer above −1 is not negative; −1 is, so a goal −1 ≥ 0 is a contradiction. *)
Theorem rule_arithmetic_integer ps (g : Z) r : Forall holds ps -> IZR g = combined ps + r ->
  -1 < r \/ (r = -1 /\ Exists strict ps) -> (0 <= g)%Z.
Proof.
  intros H E C. assert (IZR (-1) < IZR g); [|apply lt_IZR in H0; lia].
  rewrite E. destruct C as [Hr|[-> Hs]].
  - pose proof (combined_nonneg ps H). simpl. lra.
  - pose proof (combined_positive ps H Hs). simpl. lra.
Qed.
End Arithmetic.
