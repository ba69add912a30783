(** What the sorts, terms, claims and words of proofkit's language mean (proofkit/FORMAT.md).

    [Statements.v], which is generated from the kernel's ledger, says each fact in these words, so
    this file is the one to audit.  It rests on Coq's own real numbers and functions of them, and
    on nothing else.  Section numbers are those of FORMAT.md. *)
From Coq Require Import Reals ZArith ClassicalEpsilon.
Open Scope R_scope.

(** * Sorts (section 2)

    An index is an integer, a natural number one of [nat], a real number one of [R].  A matrix is a
    function of a row and a column, counted from 0, which is zero outside its shape; a family is a
    function of an integer.  A sort is the function that cuts whatever it is given to that sort:
    the values of the sort are those that it leaves alone.  So a matrix has nothing outside its
    shape, and a function of a sort never sees anything outside its domain. *)
Definition Matrix := nat -> nat -> R.
Definition sort (A : Type) := A -> A.
Definition index : sort Z := fun i => i.
Definition natural : sort nat := fun n => n.
Definition real : sort R := fun x => x.
Definition matrix (p q : nat) : sort Matrix :=
  fun X i j => if andb (Nat.ltb i p) (Nat.ltb j q) then X i j else 0.
Definition to {A B} (domain : sort A) (codomain : A -> sort B) : sort (A -> B) :=
  fun f x => codomain (domain x) (f (domain x)).

(** * Terms (section 3) *)
Fixpoint total (n : nat) (f : nat -> R) : R :=
  match n with O => 0 | S m => total m f + f m end.

Definition zero : Matrix := fun _ _ => 0.
Definition one (n : nat) : Matrix := matrix n n (fun i j => if Nat.eqb i j then 1 else 0).
Definition plus (A B : Matrix) : Matrix := fun i j => A i j + B i j.
Definition times (c : R) (A : Matrix) : Matrix := fun i j => c * A i j.
(** The product of A, which has n columns, and B, which has n rows. *)
Definition product (n : nat) (A B : Matrix) : Matrix :=
  fun i j => total n (fun k => A i k * B k j).
Definition transpose (A : Matrix) : Matrix := fun i j => A j i.
Definition trace (n : nat) (A : Matrix) : R := total n (fun i => A i i).
Definition same (p q : nat) (A B : Matrix) : Prop :=
  forall i j, (i < p)%nat -> (j < q)%nat -> A i j = B i j.
Definition lam {A B} (domain : sort A) (body : A -> B) : A -> B := fun x => body (domain x).
(** [g] at the indices from [lo] to [hi], [f] elsewhere. *)
Definition changed {A} (f : Z -> A) (lo hi : Z) (g : Z -> A) : Z -> A :=
  fun i => if andb (Z.leb lo i) (Z.leb i hi) then g i else f i.

(** The value that has a property, or some value where none has it. *)
Definition the {A} (default : A) (P : A -> Prop) : A := epsilon (inhabits default) P.

(** The rank of a p×q matrix: the least r for which it is a p×r matrix times an r×q matrix. *)
Definition factors (p q : nat) (X : Matrix) (r : nat) : Prop :=
  exists A B, same p q X (product r A B).
Definition rank (p q : nat) (X : Matrix) : nat :=
  the O (fun r => factors p q X r /\ forall s, factors p q X s -> (r <= s)%nat).

(** * Spaces: the sorts in which one is near, real numbers and matrices of one shape *)
Record space (A : Type) := Space {
  member : sort A;
  equal : A -> A -> Prop;
  add : A -> A -> A;
  scale : R -> A -> A;
  norm : A -> R }.
Arguments member {A}. Arguments equal {A}. Arguments add {A}. Arguments scale {A}.
Arguments norm {A}.

Definition norm_of_matrix (p q : nat) (A : Matrix) : R :=
  total p (fun i => total q (fun j => Rabs (A i j))).
Definition reals : space R := Space R real eq Rplus Rmult Rabs.
Definition matrices (p q : nat) : space Matrix :=
  Space Matrix (matrix p q) (same p q) plus times (norm_of_matrix p q).
Definition difference {A} (S : space A) (x y : A) : A := add S x (scale S (-1) y).

(** * Claims (section 5) *)
Definition each {A} (S : sort A) (P : A -> Prop) : Prop := forall x, S x = x -> P x.
Definition some {A} (S : sort A) (P : A -> Prop) : Prop := exists x, S x = x /\ P x.

Definition near {A} (S : space A) (centre : A) (P : A -> Prop) : Prop :=
  exists d, 0 < d /\ each (member S) (fun x => norm S (difference S x centre) < d -> P x).

Definition linear {A B} (S : space A) (T : space B) (L : A -> B) : Prop :=
  each (member S) (fun H => each (member S) (fun K =>
    equal T (L (add S H K)) (add T (L H) (L K)))) /\
  forall c, each (member S) (fun H => equal T (L (scale S c H)) (scale T c (L H))).

(** F(X + H) = F(X) + L(H) + o(‖H‖), and L is linear. *)
Definition slope {A B} (S : space A) (T : space B) (F : A -> B) (X : A) (L : A -> B) : Prop :=
  linear S T L /\
  forall e, 0 < e -> exists d, 0 < d /\ each (member S) (fun H => norm S H < d ->
    norm T (difference T (difference T (F (add S X H)) (F X)) (L H)) <= e * norm S H).

Definition continuous {A B} (S : space A) (T : space B) (F : A -> B) (X : A) : Prop :=
  forall e, 0 < e -> near S X (fun Y => norm T (difference T (F Y) (F X)) < e).

Definition differentiable (p q : nat) (f : Matrix -> R) : Prop :=
  each (matrix p q) (fun X => exists L, slope (matrices p q) reals f X L).
Definition convex (p q : nat) (f : Matrix -> R) : Prop :=
  each (matrix p q) (fun X => each (matrix p q) (fun Y => forall t, 0 <= t <= 1 ->
    f (plus (times (1 - t) X) (times t Y)) <= (1 - t) * f X + t * f Y)).

(** The gradient of f at X: the G for which H ↦ tr(GᵀH) is the slope of f at X. *)
Definition inner (p q : nat) (G H : Matrix) : R := trace q (product p (transpose G) H).
Definition gradient (p q : nat) (f : Matrix -> R) (X : Matrix) : Matrix :=
  matrix p q (the zero (fun G => slope (matrices p q) reals f X (fun H => inner p q G H))).

(** * Words (sections 3 and 9) *)
Definition word_exp : R -> R := exp.
Definition word_log : R -> R := ln.
Definition word_sqrt : R -> R := sqrt.
Definition word_sin : R -> R := sin.
Definition word_cos : R -> R := cos.
Definition word_tanh : R -> R := fun x => (exp x - exp (- x)) / (exp x + exp (- x)).
Definition word_logistic : R -> R := fun x => 1 / (1 + exp (- x)).
Definition word_relu : R -> R := fun x => Rmax x 0.
Definition word_abs : R -> R := Rabs.
Definition word_reciprocal : R -> R := Rinv.
Definition word_derivative (f : R -> R) : R -> R :=
  fun x => the 0 (fun c => slope reals reals f x (fun h => c * h)).

Definition word_entrywise (p q : nat) (f : R -> R) (X : Matrix) : Matrix :=
  matrix p q (fun i j => f (X i j)).
Definition word_hadamard (p q : nat) (X Y : Matrix) : Matrix := fun i j => X i j * Y i j.
Definition word_ones (p q : nat) : Matrix := matrix p q (fun _ _ => 1).
Definition word_diag (n : nat) (v : Matrix) : Matrix :=
  matrix n n (fun i j => if Nat.eqb i j then v i O else 0).
Definition word_diagonal (n : nat) (X : Matrix) : Matrix := matrix n 1 (fun i _ => X i i).
(** Rows and columns are counted from 1. *)
Definition word_entry (p q : nat) (X : Matrix) (i j : Z) : R :=
  X (Z.to_nat (i - 1)) (Z.to_nat (j - 1)).

(** The determinant, by expansion along the first row. *)
Definition minor (X : Matrix) (k : nat) : Matrix :=
  fun i j => X (S i) (if Nat.ltb j k then j else S j).
Fixpoint word_determinant (n : nat) (X : Matrix) : R :=
  match n with
  | O => 1
  | S m => total (S m) (fun k => (-1) ^ k * X O k * word_determinant m (minor X k))
  end.
Definition word_inverse (n : nat) (X : Matrix) : Matrix :=
  matrix n n (the zero (fun Y =>
    same n n (product n X Y) (one n) /\ same n n (product n Y X) (one n))).

(** The slope of the gradient at X, applied to H; where it has none, some linear function of H. *)
Definition word_hessian (p q : nat) (f : Matrix -> R) (X : Matrix) : Matrix -> Matrix :=
  let M := matrices p q in
  lam (matrix p q) (fun H => matrix p q (the (fun _ => zero) (fun L =>
    linear M M L /\
    ((exists K, slope M M (gradient p q f) X K) -> slope M M (gradient p q f) X L)) H)).

(** * Chains and sums (section 3), by recursion on the number of members

    The members i of the family F have c(i) columns. *)
Fixpoint chain_of (c : Z -> nat) (F : Z -> Matrix) (lo : Z) (n : nat) : Matrix :=
  match n with
  | O => one (c lo)
  | S m => product (c (lo + Z.of_nat m)%Z) (F (lo + Z.of_nat m)%Z) (chain_of c F lo m)
  end.
(** Where hi < lo − 1 it means nothing; here, it is zero. *)
Definition chain (c : Z -> nat) (F : Z -> Matrix) (hi lo : Z) : Matrix :=
  if Z.leb (lo - 1) hi then chain_of c F lo (Z.to_nat (hi - lo + 1)) else zero.
Fixpoint sum_of (F : Z -> Matrix) (lo : Z) (n : nat) : Matrix :=
  match n with
  | O => zero
  | S m => plus (sum_of F lo m) (F (lo + Z.of_nat m)%Z)
  end.
Definition sum (F : Z -> Matrix) (hi lo : Z) : Matrix := sum_of F lo (Z.to_nat (hi - lo + 1)).

(** * Nearness of several values at once, and of families (section 5)

    What is near in a family is near at finitely many indices: as close as one wants, at as many
    indices as one wants.  [near] is the same for one number or matrix. *)
Record place (A : Type) := Place {
  cut : sort A;
  close : nat -> R -> A -> A -> Prop }.
Arguments cut {A}. Arguments close {A}.

Definition here {A} (S : space A) : place A :=
  Place A (member S) (fun _ d x c => norm S (difference S x c) < d).
Definition family {A} (P : Z -> place A) : place (Z -> A) :=
  Place (Z -> A) (to index (fun i => cut (P i))) (fun n d F C =>
    forall i, (- Z.of_nat n <= i <= Z.of_nat n)%Z -> close (P i) n d (F i) (C i)).
Definition both {A B} (P : place A) (Q : place B) : place (A * B) :=
  Place (A * B) (fun x => (cut P (fst x), cut Q (snd x))) (fun n d x c =>
    close P n d (fst x) (fst c) /\ close Q n d (snd x) (snd c)).
(** What is said of the two parts of a pair. *)
Definition apart {A B} (p : A -> B -> Prop) : A * B -> Prop := fun x => p (fst x) (snd x).
Definition nearby {A} (P : place A) (centre : A) (p : A -> Prop) : Prop :=
  exists n d, 0 < d /\ each (cut P) (fun x => close P n d x centre -> p x).
