package dev.graft.distillation.logits;

import static dev.graft.distillation.LossCase.TOLERANCE;

import dev.graft.distillation.LossCase;
import dev.graft.tensor.Scope;
import dev.graft.tensor.Tensor;
import dev.graft.testkit.golden.Comparison;
import dev.graft.testkit.golden.GoldenCase;
import dev.graft.testkit.golden.GoldenFolder;
import dev.graft.testkit.golden.GoldenOutcome;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** KD and DKD against mdistiller, losses and gradients within 1e-9. */
class LogitGoldenTest {

  @TestFactory
  Stream<DynamicTest> logits() {
    return GoldenFolder.of("distillation").tests(LogitGoldenTest::check);
  }

  private static GoldenOutcome check(GoldenCase golden) {
    String kind = golden.name().replaceAll("_.*", "");
    if (!kind.equals("kd") && !kind.equals("dkd")) {
      return GoldenOutcome.notBuilt("not a matter of logits");
    }
    Comparison comparison = new Comparison(TOLERANCE);
    LossCase values = new LossCase(golden, comparison);
    try (Scope scope = Scope.open()) {
      Tensor student = values.leaf("student_logits");
      Tensor teacher = values.input("teacher_logits");
      double temperature = values.parameter("temperature");
      Tensor loss =
          kind.equals("kd")
              ? LogitLosses.kd(student, teacher, temperature)
              : LogitLosses.decoupled(student, teacher, values.longs("target"), temperature)
                  .weighted(values.parameter("alpha"), values.parameter("beta"));
      values.compare("loss", loss, List.of("student_logits"), List.of(student));
    }
    return comparison.outcome();
  }
}
