package dev.graft.distillation.logits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.graft.distillation.LossCase;
import dev.graft.tensor.Autograd;
import dev.graft.tensor.DType;
import dev.graft.tensor.Nn;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Two examples with three classes at T = 4, computed by hand in double precision elsewhere. */
class LogitLossesTest {

  private static final double TOLERANCE = 1e-6;
  private static final double T = 4;

  private Scope scope;
  private Tensor student;
  private Tensor teacher;
  private Tensor labels;

  @BeforeEach
  void open() {
    scope = Scope.open();
    student = Tensor.of(new float[] {1, 2, 0.5f, 0.2f, -1, 0.7f}, 2, 3).to(DType.FLOAT64);
    teacher = Tensor.of(new float[] {3, 1, -2, -0.5f, 0.3f, 2.2f}, 2, 3).to(DType.FLOAT64);
    labels = Tensor.of(new long[] {0, 2}, 2);
  }

  @AfterEach
  void close() {
    scope.close();
  }

  @Test
  void kdHasItsFactorDirectionAndMean() {
    double kd = LogitLosses.kd(student, teacher, T).item();
    assertEquals(1.0557566763856, kd, TOLERANCE);
    assertEquals(0.0659847922741, kd / (T * T), TOLERANCE);
    double task = Nn.crossEntropy(student, labels, 0).item();
    assertEquals(1.0524882739514, 0.1 * task + 0.9 * kd, TOLERANCE);
  }

  @Test
  void theGradientAtHighTemperatureIsTheDifferenceOfLogitsOverClasses() {
    student.setRequiresGrad(true);
    Tensor loss = LogitLosses.kd(student, teacher, 1000);
    double[] gradient = LossCase.doubles(Autograd.gradients(loss, List.of(student), false).get(0));
    Tensor centred =
        student
            .sub(student.mean(true, 1))
            .sub(teacher.sub(teacher.mean(true, 1)))
            .div(/* classes times examples= */ 6);
    double[] expected = LossCase.doubles(centred.detach());
    for (int i = 0; i < expected.length; i++) {
      assertEquals(expected[i], gradient[i], 1e-3);
    }
  }

  @Test
  void dkdHasBothPartsAndTheirSum() {
    LogitLosses.Decoupled parts = LogitLosses.decoupled(student, teacher, labels, T);
    assertEquals(0.8633919935263, parts.target().mean().item(), TOLERANCE);
    assertEquals(0.3766211516711, parts.others().mean().item(), TOLERANCE);
    assertEquals(3.8763612068951, parts.weighted(1, 8).item(), TOLERANCE);
  }

  @Test
  void kdIsTargetPartPlusOthersWeighedByWhatTheTeacherLeavesThem() {
    LogitLosses.Decoupled parts = LogitLosses.decoupled(student, teacher, labels, T);
    Tensor target = Nn.softmax(teacher.div(T), 1).gather(1, labels.unsqueeze(1)).squeeze(1);
    double sum = parts.target().add(parts.others().mul(target.neg().add(1))).mean().item();
    assertEquals(LogitLosses.kd(student, teacher, T).item(), sum, 1e-12);
  }

  @Test
  void aCertainTeacherAndSixteenBitsGiveFiniteLossesAndGradients() {
    Tensor certain = Tensor.of(new float[] {300, -300, -300, -300, -300, 300}, 2, 3);
    for (DType dtype : List.of(DType.FLOAT32, DType.BFLOAT16)) {
      Tensor sure = certain.to(dtype).to(DType.FLOAT32).copy();
      sure.setRequiresGrad(true);
      for (Tensor other : List.of(certain, certain.neg(), teacher.to(DType.FLOAT32))) {
        Tensor loss = LogitLosses.decoupled(sure, other, labels, 1).weighted(1, 8);
        assertTrue(Double.isFinite(loss.item()), () -> "loss " + loss.item());
        Tensor gradient = Autograd.gradients(loss, List.of(sure), false).get(0);
        assertTrue(Arrays.stream(LossCase.doubles(gradient)).allMatch(Double::isFinite));
      }
    }
  }

  @Test
  void standardisedRowsHaveMeanZeroAndDeviationOne() {
    Tensor rows = LogitLosses.standardised(student);
    assertEquals(0, rows.mean(false, 1).abs().max().item(), 1e-12);
    assertEquals(1, rows.var(true, false, 1).min().item(), 1e-5);
    // Another scale and another shift of the teacher are the same lesson.
    Tensor scaled = teacher.mul(5).add(3);
    assertEquals(
        LogitLosses.kd(rows, LogitLosses.standardised(teacher), 2).item(),
        LogitLosses.kd(rows, LogitLosses.standardised(scaled), 2).item(),
        1e-6);
    Tensor flat = LogitLosses.standardised(Tensor.ones(2, 3));
    assertEquals(0, flat.abs().max().item(), 0);
  }
}
