(** The facts of proofkit/kernel/ledger.json, in the words of Language.v.

    Generated: [python -m proofkit.coq > tests/coq/Statements.v].  Do not edit. *)
From Coq Require Import Reals ZArith.
From Proofkit Require Import Language.
Open Scope R_scope.

(* abs is nonnegative *)
Definition fact_abs_is_nonnegative : Prop := each real (fun x0 => 0 <= ((word_abs x0))%R).

(* abs is positive *)
Definition fact_abs_is_positive : Prop := each real (fun x0 => (~ (x0 = 0%R)) -> (0 < ((word_abs
  x0))%R)).

(* abs of nonnegative *)
Definition fact_abs_of_nonnegative : Prop := each real (fun x0 => (0 <= x0) -> (((word_abs x0) + (-
  1) * x0)%R = 0%R)).

(* abs of nonpositive *)
Definition fact_abs_of_nonpositive : Prop := each real (fun x0 => (0 <= ((- 1) * x0)%R) ->
  (((word_abs x0) + x0)%R = 0%R)).

(* antisymmetry *)
Definition fact_antisymmetry : Prop := each index (fun i0 => each index (fun i1 => ((0 <= (i1 + (-
  1) * i0)%Z)%Z) -> (((0 <= ((- 1) * i1 + i0)%Z)%Z) -> ((i1 + (- 1) * i0)%Z = 0%Z)))).

(* antisymmetry of reals *)
Definition fact_antisymmetry_of_reals : Prop := each real (fun x0 => each real (fun x1 => (0 <= (x1
  + (- 1) * x0)%R) -> ((0 <= ((- 1) * x1 + x0)%R) -> ((x1 + (- 1) * x0)%R = 0%R)))).

(* bounds of logistic *)
Definition fact_bounds_of_logistic : Prop := each real (fun x0 => (0 < ((word_logistic x0))%R) /\
  (0 < (1 + (- 1) * (word_logistic x0))%R)).

(* bounds of tanh *)
Definition fact_bounds_of_tanh : Prop := each real (fun x0 => (0 < (1 + (word_tanh x0))%R) /\ (0 <
  (1 + (- 1) * (word_tanh x0))%R)).

(* continuity of abs *)
Definition fact_continuity_of_abs : Prop := each real (fun x0 => continuous reals reals word_abs
  x0).

(* continuity of entrywise *)
Definition fact_continuity_of_entrywise : Prop := each natural (fun n0 => each natural (fun n1 =>
  each (to real (fun x2 => real)) (fun f2 => each (matrix n0 n1) (fun X3 => (each index (fun i4 =>
  each index (fun i5 => (((0 <= ((- 1) + i4)%Z)%Z) /\ ((0 <= ((- 1) * i4 + (Z.of_nat n0))%Z)%Z)) ->
  ((((0 <= ((- 1) + i5)%Z)%Z) /\ ((0 <= ((- 1) * i5 + (Z.of_nat n1))%Z)%Z)) -> (continuous reals
  reals f2 ((word_entry n0 n1 X3 i4 i5))%R))))) -> (continuous (matrices n0 n1) (matrices n0 n1)
  (word_entrywise n0 n1 f2) X3))))).

(* continuity of relu *)
Definition fact_continuity_of_relu : Prop := each real (fun x0 => continuous reals reals word_relu
  x0).

(* continuity of roots *)
Definition fact_continuity_of_roots : Prop := each natural (fun n0 => each natural (fun n1 => each
  (to (matrix n0 n1) (fun X2 => real)) (fun f2 => each (matrix n0 n1) (fun X3 => (near (matrices n0
  n1) X3 (fun X4 => 0 <= ((f2 X4))%R)) -> ((continuous (matrices n0 n1) reals f2 X3) -> (continuous
  (matrices n0 n1) reals (lam (matrix n0 n1) (fun X4 => ((word_sqrt ((f2 X4))%R))%R)) X3)))))).

(* continuity of roots of numbers *)
Definition fact_continuity_of_roots_of_numbers : Prop := each (to real (fun x0 => real)) (fun f0 =>
  each real (fun x1 => (near reals x1 (fun x2 => 0 <= ((f0 x2))%R)) -> ((continuous reals reals f0
  x1) -> (continuous reals reals (lam real (fun x2 => ((word_sqrt ((f0 x2))%R))%R)) x1)))).

(* convex above tangents *)
Definition fact_convex_above_tangents : Prop := each natural (fun n0 => each natural (fun n1 =>
  each (to (matrix n0 n1) (fun X2 => real)) (fun f2 => (each (matrix n0 n1) (fun X3 => each (matrix
  n0 n1) (fun X4 => 0 <= ((f2 X4) + (- 1) * (f2 X3) + (- 1) * (trace n0 (product n1 X4 (transpose
  (gradient n0 n1 f2 X3)))) + (trace n0 (product n1 X3 (transpose (gradient n0 n1 f2 X3)))))%R)))
  -> (convex n0 n1 f2)))).

(* convex critical point *)
Definition fact_convex_critical_point : Prop := each natural (fun n0 => each natural (fun n1 =>
  each (to (matrix n0 n1) (fun X2 => real)) (fun f2 => each (matrix n0 n1) (fun X3 => (convex n0 n1
  f2) -> ((differentiable n0 n1 f2) -> ((same n0 n1 (gradient n0 n1 f2 X3) zero) -> (each (matrix
  n0 n1) (fun X4 => 0 <= ((f2 X4) + (- 1) * (f2 X3))%R)))))))).

(* derivative of slope *)
Definition fact_derivative_of_slope : Prop := each (to real (fun x0 => real)) (fun f0 => each real
  (fun x1 => each real (fun x2 => (slope reals reals f0 x1 (lam real (fun x3 => (x3 * x2)%R))) ->
  (((word_derivative f0 x1) + (- 1) * x2)%R = 0%R)))).

(* determinant of definite *)
Definition fact_determinant_of_definite : Prop := each natural (fun n0 => each (matrix n0 n0) (fun
  X1 => (each (matrix n0 (1)%nat) (fun X2 => (~ (same n0 (1)%nat X2 zero)) -> (0 < ((trace n0
  (product n0 (product (1)%nat X2 (transpose X2)) X1)))%R))) -> (0 < ((word_determinant n0
  X1))%R))).

(* determinant of full rank *)
Definition fact_determinant_of_full_rank : Prop := each natural (fun n0 => each (matrix n0 n0) (fun
  X1 => (((Z.of_nat n0) + (- 1) * (Z.of_nat (rank n0 n0 X1)))%Z = 0%Z) -> (~ (((word_determinant n0
  X1))%R = 0%R)))).

(* determinant of identity *)
Definition fact_determinant_of_identity : Prop := each natural (fun n0 => (1 + (- 1) *
  (word_determinant n0 (one n0)))%R = 0%R).

(* determinant of identity plus *)
Definition fact_determinant_of_identity_plus : Prop := each natural (fun n0 => each natural (fun n1
  => each (matrix n0 n1) (fun X2 => each (matrix n1 n0) (fun X3 => ((word_determinant n1 (plus (one
  n1) (product n0 X3 X2))) + (- 1) * (word_determinant n0 (plus (one n0) (product n1 X2 X3))))%R =
  0%R)))).

(* determinant of invertible *)
Definition fact_determinant_of_invertible : Prop := each natural (fun n0 => each (matrix n0 n0)
  (fun X1 => each (matrix n0 n0) (fun X2 => (same n0 n0 (plus (one n0) (times ((- 1))%R (product n0
  X1 X2))) zero) -> (~ (((word_determinant n0 X1))%R = 0%R))))).

(* determinant of product *)
Definition fact_determinant_of_product : Prop := each natural (fun n0 => each (matrix n0 n0) (fun
  X1 => each (matrix n0 n0) (fun X2 => ((word_determinant n0 X2) * (word_determinant n0 X1) + (- 1)
  * (word_determinant n0 (product n0 X1 X2)))%R = 0%R))).

(* determinant of transpose *)
Definition fact_determinant_of_transpose : Prop := each natural (fun n0 => each (matrix n0 n0) (fun
  X1 => ((word_determinant n0 X1) + (- 1) * (word_determinant n0 (transpose X1)))%R = 0%R)).

(* determinant one by one *)
Definition fact_determinant_one_by_one : Prop := each (matrix (1)%nat (1)%nat) (fun X0 =>
  ((word_determinant (1)%nat X0) + (- 1) * (trace (1)%nat X0))%R = 0%R).

(* diag is symmetric *)
Definition fact_diag_is_symmetric : Prop := each natural (fun n0 => each (matrix n0 (1)%nat) (fun
  X1 => same n0 n0 (plus (word_diag n0 X1) (times ((- 1))%R (transpose (word_diag n0 X1)))) zero)).

(* diag times matrix *)
Definition fact_diag_times_matrix : Prop := each natural (fun n0 => each natural (fun n1 => each
  (matrix n0 (1)%nat) (fun X2 => each (matrix n0 n1) (fun X3 => same n0 n1 (plus (word_hadamard n0
  n1 (product (1)%nat X2 (word_ones (1)%nat n1)) X3) (times ((- 1))%R (product n0 (word_diag n0 X2)
  X3))) zero)))).

(* diag times vector *)
Definition fact_diag_times_vector : Prop := each natural (fun n0 => each (matrix n0 (1)%nat) (fun
  X1 => each (matrix n0 (1)%nat) (fun X2 => same n0 (1)%nat (plus (word_hadamard n0 (1)%nat X1 X2)
  (times ((- 1))%R (product n0 (word_diag n0 X1) X2))) zero))).

(* diagonal of diag *)
Definition fact_diagonal_of_diag : Prop := each natural (fun n0 => each (matrix n0 (1)%nat) (fun X1
  => each index (fun i2 => (((0 <= ((- 1) + i2)%Z)%Z) /\ ((0 <= ((- 1) * i2 + (Z.of_nat n0))%Z)%Z))
  -> (((word_entry n0 (1)%nat X1 i2 (1)%Z) + (- 1) * (word_entry n0 n0 (word_diag n0 X1) i2 i2))%R
  = 0%R)))).

(* diagonal of identity *)
Definition fact_diagonal_of_identity : Prop := each natural (fun n0 => each index (fun i1 => (((0
  <= ((- 1) + i1)%Z)%Z) /\ ((0 <= ((- 1) * i1 + (Z.of_nat n0))%Z)%Z)) -> ((1 + (- 1) * (word_entry
  n0 n0 (one n0) i1 i1))%R = 0%R))).

(* differentiable at each point *)
Definition fact_differentiable_at_each_point : Prop := each natural (fun n0 => each natural (fun n1
  => each (to (matrix n0 n1) (fun X2 => real)) (fun f2 => each (matrix n0 n1) (fun X3 =>
  (differentiable n0 n1 f2) -> (some (to (matrix n0 n1) (fun X4 => real)) (fun f4 => slope
  (matrices n0 n1) reals f2 X3 f4)))))).

(* differentiable everywhere *)
Definition fact_differentiable_everywhere : Prop := each natural (fun n0 => each natural (fun n1 =>
  each (to (matrix n0 n1) (fun X2 => real)) (fun f2 => (each (matrix n0 n1) (fun X3 => some (to
  (matrix n0 n1) (fun X4 => real)) (fun f4 => slope (matrices n0 n1) reals f2 X3 f4))) ->
  (differentiable n0 n1 f2)))).

(* embedding *)
Definition fact_embedding : Prop := each natural (fun n0 => each natural (fun n1 => ((0 <=
  ((Z.of_nat n1) + (- 1) * (Z.of_nat n0))%Z)%Z) -> (some (matrix n1 n0) (fun X2 => same n0 n0 (plus
  (one n0) (times ((- 1))%R (product n1 (transpose X2) X2))) zero)))).

(* entry of diagonal *)
Definition fact_entry_of_diagonal : Prop := each natural (fun n0 => each (matrix n0 n0) (fun X1 =>
  each index (fun i2 => (((0 <= ((- 1) + i2)%Z)%Z) /\ ((0 <= ((- 1) * i2 + (Z.of_nat n0))%Z)%Z)) ->
  (((word_entry n0 (1)%nat (word_diagonal n0 X1) i2 (1)%Z) + (- 1) * (word_entry n0 n0 X1 i2 i2))%R
  = 0%R)))).

(* entry of entrywise *)
Definition fact_entry_of_entrywise : Prop := each natural (fun n0 => each natural (fun n1 => each
  (to real (fun x2 => real)) (fun f2 => each (matrix n0 n1) (fun X3 => each index (fun i4 => each
  index (fun i5 => (((0 <= ((- 1) + i4)%Z)%Z) /\ ((0 <= ((- 1) * i4 + (Z.of_nat n0))%Z)%Z)) ->
  ((((0 <= ((- 1) + i5)%Z)%Z) /\ ((0 <= ((- 1) * i5 + (Z.of_nat n1))%Z)%Z)) -> (((word_entry n0 n1
  (word_entrywise n0 n1 f2 X3) i4 i5) + (- 1) * (f2 ((word_entry n0 n1 X3 i4 i5))%R))%R =
  0%R)))))))).

(* entry of hadamard *)
Definition fact_entry_of_hadamard : Prop := each natural (fun n0 => each natural (fun n1 => each
  (matrix n0 n1) (fun X2 => each (matrix n0 n1) (fun X3 => each index (fun i4 => each index (fun i5
  => (((0 <= ((- 1) + i4)%Z)%Z) /\ ((0 <= ((- 1) * i4 + (Z.of_nat n0))%Z)%Z)) -> ((((0 <= ((- 1) +
  i5)%Z)%Z) /\ ((0 <= ((- 1) * i5 + (Z.of_nat n1))%Z)%Z)) -> (((word_entry n0 n1 (word_hadamard n0
  n1 X2 X3) i4 i5) + (- 1) * (word_entry n0 n1 X3 i4 i5) * (word_entry n0 n1 X2 i4 i5))%R =
  0%R)))))))).

(* entry of ones *)
Definition fact_entry_of_ones : Prop := each natural (fun n0 => each natural (fun n1 => each index
  (fun i2 => each index (fun i3 => (((0 <= ((- 1) + i2)%Z)%Z) /\ ((0 <= ((- 1) * i2 + (Z.of_nat
  n0))%Z)%Z)) -> ((((0 <= ((- 1) + i3)%Z)%Z) /\ ((0 <= ((- 1) * i3 + (Z.of_nat n1))%Z)%Z)) -> ((1 +
  (- 1) * (word_entry n0 n1 (word_ones n0 n1) i2 i3))%R = 0%R)))))).

(* entry of transpose *)
Definition fact_entry_of_transpose : Prop := each natural (fun n0 => each natural (fun n1 => each
  (matrix n0 n1) (fun X2 => each index (fun i3 => each index (fun i4 => (((0 <= ((- 1) + i3)%Z)%Z)
  /\ ((0 <= ((- 1) * i3 + (Z.of_nat n0))%Z)%Z)) -> ((((0 <= ((- 1) + i4)%Z)%Z) /\ ((0 <= ((- 1) *
  i4 + (Z.of_nat n1))%Z)%Z)) -> (((word_entry n1 n0 (transpose X2) i4 i3) + (- 1) * (word_entry n0
  n1 X2 i3 i4))%R = 0%R))))))).

(* equal entries *)
Definition fact_equal_entries : Prop := each natural (fun n0 => each natural (fun n1 => each
  (matrix n0 n1) (fun X2 => each (matrix n0 n1) (fun X3 => (each index (fun i4 => each index (fun
  i5 => (((0 <= ((- 1) + i4)%Z)%Z) /\ ((0 <= ((- 1) * i4 + (Z.of_nat n0))%Z)%Z)) -> ((((0 <= ((- 1)
  + i5)%Z)%Z) /\ ((0 <= ((- 1) * i5 + (Z.of_nat n1))%Z)%Z)) -> (((word_entry n0 n1 X3 i4 i5) + (-
  1) * (word_entry n0 n1 X2 i4 i5))%R = 0%R))))) -> (same n0 n1 (plus X3 (times ((- 1))%R X2))
  zero))))).

(* exp is monotone *)
Definition fact_exp_is_monotone : Prop := each real (fun x0 => each real (fun x1 => (0 <= (x1 + (-
  1) * x0)%R) -> (0 <= ((word_exp x1) + (- 1) * (word_exp x0))%R))).

(* exp is positive *)
Definition fact_exp_is_positive : Prop := each real (fun x0 => 0 < ((word_exp x0))%R).

(* exp of log *)
Definition fact_exp_of_log : Prop := each real (fun x0 => (0 < x0) -> (((word_exp ((word_log
  x0))%R) + (- 1) * x0)%R = 0%R)).

(* exp of sum *)
Definition fact_exp_of_sum : Prop := each real (fun x0 => each real (fun x1 => ((word_exp x1) *
  (word_exp x0) + (- 1) * (word_exp (x1 + x0)%R))%R = 0%R)).

(* exp of zero *)
Definition fact_exp_of_zero : Prop := (1 + (- 1) * (word_exp (0)%R))%R = 0%R.

(* fermat *)
Definition fact_fermat : Prop := each natural (fun n0 => each natural (fun n1 => each (to (matrix
  n0 n1) (fun X2 => real)) (fun f2 => each (matrix n0 n1) (fun X3 => (differentiable n0 n1 f2) ->
  ((near (matrices n0 n1) X3 (fun X4 => 0 <= ((f2 X4) + (- 1) * (f2 X3))%R)) -> (same n0 n1
  (gradient n0 n1 f2 X3) zero)))))).

(* gradient of slope *)
Definition fact_gradient_of_slope : Prop := each natural (fun n0 => each natural (fun n1 => each
  (to (matrix n0 n1) (fun X2 => real)) (fun f2 => each (matrix n0 n1) (fun X3 => each (matrix n0
  n1) (fun X4 => (slope (matrices n0 n1) reals f2 X3 (lam (matrix n0 n1) (fun X5 => ((trace n0
  (product n1 X5 (transpose X4))))%R))) -> (same n0 n1 (plus X4 (times ((- 1))%R (gradient n0 n1 f2
  X3))) zero)))))).

(* hadamard associates *)
Definition fact_hadamard_associates : Prop := each natural (fun n0 => each natural (fun n1 => each
  (matrix n0 n1) (fun X2 => each (matrix n0 n1) (fun X3 => each (matrix n0 n1) (fun X4 => same n0
  n1 (plus (word_hadamard n0 n1 (word_hadamard n0 n1 X2 X3) X4) (times ((- 1))%R (word_hadamard n0
  n1 X2 (word_hadamard n0 n1 X3 X4)))) zero))))).

(* hadamard commutes *)
Definition fact_hadamard_commutes : Prop := each natural (fun n0 => each natural (fun n1 => each
  (matrix n0 n1) (fun X2 => each (matrix n0 n1) (fun X3 => same n0 n1 (plus (word_hadamard n0 n1 X3
  X2) (times ((- 1))%R (word_hadamard n0 n1 X2 X3))) zero)))).

(* hadamard with ones *)
Definition fact_hadamard_with_ones : Prop := each natural (fun n0 => each natural (fun n1 => each
  (matrix n0 n1) (fun X2 => same n0 n1 (plus (word_hadamard n0 n1 (word_ones n0 n1) X2) (times ((-
  1))%R X2)) zero))).

(* hessian of slope *)
Definition fact_hessian_of_slope : Prop := each natural (fun n0 => each natural (fun n1 => each (to
  (matrix n0 n1) (fun X2 => real)) (fun f2 => each (matrix n0 n1) (fun X3 => each (to (matrix n0
  n1) (fun X4 => (matrix n0 n1))) (fun f4 => each (matrix n0 n1) (fun X5 => (near (matrices n0 n1)
  X3 (fun X6 => some (to (matrix n0 n1) (fun X7 => real)) (fun f7 => slope (matrices n0 n1) reals
  f2 X6 f7))) -> ((slope (matrices n0 n1) (matrices n0 n1) (lam (matrix n0 n1) (fun X6 => (gradient
  n0 n1 f2 X6))) X3 f4) -> (same n0 n1 (plus (word_hessian n0 n1 f2 X3 X5) (times ((- 1))%R (f4
  X5))) zero)))))))).

(* inverse on the left *)
Definition fact_inverse_on_the_left : Prop := each natural (fun n0 => each (matrix n0 n0) (fun X1
  => (~ (((word_determinant n0 X1))%R = 0%R)) -> (same n0 n0 (plus (one n0) (times ((- 1))%R
  (product n0 (word_inverse n0 X1) X1))) zero))).

(* inverse on the right *)
Definition fact_inverse_on_the_right : Prop := each natural (fun n0 => each (matrix n0 n0) (fun X1
  => (~ (((word_determinant n0 X1))%R = 0%R)) -> (same n0 n0 (plus (one n0) (times ((- 1))%R
  (product n0 X1 (word_inverse n0 X1)))) zero))).

(* kernel vector *)
Definition fact_kernel_vector : Prop := each natural (fun n0 => each natural (fun n1 => each
  (matrix n0 n1) (fun X2 => ((0 <= ((- 1) + (Z.of_nat n1) + (- 1) * (Z.of_nat (rank n0 n1
  X2)))%Z)%Z) -> (some (matrix n1 (1)%nat) (fun X3 => (~ (same n1 (1)%nat X3 zero)) /\ (same n0
  (1)%nat (product n1 X2 X3) zero)))))).

(* lagrange multiplier *)
Definition fact_lagrange_multiplier : Prop := each natural (fun n0 => each natural (fun n1 => each
  (to (matrix n0 n1) (fun X2 => real)) (fun f2 => each (to (matrix n0 n1) (fun X3 => real)) (fun f3
  => each (matrix n0 n1) (fun X4 => (((f3 X4))%R = 0%R) -> ((near (matrices n0 n1) X4 (fun X5 =>
  (((f3 X5))%R = 0%R) -> (0 <= ((f2 X5) + (- 1) * (f2 X4))%R))) -> ((some (to (matrix n0 n1) (fun
  X5 => real)) (fun f5 => slope (matrices n0 n1) reals f2 X4 f5)) -> ((near (matrices n0 n1) X4
  (fun X5 => some (to (matrix n0 n1) (fun X6 => real)) (fun f6 => slope (matrices n0 n1) reals f3
  X5 f6))) -> ((~ (same n0 n1 (gradient n0 n1 f3 X4) zero)) -> (some real (fun x5 => same n0 n1
  (plus (gradient n0 n1 f2 X4) (times ((- 1) * x5)%R (gradient n0 n1 f3 X4))) zero))))))))))).

(* left inverse *)
Definition fact_left_inverse : Prop := each natural (fun n0 => each natural (fun n1 => each (matrix
  n0 n1) (fun X2 => (((Z.of_nat n1) + (- 1) * (Z.of_nat (rank n0 n1 X2)))%Z = 0%Z) -> (some (matrix
  n1 n0) (fun X3 => same n1 n1 (plus (one n1) (times ((- 1))%R (product n0 X3 X2))) zero))))).

(* log below tangent *)
Definition fact_log_below_tangent : Prop := each real (fun x0 => (0 < x0) -> (0 <= ((- 1) + (- 1) *
  (word_log x0) + x0)%R)).

(* log determinant below tangent *)
Definition fact_log_determinant_below_tangent : Prop := each natural (fun n0 => each (matrix n0 n0)
  (fun X1 => (same n0 n0 (plus X1 (times ((- 1))%R (transpose X1))) zero) -> ((each (matrix n0
  (1)%nat) (fun X2 => (~ (same n0 (1)%nat X2 zero)) -> (0 < ((trace n0 (product n0 (product (1)%nat
  X2 (transpose X2)) X1)))%R))) -> (0 <= ((- 1) * (word_log ((word_determinant n0 X1))%R) + (- 1) *
  (INR n0) + (trace n0 X1))%R)))).

(* log is monotone *)
Definition fact_log_is_monotone : Prop := each real (fun x0 => each real (fun x1 => (0 < x0) -> ((0
  <= (x1 + (- 1) * x0)%R) -> (0 <= ((word_log x1) + (- 1) * (word_log x0))%R)))).

(* log of exp *)
Definition fact_log_of_exp : Prop := each real (fun x0 => ((word_log ((word_exp x0))%R) + (- 1) *
  x0)%R = 0%R).

(* log of product *)
Definition fact_log_of_product : Prop := each real (fun x0 => each real (fun x1 => (0 < x0) -> ((0
  < x1) -> (((word_log x1) + (- 1) * (word_log (x1 * x0)%R) + (word_log x0))%R = 0%R)))).

(* logistic as quotient *)
Definition fact_logistic_as_quotient : Prop := each real (fun x0 => ((word_exp x0) *
  (word_reciprocal (1 + (word_exp x0))%R) + (- 1) * (word_logistic x0))%R = 0%R).

(* logistic as reciprocal *)
Definition fact_logistic_as_reciprocal : Prop := each real (fun x0 => ((word_logistic ((- 1) *
  x0)%R) + (- 1) * (word_reciprocal (1 + (word_exp x0))%R))%R = 0%R).

(* logistic from exp *)
Definition fact_logistic_from_exp : Prop := each real (fun x0 => (1 + (- 1) * (word_exp ((- 1) *
  x0)%R) * (word_logistic x0) + (- 1) * (word_logistic x0))%R = 0%R).

(* logistic of opposite *)
Definition fact_logistic_of_opposite : Prop := each real (fun x0 => (1 + (- 1) * (word_logistic ((-
  1) * x0)%R) + (- 1) * (word_logistic x0))%R = 0%R).

(* natural numbers *)
Definition fact_natural_numbers : Prop := each natural (fun n0 => (0 <= ((Z.of_nat n0))%Z)%Z).

(* nonzero numbers are open *)
Definition fact_nonzero_numbers_are_open : Prop := each real (fun x0 => (~ (x0 = 0%R)) -> (near
  reals x0 (fun x1 => ~ (x1 = 0%R)))).

(* nonzero vector *)
Definition fact_nonzero_vector : Prop := each natural (fun n0 => each (matrix n0 (1)%nat) (fun X1
  => (~ (same n0 (1)%nat X1 zero)) -> (some (matrix n0 (1)%nat) (fun X2 => same (1)%nat (1)%nat
  (plus (one (1)%nat) (times ((- 1))%R (product n0 (transpose X2) X1))) zero)))).

(* one by one *)
Definition fact_one_by_one : Prop := each (matrix (1)%nat (1)%nat) (fun X0 => same (1)%nat (1)%nat
  (plus X0 (times ((- 1) * (trace (1)%nat X0))%R (one (1)%nat))) zero).

(* ones are an outer product *)
Definition fact_ones_are_an_outer_product : Prop := each natural (fun n0 => each natural (fun n1 =>
  same n0 n1 (plus (product (1)%nat (word_ones n0 (1)%nat) (word_ones (1)%nat n1)) (times ((- 1))%R
  (word_ones n0 n1))) zero)).

(* ones are counted *)
Definition fact_ones_are_counted : Prop := each natural (fun n0 => same (1)%nat (1)%nat (plus
  (product n0 (word_ones (1)%nat n0) (word_ones n0 (1)%nat)) (times ((- 1) * (INR n0))%R (one
  (1)%nat))) zero).

(* other entries of diag *)
Definition fact_other_entries_of_diag : Prop := each natural (fun n0 => each (matrix n0 (1)%nat)
  (fun X1 => each index (fun i2 => each index (fun i3 => (~ ((i3 + (- 1) * i2)%Z = 0%Z)) -> ((((0
  <= ((- 1) + i2)%Z)%Z) /\ ((0 <= ((- 1) * i2 + (Z.of_nat n0))%Z)%Z)) -> ((((0 <= ((- 1) +
  i3)%Z)%Z) /\ ((0 <= ((- 1) * i3 + (Z.of_nat n0))%Z)%Z)) -> (((word_entry n0 n0 (word_diag n0 X1)
  i2 i3))%R = 0%R))))))).

(* other entries of identity *)
Definition fact_other_entries_of_identity : Prop := each natural (fun n0 => each index (fun i1 =>
  each index (fun i2 => (~ ((i2 + (- 1) * i1)%Z = 0%Z)) -> ((((0 <= ((- 1) + i1)%Z)%Z) /\ ((0 <=
  ((- 1) * i1 + (Z.of_nat n0))%Z)%Z)) -> ((((0 <= ((- 1) + i2)%Z)%Z) /\ ((0 <= ((- 1) * i2 +
  (Z.of_nat n0))%Z)%Z)) -> (((word_entry n0 n0 (one n0) i1 i2))%R = 0%R)))))).

(* positive numbers are open *)
Definition fact_positive_numbers_are_open : Prop := each real (fun x0 => (0 < x0) -> (near reals x0
  (fun x1 => 0 < x1))).

(* product of nonnegatives *)
Definition fact_product_of_nonnegatives : Prop := each real (fun x0 => each real (fun x1 => (0 <=
  x0) -> ((0 <= x1) -> (0 <= (x1 * x0)%R)))).

(* product of positives *)
Definition fact_product_of_positives : Prop := each real (fun x0 => each real (fun x1 => (0 < x0)
  -> ((0 < x1) -> (0 < (x1 * x0)%R)))).

(* product that is zero *)
Definition fact_product_that_is_zero : Prop := each real (fun x0 => each real (fun x1 => ((x1 *
  x0)%R = 0%R) -> ((x0 = 0%R) \/ (x1 = 0%R)))).

(* pseudo inverse *)
Definition fact_pseudo_inverse : Prop := each natural (fun n0 => each natural (fun n1 => each
  (matrix n0 n1) (fun X2 => some (matrix n1 n0) (fun X3 => (same n0 n1 (plus X2 (times ((- 1))%R
  (product n0 (product n1 X2 X3) X2))) zero) /\ (same n1 n0 (plus X3 (times ((- 1))%R (product n1
  (product n0 X3 X2) X3))) zero) /\ (same n0 n0 (plus (product n1 (transpose X3) (transpose X2))
  (times ((- 1))%R (product n1 X2 X3))) zero) /\ (same n1 n1 (plus (product n0 X3 X2) (times ((-
  1))%R (product n0 (transpose X2) (transpose X3)))) zero))))).

(* quadratic upper bound *)
Definition fact_quadratic_upper_bound : Prop := each natural (fun n0 => each natural (fun n1 =>
  each (to (matrix n0 n1) (fun X2 => real)) (fun f2 => each real (fun x3 => each (matrix n0 n1)
  (fun X4 => each (matrix n0 n1) (fun X5 => (0 <= x3) -> ((differentiable n0 n1 f2) -> ((each
  (matrix n0 n1) (fun X6 => each (matrix n0 n1) (fun X7 => 0 <= (x3 ^ 2 * (trace n0 (product n1 X7
  (transpose X7))) + (- 2) * x3 ^ 2 * (trace n0 (product n1 X7 (transpose X6))) + x3 ^ 2 * (trace
  n0 (product n1 X6 (transpose X6))) + (- 1) * (trace n0 (product n1 (gradient n0 n1 f2 X7)
  (transpose (gradient n0 n1 f2 X7)))) + 2 * (trace n0 (product n1 (gradient n0 n1 f2 X7)
  (transpose (gradient n0 n1 f2 X6)))) + (- 1) * (trace n0 (product n1 (gradient n0 n1 f2 X6)
  (transpose (gradient n0 n1 f2 X6)))))%R))) -> (0 <= ((- 1) * (f2 X5) + (f2 X4) + (1 / 2) * x3 *
  (trace n0 (product n1 X5 (transpose X5))) + (- 1) * x3 * (trace n0 (product n1 X5 (transpose
  X4))) + (1 / 2) * x3 * (trace n0 (product n1 X4 (transpose X4))) + (trace n0 (product n1 X5
  (transpose (gradient n0 n1 f2 X4)))) + (- 1) * (trace n0 (product n1 X4 (transpose (gradient n0
  n1 f2 X4)))))%R))))))))).

(* quotient *)
Definition fact_quotient : Prop := each real (fun x0 => (~ (x0 = 0%R)) -> ((1 + (- 1) *
  (word_reciprocal x0) * x0)%R = 0%R)).

(* rank at most columns *)
Definition fact_rank_at_most_columns : Prop := each natural (fun n0 => each natural (fun n1 => each
  (matrix n0 n1) (fun X2 => (0 <= ((Z.of_nat n1) + (- 1) * (Z.of_nat (rank n0 n1 X2)))%Z)%Z))).

(* rank of invertible *)
Definition fact_rank_of_invertible : Prop := each natural (fun n0 => each (matrix n0 n0) (fun X1 =>
  (~ (((word_determinant n0 X1))%R = 0%R)) -> (((Z.of_nat n0) + (- 1) * (Z.of_nat (rank n0 n0
  X1)))%Z = 0%Z))).

(* rank of product left *)
Definition fact_rank_of_product_left : Prop := each natural (fun n0 => each natural (fun n1 => each
  natural (fun n2 => each (matrix n0 n1) (fun X3 => each (matrix n1 n2) (fun X4 => (0 <= ((- 1) *
  (Z.of_nat (rank n0 n2 (product n1 X3 X4))) + (Z.of_nat (rank n0 n1 X3)))%Z)%Z))))).

(* rank of product right *)
Definition fact_rank_of_product_right : Prop := each natural (fun n0 => each natural (fun n1 =>
  each natural (fun n2 => each (matrix n0 n1) (fun X3 => each (matrix n1 n2) (fun X4 => (0 <=
  ((Z.of_nat (rank n1 n2 X4)) + (- 1) * (Z.of_nat (rank n0 n2 (product n1 X3 X4))))%Z)%Z))))).

(* rank of transpose *)
Definition fact_rank_of_transpose : Prop := each natural (fun n0 => each natural (fun n1 => each
  (matrix n0 n1) (fun X2 => ((Z.of_nat (rank n1 n0 (transpose X2))) + (- 1) * (Z.of_nat (rank n0 n1
  X2)))%Z = 0%Z))).

(* rayleigh maximum *)
Definition fact_rayleigh_maximum : Prop := each natural (fun n0 => each natural (fun n1 => each
  (matrix n1 n1) (fun X2 => each (matrix n0 n1) (fun X3 => ((0 <= ((- 1) + (Z.of_nat n1) + (- 1) *
  (Z.of_nat (rank n0 n1 X3)))%Z)%Z) -> (some (matrix n1 (1)%nat) (fun X4 => some real (fun x5 =>
  (same n0 (1)%nat (product n1 X3 X4) zero) /\ (same (1)%nat (1)%nat (plus (one (1)%nat) (times ((-
  1))%R (product n1 (transpose X4) X4))) zero) /\ (same (1)%nat (1)%nat (plus (product n1 (product
  n1 (transpose X4) X2) X4) (times ((- 1) * x5)%R (one (1)%nat))) zero) /\ (each (matrix n1
  (1)%nat) (fun X6 => (same n0 (1)%nat (product n1 X3 X6) zero) -> (0 <= (x5 * (trace n1 (product
  (1)%nat X6 (transpose X6))) + (- 1) * (trace n1 (product n1 (product (1)%nat X6 (transpose X6))
  X2)))%R)))))))))).

(* reciprocal is positive *)
Definition fact_reciprocal_is_positive : Prop := each real (fun x0 => (0 < x0) -> (0 <
  ((word_reciprocal x0))%R)).

(* reciprocal of product *)
Definition fact_reciprocal_of_product : Prop := each real (fun x0 => each real (fun x1 => (~ (x0 =
  0%R)) -> ((~ (x1 = 0%R)) -> (((word_reciprocal x1) * (word_reciprocal x0) + (- 1) *
  (word_reciprocal (x1 * x0)%R))%R = 0%R)))).

(* relu of nonnegative *)
Definition fact_relu_of_nonnegative : Prop := each real (fun x0 => (0 <= x0) -> (((word_relu x0) +
  (- 1) * x0)%R = 0%R)).

(* relu of nonpositive *)
Definition fact_relu_of_nonpositive : Prop := each real (fun x0 => (0 <= ((- 1) * x0)%R) ->
  (((word_relu x0))%R = 0%R)).

(* root is nonnegative *)
Definition fact_root_is_nonnegative : Prop := each real (fun x0 => (0 <= x0) -> (0 <= ((word_sqrt
  x0))%R)).

(* root is positive *)
Definition fact_root_is_positive : Prop := each real (fun x0 => (0 < x0) -> (0 < ((word_sqrt
  x0))%R)).

(* second order condition *)
Definition fact_second_order_condition : Prop := each real (fun x0 => each real (fun x1 => each
  real (fun x2 => (near reals (0)%R (fun x3 => 0 <= (x3 ^ 2 * x0 + x3 ^ 3 * x1 + x3 ^ 4 * x2)%R))
  -> (0 <= x0)))).

(* slope of abs *)
Definition fact_slope_of_abs : Prop := each real (fun x0 => (~ (x0 = 0%R)) -> (slope reals reals
  word_abs x0 (lam real (fun x1 => ((word_abs x0) * (word_reciprocal x0) * x1)%R)))).

(* slope of cos *)
Definition fact_slope_of_cos : Prop := each real (fun x0 => slope reals reals word_cos x0 (lam real
  (fun x1 => ((- 1) * (word_sin x0) * x1)%R))).

(* slope of derivative *)
Definition fact_slope_of_derivative : Prop := each (to real (fun x0 => real)) (fun f0 => each real
  (fun x1 => (some (to real (fun x2 => real)) (fun f2 => slope reals reals f0 x1 f2)) -> (slope
  reals reals f0 x1 (lam real (fun x2 => ((word_derivative f0 x1) * x2)%R))))).

(* slope of determinant *)
Definition fact_slope_of_determinant : Prop := each natural (fun n0 => each (matrix n0 n0) (fun X1
  => (~ (((word_determinant n0 X1))%R = 0%R)) -> (slope (matrices n0 n0) reals (word_determinant
  n0) X1 (lam (matrix n0 n0) (fun X2 => ((word_determinant n0 X1) * (trace n0 (product n0
  (word_inverse n0 X1) X2)))%R))))).

(* slope of entrywise *)
Definition fact_slope_of_entrywise : Prop := each natural (fun n0 => each natural (fun n1 => each
  (to real (fun x2 => real)) (fun f2 => each (to real (fun x3 => real)) (fun f3 => each (matrix n0
  n1) (fun X4 => (each index (fun i5 => each index (fun i6 => (((0 <= ((- 1) + i5)%Z)%Z) /\ ((0 <=
  ((- 1) * i5 + (Z.of_nat n0))%Z)%Z)) -> ((((0 <= ((- 1) + i6)%Z)%Z) /\ ((0 <= ((- 1) * i6 +
  (Z.of_nat n1))%Z)%Z)) -> (slope reals reals f2 ((word_entry n0 n1 X4 i5 i6))%R (lam real (fun x7
  => ((f3 ((word_entry n0 n1 X4 i5 i6))%R) * x7)%R))))))) -> (slope (matrices n0 n1) (matrices n0
  n1) (word_entrywise n0 n1 f2) X4 (lam (matrix n0 n1) (fun X5 => (word_hadamard n0 n1
  (word_entrywise n0 n1 f3 X4) X5))))))))).

(* slope of exp *)
Definition fact_slope_of_exp : Prop := each real (fun x0 => slope reals reals word_exp x0 (lam real
  (fun x1 => ((word_exp x0) * x1)%R))).

(* slope of gradient *)
Definition fact_slope_of_gradient : Prop := each natural (fun n0 => each natural (fun n1 => each
  (to (matrix n0 n1) (fun X2 => real)) (fun f2 => each (matrix n0 n1) (fun X3 => (some (to (matrix
  n0 n1) (fun X4 => real)) (fun f4 => slope (matrices n0 n1) reals f2 X3 f4)) -> (slope (matrices
  n0 n1) reals f2 X3 (lam (matrix n0 n1) (fun X4 => ((trace n0 (product n1 X4 (transpose (gradient
  n0 n1 f2 X3)))))%R))))))).

(* slope of hessian *)
Definition fact_slope_of_hessian : Prop := each natural (fun n0 => each natural (fun n1 => each (to
  (matrix n0 n1) (fun X2 => real)) (fun f2 => each (matrix n0 n1) (fun X3 => (near (matrices n0 n1)
  X3 (fun X4 => some (to (matrix n0 n1) (fun X5 => real)) (fun f5 => slope (matrices n0 n1) reals
  f2 X4 f5))) -> ((some (to (matrix n0 n1) (fun X4 => (matrix n0 n1))) (fun f4 => slope (matrices
  n0 n1) (matrices n0 n1) (lam (matrix n0 n1) (fun X5 => (gradient n0 n1 f2 X5))) X3 f4)) -> (slope
  (matrices n0 n1) (matrices n0 n1) (lam (matrix n0 n1) (fun X4 => (gradient n0 n1 f2 X4))) X3 (lam
  (matrix n0 n1) (fun X4 => (word_hessian n0 n1 f2 X3 X4))))))))).

(* slope of inverse *)
Definition fact_slope_of_inverse : Prop := each natural (fun n0 => each (matrix n0 n0) (fun X1 =>
  (~ (((word_determinant n0 X1))%R = 0%R)) -> (slope (matrices n0 n0) (matrices n0 n0)
  (word_inverse n0) X1 (lam (matrix n0 n0) (fun X2 => (times ((- 1))%R (product n0 (product n0
  (word_inverse n0 X1) X2) (word_inverse n0 X1)))))))).

(* slope of log *)
Definition fact_slope_of_log : Prop := each real (fun x0 => (0 < x0) -> (slope reals reals word_log
  x0 (lam real (fun x1 => ((word_reciprocal x0) * x1)%R)))).

(* slope of log abs *)
Definition fact_slope_of_log_abs : Prop := each real (fun x0 => (~ (x0 = 0%R)) -> (slope reals
  reals (lam real (fun x1 => ((word_log ((word_abs x1))%R))%R)) x0 (lam real (fun x1 =>
  ((word_reciprocal x0) * x1)%R)))).

(* slope of logistic *)
Definition fact_slope_of_logistic : Prop := each real (fun x0 => slope reals reals word_logistic x0
  (lam real (fun x1 => ((word_logistic x0) * x1 + (- 1) * (word_logistic x0) ^ 2 * x1)%R))).

(* slope of reciprocal *)
Definition fact_slope_of_reciprocal : Prop := each real (fun x0 => (~ (x0 = 0%R)) -> (slope reals
  reals word_reciprocal x0 (lam real (fun x1 => ((- 1) * (word_reciprocal x0) ^ 2 * x1)%R)))).

(* slope of relu *)
Definition fact_slope_of_relu : Prop := each real (fun x0 => (~ (x0 = 0%R)) -> (slope reals reals
  word_relu x0 (lam real (fun x1 => ((word_reciprocal x0) * (word_relu x0) * x1)%R)))).

(* slope of relu above *)
Definition fact_slope_of_relu_above : Prop := each real (fun x0 => (0 < x0) -> (slope reals reals
  word_relu x0 (lam real (fun x1 => x1)))).

(* slope of relu below *)
Definition fact_slope_of_relu_below : Prop := each real (fun x0 => (0 < ((- 1) * x0)%R) -> (slope
  reals reals word_relu x0 (lam real (fun x1 => (0)%R)))).

(* slope of root *)
Definition fact_slope_of_root : Prop := each real (fun x0 => (0 < x0) -> (slope reals reals
  word_sqrt x0 (lam real (fun x1 => ((word_reciprocal (2 * (word_sqrt x0))%R) * x1)%R)))).

(* slope of sin *)
Definition fact_slope_of_sin : Prop := each real (fun x0 => slope reals reals word_sin x0 (lam real
  (fun x1 => ((word_cos x0) * x1)%R))).

(* slope of tanh *)
Definition fact_slope_of_tanh : Prop := each real (fun x0 => slope reals reals word_tanh x0 (lam
  real (fun x1 => ((- 1) * (word_tanh x0) ^ 2 * x1 + x1)%R))).

(* slopes are continuous: curves *)
Definition fact_slopes_are_continuous_curves : Prop := each natural (fun n0 => each natural (fun n1
  => each (to real (fun x2 => (matrix n0 n1))) (fun f2 => each real (fun x3 => each (to real (fun
  x4 => (matrix n0 n1))) (fun f4 => (slope reals (matrices n0 n1) f2 x3 f4) -> (continuous reals
  (matrices n0 n1) f2 x3)))))).

(* slopes are continuous: maps *)
Definition fact_slopes_are_continuous_maps : Prop := each natural (fun n0 => each natural (fun n1
  => each natural (fun n2 => each natural (fun n3 => each (to (matrix n0 n1) (fun X4 => (matrix n2
  n3))) (fun f4 => each (matrix n0 n1) (fun X5 => each (to (matrix n0 n1) (fun X6 => (matrix n2
  n3))) (fun f6 => (slope (matrices n0 n1) (matrices n2 n3) f4 X5 f6) -> (continuous (matrices n0
  n1) (matrices n2 n3) f4 X5)))))))).

(* slopes are continuous: matrices *)
Definition fact_slopes_are_continuous_matrices : Prop := each natural (fun n0 => each natural (fun
  n1 => each (to (matrix n0 n1) (fun X2 => real)) (fun f2 => each (matrix n0 n1) (fun X3 => each
  (to (matrix n0 n1) (fun X4 => real)) (fun f4 => (slope (matrices n0 n1) reals f2 X3 f4) ->
  (continuous (matrices n0 n1) reals f2 X3)))))).

(* slopes are continuous: numbers *)
Definition fact_slopes_are_continuous_numbers : Prop := each (to real (fun x0 => real)) (fun f0 =>
  each real (fun x1 => each (to real (fun x2 => real)) (fun f2 => (slope reals reals f0 x1 f2) ->
  (continuous reals reals f0 x1)))).

(* slopes are local: curves *)
Definition fact_slopes_are_local_curves : Prop := each natural (fun n0 => each natural (fun n1 =>
  each (to real (fun x2 => (matrix n0 n1))) (fun f2 => each real (fun x3 => each (to real (fun x4
  => (matrix n0 n1))) (fun f4 => each (to real (fun x5 => (matrix n0 n1))) (fun f5 => (slope reals
  (matrices n0 n1) f2 x3 f4) -> ((near reals x3 (fun x6 => same n0 n1 (plus (f5 x6) (times ((-
  1))%R (f2 x6))) zero)) -> (slope reals (matrices n0 n1) f5 x3 f4)))))))).

(* slopes are local: maps *)
Definition fact_slopes_are_local_maps : Prop := each natural (fun n0 => each natural (fun n1 =>
  each natural (fun n2 => each natural (fun n3 => each (to (matrix n0 n1) (fun X4 => (matrix n2
  n3))) (fun f4 => each (matrix n0 n1) (fun X5 => each (to (matrix n0 n1) (fun X6 => (matrix n2
  n3))) (fun f6 => each (to (matrix n0 n1) (fun X7 => (matrix n2 n3))) (fun f7 => (slope (matrices
  n0 n1) (matrices n2 n3) f4 X5 f6) -> ((near (matrices n0 n1) X5 (fun X8 => same n2 n3 (plus (f7
  X8) (times ((- 1))%R (f4 X8))) zero)) -> (slope (matrices n0 n1) (matrices n2 n3) f7 X5
  f6)))))))))).

(* slopes are local: matrices *)
Definition fact_slopes_are_local_matrices : Prop := each natural (fun n0 => each natural (fun n1 =>
  each (to (matrix n0 n1) (fun X2 => real)) (fun f2 => each (matrix n0 n1) (fun X3 => each (to
  (matrix n0 n1) (fun X4 => real)) (fun f4 => each (to (matrix n0 n1) (fun X5 => real)) (fun f5 =>
  (slope (matrices n0 n1) reals f2 X3 f4) -> ((near (matrices n0 n1) X3 (fun X6 => ((f5 X6) + (- 1)
  * (f2 X6))%R = 0%R)) -> (slope (matrices n0 n1) reals f5 X3 f4)))))))).

(* slopes are local: numbers *)
Definition fact_slopes_are_local_numbers : Prop := each (to real (fun x0 => real)) (fun f0 => each
  real (fun x1 => each (to real (fun x2 => real)) (fun f2 => each (to real (fun x3 => real)) (fun
  f3 => (slope reals reals f0 x1 f2) -> ((near reals x1 (fun x4 => ((f3 x4) + (- 1) * (f0 x4))%R =
  0%R)) -> (slope reals reals f3 x1 f2)))))).

(* square is nonnegative *)
Definition fact_square_is_nonnegative : Prop := each real (fun x0 => 0 <= (x0 ^ 2)%R).

(* square norm *)
Definition fact_square_norm : Prop := each natural (fun n0 => each natural (fun n1 => each (matrix
  n0 n1) (fun X2 => 0 <= ((trace n0 (product n1 X2 (transpose X2))))%R))).

(* square norm is positive *)
Definition fact_square_norm_is_positive : Prop := each natural (fun n0 => each natural (fun n1 =>
  each (matrix n0 n1) (fun X2 => (~ (same n0 n1 X2 zero)) -> (0 < ((trace n0 (product n1 X2
  (transpose X2))))%R)))).

(* square of root *)
Definition fact_square_of_root : Prop := each real (fun x0 => (0 <= x0) -> (((word_sqrt x0) ^ 2 +
  (- 1) * x0)%R = 0%R)).

(* sum of positive entries *)
Definition fact_sum_of_positive_entries : Prop := each natural (fun n0 => each natural (fun n1 =>
  each (matrix n0 n1) (fun X2 => ((0 <= ((- 1) + (Z.of_nat n0))%Z)%Z) -> (((0 <= ((- 1) + (Z.of_nat
  n1))%Z)%Z) -> ((each index (fun i3 => each index (fun i4 => (((0 <= ((- 1) + i3)%Z)%Z) /\ ((0 <=
  ((- 1) * i3 + (Z.of_nat n0))%Z)%Z)) -> ((((0 <= ((- 1) + i4)%Z)%Z) /\ ((0 <= ((- 1) * i4 +
  (Z.of_nat n1))%Z)%Z)) -> (0 < ((word_entry n0 n1 X2 i3 i4))%R))))) -> (0 < ((trace n0 (product n1
  (word_ones n0 n1) (transpose X2))))%R)))))).

(* sum of squares of sin and cos *)
Definition fact_sum_of_squares_of_sin_and_cos : Prop := each real (fun x0 => (1 + (- 1) * (word_cos
  x0) ^ 2 + (- 1) * (word_sin x0) ^ 2)%R = 0%R).

(* symmetry of hessian *)
Definition fact_symmetry_of_hessian : Prop := each natural (fun n0 => each natural (fun n1 => each
  (to (matrix n0 n1) (fun X2 => real)) (fun f2 => each (matrix n0 n1) (fun X3 => each (matrix n0
  n1) (fun X4 => each (matrix n0 n1) (fun X5 => (near (matrices n0 n1) X3 (fun X6 => some (to
  (matrix n0 n1) (fun X7 => real)) (fun f7 => slope (matrices n0 n1) reals f2 X6 f7))) -> ((some
  (to (matrix n0 n1) (fun X6 => (matrix n0 n1))) (fun f6 => slope (matrices n0 n1) (matrices n0 n1)
  (lam (matrix n0 n1) (fun X7 => (gradient n0 n1 f2 X7))) X3 f6)) -> (((trace n0 (product n1
  (word_hessian n0 n1 f2 X3 X5) (transpose X4))) + (- 1) * (trace n0 (product n1 (word_hessian n0
  n1 f2 X3 X4) (transpose X5))))%R = 0%R)))))))).

(* tanh from exp *)
Definition fact_tanh_from_exp : Prop := each real (fun x0 => ((word_exp ((- 1) * x0)%R) + (word_exp
  ((- 1) * x0)%R) * (word_tanh x0) + (- 1) * (word_exp x0) + (word_exp x0) * (word_tanh x0))%R =
  0%R).

(* trace of diag *)
Definition fact_trace_of_diag : Prop := each natural (fun n0 => each (matrix n0 (1)%nat) (fun X1 =>
  each (matrix n0 n0) (fun X2 => ((trace n0 (product n0 (word_diag n0 X1) X2)) + (- 1) * (trace n0
  (product (1)%nat (word_diagonal n0 X2) (transpose X1))))%R = 0%R))).

(* trace of hadamard *)
Definition fact_trace_of_hadamard : Prop := each natural (fun n0 => each natural (fun n1 => each
  (matrix n0 n1) (fun X2 => each (matrix n0 n1) (fun X3 => each (matrix n0 n1) (fun X4 => ((trace
  n0 (product n1 (word_hadamard n0 n1 X3 X4) (transpose X2))) + (- 1) * (trace n0 (product n1
  (word_hadamard n0 n1 X2 X3) (transpose X4))))%R = 0%R))))).

(* trace of semidefinite *)
Definition fact_trace_of_semidefinite : Prop := each natural (fun n0 => each natural (fun n1 =>
  each (matrix n1 n1) (fun X2 => each (matrix n1 n0) (fun X3 => (each (matrix n1 (1)%nat) (fun X4
  => 0 <= ((trace n1 (product n1 (product (1)%nat X4 (transpose X4)) X2)))%R)) -> (0 <= ((trace n1
  (product n1 (product n0 X3 (transpose X3)) X2)))%R))))).

(* traces of projections *)
Definition fact_traces_of_projections : Prop := each natural (fun n0 => each (matrix n0 n0) (fun X1
  => each (matrix n0 n0) (fun X2 => (same n0 n0 (plus X1 (times ((- 1))%R (product n0 X1 X1)))
  zero) -> ((same n0 n0 (plus X2 (times ((- 1))%R (product n0 X2 X2))) zero) -> (((0 <= ((Z.of_nat
  (rank n0 n0 X2)) + (- 1) * (Z.of_nat (rank n0 n0 X1)))%Z)%Z) -> (0 <= ((trace n0 X2) + (- 1) *
  (trace n0 X1))%R)))))).

(* transpose of entrywise *)
Definition fact_transpose_of_entrywise : Prop := each natural (fun n0 => each natural (fun n1 =>
  each (to real (fun x2 => real)) (fun f2 => each (matrix n0 n1) (fun X3 => same n1 n0 (plus
  (word_entrywise n1 n0 f2 (transpose X3)) (times ((- 1))%R (transpose (word_entrywise n0 n1 f2
  X3)))) zero)))).

(* transpose of hadamard *)
Definition fact_transpose_of_hadamard : Prop := each natural (fun n0 => each natural (fun n1 =>
  each (matrix n0 n1) (fun X2 => each (matrix n0 n1) (fun X3 => same n1 n0 (plus (word_hadamard n1
  n0 (transpose X2) (transpose X3)) (times ((- 1))%R (transpose (word_hadamard n0 n1 X2 X3))))
  zero)))).

(* transpose of ones *)
Definition fact_transpose_of_ones : Prop := each natural (fun n0 => each natural (fun n1 => same n1
  n0 (plus (word_ones n1 n0) (times ((- 1))%R (transpose (word_ones n0 n1)))) zero)).

(* two blocks *)
Definition fact_two_blocks : Prop := each natural (fun n0 => each natural (fun n1 => each natural
  (fun n2 => (((Z.of_nat n2) + (- 1) * (Z.of_nat n1) + (- 1) * (Z.of_nat n0))%Z = 0%Z) -> (some
  (matrix n2 n0) (fun X3 => some (matrix n2 n1) (fun X4 => (same n0 n0 (plus (one n0) (times ((-
  1))%R (product n2 (transpose X3) X3))) zero) /\ (same n1 n1 (plus (one n1) (times ((- 1))%R
  (product n2 (transpose X4) X4))) zero) /\ (same n0 n1 (product n2 (transpose X3) X4) zero) /\
  (same n2 n2 (plus (plus (one n2) (times ((- 1))%R (product n1 X4 (transpose X4)))) (times ((-
  1))%R (product n0 X3 (transpose X3)))) zero))))))).

(* vanishing near zero *)
Definition fact_vanishing_near_zero : Prop := each natural (fun n0 => each natural (fun n1 => each
  (matrix n0 n1) (fun X2 => (near (matrices n1 (1)%nat) zero (fun X3 => same n0 (1)%nat (product n1
  X2 X3) zero)) -> (same n0 n1 X2 zero)))).

(* zero is not isolated *)
Definition fact_zero_is_not_isolated : Prop := ~ (near reals (0)%R (fun x0 => x0 = 0%R)).

(* diag is linear: 1 *)
Definition linear_diag_1 : Prop := each natural (fun n0 => linear (matrices n0 (1)%nat) (matrices
  n0 n0) (fun X1 => word_diag n0 X1)).

(* diagonal is linear: 1 *)
Definition linear_diagonal_1 : Prop := each natural (fun n0 => linear (matrices n0 n0) (matrices n0
  (1)%nat) (fun X1 => word_diagonal n0 X1)).

(* entry is linear: 2 *)
Definition linear_entry_2 : Prop := each natural (fun n0 => each natural (fun n1 => each index (fun
  i3 => each index (fun i4 => linear (matrices n0 n1) reals (fun X2 => word_entry n0 n1 X2 i3
  i4))))).

(* hadamard is linear: 2 *)
Definition linear_hadamard_2 : Prop := each natural (fun n0 => each natural (fun n1 => each (matrix
  n0 n1) (fun X3 => linear (matrices n0 n1) (matrices n0 n1) (fun X2 => word_hadamard n0 n1 X2
  X3)))).

(* hadamard is linear: 3 *)
Definition linear_hadamard_3 : Prop := each natural (fun n0 => each natural (fun n1 => each (matrix
  n0 n1) (fun X2 => linear (matrices n0 n1) (matrices n0 n1) (fun X3 => word_hadamard n0 n1 X2
  X3)))).

(* hessian is linear: 4 *)
Definition linear_hessian_4 : Prop := each natural (fun n0 => each natural (fun n1 => each (to
  (matrix n0 n1) (fun X2 => real)) (fun f2 => each (matrix n0 n1) (fun X3 => linear (matrices n0
  n1) (matrices n0 n1) (fun X4 => word_hessian n0 n1 f2 X3 X4))))).

(* fermat, without hypothesis 1: false *)
Definition without_fermat_1 : Prop := each natural (fun n0 => each natural (fun n1 => each (to
  (matrix n0 n1) (fun X2 => real)) (fun f2 => each (matrix n0 n1) (fun X3 => (differentiable n0 n1
  f2) -> (same n0 n1 (gradient n0 n1 f2 X3) zero))))).

(* kernel vector, without hypothesis 0: false *)
Definition without_kernel_vector_0 : Prop := each natural (fun n0 => each natural (fun n1 => each
  (matrix n0 n1) (fun X2 => some (matrix n1 (1)%nat) (fun X3 => (~ (same n1 (1)%nat X3 zero)) /\
  (same n0 (1)%nat (product n1 X2 X3) zero))))).

(* left inverse, without hypothesis 0: false *)
Definition without_left_inverse_0 : Prop := each natural (fun n0 => each natural (fun n1 => each
  (matrix n0 n1) (fun X2 => some (matrix n1 n0) (fun X3 => same n1 n1 (plus (one n1) (times ((-
  1))%R (product n0 X3 X2))) zero)))).

(* log determinant below tangent, without hypothesis 0: false *)
Definition without_log_determinant_below_tangent_0 : Prop := each natural (fun n0 => each (matrix
  n0 n0) (fun X1 => (each (matrix n0 (1)%nat) (fun X2 => (~ (same n0 (1)%nat X2 zero)) -> (0 <
  ((trace n0 (product n0 (product (1)%nat X2 (transpose X2)) X1)))%R))) -> (0 <= ((- 1) * (word_log
  ((word_determinant n0 X1))%R) + (- 1) * (INR n0) + (trace n0 X1))%R))).

(* quotient, without hypothesis 0: false *)
Definition without_quotient_0 : Prop := each real (fun x0 => (1 + (- 1) * (word_reciprocal x0) *
  x0)%R = 0%R).
